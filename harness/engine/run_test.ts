import assert from "node:assert/strict";
import { equal } from "../model/matcher.ts";
import { sh } from "../model/probe.ts";
import type { Step } from "../model/step.ts";
import { runPhases } from "./run.ts";
import { brief, command, FakeObserver, named, none, promise, surroundings, type World } from "./testing.ts";

Deno.test("up runs only the steps that make something red, and stops at green", async () => {
  const state: Record<string, string> = { a: "no", b: "yes" };
  const ran: string[] = [];
  const step = (does: string, makes: string[], key: string): Step => ({
    does,
    makes,
    run: () => Promise.resolve(void (state[key] = "yes", ran.push(does))),
  });
  const one = named("one", { a: promise("a"), b: promise("b") }, [
    step("Make a", ["a"], "a"),
    step("Make b", ["b"], "b"),
  ]);
  const { around } = surroundings(new FakeObserver((q) => state[command(q)]));
  const first = await runPhases([one], around, none);
  assert.deepEqual(ran, ["Make a"]);
  assert.equal(first.ending, "green");
  assert.deepEqual(first.phases[0].stepsRun, ["Make a"]);
  assert.deepEqual(first.results.map((r) => [r.seenRed, r.attempts]), [[true, 3], [false, 2]]);
  const second = await runPhases([one], surroundings(new FakeObserver((q) => state[command(q)])).around, none);
  assert.equal(second.stepsRun, 0);
});

Deno.test("what a step costs that held before is seen, and deployed or awaited", async () => {
  const state: Record<string, string> = { a: "no", b: "yes", c: "yes" };
  const makeA = {
    does: "Make a",
    makes: ["a"],
    run: () => Promise.resolve(void Object.assign(state, { a: "yes", b: "no", c: "no" })),
  };
  const makeB = { does: "Make b", makes: ["b"], run: () => Promise.resolve(void (state.b = "yes")) };
  const one = named("one", { a: promise("a"), b: promise("b"), c: promise("c") }, [makeA, makeB]);
  const observer = new FakeObserver((question, ask) =>
    command(question) === "c" && ask >= 10 ? "yes" : state[command(question)]
  );
  const { around, events } = surroundings(observer);
  const { ending, phases } = await runPhases([one], around, none);
  assert.equal(ending, "green");
  assert.deepEqual(phases[0].stepsRun, ["Make a", "Make b"]);
  const looks = events.flatMap((event) => event.type === "looked" ? [event.red.map(({ id }) => id).join()] : []);
  assert.deepEqual(looks.slice(0, 3), ["one/a", "", "one/b,one/c"]);
  assert.equal(looks.at(-1), "");
});

Deno.test("what a step costs for good is red", async () => {
  const state: Record<string, string> = { a: "no", b: "yes" };
  const make = {
    does: "Make a",
    makes: ["a"],
    run: () => Promise.resolve(void Object.assign(state, { a: "yes", b: "no" })),
  };
  const one = named("one", { a: promise("a"), b: promise("b", { within: "1s" }) }, [make]);
  const { results } = await runPhases([one], surroundings(new FakeObserver((q) => state[command(q)])).around, none);
  assert.deepEqual(brief(results), ["one/a@- pass", "one/b@- fail"]);
});

Deno.test("check never runs a step", async () => {
  const one = named("one", { a: promise("a") }, [{
    does: "Make a",
    makes: ["a"],
    run: () => Promise.reject(new Error("a step ran")),
  }]);
  const { around, events } = surroundings(new FakeObserver(() => "no"), { verb: "check" });
  const { ending, exitCode } = await runPhases([one], around, none);
  assert.deepEqual([ending, exitCode], ["red", 1]);
  assert.ok(!events.some((event) => event.type === "step-started"));
});

Deno.test("plan names the steps that up would run, and why", async () => {
  const one = named("one", { a: promise("a") }, [{
    does: "Make a",
    makes: ["a"],
    run: () => Promise.reject(new Error("ran")),
  }]);
  const { around, events } = surroundings(new FakeObserver(() => "no"), { verb: "plan" });
  await runPhases([one], around, none);
  const planned = events.filter((event) => event.type === "step-planned");
  assert.deepEqual(planned.map(({ step, because }) => [step, because]), [["Make a", [{ id: "one/a", host: "-" }]]]);
});

