import assert from "node:assert/strict";
import type { Assertion } from "../model/phase.ts";
import { teardown } from "../model/step.ts";
import type { NamedPhase } from "./catalogue.ts";
import { resetOf } from "./reset.ts";
import { runPhases } from "./run.ts";
import { brief, command, FakeObserver, named, none, promise, surroundings } from "./testing.ts";

function standing(run: () => Promise<void>): NamedPhase {
  const base = named("base", { a: promise("a") });
  const proves: Record<string, Assertion> = { gone: promise("gone") };
  return { ...base, teardown: teardown(base.phase, { does: "Remove it", run, proves }) };
}

async function reset(state: { gone: string }, run: () => Promise<void>) {
  const { around } = surroundings(new FakeObserver((q) => state[command(q) as "gone"]), { verb: "reset" });
  return await runPhases([resetOf(standing(run))], around, none);
}

Deno.test("a reset takes the phase down, then proves that nothing is left", async () => {
  const state = { gone: "no" };
  const { exitCode, results, phases } = await reset(state, () => Promise.resolve(void (state.gone = "yes")));
  assert.equal(exitCode, 0);
  assert.deepEqual(brief(results), ["base/gone@- pass"]);
  assert.equal(results[0].runbook, "runbooks/base.md#gone");
  assert.deepEqual(phases[0].stepsRun, ["Remove it"]);
});

Deno.test("where nothing is left nothing is done; where something stays it is red", async () => {
  const broken = () => Promise.reject(new Error("it ran"));
  assert.equal((await reset({ gone: "yes" }, broken)).stepsRun, 0);
  assert.equal((await reset({ gone: "no" }, () => Promise.resolve())).exitCode, 1);
  assert.equal((await reset({ gone: "no" }, broken)).exitCode, 1);
});

Deno.test("a phase that does not say how cannot be reset", () => {
  assert.throws(
    () => resetOf(named("base", { a: promise("a") })),
    /Cannot reset phase 'base': deploy\/base\.ts says not how/,
  );
});
