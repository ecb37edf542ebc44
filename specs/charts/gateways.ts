import type { KubeObject } from "../../harness/model/chart.ts";
import type { ChartRule, PlatformRule } from "../../harness/model/rule.ts";
import { graphOf } from "./graph.ts";
import { registryViolation } from "./registry.ts";
import { at, installed, nameOf, ofKind } from "./views.ts";

export const wildcardsByDns: PlatformRule = {
  title: "Certificates for wildcard names are proven by DNS",
  severity: "critical",
  why: "An authority accepts no HTTP challenge for a wildcard: the certificate is never issued.",
  remedy: "Use an issuer with a dns01 solver, or list the names one by one.",
  covers: ["P23"],
  expects: "a dns01 solver behind every certificate and listener with a wildcard",
  check(platform) {
    const objects = platform.charts.flatMap((chart) => installed(chart));
    const issuers = objects.filter(({ kind }) => kind === "ClusterIssuer" || kind === "Issuer");
    const byHttp = issuers.filter((issuer) => {
      const solvers = (at(issuer, "spec.acme.solvers") ?? []) as { dns01?: unknown }[];
      return at(issuer, "spec.acme") !== undefined && !solvers.some(({ dns01 }) => dns01 !== undefined);
    }).map(({ metadata }) => metadata.name);
    return objects.flatMap((object) => {
      const names = wildcardsOf(object);
      const issuer = issuerOf(object);
      if (names.length === 0 || issuer === undefined || !byHttp.includes(issuer)) return [];
      return [
        registryViolation(
          nameOf(object),
          `${names.join(", ")} by issuer ${issuer}, which has no dns01 solver`,
          "a dns01 solver",
          "services",
        ),
      ];
    });
  },
};

function wildcardsOf(object: KubeObject): string[] {
  const names = object.kind === "Certificate"
    ? at(object, "spec.dnsNames") as string[] | undefined
    : object.kind === "Ingress"
    ? ((at(object, "spec.tls") ?? []) as { hosts?: string[] }[]).flatMap(({ hosts }) => hosts ?? [])
    : object.kind === "Gateway"
    ? ((at(object, "spec.listeners") ?? []) as { hostname?: string }[]).flatMap(({ hostname }) => hostname ?? [])
    : [];
  return (names ?? []).filter((name) => name.startsWith("*."));
}

function issuerOf(object: KubeObject): string | undefined {
  const annotations = object.metadata.annotations ?? {};
  return (at(object, "spec.issuerRef.name") as string | undefined) ?? annotations["cert-manager.io/cluster-issuer"] ??
    annotations["cert-manager.io/issuer"];
}

export const gatewayPresent: ChartRule = {
  title: "Every route hangs on a gateway that a service brings",
  severity: "critical",
  why: "A route without its gateway is accepted and serves nothing.",
  remedy: "Leave routing.gateway alone: the site sets it.",
  covers: ["P2"],
  expects: "the namespace of a service of the registry",
  subjects: (chart) => installed(chart).filter(({ kind }) => kind === "HTTPRoute" || kind === "GRPCRoute"),
  check(chart, platform) {
    const graph = graphOf(platform);
    return installed(chart).filter(({ kind }) => kind === "HTTPRoute" || kind === "GRPCRoute").flatMap((route) =>
      ((at(route, "spec.parentRefs") ?? []) as { name: string; namespace?: string }[]).flatMap(
        ({ name, namespace }, index) => {
          const where = namespace ?? route.metadata.namespace;
          const gateways = platform.charts.flatMap((one) => ofKind(installed(one), "Gateway"));
          const there = gateways.some(({ metadata }) => metadata.name === name && metadata.namespace === where);
          const upstream = graph.endpoints.some(({ service, namespace, pod }) =>
            service !== null && pod === null && namespace === where
          );
          if (there || (gateways.length === 0 && upstream)) return [];
          const path = `spec.parentRefs[${index}]`;
          const wanted = gateways.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(" or ") ||
            "a gateway";
          return [{
            object: nameOf(route),
            path,
            found: `${where}/${name}`,
            wanted,
            values: "plumb-common.routing.gateway",
          }];
        },
      )
    );
  },
};