Deno.test("what needs a red assertion is blocked by it, on its own host only", async () => {
  const world: World = ({ host, probe }) => host?.name === "one" ? "no" : (probe.kind, "yes");
  const one = named("one", {
    up: promise("up", { on: "kube_node" }),
    ping: promise("ping", { on: "kube_node", needs: ["up"] }),
    all: promise("all", { on: "gateway", needs: ["ping"], verify: sh("all").should(equal("never")) }),
  });
  const { around } = surroundings(new FakeObserver(world), { verb: "check" });
  const { results } = await runPhases([one], around, none);
  assert.deepEqual(brief(results), [
    "one/up@one fail",
    "one/up@two pass",
    "one/ping@one blocked",
    "one/ping@two pass",
    "one/all@vps blocked",
  ]);
  assert.deepEqual(results[4].blockedBy, { id: "one/up", host: "one" });
});

Deno.test("an unreachable host is one error; the rest on it is blocked, in later phases too", async () => {
  const world: World = ({ host }) => host?.name === "two" ? undefined : "yes";
  const one = named("one", {
    a: promise("a", { on: "kube_node", severity: "major" }),
    b: promise("b", { on: "kube_node", severity: "major" }),
  });
  const later = named("later", { c: promise("c", { on: "kube_node", severity: "major" }) }, [], [one]);
  const { around } = surroundings(new FakeObserver(world), { verb: "check" });
  const { results, exitCode } = await runPhases([one, later], around, none);
  assert.deepEqual(brief(results).filter((r) => r.includes("@two")), [
    "one/a@two error",
    "one/b@two blocked",
    "later/c@two blocked",
  ]);
  assert.equal(exitCode, 3);
});

Deno.test("a critical red blocks the phases that stand on it, unlooked at; a major one does not", async () => {
  for (const severity of ["critical", "major"] as const) {
    const observer = new FakeObserver((q) => command(q) === "a" ? "no" : "yes");
    const one = named("one", { a: promise("a", { severity }) });
    const two = named("two", { b: promise("b") }, [], [one]);
    const { results } = await runPhases([one, two], surroundings(observer, { verb: "check" }).around, none);
    const outcome = severity === "critical" ? "blocked" : "pass";
    assert.deepEqual(brief(results), ["one/a@- fail", `two/b@- ${outcome}`]);
    assert.equal(observer.asks, severity === "critical" ? 1 : 2);
  }
});

Deno.test("an exercise that was not tried for something major blocks no other phase", async () => {
  const one = named("one", {
    a: promise("a", { severity: "major" }),
    e: promise("e", { mode: "exercise", exercise: { act: "try" } }),
  });
  const two = named("two", { b: promise("b") }, [], [one]);
  const observer = new FakeObserver((question) => command(question) === "a" ? "no" : "yes");
  const { results } = await runPhases(
    [one, two],
    surroundings(observer, { verb: "check", exercise: true }).around,
    none,
  );
  assert.deepEqual(brief(results), ["one/a@- fail", "one/e@- blocked", "two/b@- pass"]);
});

Deno.test("a step that fails leaves its phase red and says so", async () => {
  const one = named("one", { a: promise("a") }, [{
    does: "Make a",
    makes: ["a"],
    run: () => Promise.reject(new Error("the disk is full")),
  }]);
  const { around, events } = surroundings(new FakeObserver(() => "no"));
  const { ending, phases } = await runPhases([one], around, none);
  assert.equal(ending, "red");
  assert.equal(phases[0].outcome, "fail");
  const finished = events.find((event) => event.type === "step-finished");
  assert.equal(finished?.failure, "the disk is full");
});

Deno.test("after a step, what is not yet true is awaited, and every distinct look is kept", async () => {
  const one = named("one", { a: promise("a") }, [{ does: "Make a", makes: ["a"], run: () => Promise.resolve() }]);
  const { around } = surroundings(new FakeObserver((_, ask) => ask < 4 ? "no" : "yes"));
  const { results, ending } = await runPhases([one], around, none);
  assert.equal(ending, "green");
  assert.equal(results[0].attempts, 5);
  assert.deepEqual(results[0].looks.map((l) => [l.attempt, l.outcome]), [[1, "fail"], [4, "pass"]]);
});

Deno.test("'up' gives time to what says that it needs some, though no step makes it, and to nothing else", async () => {
  for (const [within, outcome] of [["10s", "pass"], [undefined, "fail"]] as const) {
    const one = named("one", { a: promise("a", { within }), b: promise("b", { needs: ["a"] }) });
    const observer = new FakeObserver((_, ask) => ask < 3 ? "no" : "yes");
    const { results } = await runPhases([one], surroundings(observer).around, none);
    assert.deepEqual(results[0].outcome, outcome);
    assert.deepEqual(results[1].outcome, outcome === "pass" ? "pass" : "blocked");
  }
});

