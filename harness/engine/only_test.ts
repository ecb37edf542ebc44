import assert from "node:assert/strict";
import type { Step } from "../model/step.ts";
import { runPhases } from "./run.ts";
import { brief, FakeObserver, named, none, promise, surroundings } from "./testing.ts";

Deno.test("a step that is not for the site is neither run nor announced; what it would make stays red", async () => {
  const step: Step = {
    does: "Make a",
    makes: ["a"],
    only: ({ lab }) => lab,
    run: () => Promise.reject(new Error("ran")),
  };
  const one = named("one", { a: promise("a", { within: "1s" }) }, [step]);
  const later = named("later", { b: promise("b") }, [], [one]);
  for (const verb of ["up", "plan"] as const) {
    const { around, events } = surroundings(new FakeObserver(() => "no"), { verb });
    const { results, stepsRun } = await runPhases([one, later], around, none);
    assert.equal(stepsRun, 0, verb);
    assert.deepEqual(brief(results), ["one/a@- fail", "later/b@- blocked"], verb);
    assert.equal(results[0].remedy, "Say yes.");
    assert.ok(!events.some(({ type }) => type.startsWith("step-")), verb);
  }
  const { around, events } = surroundings(new FakeObserver(() => "no"), { verb: "plan" });
  await runPhases([one], { ...around, site: { ...around.site, lab: true } }, none);
  assert.ok(events.some(({ type }) => type === "step-planned"));
});
