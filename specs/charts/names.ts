import type { Chart, Platform } from "../../harness/model/chart.ts";
import { nearest } from "../../harness/model/nearest.ts";
import type { ChartRule, Violation } from "../../harness/model/rule.ts";
import { podSetting } from "./excuse.ts";
import { backendsOf, type Endpoint, graphOf, lets, portsOf, targetOf } from "./graph.ts";
import { meaningOf, type Reference, referencesOf, type Setting, settingsOf } from "./references.ts";
import { routeKinds } from "./selectors.ts";
import { at, beneath, componentLabel, entryOf, installed, nameOf } from "./views.ts";

/** Where a setting stands in the chart's values. */
function valuesOf({ pod, path, object }: Pick<Setting, "pod" | "path" | "object">): string {
  const [, variable] = /\.env\.(.+)$/.exec(path) ?? [];
  if (variable) return podSetting(pod, `env.${variable}`);
  if (path.includes("annotations")) return "plumb-common.secrets";
  return podSetting(pod, object.kind === "ConfigMap" ? "configFiles" : /command/.test(path) ? "command" : "args");
}

function about(reference: Reference | Setting, found: string, wanted: string): Violation {
  return { object: nameOf(reference.object), path: reference.path, found, wanted, values: valuesOf(reference) };
}

/** A host without a dot: found only in the pod's own namespace. */
const bare = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/\s]*@)?([a-z][a-z0-9-]*)(?::\d+)?(?:\/\S*)?$/;
const hostVariable = /(HOST|HOSTNAME|ADDR|ADDRESS|SERVER|URL|URI|ENDPOINT)S?$/;

/** Settings whose name says that a host is in them. */
function hostSettings(chart: Chart): Setting[] {
  return settingsOf(chart).filter(({ variable }) => variable !== null && hostVariable.test(variable));
}

export const namesResolve: ChartRule = {
  title: "Every service that a setting names is there, under that name",
  severity: "critical",
  why: "The name does not resolve, and the program says only that its database is down.",
  remedy: "Write <service>.<namespace>.svc as the registry has it; the Service is named like the release.",
  covers: ["P11", "P5"],
  expects: "names of Services that a service of the registry renders",
  subjects: (chart, platform) => [...referencesOf(chart, platform), ...hostSettings(chart)],
  check(chart, platform) {
    const graph = graphOf(platform);
    const known = [...graph.services.keys()].map((key) => key.split("/").reverse().join("."));
    const unknown = referencesOf(chart, platform).filter((one) => meaningOf(one, graph, platform).kind === "unknown")
      .map((one) => {
        const near = nearest(`${one.service}.${one.namespace}`, known);
        return about(one, one.text, near ? `${near}.svc` : "a Service that is rendered");
      });
    const short = hostSettings(chart).flatMap(
      (setting) => {
        const [, name] = bare.exec(setting.text) ?? [];
        const own = setting.pod.namespace;
        if (name === undefined || graph.services.has(`${own}/${name}`)) return [];
        const elsewhere = known.find((one) => one.startsWith(`${name}.`));
        return elsewhere ? [about(setting, setting.text, `${elsewhere}.svc`)] : [];
      },
    );
    return [...unknown, ...short];
  },
};

export const portsResolve: ChartRule = {
  title: "Every port beside a service's name is a port of that Service",
  severity: "critical",
  why: "The connection is refused or dropped; a container port is not a Service's port.",
  remedy: "Write the Service's port: the library makes it from the component's ports, 'service' before 'port'.",
  covers: ["P11"],
  expects: "ports that the Services have",
  subjects: (chart, platform) => referencesOf(chart, platform).filter(({ port }) => port !== null),
  check(chart, platform) {
    const graph = graphOf(platform);
    return referencesOf(chart, platform).flatMap((one) => {
      const meaning = meaningOf(one, graph, platform);
      if (meaning.kind !== "rendered" || one.port === null) return [];
      // A headless Service stands for its pods: every port of theirs can be reached.
      const ports = portsOf(meaning.object).map(({ port }) => port);
      if (ports.includes(one.port) || at(meaning.object, "spec.clusterIP") === "None") return [];
      return [about(one, one.text, `one of the ports ${ports.join(", ")}`)];
    });
  },
};

export const needsCover: ChartRule = {
  title: "Every service that a setting names is installed before",
  severity: "major",
  why: "On an empty cluster the release waits for what comes after it, and is rolled back.",
  remedy: "Add the service to needs, databases or calls of the registry's entry.",
  covers: ["P20", "P1"],
  expects: "services among the needs, however indirect",
  source: "registry",
  subjects: referencesOf,
  check(chart, platform) {
    const graph = graphOf(platform);
    const before = beneath(platform, chart.name);
    // A call that is not needed may be answered later: the service starts without it.
    const calls = platform.services.find(({ name }) => name === chart.name)?.calls ?? [];
    const later = new Set(calls.filter(({ needed }) => needed === false).map(({ service }) => service));
    return referencesOf(chart, platform).flatMap((one) => {
      const meaning = meaningOf(one, graph, platform);
      if (meaning.kind === "unknown" || meaning.owner === null) return [];
      if (before.has(meaning.owner) || later.has(meaning.owner)) return [];
      const { object, path, found, wanted } = about(one, one.text, `${meaning.owner} among its needs`);
      return [{ object, path, found, wanted, values: `services.${chart.name}.needs` }];
    });
  },
};

