import assert from "node:assert/strict";
import { sameSet } from "../model/matcher.ts";
import { lines } from "../model/probe.ts";
import type { Step } from "../model/step.ts";
import { runPhases } from "./run.ts";
import { command, FakeObserver, named, none, promise, surroundings } from "./testing.ts";

/** A phase with one host too many, a step that removes it, and another red one with its own step. */
function tooMany() {
  const world: Record<string, string> = { nodes: "one\ntwo\nold", a: "no" };
  const ran: string[] = [];
  const make = (does: string, makes: string[], key: string, value: string, removes?: true): Step => ({
    does,
    makes,
    removes,
    run: () => Promise.resolve(void (world[key] = value, ran.push(does))),
  });
  const phase = named("one", {
    a: promise("a"),
    nodes: promise("nodes", { verify: lines("nodes").should(sameSet(["one", "two"])), within: "30s" }),
  }, [
    make("Make a", ["a"], "a", "yes"),
    make("Remove what is not declared", ["nodes"], "nodes", "one\ntwo", true),
  ]);
  return { phase, ran, observer: new FakeObserver((q) => world[command(q)]) };
}

const found = "old, one, two (undeclared old)";

Deno.test("a step that removes something is not run unless allowed; what it leaves red is not waited for", async () => {
  const { phase, ran, observer } = tooMany();
  const { around, events } = surroundings(observer);
  const started = performance.now();
  const { results, stepsRun } = await runPhases([phase], around, none);
  assert.ok(performance.now() - started < 5_000);
  assert.deepEqual(ran, ["Make a"]);
  assert.equal(stepsRun, 1);
  assert.deepEqual(results.map((r) => r.outcome), ["pass", "fail"]);
  const withheld = events.flatMap((event) => event.type === "step-withheld" ? [event] : []);
  assert.deepEqual(withheld.map(({ step, because, removes }) => ({ step, because, removes })), [{
    step: "Remove what is not declared",
    because: [{ id: "one/nodes", host: "-" }],
    removes: [found],
  }]);
});

Deno.test("it runs with --allow-removal", async () => {
  const { phase, ran, observer } = tooMany();
  const { around, events } = surroundings(observer, { allowRemoval: true });
  const { ending } = await runPhases([phase], around, none);
  assert.equal(ending, "green");
  assert.deepEqual(ran, ["Make a", "Remove what is not declared"]);
  assert.ok(!events.some((event) => event.type === "step-withheld"));
});

Deno.test("plan says first what would be removed", async () => {
  const { phase, observer } = tooMany();
  const { around, events } = surroundings(observer, { verb: "plan" });
  await runPhases([phase], around, none);
  const planned = events.flatMap((event) => event.type === "step-planned" ? [event] : []);
  assert.deepEqual(planned.map(({ step, removes }) => [step, removes]), [
    ["Remove what is not declared", [found]],
    ["Make a", undefined],
  ]);
});

Deno.test("nothing is removed for what could not be looked at", async () => {
  const { phase, ran } = tooMany();
  const observer = new FakeObserver((q) => command(q) === "nodes" ? { error: "no answer", fatal: true } : "yes");
  const { around } = surroundings(observer, { allowRemoval: true });
  const { ending } = await runPhases([phase], around, none);
  assert.equal(ending, "blind");
  assert.deepEqual(ran, []);
});
