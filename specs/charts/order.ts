import type { KubeObject, Platform } from "../../harness/model/chart.ts";
import type { ChartRule, PlatformRule, Violation } from "../../harness/model/rule.ts";
import { registryViolation } from "./registry.ts";
import { at, beneath, groupOf, installed, nameOf, ofKind } from "./views.ts";

/** Groups that the API server has by itself besides the core group. */
const builtIn = new Set([
  ...["apps", "batch", "autoscaling", "policy", "networking.k8s.io", "rbac.authorization.k8s.io", "storage.k8s.io"],
  ...["scheduling.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "node.k8s.io", "events.k8s.io"],
  ...["admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "certificates.k8s.io"],
]);

interface Definition {
  readonly owner: string;
  readonly group: string;
  readonly kind: string;
  readonly versions: readonly string[];
}

function definitionsOf(platform: Platform): Definition[] {
  return platform.charts.flatMap((chart) =>
    ofKind(installed(chart), "CustomResourceDefinition").map((crd) => ({
      owner: chart.name,
      group: String(at(crd, "spec.group")),
      kind: String(at(crd, "spec.names.kind")),
      versions: ((at(crd, "spec.versions") ?? []) as { name: string; served: boolean }[])
        .filter(({ served }) => served).map(({ name }) => name),
    }))
  );
}

function isDefinedElsewhere(object: KubeObject): boolean {
  return groupOf(object) !== "" && !builtIn.has(groupOf(object));
}

export const kindsDefined: ChartRule = {
  title: "Every kind that a chart renders is defined by a release that comes before it",
  severity: "critical",
  why: "On an empty cluster the API server knows no such kind: the release fails at its first object.",
  remedy: "Let the release crds bring the definition, and let this service need it.",
  covers: ["P1", "P2"],
  expects: "built-in kinds, or kinds with a definition in a service that is needed",
  source: "registry",
  subjects: (chart) => installed(chart).filter(isDefinedElsewhere),
  check(chart, platform) {
    const definitions = definitionsOf(platform);
    const before = beneath(platform, chart.name);
    const values = `services.${chart.name}.needs`;
    return installed(chart).filter(isDefinedElsewhere).flatMap(
      (object): Violation[] => {
        const version = object.apiVersion.split("/")[1];
        const known = definitions.filter(({ group, kind, versions }) =>
          group === groupOf(object) && kind === object.kind && versions.includes(version)
        );
        const at = { object: nameOf(object), path: "apiVersion", found: `${object.apiVersion} ${object.kind}`, values };
        if (known.length === 0) return [{ ...at, wanted: "a kind whose definition some release brings" }];
        if (known.some(({ owner }) => owner !== chart.name && before.has(owner))) return [];
        return [{ ...at, wanted: `${known[0].owner} among the needs` }];
      },
    );
  },
};

export const orderPossible: PlatformRule = {
  title: "The services can be installed in an order that satisfies all needs",
  severity: "critical",
  why: "Helmfile refuses a circle, and what needs a service that does not exist is never installed.",
  remedy: "Break the circle where one end can wait; name services as the registry does.",
  covers: ["P20"],
  expects: "needs that exist, without a circle; base services that need only base services",
  check(platform) {
    const names = new Set(platform.services.map(({ name }) => name));
    return platform.services.flatMap(({ name, needs, tier }) => {
      const values = `services.${name}.needs`;
      const absent = needs.filter((need) => !names.has(need))
        .map((need) => registryViolation(`service ${name}`, `needs ${need}`, "a service of the registry", values));
      const circle = needs.filter((need) => names.has(need) && beneath(platform, need).has(name))
        .map((need) => registryViolation(`service ${name}`, `needs ${need}, which needs ${name}`, "no circle", values));
      const upward = tier === "base"
        ? needs.filter((need) => platform.services.some((s) => s.name === need && s.tier === "apps"))
        : [];
      return [
        ...absent,
        ...circle,
        ...upward.map((need) =>
          registryViolation(`base service ${name}`, `needs ${need} of tier apps`, "base services", values)
        ),
      ];
    });
  },
};

export const versionsAgree: PlatformRule = {
  title: "The schemas are those of the cluster's version",
  severity: "major",
  why: "Objects would be held against fields that the cluster does not have yet, or no longer has.",
  remedy: "Change the version in fixtures/schemas/sources.yaml and run fixtures/schemas/make.ts.",
  covers: ["P25"],
  expects: "schemas of the minor version that the site declares",
  check({ kubernetesVersion, schemaVersion }) {
    const minor = (version: string) => version.replace(/^v/, "").split(".").slice(0, 2).join(".");
    if (minor(kubernetesVersion) === minor(schemaVersion)) return [];
    return [registryViolation("the schemas", schemaVersion, kubernetesVersion, "services")];
  },
};
