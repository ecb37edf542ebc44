import type { KubeObject } from "../../harness/model/chart.ts";
import { notInternet } from "../../harness/model/networks.ts";
import type { VariantRule } from "../../harness/model/rule.ts";
import { podSetting } from "./excuse.ts";
import { type Direction, governs, isAbout, type Peer, type PolicyRule, rulesOf } from "./graph.ts";
import { nameOf, ofKind, type Pod, pods, say, selectorWords } from "./views.ts";

const directions: readonly Direction[] = ["ingress", "egress"];
/** Where node-local DNS listens on every node (kubespray's default). Selectors match no host network, so policies name it. */
const nodeLocalDns = "169.254.25.10/32";
const network = "plumb-common.network";

function policiesAbout(objects: readonly KubeObject[], pod: Pod): KubeObject[] {
  return ofKind(objects, "NetworkPolicy").filter((policy) => isAbout(policy, pod));
}

export const policyPresent: VariantRule = {
  title: "Every pod is under a network policy in both directions",
  severity: "critical",
  why: "A pod without one can be reached by, and can reach, everything in the cluster.",
  remedy: "Leave policies to the library; network.ingress and network.egress say who may come and go.",
  covers: ["HELM-006", "P10", "SEC-006"],
  expects: "a policy of the chart about each pod, for Ingress and for Egress",
  subjects: ({ objects }) => pods(objects),
  check: ({ objects }) =>
    pods(objects).flatMap((pod) =>
      directions.filter((direction) => !policiesAbout(objects, pod).some((policy) => governs(policy, direction)))
        .map((direction) => ({
          object: nameOf(pod.object),
          path: "",
          found: `no policy for ${direction}`,
          wanted: "one",
          values: podSetting(pod, ""),
        }))
    ),
};

/** What comes of `visit` with each rule of each policy, both directions. */
function eachRule<T>(
  objects: readonly KubeObject[],
  visit: (policy: KubeObject, rule: PolicyRule, direction: Direction) => readonly T[],
): T[] {
  return ofKind(objects, "NetworkPolicy").flatMap((policy) =>
    directions.flatMap((direction) => rulesOf(policy, direction).flatMap((rule) => visit(policy, rule, direction)))
  );
}

function isEmpty(selector: Peer["podSelector"]): boolean {
  return selector !== undefined && selectorWords(selector) === "everything";
}

export const noOpenPeers: VariantRule = {
  title: "No network policy lets everybody in, or a pod go anywhere",
  severity: "critical",
  why: "A rule without an end, or for all namespaces, is the absence of a policy that looks like one.",
  remedy: "Name the other end: namespace and service, or the addresses; name the ports as well.",
  covers: ["HELM-006", "P8"],
  expects: "ends that are named, and ports",
  subjects: ({ objects }) => eachRule(objects, (_, rule) => [rule]),
  check: ({ objects }) =>
    eachRule(objects, (policy, { peers, ports, path }, direction) => {
      const values = `${network}.${direction}`;
      const violation = (
        at: string,
        found: string,
        wanted: string,
      ) => [{ object: nameOf(policy), path: at, found, wanted, values }];
      if (peers === undefined || peers.length === 0) return violation(path, "no ends: everybody", "ends by name");
      // Which ports pods of an upstream chart have cannot be seen here.
      const seen = pods(objects).some((pod) => isAbout(policy, pod));
      if (seen && !ports?.length) return violation(`${path}.ports`, "every port", "ports by number");
      return peers.flatMap((peer, index) =>
        isEmpty(peer.namespaceSelector) || (isEmpty(peer.podSelector) && !peer.namespaceSelector)
          ? violation(`${path}[${index}]`, "everything", "a namespace by name and pods by labels")
          : []
      );
    }),
};

function namesNamespaces({ namespaceSelector }: Peer): boolean {
  return namespaceSelector !== undefined && !isEmpty(namespaceSelector);
}

