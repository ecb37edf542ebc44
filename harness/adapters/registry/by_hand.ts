import type { Problem } from "../site/error.ts";
import type { Service } from "./registry.ts";

/** True for a service that needs what nobody here makes: a site cannot install it. */
export function isByHand({ upstream }: Pick<Service, "upstream">): boolean {
  return upstream?.by_hand !== undefined;
}

/** What to say to a site that lists services which it cannot install, by the path of its file. */
export function byHandProblems(services: readonly Service[], file: string): Problem[] {
  return services.filter(isByHand).map(({ name, upstream }) => {
    const { why, secrets } = upstream!.by_hand!;
    const missing = Object.entries(secrets).map(([secret, keys]) => `${secret} (${keys.join(", ")})`).join(", ");
    return {
      file,
      line: null,
      path: "kubernetes.services",
      message: `service '${name}' in kubernetes.services cannot be installed: ${why}; ` +
        `take it out of the list, for nobody makes ${missing}`,
    };
  });
}
