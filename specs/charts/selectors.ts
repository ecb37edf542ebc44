import type { Chart, KubeObject } from "../../harness/model/chart.ts";
import type { ChartRule, VariantRule, Violation } from "../../harness/model/rule.ts";
import { podSetting, setting } from "./excuse.ts";
import { backendsOf, type Endpoint, graphOf, lets, portsOf, targetOf } from "./graph.ts";
import { meaningOf } from "./references.ts";
import { at, componentLabel, installed, nameOf, ofKind, pods, type Selector, selectorWords, selects } from "./views.ts";

/** Where each kind keeps the selector of what it is about, and whether that is a pod or a Service. */
const selectors: Readonly<Record<string, { path: string; of: "pod" | "service" }>> = {
  Service: { path: "spec.selector", of: "pod" },
  PodDisruptionBudget: { path: "spec.selector", of: "pod" },
  PodMonitor: { path: "spec.selector", of: "pod" },
  ServiceMonitor: { path: "spec.selector", of: "service" },
};

function own(object: KubeObject): string {
  return setting(object.metadata.labels?.[componentLabel] ?? "", "");
}

function selectorOf(object: KubeObject): unknown {
  const known = selectors[object.kind];
  return known && at(object, known.path);
}

export const selectorsMatch: VariantRule = {
  title: "Every Service, budget and monitor selects something that its chart renders",
  severity: "critical",
  why: "A Service without pods refuses every connection; a budget or a monitor without them does nothing.",
  remedy: "Leave labels and selectors to the library; in a template of the chart's own, repeat the pod's labels.",
  covers: ["P7", "P24", "HELM-008", "HELM-009"],
  expects: "selectors that match a pod, or for a ServiceMonitor a Service",
  subjects: ({ objects }) => objects.filter((object) => selectorOf(object) !== undefined),
  check: ({ objects }) =>
    objects.flatMap((object) => {
      const known = selectors[object.kind];
      const raw = selectorOf(object);
      if (raw === undefined) return [];
      const selector = (object.kind === "Service" ? { matchLabels: raw } : raw) as Selector;
      const candidates = known.of === "pod"
        ? pods(objects).filter((pod) => !pod.test).map(({ labels }) => labels)
        : ofKind(objects, "Service", "").map(({ metadata }) => metadata.labels ?? {});
      if (candidates.some((labels) => selects(selector, labels))) return [];
      return [{
        object: nameOf(object),
        path: known.path,
        found: `${selectorWords(selector)}: no such ${known.of}`,
        wanted: `labels of a ${known.of}`,
        values: own(object),
      }];
    }),
};

export const servicePorts: VariantRule = {
  title: "Every port of a Service leads to a port of its pods",
  severity: "critical",
  why: "The connection is refused although pod and Service are both well.",
  remedy: "Name the component's port; the library makes the Service's port from it.",
  covers: ["P11"],
  expects: "target ports that the pods have",
  subjects: ({ objects }) => ofKind(objects, "Service", ""),
  check: ({ objects }) =>
    ofKind(objects, "Service", "").flatMap((service) => {
      const labels = at(service, "spec.selector") as Record<string, string> | undefined;
      const behind = pods(objects).filter((pod) => labels && !pod.test && selects({ matchLabels: labels }, pod.labels));
      if (behind.length === 0) return [];
      const ports = behind.flatMap(({ spec }) => spec.containers).flatMap(({ ports }) => ports ?? []);
      return portsOf(service).flatMap(({ port, targetPort = port }, index) => {
        if (ports.some(({ name, containerPort }) => name === targetPort || containerPort === targetPort)) return [];
        const names = ports.map(({ name, containerPort }) => name ?? containerPort).join(", ") || "none";
        return [{
          object: nameOf(service),
          path: `spec.ports[${index}].targetPort`,
          found: String(targetPort),
          wanted: `one of ${names}`,
          values: podSetting(behind[0], "ports"),
        }];
      });
    }),
};

/** A Service and port that a route or monitor of the chart leads to; `via` is the object that does. */
interface Lead {
  readonly via: KubeObject;
  readonly path: string;
  readonly service: string;
  readonly port: number | string | undefined;
}

