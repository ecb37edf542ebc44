import { stringify } from "yaml";
import type { Site } from "../../harness/model/site.ts";
import type { Fact } from "../kube_facts.ts";
import { assertions, type Operation } from "./chainsaw_assertions.ts";

/** A test of chainsaw's that has one operation. */
export interface ChainsawTest {
  readonly name: string;
  readonly operation: Operation;
}

/** What is used of chainsaw's report as JSON. */
interface Report {
  readonly tests?: readonly {
    readonly name: string;
    readonly skipped?: boolean;
    readonly steps?: readonly { readonly operations?: readonly { readonly failure?: { readonly error?: string } }[] }[];
  }[];
}

/** chainsaw's tests for facts, one for each fact and host. Throws for a fact that no assertion is known for. */
export function testsFor(site: Site, facts: readonly Fact[]): ChainsawTest[] {
  return facts.flatMap(({ id, hosts }) => {
    const assertion = assertions[id];
    if (!assertion) throw new TypeError(`Cannot compare ${id}: no assertion of chainsaw's is known for it; add one`);
    const name = id.replace("/", "-");
    // Without a host the operation does not use it, as with assertions.
    if (hosts.length === 0) return [{ name, operation: assertion(site, undefined as never) }];
    return hosts.map((host) => ({ name: `${name}-${host.name}`, operation: assertion(site, host) }));
  });
}

/** Tests as the text of chainsaw's `chainsaw-test.yaml`, a document for each. */
export function documentsOf(tests: readonly ChainsawTest[]): string {
  const documents = tests.map(({ name, operation }) => ({
    apiVersion: "chainsaw.kyverno.io/v1alpha1",
    kind: "Test",
    metadata: { name },
    spec: { steps: [{ try: [operation] }] },
  }));
  return documents.map((document) => stringify(document, { lineWidth: 0 })).join("---\n");
}

/**
 * The tests that did not pass, by name, with why: a test passed if the report, chainsaw's as JSON, says that its one
 * operation ran and did not fail. Throws if the report has a test that is not one of these.
 */
export function redOf(report: string, tests: readonly ChainsawTest[]): Map<string, string> {
  const red = new Map(tests.map(({ name }) => [name, "it did not run"]));
  const { tests: ran = [] } = JSON.parse(report) as Report;
  for (const { name, skipped, steps = [] } of ran) {
    if (!red.has(name)) throw new Error(`Cannot read chainsaw's report: test ${name} is none of ours, or twice in it`);
    const operations = steps.flatMap(({ operations = [] }) => operations);
    const failures = operations.flatMap(({ failure }) => failure ? [failure.error ?? "no reason given"] : []);
    if (skipped || operations.length !== 1) red.set(name, `${operations.length} operations ran, not one`);
    else if (failures.length > 0) red.set(name, failures[0]);
    else red.delete(name);
  }
  return red;
}
