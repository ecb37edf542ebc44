import assert from "node:assert/strict";
import { type Assertion, phase } from "../model/phase.ts";
import { Probe } from "../model/probe.ts";
import type { Judgement } from "../model/matcher.ts";
import { runPhases } from "./run.ts";
import { FakeObserver, surroundings } from "./testing.ts";

/** A promise about services, judged by the service's name. */
function promise(judge: (service: string) => Judgement, needs: string[] = []): Assertion {
  const probe = (name: string) => new Probe<unknown>({ kind: "helm", service: name, timeoutMs: 1_000 });
  return {
    title: "It keeps the rule",
    severity: "major",
    why: "Otherwise it does not.",
    on: "service",
    needs,
    verify: (_site, { name }) => probe(name).should({ words: "the rule", judge: () => judge(name) }),
    remedy: "Mend it.",
  };
}

const holds: Judgement = { holds: true, found: "3 objects" };
const run = async (asserts: Record<string, Assertion>, headline?: string, services?: string[]) => {
  const { around, events } = surroundings(new FakeObserver(() => "rendered"), { verb: "check" });
  const site = services ? { ...around.site, services } : around.site;
  const named = {
    name: "charts",
    phase: phase({ title: "Charts", headline, asserts }),
    deployment: null,
    teardown: null,
  };
  const { results, phases } = await runPhases([named], { ...around, site }, () => []);
  return { results, summary: phases[0], events, brief: results.map((r) => `${r.id}@${r.host} ${r.outcome}`) };
};

Deno.test("an assertion on services is looked at once for each, asked from the runner", async () => {
  const { brief, results, summary } = await run({
    rule: promise((name) => name === "mail" ? { holds: false, found: "no policy" } : holds),
  });
  assert.deepEqual(brief, ["charts/rule@blog pass", "charts/rule@mail fail"]);
  assert.equal(results[1].found, "no policy");
  assert.equal(summary.table, true);
});

Deno.test("what needs a red rule is blocked by it, for its own service only", async () => {
  const { brief, results } = await run({
    first: promise((name) => name === "mail" ? { holds: false, found: "x" } : holds),
    second: promise(() => ({ holds: false, found: "y" }), ["first"]),
  });
  assert.deepEqual(brief.slice(2), ["charts/second@blog fail", "charts/second@mail blocked"]);
  assert.deepEqual(results[3].blockedBy, { id: "charts/first", host: "mail" });
});

Deno.test("what does not apply is skipped with its reason, and blocked where nothing could be seen", async () => {
  const inapplicable = "the chart has no pods";
  const apart = promise(() => ({ holds: true, found: inapplicable, inapplicable }), ["renders"]);
  const renders = promise((name) => name === "mail" ? { holds: false, found: "no such value" } : holds);
  const { brief, results, summary } = await run({ renders, apart });
  assert.deepEqual(brief.slice(2), ["charts/apart@blog skipped", "charts/apart@mail blocked"]);
  assert.equal(results[2].note, inapplicable);
  assert.equal(summary.outcome, "fail");
});

Deno.test("what a chart excuses is waived, with reason and day", async () => {
  const { results, summary } = await run({
    rule: promise(() => ({ holds: false, found: "root", excuse: "The image has no other user. (until 2099-01-01)" })),
  });
  assert.deepEqual(results.map(({ outcome }) => outcome), ["waived", "waived"]);
  assert.match(results[0].note, /no other user.*2099-01-01/);
  assert.equal(summary.outcome, "waived");
});

Deno.test("the headline is what its assertion found, if it holds", async () => {
  const on = { on: undefined } as const;
  const count = (judgement: Judgement): Assertion => ({
    ...promise(() => judgement),
    ...on,
    verify: new Probe<unknown>({ kind: "helm", service: null, timeoutMs: 1 }).should({
      words: "x",
      judge: () => judgement,
    }),
  });
  assert.equal((await run({ count: count({ holds: true, found: "9 charts" }) }, "count")).summary.headline, "9 charts");
  assert.equal((await run({ count: count({ holds: false, found: "none" }) }, "count")).summary.headline, undefined);
});

Deno.test("no service for an assertion is an error, never a pass", async () => {
  const { brief } = await run({ rule: promise(() => holds) }, undefined, []);
  assert.deepEqual(brief, ["charts/rule@- error"]);
});
