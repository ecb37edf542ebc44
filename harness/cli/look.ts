import { projectRoot } from "../adapters/project.ts";
import type { Verb } from "../model/event.ts";
import type { ObserveFlags } from "./flags.ts";
import { enterLab, mustEnterLab, requireLab, sitePath } from "./network.ts";

/**
 * Runs an observing verb, inside the lab's network if the site is the lab and a phase needs it. `ready` makes sure that
 * the lab is there, or throws; verbs that only look do not start it.
 */
export async function lookWith(
  verb: Verb,
  flags: ObserveFlags,
  args: readonly string[],
  ready: (path: string) => Promise<void> = (path) => requireLab(verb, path),
): Promise<number> {
  const path = sitePath(flags.site);
  if (!mustEnterLab(path) || needNoNetwork(flags.phase ?? [])) {
    // Loaded only here: the way into the lab must be short.
    return await (await import("./observe.ts")).observe(verb, flags);
  }
  await ready(path);
  return await enterLab(args);
}

/**
 * True if phases were asked for and none of them looks further than the project's files. Their specs are read as text: the
 * way into the lab must be short, and a name that is none is told of by the run itself.
 */
export function needNoNetwork(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => {
    try {
      return /^ {2}offline: true,$/m.test(Deno.readTextFileSync(`${projectRoot}/specs/${name}.ts`));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  });
}
