import type { Chart, KubeObject, Platform } from "../../harness/model/chart.ts";
import type { ChartRule, Violation } from "../../harness/model/rule.ts";
import {
  candidates,
  type Direction,
  type Endpoint,
  governs,
  type Graph,
  graphOf,
  isAbout,
  lets,
  type Peer,
  type PolicyPort,
  rulesOf,
  takes,
} from "./graph.ts";
import { at, containers, installed, nameOf, ofKind, type Selector, selectorWords } from "./views.ts";

/** One end of one rule of a chart's policies, as it is installed. */
interface End {
  readonly policy: KubeObject;
  readonly direction: Direction;
  readonly peer: Peer;
  readonly ports: readonly PolicyPort[];
  readonly path: string;
}

const ends = new WeakMap<Chart, End[]>();

function endsOf(chart: Chart): End[] {
  const known = ends.get(chart);
  if (known) return known;
  const found = findEnds(chart);
  ends.set(chart, found);
  return found;
}

function findEnds(chart: Chart): End[] {
  return ofKind(installed(chart), "NetworkPolicy").flatMap((policy) =>
    (["ingress", "egress"] as const).filter((direction) => governs(policy, direction)).flatMap((direction) =>
      rulesOf(policy, direction).flatMap(({ peers, ports, path }) =>
        (peers ?? []).map((peer, index) => ({
          policy,
          direction,
          peer,
          ports: ports ?? [],
          path: `${path}.${direction === "ingress" ? "from" : "to"}[${index}]`,
        }))
      )
    )
  );
}

function peerWords(peer: Peer, from: string): string {
  const where = peer.namespaceSelector?.matchLabels?.["kubernetes.io/metadata.name"] ?? from;
  return `${selectorWords(peer.podSelector)} in ${where}`;
}

function violationAt({ policy, direction, path }: End, found: string, wanted: string): Violation {
  return { object: nameOf(policy), path, found, wanted, values: `plumb-common.network.${direction}` };
}

/** The endpoints on both ends of a rule, those of a node's network and of the world outside aside. */
function sidesOf(graph: Graph, { policy, peer }: End) {
  const namespace = policy.metadata.namespace ?? "";
  const about = at(policy, "spec.podSelector") as Selector | undefined;
  return {
    others: candidates(graph, peer.podSelector).filter((endpoint) => takes(graph, peer, namespace, endpoint)),
    own: candidates(graph, about).filter((endpoint) => endpoint.pod && isAbout(policy, endpoint)),
  };
}

/** True for a policy with a rule: a default deny is about pods that are yet to come. */
function allows(policy: KubeObject): boolean {
  return rulesOf(policy, "ingress").length + rulesOf(policy, "egress").length > 0;
}

export const peersExist: ChartRule = {
  title: "Every network policy's selectors match a pod that is there",
  severity: "critical",
  why: "A selector that matches nothing denies what it was meant to allow, and nothing says so.",
  remedy: "Name the other service as the registry does: its namespace, its name, its component.",
  covers: ["HELM-006", "P7"],
  expects: "selectors that match pods rendered by a service of the registry",
  subjects: (chart) => ofKind(installed(chart), "NetworkPolicy").filter(allows),
  check(chart, platform) {
    const graph = graphOf(platform);
    const empty = ofKind(installed(chart), "NetworkPolicy").filter(allows).filter((policy) =>
      !candidates(graph, at(policy, "spec.podSelector") as Selector).some((endpoint) => isAbout(policy, endpoint))
    ).map((policy) => ({
      object: nameOf(policy),
      path: "spec.podSelector",
      found: "no such pod",
      wanted: "labels of a pod",
      values: "plumb-common.components",
    }));
    const strangers = endsOf(chart).filter((end) => !end.peer.ipBlock && sidesOf(graph, end).others.length === 0)
      .map((end) => {
        const words = peerWords(end.peer, end.policy.metadata.namespace ?? "");
        return violationAt(end, `${words}: no such pod`, "a pod that a service of the registry renders");
      });
    return [...empty, ...strangers];
  },
};

