import assert from "node:assert/strict";
import { loadedSite } from "../harness/adapters/site/testdata.ts";
import { judgeCounts, judgeTimes } from "./cluster.ts";
import { commandsFor } from "./contenders/kubectl.ts";
import { countOf, factsPhase, kubeFacts } from "./kube_facts.ts";

const site = loadedSite("/etc/site/home.yaml");

Deno.test("facts are what the API server alone can answer, without exercises", () => {
  const ids = kubeFacts(site).map(({ id }) => id);
  for (const id of ["cluster/node-ready", "cluster/api-healthy", "network/plugin-running", "storage/class-default"]) {
    assert.ok(ids.includes(id), id);
  }
  for (const id of ["cluster/kubelet-running", "network/pods-exchange", "storage/disk-free"]) {
    assert.ok(!ids.includes(id), id);
  }
});

Deno.test("the phase of facts has each once, and kubectl has a command for each and every host", () => {
  const facts = kubeFacts(site);
  assert.equal(Object.keys(factsPhase(site).asserts).length, facts.length);
  assert.equal(commandsFor({ site }, facts).length, countOf(facts));
  assert.ok(countOf(facts) > facts.length);
});

Deno.test("a fact that kubectl is not asked for is no comparison", () => {
  const [fact] = kubeFacts(site);
  assert.throws(() => commandsFor({ site }, [{ ...fact, id: "cluster/new" }]), /Cannot compare cluster\/new/);
});

Deno.test("one list per kind and attempt keeps the bound; two in one attempt miss it, and so does none at all", () => {
  const counted = (
    attempts: number,
    lists: [string, number][],
  ) => [{ phase: "cluster", attempts, lists: new Map(lists) }];
  assert.ok(judgeCounts(counted(1, [["v1/pods", 1], ["v1/nodes", 1]])).kept);
  assert.ok(judgeCounts(counted(2, [["v1/pods", 2]])).kept);
  assert.ok(!judgeCounts(counted(1, [["v1/pods", 2]])).kept);
  assert.ok(!judgeCounts(counted(1, [])).kept);
  assert.match(judgeCounts(counted(1, [["v1/pods", 1]])).table, /\| cluster +\| +1 \| +1 \|/);
});

Deno.test("the verdict bounds kubectl alone, and says of chainsaw whether Plumb is faster or slower", () => {
  const measured = (kubectl: number) =>
    [["Plumb", 500], ["kubectl", kubectl], ["kubectl, all at once", 750], ["chainsaw", 1_000], ["all at once", 250]]
      .map(([name, ms]) => ({ name: String(name), rounds: [Number(ms)] }));
  const { text, kept } = judgeTimes(measured(1_500));
  assert.ok(kept);
  assert.match(text, /Plumb is 3\.00 times faster than kubectl \(wanted: at least 2 times faster\)/);
  assert.match(text, /It is 2\.00 times faster than chainsaw, and 2\.00 times slower than all of chainsaw's tests/);
  assert.ok(!judgeTimes(measured(900)).kept);
});
