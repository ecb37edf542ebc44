import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { loadedSite } from "../../harness/adapters/site/testdata.ts";
import { countOf, kubeFacts } from "../kube_facts.ts";
import { assertions } from "./chainsaw_assertions.ts";
import { documentsOf, redOf, testsFor } from "./chainsaw_tests.ts";

const site = loadedSite("/etc/site/home.yaml");
const facts = kubeFacts(site);
const tests = testsFor(site, facts);

/** A report of chainsaw's in which each test ran one operation; of those named, it failed with the text. */
function reportOf(names: readonly string[], failures: Readonly<Record<string, string>> = {}): string {
  const failure = (name: string) => name in failures ? { failure: { error: failures[name] } } : {};
  return JSON.stringify({
    tests: names.map((name) => ({ name, steps: [{ operations: [{ type: "assert", ...failure(name) }] }] })),
  });
}

Deno.test("chainsaw has a test of its own name for each fact and host, and no assertion without a fact", () => {
  assert.equal(tests.length, countOf(facts));
  assert.equal(new Set(tests.map(({ name }) => name)).size, tests.length);
  for (const { name } of tests) assert.match(name, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
  assert.deepEqual(Object.keys(assertions).toSorted(), facts.map(({ id }) => id).toSorted());
});

Deno.test("a fact that chainsaw does not assert is no comparison", () => {
  assert.throws(() => testsFor(site, [{ ...facts[0], id: "cluster/new" }]), /Cannot compare cluster\/new: /);
});

Deno.test("each test is a document whose one operation comes back from the YAML as it went in", () => {
  const documents = parseAllDocuments(documentsOf(tests)).map((document) => {
    if (!("errors" in document)) return assert.fail("there are no documents");
    assert.deepEqual(document.errors, []);
    return document.toJS();
  });
  assert.deepEqual(
    documents,
    tests.map(({ name, operation }) => ({
      apiVersion: "chainsaw.kyverno.io/v1alpha1",
      kind: "Test",
      metadata: { name },
      spec: { steps: [{ try: [operation] }] },
    })),
  );
});

Deno.test("an expression is in parentheses as a whole, and closes what it opens", () => {
  const keysOf = (tree: unknown): string[] =>
    typeof tree === "object" && tree !== null && !Array.isArray(tree)
      ? Object.entries(tree).flatMap(([key, value]) => [key, ...keysOf(value)])
      : [];
  const expressions = tests.flatMap(({ operation }) => keysOf(operation)).filter((key) => /[^\w-]/.test(key));
  assert.ok(expressions.length > facts.length / 2);
  for (const expression of expressions) {
    assert.match(expression, /^\(.+\)$/);
    for (const pair of ["()", "[]", "{}"]) {
      const [opened, closed] = [...pair].map((letter) => expression.split(letter).length);
      assert.equal(opened, closed, expression);
    }
    for (const quote of "'`\"") assert.equal(expression.split(quote).length % 2, 1, expression);
  }
});

Deno.test("assertions name what the site declares", () => {
  const other = testsFor({ ...site, kubernetes: { ...site.kubernetes!, version: "0.0.0" } }, facts);
  const differ = other.filter((test, i) => JSON.stringify(test) !== JSON.stringify(tests[i])).map(({ name }) => name);
  assert.deepEqual(differ, [
    "cluster-node-version-master",
    "cluster-node-version-worker",
    "cluster-control-plane-version",
  ]);
});

Deno.test("a round counts if each test's operation ran once and did not fail", () => {
  const names = tests.map(({ name }) => name);
  const red = (report: string) => Object.fromEntries(redOf(report, tests));
  assert.deepEqual(red(reportOf(names)), {});
  assert.deepEqual(red(reportOf(names, { [names[1]]: "lengths differ" })), { [names[1]]: "lengths differ" });
  assert.deepEqual(red(reportOf(names.slice(1))), { [names[0]]: "it did not run" });
  assert.equal(redOf("{}", tests).size, tests.length);
  const [{ name }] = tests;
  const only = (test: unknown) => Object.fromEntries(redOf(JSON.stringify({ tests: [test] }), [tests[0]]));
  assert.deepEqual(only({ name }), { [name]: "0 operations ran, not one" });
  assert.deepEqual(only({ name, steps: [{ operations: [{}, {}] }] }), { [name]: "2 operations ran, not one" });
  assert.ok(name in only({ name, skipped: true, steps: [{ operations: [{}] }] }));
  assert.throws(() => redOf(reportOf(["other"]), tests), /Cannot read chainsaw's report: test other /);
});