export const callsAllowed: ChartRule = {
  title: "Every service that a setting names can be reached: both ends allow it",
  severity: "critical",
  why: "The name resolves and nothing answers: a policy drops the packets without a word.",
  remedy: "Add network.egress (or databases) here, and the call to the registry's entry, which lets it in there.",
  covers: ["HELM-006", "P7", "P11"],
  expects: "egress where it starts and ingress where it arrives",
  subjects: referencesOf,
  check(chart, platform) {
    const graph = graphOf(platform);
    return referencesOf(chart, platform).flatMap((one) => {
      const source = graph.endpoints.find(({ pod }) => pod === one.pod);
      const meaning = meaningOf(one, graph, platform);
      if (!source || meaning.kind === "unknown" || meaning.owner === null) return [];
      const targets = meaning.kind === "rendered"
        ? backendsOf(graph, meaning.object)
        : graph.endpoints.filter(({ service }) => service === meaning.owner);
      const flows = targets.flatMap((target) => flowsTo(source, target, one, meaning));
      const shut = (direction: "egress" | "ingress") =>
        flows.length > 0 && !flows.some((flow) => lets(graph, direction, flow));
      const from = nameOf(one.pod.object);
      return [
        ...(shut("egress") ? [about(one, one.text, `egress from ${from} to it`)] : []),
        ...(shut("ingress") ? [about(one, one.text, `ingress from ${from} on the other end`)] : []),
      ];
    });
  },
};

interface Flow {
  readonly source: Endpoint;
  readonly target: Endpoint;
  readonly port: number | null;
}

function flowsTo(
  source: Endpoint,
  target: Endpoint,
  { port }: Reference,
  meaning: { kind: string; object?: unknown },
): Flow[] {
  if (target.pod === source.pod) return [];
  if (meaning.kind !== "rendered") return [{ source, target, port: null }];
  const ports = portsOf(meaning.object as Parameters<typeof portsOf>[0]).filter((one) =>
    port === null || one.port === port
  );
  return ports.map((one) => ({ source, target, port: targetOf(one, target) }));
}

/** The chart that makes the routes of upstream's charts; the component of each is the service that it is for. */
const routesForOthers = "namespaces";

/** A full host name that a route answers to. */
export interface RoutedHost {
  readonly host: string;
  /** The route. */
  readonly object: string;
  /** The service that it is for. */
  readonly service: string;
}

/** Full host names that a chart's routes answer to. */
export function routedHosts(chart: Chart): RoutedHost[] {
  return installed(chart).filter(({ kind }) => routeKinds.includes(kind)).flatMap((object) => {
    const rules = (at(object, "spec.rules") ?? []) as { host?: string }[];
    const hosts = object.kind === "Ingress"
      ? rules.map(({ host }) => host)
      : (at(object, "spec.hostnames") ?? []) as string[];
    const service = chart.name === routesForOthers ? object.metadata.labels?.[componentLabel] ?? "" : chart.name;
    return hosts.filter((host) => host !== undefined).map((host) => ({ host, object: nameOf(object), service }));
  });
}

export const hostsRouted: ChartRule = {
  title: "The host names of routes are the registry's, all of them",
  severity: "major",
  why: "DNS names, certificates and links are made from the registry: a host that is not there resolves nowhere.",
  remedy: "Write the same label into the registry's hosts and into the chart's routes.",
  covers: ["P23", "HELM-003"],
  expects: "the hosts of the registry's entry, no other and none missing",
  subjects: (chart, platform) => [...routedHosts(chart), ...entryOf(platform, chart.name).hosts],
  check(chart, platform) {
    const hostsOf = (service: string) => platform.services.find(({ name }) => name === service)?.hosts ?? [];
    const routed = routedHosts(chart);
    const wrong = routed.filter(({ host, service }) => !hostsOf(service).includes(host)).map((
      { host, object, service },
    ) => ({
      object,
      path: "spec.hostnames",
      found: host,
      wanted: hostsOf(service).join(" or ") || "no route: the registry has no host for it",
      values: "plumb-common.routes",
    }));
    const missing = hostsOf(chart.name).filter((host) => !routed.some((route) => route.host === host)).map((host) => ({
      object: `chart ${chart.name}`,
      path: "",
      found: `no route for ${host}`,
      wanted: "one",
      values: "plumb-common.routes",
    }));
    return [...wrong, ...missing];
  },
};

/** Host names of the site in a chart's settings. */
function siteHosts(chart: Chart, platform: Platform): { setting: Setting; host: string }[] {
  const domain = platform.domain.replaceAll(".", "\\.");
  const pattern = new RegExp(`(?<![\\w.@-])((?:[a-z0-9-]+\\.)+${domain})(?![\\w.-]*[\\w])`, "g");
  return settingsOf(chart).flatMap((setting) =>
    [...setting.text.matchAll(pattern)].map(([host]) => ({ setting, host }))
  );
}

export const hostsExist: ChartRule = {
  title: "Every host name of the site that a setting names belongs to a service",
  severity: "major",
  why: "Links, redirects and sign-on lead to a page of the gateway that says 404.",
  remedy: "Take the host from the registry: the service's first label and the site's domain.",
  covers: ["P11"],
  expects: "hosts of services of the registry",
  subjects: siteHosts,
  check(chart, platform) {
    // The chart's own routes are held against the registry elsewhere.
    const own = routedHosts(chart).map(({ host }) => host);
    const known = new Set([...platform.services.flatMap(({ hosts }) => hosts), ...own]);
    return siteHosts(chart, platform).filter(({ host }) => !known.has(host)).map(({ setting, host }) => {
      const near = nearest(host, [...known]);
      return about(setting, host, near ?? "a host of the registry");
    });
  },
};