function routeLeads(route: KubeObject): Lead[] {
  if (route.kind === "Ingress") {
    const rules = (at(route, "spec.rules") ?? []) as { http?: { paths: Record<string, unknown>[] } }[];
    return rules.flatMap(({ http }, r) =>
      (http?.paths ?? []).map((path, p) => ({
        via: route,
        path: `spec.rules[${r}].http.paths[${p}].backend`,
        service: String(at(path, "backend.service.name")),
        port: (at(path, "backend.service.port.number") ?? at(path, "backend.service.port.name")) as number | string,
      }))
    );
  }
  const rules = (at(route, "spec.rules") ?? []) as { backendRefs?: { name: string; port?: number }[] }[];
  return rules.flatMap(({ backendRefs }, r) =>
    (backendRefs ?? []).map(({ name, port }, b) => ({
      via: route,
      path: `spec.rules[${r}].backendRefs[${b}]`,
      service: name,
      port,
    }))
  );
}

/** Kinds that bring requests from outside to a Service. */
export const routeKinds = ["HTTPRoute", "GRPCRoute", "Ingress"];

function routesOf(chart: Chart): KubeObject[] {
  return installed(chart).filter(({ kind }) => routeKinds.includes(kind));
}

function routeKey({ metadata }: KubeObject): string {
  return `plumb-common.routes.${metadata.labels?.["plumb/route"] ?? "main"}`;
}

export const routesLead: ChartRule = {
  title: "Every route leads to a Service and a port that are there",
  severity: "critical",
  why: "The gateway answers 500 or 503 for a service that is well.",
  remedy: "Name a port of the component in routes; the component that is meant, if it is not the primary one.",
  covers: ["P11"],
  expects: "Services that a chart renders or upstream's makes, with a port of theirs",
  subjects: routesOf,
  check(chart, platform) {
    const graph = graphOf(platform);
    return routesOf(chart).flatMap((route) => {
      const leads = routeLeads(route);
      const violation = (path: string, found: string, wanted: string): Violation => ({
        object: nameOf(route),
        path,
        found,
        wanted,
        values: routeKey(route),
      });
      if (leads.length === 0) return [violation("spec.rules", "no backend", "a Service")];
      return leads.flatMap(({ path, service, port }) => {
        const meaning = meaningOf({ service, namespace: route.metadata.namespace ?? "" }, graph, platform);
        // Ports of a Service that an upstream chart makes cannot be seen.
        if (meaning.kind === "unseen" && meaning.owner !== null) return [];
        if (meaning.kind !== "rendered") return [violation(path, `Service ${service}`, "a Service that is rendered")];
        const ports = portsOf(meaning.object);
        if (ports.some((one) => one.port === port || one.name === port)) return [];
        return [violation(path, `port ${port}`, `one of ${ports.map((one) => one.port).join(", ")}`)];
      });
    });
  },
};

/** Where requests of a route come from: pods in the gateway's namespace, which is the registry's `ingress` for an Ingress. */
function gatewaysOf(route: KubeObject, endpoints: readonly Endpoint[]): Endpoint[] {
  const parents = (at(route, "spec.parentRefs") ?? []) as { namespace?: string }[];
  const namespaces = route.kind === "Ingress" ? ["ingress"] : parents.map(({ namespace }) => namespace ?? "");
  return endpoints.filter(({ namespace, pod }) => namespaces.includes(namespace) && !pod?.test);
}

export const routesAllowed: ChartRule = {
  title: "The gateway may reach what routes lead to",
  severity: "critical",
  why: "Every request ends in a timeout at the gateway, though the service is well.",
  remedy: "Leave the rule to the library; peers.gateway is the site's, and its name must be the gateway's.",
  covers: ["HELM-006", "P7", "P10"],
  expects: "ingress from the gateway's pods to the routed ports",
  subjects: routesOf,
  check(chart, platform) {
    const graph = graphOf(platform);
    return routesOf(chart).flatMap((route) => {
      const sources = gatewaysOf(route, graph.endpoints);
      // A route without a gateway is condemned elsewhere.
      if (sources.length === 0) return [];
      return routeLeads(route).flatMap(({ path, service, port }) => {
        const target = graph.services.get(`${route.metadata.namespace}/${service}`)?.object;
        const servicePort = target && portsOf(target).find((one) => one.port === port || one.name === port);
        if (!target || !servicePort) return [];
        const shut = backendsOf(graph, target).find((backend) => {
          const number = targetOf(servicePort, backend);
          return number !== null &&
            !sources.some((source) => lets(graph, "ingress", { source, target: backend, port: number }));
        });
        if (!shut) return [];
        const wanted = `ingress from ${sources[0].service} in ${sources[0].namespace}`;
        return [{
          object: nameOf(route),
          path,
          found: `${nameOf(shut.pod!.object)} lets no gateway in`,
          wanted,
          values: "plumb-common.peers.gateway",
        }];
      });
    });
  },
};