/** The container ports of a target that a policy's port stands for; null if the target has none of that name or number. */
function listening(target: Endpoint, { port, endPort, protocol = "TCP" }: PolicyPort): number | null {
  const ports = (target.pod ? containers(target.pod) : []).flatMap(({ container }) => container.ports ?? []);
  const fits = ports.find(({ name, containerPort, protocol: p = "TCP" }) =>
    p === protocol &&
    (typeof port === "number" && endPort !== undefined
      ? containerPort >= port && containerPort <= endPort
      : port === name || port === containerPort)
  );
  return fits?.containerPort ?? null;
}

export const policyPorts: ChartRule = {
  title: "Every port in a network policy is one that a pod behind it listens on",
  severity: "major",
  why: "Policies are about container ports: a Service's port there lets nothing through.",
  remedy: "Write the container port, by number in another service's rules, by name in your own.",
  covers: ["HELM-006", "P11"],
  expects: "container ports of the pods on the receiving end",
  subjects: (chart) => endsOf(chart).filter(({ ports }) => ports.length > 0),
  check(chart, platform) {
    const graph = graphOf(platform);
    return endsOf(chart).flatMap((end) => {
      const { others, own } = sidesOf(graph, end);
      const targets = (end.direction === "egress" ? others : own).filter(({ pod }) => pod !== null && !pod.test);
      // Pods that are not rendered here may listen anywhere.
      if (targets.length === 0 || (end.direction === "egress" && others.some(({ pod }) => pod === null))) return [];
      return end.ports.filter(({ port }) => port !== undefined)
        .filter((port) => targets.every((target) => listening(target, port) === null))
        .map(({ port, protocol = "TCP" }) => {
          const names = [...new Set(targets.map(({ pod }) => nameOf(pod!.object)))].join(", ");
          return violationAt(end, `${protocol} ${port}`, `a container port of ${names}`);
        });
    });
  },
};

export const flowsAgree: ChartRule = {
  title: "Both ends of every flow that a policy declares allow it",
  severity: "critical",
  why: "One end that says yes is no connection: the packet is dropped at the other, without a word.",
  remedy: "Declare the flow on the other end as well: egress where it starts, ingress where it arrives.",
  covers: ["HELM-006", "P7", "P10"],
  expects: "an egress that allows it on one end and an ingress on the other",
  subjects: (chart, platform) => endsOf(chart).filter((end) => isSeen(end, sidesOf(graphOf(platform), end))),
  check(chart, platform) {
    const graph = graphOf(platform);
    return endsOf(chart).flatMap((end) => disagreements(graph, platform, end));
  },
};

/** False if an end is not rendered here: its policies cannot be seen. */
function isSeen({ peer }: End, { others, own }: ReturnType<typeof sidesOf>): boolean {
  return !peer.ipBlock && others.length > 0 && own.length > 0 && others.every(({ pod }) => pod !== null);
}

function disagreements(graph: Graph, platform: Platform, end: End): Violation[] {
  const sides = sidesOf(graph, end);
  const { others, own } = sides;
  if (!isSeen(end, sides)) return [];
  const outward = end.direction === "egress";
  const [sources, targets] = outward ? [own, others] : [others, own];
  return end.ports.filter(({ port }) => port !== undefined).flatMap((port) => {
    const { protocol = "TCP" } = port;
    const pairs = sources.flatMap((source) =>
      targets.flatMap((target) => {
        const number = listening(target, port);
        return number === null ? [] : [{ source, target, port: number, protocol }];
      })
    );
    if (pairs.length === 0 || pairs.some((flow) => lets(graph, outward ? "ingress" : "egress", flow))) return [];
    const service = others[0].service ?? others[0].namespace;
    const [verb, other] = outward ? ["ingress", "does not let it in"] : ["egress", "does not let it out"];
    const file = platform.charts.find(({ name }) => name === service)?.values.path ?? service;
    const from = nameOf(own[0].pod!.object);
    return [
      violationAt(
        end,
        `${service} ${other} (${protocol} ${port.port})`,
        `network.${verb} for ${from} in ${file}, or no such rule here`,
      ),
    ];
  });
}
