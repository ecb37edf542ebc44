import type { PlatformRule, VariantRule, Violation } from "../../harness/model/rule.ts";
import { setting } from "./excuse.ts";
import { portsOf } from "./graph.ts";
import { routedHosts } from "./names.ts";
import { registryViolation } from "./registry.ts";
import { at, componentLabel, containers, installed, nameOf, ofKind, pods } from "./views.ts";

export const hostsUnique: PlatformRule = {
  title: "No two services claim one host name",
  severity: "critical",
  why: "The gateway sends a request to whichever route it read first.",
  remedy: "Give one of them another label in the registry's hosts and in its routes.",
  covers: ["P16", "P23"],
  expects: "each host name in one service",
  check(platform) {
    const claims = [
      ...platform.services.flatMap(({ name, hosts }) => hosts.map((host) => ({ name, host }))),
      ...platform.charts.flatMap((chart) => routedHosts(chart).map(({ host, service }) => ({ name: service, host }))),
    ];
    return doubles(claims.map(({ name, host }) => [host, name]), "host", "hosts");
  },
};

/** A violation for each thing that services of different names claim. */
function doubles(claims: readonly (readonly [string, string])[], what: string, key: string): Violation[] {
  const grouped = Map.groupBy(claims, ([thing]) => thing);
  return [...grouped].flatMap(([thing, claimed]) => {
    const owners = [...new Set(claimed.map(([, owner]) => owner))];
    if (owners.length < 2) return [];
    return [registryViolation(`${what} ${thing}`, owners.join(" and "), "one service", `services.${owners[1]}.${key}`)];
  });
}

export const nodePortsUnique: PlatformRule = {
  title: "No two services claim one port of the nodes",
  severity: "critical",
  why: "The second Service is refused, or its pod waits for a node that has the port free.",
  remedy: "Give one of them another port; most services need none, as the gateway brings requests to them.",
  covers: ["P16"],
  expects: "each node port and each host port in one service",
  check(platform) {
    const upstream = platform.services.flatMap(({ name, nodePorts }) =>
      Object.values(nodePorts).map((port) => [`TCP ${port}`, name] as const)
    );
    const own = platform.charts.flatMap((chart) => {
      const nodes = ofKind(installed(chart), "Service", "").flatMap((service) =>
        portsOf(service).filter(({ nodePort }) => nodePort !== undefined)
          .map(({ nodePort, protocol = "TCP" }) => [`${protocol} ${nodePort}`, chart.name] as const)
      );
      const hosts = pods(installed(chart)).flatMap((pod) => containers(pod)).flatMap(({ container }) =>
        (container.ports ?? []).filter(({ hostPort }) => hostPort !== undefined)
          .map(({ hostPort, protocol = "TCP" }) => [`${protocol} ${hostPort}`, chart.name] as const)
      );
      return [...nodes, ...hosts];
    });
    return doubles([...upstream, ...own], "node port", "node_ports");
  },
};

export const noLoadBalancers: VariantRule = {
  title: "No Service waits for a load balancer that nobody provides",
  severity: "critical",
  why: "Its address stays pending, and Helm waits for it until the release is rolled back.",
  remedy: "Use a route, or NodePort for what is not HTTP.",
  covers: ["P16"],
  expects: "ClusterIP or NodePort",
  subjects: ({ objects }) => ofKind(objects, "Service", ""),
  check: ({ objects }) =>
    ofKind(objects, "Service", "").filter((service) => at(service, "spec.type") === "LoadBalancer").map((service) => ({
      object: nameOf(service),
      path: "spec.type",
      found: "LoadBalancer",
      wanted: "ClusterIP or NodePort",
      values: setting(service.metadata.labels?.[componentLabel] ?? "", "service.type"),
    })),
};

export const releasesOnce: PlatformRule = {
  title: "Every upstream chart is installed once, in one exact version",
  severity: "critical",
  why: "Two releases of one controller fight over the same objects; a range installs what nobody has tried.",
  remedy: "Keep one entry per chart, with its exact version.",
  covers: ["P16", "P25"],
  expects: "one entry per repository and chart, with a version such as 1.2.3",
  check(platform) {
    const upstream = platform.services.flatMap(({ name, upstream }) =>
      upstream ? [{ service: name, ...upstream }] : []
    );
    const twice = doubles(upstream.map(({ service, name }) => [name, service]), "chart", "upstream");
    const loose = upstream.filter(({ version }) => !/^v?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)).map((
      { name: service, version },
    ) => registryViolation(`upstream chart of ${service}`, version, "an exact version", "services"));
    return [...twice, ...loose];
  },
};
