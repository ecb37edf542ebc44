import type { KubeObject, Platform } from "../../harness/model/chart.ts";
import { at, containers, installed, ofKind, type Pod, pods, type Selector, selects } from "./views.ts";

/** Pods that can take part in a flow: rendered by a chart here, or known to be there though nothing here renders them. */
export interface Endpoint {
  /** The service of the registry; null for what the cluster or an operator brings. */
  readonly service: string | null;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Null for pods that are not rendered here: of them only namespace and name are known. */
  readonly pod: Pod | null;
}

/** One end of a network policy's rule. */
export interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

/** A port of a network policy's rule. */
export interface PolicyPort {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol?: string;
}

/** One rule of a network policy, in one direction. */
export interface PolicyRule {
  /** Absent: everybody. */
  readonly peers: readonly Peer[] | undefined;
  /** Absent: every port. */
  readonly ports: readonly PolicyPort[] | undefined;
  /** `spec.egress[0]`. */
  readonly path: string;
}

/** `ingress` or `egress`. */
export type Direction = "ingress" | "egress";

/** Everything that rules about flows look at, made once for a platform. */
export interface Graph {
  readonly endpoints: readonly Endpoint[];
  /** Rendered ones by their label `app.kubernetes.io/name`; under null those that are not rendered. */
  readonly byName: ReadonlyMap<string | null, readonly Endpoint[]>;
  /** Policies by namespace. */
  readonly policies: ReadonlyMap<string, readonly KubeObject[]>;
  /** Labels of the namespaces by name. */
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Services that charts render, by `namespace/name`, with the registry's service. */
  readonly services: ReadonlyMap<string, { readonly object: KubeObject; readonly owner: string }>;
}

const nameLabel = "app.kubernetes.io/name";
/** Resources that an operator makes pods from, and the name that it gives them. */
const operated: Readonly<Record<string, string>> = { Prometheus: "prometheus", Alertmanager: "alertmanager" };

const graphs = new WeakMap<Platform, Graph>();

/** The platform's graph. */
export function graphOf(platform: Platform): Graph {
  const known = graphs.get(platform);
  if (known) return known;
  const graph = makeGraph(platform);
  graphs.set(platform, graph);
  return graph;
}

function makeGraph(platform: Platform): Graph {
  const all = platform.charts.flatMap((chart) => installed(chart).map((object) => ({ object, owner: chart.name })));
  const namespaces = new Map(Object.keys(platform.namespaces).map((name) => [name, automatic(name)]));
  for (const name of ["kube-system", "default"]) namespaces.set(name, automatic(name));
  for (const { object: { kind, metadata } } of all) {
    if (kind === "Namespace") namespaces.set(metadata.name, { ...metadata.labels, ...automatic(metadata.name) });
  }
  const policies = Map.groupBy(
    ofKind(all.map(({ object }) => object), "NetworkPolicy"),
    ({ metadata }) => metadata.namespace ?? "",
  );
  const services = new Map(
    all.filter(({ object }) => object.kind === "Service" && object.apiVersion === "v1")
      .map((entry) => [`${entry.object.metadata.namespace}/${entry.object.metadata.name}`, entry]),
  );
  const endpoints = endpointsOf(platform);
  const byName = Map.groupBy(endpoints, ({ pod, labels }) => pod ? labels[nameLabel] ?? "" : null);
  return { endpoints, byName, policies, namespaces, services };
}

/** The endpoints that a selector of pods may take; all others it cannot. Without this, time would grow with the square of the services. */
export function candidates({ endpoints, byName }: Graph, selector: Selector | undefined): readonly Endpoint[] {
  const name = selector?.matchLabels?.[nameLabel];
  return name === undefined ? endpoints : [...byName.get(name) ?? [], ...byName.get(null) ?? []];
}

function automatic(name: string): Record<string, string> {
  return { "kubernetes.io/metadata.name": name };
}

function endpointsOf(platform: Platform): Endpoint[] {
  const own = platform.charts.flatMap((chart) =>
    pods(installed(chart)).map((pod) => ({ service: chart.name, namespace: pod.namespace, labels: pod.labels, pod }))
  );
  const upstream = platform.services.filter((service) => service.upstream !== null).flatMap((service) =>
    [service.podLabels, ...Object.values(service.morePods)].map((labels) => ({
      service: service.name,
      namespace: service.namespace,
      labels,
      pod: null,
    }))
  );
  const made = platform.charts.flatMap((chart) =>
    installed(chart).filter(({ kind }) => kind in operated).map(({ kind, metadata }) => ({
      service: null,
      namespace: metadata.namespace ?? "",
      labels: { [nameLabel]: operated[kind] },
      pod: null,
    }))
  );
  const dns = { service: null, namespace: "kube-system", labels: { "k8s-app": "kube-dns" }, pod: null };
  return [...own, ...upstream, ...made, dns];
}

/** A policy's rules in one direction; none if it does not govern it. */
export function rulesOf(policy: KubeObject, direction: Direction): PolicyRule[] {
  const key = direction === "ingress" ? "from" : "to";
  const rules = (at(policy, `spec.${direction}`) ?? []) as Record<string, unknown>[];
  return rules.map((rule, index) => ({
    peers: rule[key] as Peer[] | undefined,
    ports: rule.ports as PolicyPort[] | undefined,
    path: `spec.${direction}[${index}]`,
  }));
}

