import {
  type Direction,
  type Endpoint,
  governs,
  type Graph,
  type Peer,
  policiesAbout,
  rulesOf,
  takesPort,
} from "./graph.ts";

type Block = NonNullable<Peer["ipBlock"]>;

interface Range {
  readonly start: number;
  readonly size: number;
}

function rangeOf(cidr: string): Range {
  const [address, prefix] = cidr.split("/");
  const size = 2 ** (32 - Number(prefix));
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { start: number - number % size, size };
}

/** True if a block takes in all addresses of a network, none of which it excepts. */
export function holds({ cidr, except = [] }: Block, network: string): boolean {
  const [outer, inner] = [rangeOf(cidr), rangeOf(network)];
  const apart = (other: Range) => other.start + other.size <= inner.start || inner.start + inner.size <= other.start;
  const within = outer.start <= inner.start && inner.start + inner.size <= outer.start + outer.size;
  return within && except.every((part) => apart(rangeOf(part)));
}

/**
 * True if policies let a pod be reached from a network (`ingress`), or reach it (`egress`), at a TCP port. A pod that no
 * policy governs is open.
 */
export function letsNetwork(
  graph: Graph,
  direction: Direction,
  { endpoint, network, port }: { endpoint: Endpoint; network: string; port: number },
): boolean {
  const policies = policiesAbout(graph, endpoint).filter((policy) => governs(policy, direction));
  return policies.length === 0 ||
    policies.some((policy) =>
      rulesOf(policy, direction).some((rule) =>
        takesPort(rule, endpoint, port, "TCP") &&
        (rule.peers === undefined || rule.peers.some(({ ipBlock }) => ipBlock !== undefined && holds(ipBlock, network)))
      )
    );
}
