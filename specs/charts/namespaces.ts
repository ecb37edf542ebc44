import type { KubeObject } from "../../harness/model/chart.ts";
import type { PlatformRule, VariantRule, Violation } from "../../harness/model/rule.ts";
import { setting } from "./excuse.ts";
import { registryViolation } from "./registry.ts";
import { beneath, componentLabel, entryOf, installed, nameOf, ofKind, say } from "./views.ts";

export const ownNamespace: VariantRule = {
  title: "Every object lies in the service's own namespace",
  severity: "critical",
  why: "Two releases that own the same object undo each other; a namespace of another release may not be there yet.",
  remedy: "Leave namespaces to the library and to the release 'namespaces', which makes them before all others.",
  covers: ["P17"],
  expects: "the registry's namespace, and no Namespace outside of the release 'namespaces'",
  subjects: ({ objects }, { name }) =>
    name === foundation
      ? []
      : objects.filter(({ kind, metadata }) => kind === "Namespace" || metadata.namespace !== undefined),
  check({ objects }, chart, platform) {
    if (chart.name === foundation) return [];
    const { namespace } = entryOf(platform, chart.name);
    return objects.flatMap((object): Violation[] => {
      const values = setting(object.metadata.labels?.[componentLabel] ?? "", "");
      const wrong = (
        path: string,
        found: string,
        wanted: string,
      ) => [{ object: nameOf(object), path, found, wanted, values }];
      if (object.kind === "Namespace") return wrong("", "a Namespace", `none: ${foundation} makes it`);
      const own = object.metadata.namespace;
      return own === undefined || own === namespace ? [] : wrong("metadata.namespace", own, namespace);
    });
  },
};

/** The release that makes the namespaces. */
const foundation = "namespaces";

export const namespacesMade: PlatformRule = {
  title: "Every namespace is made before what lies in it, and by one release alone",
  severity: "critical",
  why: "Helm refuses to adopt a namespace that it did not make: the first installation fails, by chance.",
  remedy: "List the namespace in the registry; keep createNamespace: false in the Helmfile.",
  covers: ["P17", "P20"],
  expects:
    "every namespace of the registry from the release 'namespaces', which all others need; createNamespace: false",
  check(platform) {
    const maker = platform.charts.find(({ name }) => name === foundation);
    const made = new Set((maker ? ofKind(installed(maker), "Namespace") : []).map(({ metadata }) => metadata.name));
    const system = new Set(["kube-system", "default"]);
    const lacking = [...new Set([...Object.keys(platform.namespaces), ...platform.services.map((s) => s.namespace)])]
      .filter((name) => !made.has(name) && !system.has(name))
      .map((name) =>
        registryViolation(`namespace ${name}`, "no release makes it", "a Namespace", `namespaces.${name}`)
      );
    const early = platform.services
      .filter(({ name, namespace }) =>
        !system.has(namespace) && name !== foundation && !beneath(platform, name).has(foundation)
      )
      .map(({ name }) =>
        registryViolation(`service ${name}`, "does not need it", foundation, `services.${name}.needs`)
      );
    return [...lacking, ...early, ...creations(platform.helmfile)];
  },
};

/** What a Helmfile says against this: nothing of createNamespace, or somewhere, for all releases or for one, anything but `false`. */
export function creations(helmfile: string | null): Violation[] {
  if (helmfile === null) return [];
  const said = [...helmfile.matchAll(/^(?!\s*#).*\bcreateNamespace["']?[ \t]*:[ \t]*([^\s,}]+|\{\{.*?\}\})?/gm)];
  const found = said.length ? said.filter(([, value]) => value !== "false") : [["no createNamespace: false"]];
  return found.map(([words]) =>
    registryViolation("the Helmfile", words.trim(), "createNamespace: false", "namespaces")
  );
}

export const namespacesGuarded: PlatformRule = {
  title: "Every namespace denies by default and enforces its level of Pod Security",
  severity: "critical",
  why: "A pod without a policy of its own would be open, and a privileged one would be let in.",
  remedy: "Leave both to the chart 'namespaces'; the level is the registry's pod_security.",
  covers: ["HELM-006", "SEC-006", "SEC-007"],
  expects: "a policy about all pods that allows nothing, and the registry's level enforced",
  check(platform) {
    const objects = platform.charts.flatMap((chart) => installed(chart));
    const level = "pod-security.kubernetes.io/enforce";
    return ofKind(objects, "Namespace").flatMap(({ metadata: { name, labels } }) => {
      const wanted = platform.namespaces[name] ?? "restricted";
      const values = `namespaces.${name}`;
      const found = labels?.[level];
      const denied = ofKind(objects, "NetworkPolicy").some((policy) =>
        policy.metadata.namespace === name && isDefaultDeny(policy)
      );
      return [
        ...(found === wanted ? [] : [registryViolation(`Namespace ${name}`, `${level} ${say(found)}`, wanted, values)]),
        ...(denied ? [] : [registryViolation(`Namespace ${name}`, "no default deny", "one", values)]),
      ];
    });
  },
};

function isDefaultDeny(policy: KubeObject): boolean {
  const spec = policy.spec as { podSelector?: object; policyTypes?: string[]; ingress?: unknown[]; egress?: unknown[] };
  return JSON.stringify(spec.podSelector ?? {}) === "{}" && (spec.ingress ?? []).length === 0 &&
    (spec.egress ?? []).length === 0 && ["Ingress", "Egress"].every((type) => spec.policyTypes?.includes(type));
}