export const namespacesByName: VariantRule = {
  title: "Network policies select namespaces by the name that the API server writes",
  severity: "critical",
  why:
    "Any other label is there only if somebody remembered it, and a selector that matches nothing denies everything.",
  remedy: "Select by kubernetes.io/metadata.name alone; the library does.",
  covers: ["HELM-006", "P7"],
  expects: "namespaceSelector with kubernetes.io/metadata.name",
  subjects: ({ objects }) => eachRule(objects, (_, { peers }) => (peers ?? []).filter((peer) => namesNamespaces(peer))),
  check: ({ objects }) =>
    eachRule(objects, (policy, { peers, path }, direction) =>
      (peers ?? []).flatMap(({ namespaceSelector }, index) => {
        if (!namesNamespaces({ namespaceSelector })) return [];
        const words = selectorWords(namespaceSelector);
        if (/^kubernetes\.io\/metadata\.name(=| In )[^,]+$/.test(words)) return [];
        return [{
          object: nameOf(policy),
          path: `${path}[${index}].namespaceSelector`,
          found: words,
          wanted: "kubernetes.io/metadata.name",
          values: `${network}.${direction}`,
        }];
      })),
};

function dnsFaults(rules: readonly PolicyRule[]): string[] {
  const open = (peerFits: (peer: Peer) => boolean, protocol: string) =>
    rules.some(({ peers, ports }) =>
      peers?.some(peerFits) && ports?.some(({ port, protocol: p }) => port === 53 && (p ?? "TCP") === protocol)
    );
  const clusterDns = ({ podSelector, namespaceSelector }: Peer) =>
    podSelector?.matchLabels?.["k8s-app"] === "kube-dns" &&
    namespaceSelector?.matchLabels?.["kubernetes.io/metadata.name"] === "kube-system";
  const local = ({ ipBlock }: Peer) => ipBlock?.cidr === nodeLocalDns;
  return ["UDP", "TCP"].flatMap((protocol) => [
    ...(open(clusterDns, protocol) ? [] : [`kube-dns in kube-system ${protocol} 53`]),
    ...(open(local, protocol) ? [] : [`${nodeLocalDns} ${protocol} 53`]),
  ]);
}

export const dnsAllowed: VariantRule = {
  title: "Every pod may ask the cluster's DNS and the node's",
  severity: "critical",
  why: "No name resolves: every connection fails after a timeout that names the other end as its cause.",
  remedy: "Leave the rule to the library; peers.dns is the site's, not the chart's.",
  covers: ["HELM-006", "P9"],
  expects: `egress to kube-dns pods and to ${nodeLocalDns}, UDP and TCP 53`,
  subjects: ({ objects }) => pods(objects),
  check: ({ objects }) =>
    pods(objects).flatMap((pod) => {
      const policies = policiesAbout(objects, pod).filter((policy) => governs(policy, "egress"));
      // Without any policy nothing is denied; that is another rule's to condemn.
      if (policies.length === 0) return [];
      const faults = dnsFaults(policies.flatMap((policy) => rulesOf(policy, "egress")));
      if (faults.length === 0) return [];
      const found = `no way to ${faults.join(", ")}`;
      return [{
        object: nameOf(policies[0]),
        path: "spec.egress",
        found,
        wanted: "all four",
        values: `plumb-common.peers.dns`,
      }];
    }),
};

/** The peers of a rule that stand for the internet, with their positions. */
function waysOut({ peers }: PolicyRule, direction: Direction) {
  return direction === "ingress"
    ? []
    : (peers ?? []).flatMap(({ ipBlock }, index) => ipBlock?.cidr === "0.0.0.0/0" ? [{ index, ipBlock }] : []);
}

export const internetApart: VariantRule = {
  title: "A way to the internet is not a way into the home",
  severity: "major",
  why: "Whoever takes over the pod would reach every private address: nodes, router, the neighbours' services.",
  remedy: "Write to: { internet: true }, which leaves the private ranges out.",
  covers: ["HELM-006", "P8"],
  expects: `0.0.0.0/0 only without ${notInternet.join(", ")}`,
  subjects: ({ objects }) => eachRule(objects, (_, rule, direction) => waysOut(rule, direction)),
  check: ({ objects }) =>
    eachRule(
      objects,
      (policy, rule, direction) =>
        waysOut(rule, direction).flatMap(({ index, ipBlock }) => {
          const missing = notInternet.filter((range) => !ipBlock.except?.includes(range));
          if (missing.length === 0) return [];
          return [{
            object: nameOf(policy),
            path: `${rule.path}[${index}].ipBlock.except`,
            found: say(ipBlock.except),
            wanted: `${missing.join(", ")} as well`,
            values: `${network}.egress`,
          }];
        }),
    ),
};