Deno.test("what comes into sight only by waiting is deployed, too", async () => {
  let made = false;
  const observer = new FakeObserver((question, ask) => (command(question) === "a" ? ask >= 3 : made) ? "yes" : "no");
  const step = { does: "Make b", makes: ["b"], run: () => Promise.resolve(void (made = true)) };
  const one = named("one", { a: promise("a"), b: promise("b", { needs: ["a"] }) }, [step]);
  const { ending, stepsRun } = await runPhases([one], surroundings(observer).around, none);
  assert.equal(ending, "green");
  assert.equal(stepsRun, 1);
});

Deno.test("'plan' looks beyond what a step would make on the runner, not beyond what is missing on a host", async () => {
  for (const [on, outcome] of [[undefined, "pass"], ["kube_node", "blocked"]] as const) {
    const step = { does: "Make a", makes: ["a"], run: () => Promise.reject(new Error("'plan' ran a step")) };
    const one = named("one", { a: promise("a", { on }) }, [step]);
    const two = named("two", { b: promise("b") }, [], [one]);
    const observer = new FakeObserver((question) => command(question) === "a" ? "no" : "yes");
    const { results } = await runPhases([one, two], surroundings(observer, { verb: "plan" }).around, none);
    assert.equal(results.at(-1)!.outcome, outcome);
  }
});

Deno.test("a fatal error ends the waiting at once", async () => {
  const one = named("one", { a: promise("a", { within: "60s" }) }, [{
    does: "Make a",
    makes: ["a"],
    run: () => Promise.resolve(),
  }]);
  const observer = new FakeObserver(() => ({ error: "403", fatal: true }));
  const { ending } = await runPhases([one], surroundings(observer).around, none);
  assert.equal(ending, "blind");
  assert.equal(observer.asks, 2);
});

Deno.test("no host for an assertion is an error, never a pass", async () => {
  const one = named("one", { a: promise("a", { on: "hypervisor" }) });
  const { around } = surroundings(new FakeObserver(() => "yes"), { verb: "check" });
  const { results } = await runPhases([one], around, none);
  assert.equal(results[0].outcome, "error");
  assert.match(results[0].found, /no host of site 'test' is a 'hypervisor'/);
});

Deno.test("exercises are skipped unless told, run on one sample, and are undone", async () => {
  const exercise = promise("e", {
    on: "kube_node",
    mode: "exercise",
    exercise: { act: "break", undo: "mend", sample: "one" },
  });
  const one = named("one", { a: promise("a"), e: exercise });
  const idle = new FakeObserver(() => "yes");
  const quiet = await runPhases([one], surroundings(idle, { verb: "check" }).around, none);
  assert.deepEqual(brief(quiet.results), ["one/a@- pass", "one/e@one skipped", "one/e@two skipped"]);
  assert.deepEqual(idle.acts, []);
  const told = new FakeObserver(() => "yes");
  const loud = await runPhases([one], surroundings(told, { verb: "check", exercise: true }).around, none);
  assert.deepEqual(brief(loud.results), ["one/a@- pass", "one/e@one pass", "one/e@two skipped"]);
  assert.deepEqual(told.acts, ["one: break", "one: mend"]);
});

Deno.test("an interrupt ends the run with 130, and a result for everything", async () => {
  const controller = new AbortController();
  const one = named("one", { a: promise("a") }, [{
    does: "Make a",
    makes: ["a"],
    run: () => Promise.resolve(controller.abort(new Error("interrupted"))),
  }]);
  const two = named("two", { b: promise("b") }, [], [one]);
  const { around, events } = surroundings(new FakeObserver(() => "no"), { signal: controller.signal });
  const { exitCode, results } = await runPhases([one, two], around, none);
  assert.equal(exitCode, 130);
  assert.equal(results.length, 2);
  assert.equal(events.at(-1)?.type, "run-finished");
});

Deno.test("independent phases run at the same time", async () => {
  let together = 0;
  let most = 0;
  const slow = (key: string): Step => ({
    does: key,
    makes: ["a"],
    run: async () => {
      most = Math.max(most, ++together);
      await new Promise((resolve) => setTimeout(resolve, 20));
      together--;
    },
  });
  const phases = [named("one", { a: promise("a") }, [slow("x")]), named("two", { a: promise("a") }, [slow("y")])];
  await runPhases(phases, surroundings(new FakeObserver((_, ask) => ask > 2 ? "yes" : "no")).around, none);
  assert.equal(most, 2);
});
