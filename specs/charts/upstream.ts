import type { ChartRule, PlatformRule } from "../../harness/model/rule.ts";
import { type Endpoint, graphOf, lets } from "./graph.ts";
import { routedHosts } from "./names.ts";
import { registryViolation } from "./registry.ts";
import { entryOf, selectorWords } from "./views.ts";

export const upstreamHostsRouted: PlatformRule = {
  title: "Every host name of an upstream chart has a route",
  severity: "major",
  why: "Its name resolves, its certificate is good, and the gateway answers 404: upstream's charts make no route here.",
  remedy: "Give the service's upstream its backend; the chart namespaces makes the route.",
  covers: ["P23", "HELM-003"],
  expects: "a route for each host name of a service whose chart is upstream's",
  check(platform) {
    const routed = new Set(platform.charts.flatMap((chart) => routedHosts(chart).map(({ host }) => host)));
    return platform.services.filter(({ upstream }) => upstream !== null).flatMap(({ name, hosts }) =>
      hosts.filter((host) => !routed.has(host)).map((host) =>
        registryViolation(`service ${name}`, `no route for ${host}`, "one", `services.${name}.upstream`)
      )
    );
  },
};

/** What a policy must hold: pods of upstream's as the registry knows them, and no label that they have not. */
function calledPods(labels: Readonly<Record<string, string>>, namespace: string, service: string): Endpoint {
  // An endpoint with a pod is held against all labels of a selector, one without only against those it has.
  const pod = {} as NonNullable<Endpoint["pod"]>;
  return { service, namespace, labels, pod };
}

export const upstreamCallsAllowed: ChartRule = {
  title: "Every call of an upstream chart's pods is let out to the labels that they carry, and let in there",
  severity: "critical",
  why: "Upstream's pods carry labels of their own making: a policy that guesses others matches nobody, without a word.",
  remedy: "Name the labels of the registry's pod_labels or more_pods in network.egress, and no component besides.",
  covers: ["HELM-006", "P7"],
  expects: "egress to the labels that the registry gives those pods, and ingress of the chart namespaces",
  subjects: (chart, platform) =>
    entryOf(platform, chart.name).calls.filter(({ service }) => entryOf(platform, service).upstream !== null),
  check(chart, platform) {
    const graph = graphOf(platform);
    return entryOf(platform, chart.name).calls.flatMap(({ service, component, port }) => {
      const called = entryOf(platform, service);
      if (called.upstream === null) return [];
      const labels = called.morePods[component] ?? called.podLabels;
      const target = calledPods(labels, called.namespace, service);
      const sources = graph.endpoints.filter((one) => one.service === chart.name && one.pod?.lasting);
      const flows = sources.map((source) => ({ source, target, port: Number(port) }));
      const words = `${selectorWords({ matchLabels: labels })} in ${called.namespace}, port ${port}`;
      const shut = (direction: "egress" | "ingress") => !flows.some((flow) => lets(graph, direction, flow));
      const at = { object: `chart ${chart.name}`, path: "", values: "plumb-common.network.egress" };
      return [
        ...(shut("egress") ? [{ ...at, found: `no way to ${words}`, wanted: "egress to these labels" }] : []),
        ...(shut("ingress") ? [{ ...at, found: `no way in to ${words}`, wanted: "the call in the registry" }] : []),
      ];
    });
  },
};
