import { type Assertion, type Phase, phase } from "../harness/model/phase.ts";
import type { Expectation } from "../harness/model/probe.ts";
import { type Host, select, type Site } from "../harness/model/site.ts";
import cluster from "../specs/cluster.ts";
import network from "../specs/network.ts";
import storage from "../specs/storage.ts";

const phases: Readonly<Record<string, Phase>> = { cluster, network, storage };

/** One thing that is true of the cluster, once for each host that it is about. */
export interface Fact {
  /** `phase/assertion`. */
  readonly id: string;
  readonly assertion: Assertion;
  /** Empty where it is about no host. */
  readonly hosts: readonly Host[];
}

/** Whether all that an assertion observes is the API server's to answer. */
function isKube(assertion: Assertion, site: Site, host: Host | undefined): boolean {
  const verify = typeof assertion.verify === "function" ? assertion.verify(site, host as Host) : assertion.verify;
  return [verify].flat().every(({ probe }: Expectation) => probe.kind === "kube" || probe.kind === "kube-get");
}

/** Every assertion of the cluster's phases that a `check` answers by asking the API server alone. */
export function kubeFacts(site: Site): Fact[] {
  return Object.entries(phases).flatMap(([name, { asserts }]) =>
    Object.entries(asserts).flatMap(([id, assertion]) => {
      const hosts = assertion.on === undefined ? [] : select(site, assertion.on);
      if (assertion.mode === "exercise" || !isKube(assertion, site, hosts[0])) return [];
      return [{ id: `${name}/${id}`, assertion, hosts }];
    })
  );
}

/** How many results the facts give. */
export function countOf(facts: readonly Fact[]): number {
  return facts.reduce((sum, { hosts }) => sum + Math.max(1, hosts.length), 0);
}

/** The facts as one phase, in which they do not need each other: all hold. */
export function factsPhase(site: Site): Phase {
  const asserts = kubeFacts(site).map(({ id, assertion }) => [
    id.replace("/", "-"),
    { ...assertion, needs: [] },
  ]);
  return phase({
    title: "What the API server knows of the cluster is as declared",
    asserts: Object.fromEntries(asserts),
  });
}