/** True if a policy of this type governs the direction. */
export function governs(policy: KubeObject, direction: Direction): boolean {
  const types = at(policy, "spec.policyTypes") as string[] | undefined;
  const type = direction === "ingress" ? "Ingress" : "Egress";
  return types ? types.includes(type) : type === "Ingress" || at(policy, "spec.egress") !== undefined;
}

/** True if the policy is about the pod. */
export function isAbout(policy: KubeObject, { namespace, labels }: Pick<Endpoint, "namespace" | "labels">): boolean {
  return policy.metadata.namespace === namespace && selects((at(policy, "spec.podSelector") ?? {}) as Selector, labels);
}

/** True if the peer, seen from a policy's namespace, takes the endpoint in. */
export function takes(graph: Graph, peer: Peer, from: string, endpoint: Endpoint): boolean {
  if (peer.ipBlock) return false;
  const inNamespace = peer.namespaceSelector
    ? selects(peer.namespaceSelector, graph.namespaces.get(endpoint.namespace) ?? {})
    : endpoint.namespace === from;
  if (!inNamespace) return false;
  return peer.podSelector === undefined || selects(narrowed(peer.podSelector, endpoint), endpoint.labels);
}

/** The part of a selector that can be held against the endpoint: of pods that are not rendered only some labels are known. */
function narrowed(selector: Selector, { pod, labels }: Endpoint): Selector {
  if (pod) return selector;
  const known = Object.entries(selector.matchLabels ?? {}).filter(([key]) => key in labels);
  return known.length ? { matchLabels: Object.fromEntries(known) } : selector;
}

/** The numbers that a port of a pod has; the port itself if it is one. */
function numbersOf(pod: Pod | null, port: number | string): number[] {
  if (typeof port === "number") return [port];
  return (pod ? containers(pod) : []).flatMap(({ container }) =>
    (container.ports ?? []).filter(({ name }) => name === port).map(({ containerPort }) => containerPort)
  );
}

/** True if the rule's ports take in a port of `target`, which listens there; `port` null stands for any port. */
export function takesPort(rule: PolicyRule, target: Endpoint, port: number | null, protocol: string): boolean {
  if (rule.ports === undefined || port === null) return true;
  return rule.ports.some((one) => {
    if ((one.protocol ?? "TCP") !== protocol) return false;
    if (one.port === undefined) return true;
    if (typeof one.port === "number" && one.endPort !== undefined) return port >= one.port && port <= one.endPort;
    return numbersOf(target.pod, one.port).includes(port);
  });
}

/**
 * True if the policies on one end of a flow let it pass: for `egress` those about `source`, for `ingress` those about
 * `target`. A pod that no policy governs is open. `port` is the target's container port.
 */
export function lets(
  graph: Graph,
  direction: Direction,
  flow: { source: Endpoint; target: Endpoint; port: number | null; protocol?: string },
): boolean {
  const [about, other] = direction === "egress" ? [flow.source, flow.target] : [flow.target, flow.source];
  if (about.pod === null) return true;
  const policies = policiesAbout(graph, about).filter((policy) => governs(policy, direction));
  if (policies.length === 0) return true;
  return policies.some((policy) =>
    rulesOf(policy, direction).some((rule) =>
      takesPort(rule, flow.target, flow.port, flow.protocol ?? "TCP") &&
      (rule.peers === undefined || rule.peers.some((peer) => takes(graph, peer, about.namespace, other)))
    )
  );
}

const aboutOne = new WeakMap<Endpoint, KubeObject[]>();

/** The policies about an endpoint. */
export function policiesAbout(graph: Graph, endpoint: Endpoint): KubeObject[] {
  const known = aboutOne.get(endpoint);
  if (known) return known;
  const found = (graph.policies.get(endpoint.namespace) ?? []).filter((policy) => isAbout(policy, endpoint));
  aboutOne.set(endpoint, found);
  return found;
}

/** Endpoints that a Service leads to. */
export function backendsOf(graph: Graph, service: KubeObject): Endpoint[] {
  const labels = at(service, "spec.selector") as Record<string, string> | undefined;
  if (!labels) return [];
  return candidates(graph, { matchLabels: labels }).filter((endpoint) =>
    endpoint.pod !== null && !endpoint.pod.test && endpoint.namespace === service.metadata.namespace &&
    selects({ matchLabels: labels }, endpoint.labels)
  );
}

/** A port of a Service. */
export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly protocol?: string;
}

/** A Service's ports. */
export function portsOf(service: KubeObject): readonly ServicePort[] {
  return (at(service, "spec.ports") ?? []) as ServicePort[];
}

/** The container port that a Service's port leads to on an endpoint; null if the endpoint has none of that name. */
export function targetOf({ port, targetPort }: ServicePort, endpoint: Endpoint): number | null {
  return numbersOf(endpoint.pod, targetPort ?? port)[0] ?? null;
}
