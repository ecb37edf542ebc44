import assert from "node:assert/strict";
import type { Acted } from "../model/observer.ts";
import type { Exercise } from "../model/phase.ts";
import { equal } from "../model/matcher.ts";
import { sh } from "../model/probe.ts";
import { expand } from "./item.ts";
import { look } from "./look.ts";
import { runPhases } from "./run.ts";
import { brief, command, FakeObserver, named, none, promise, surroundings, testSite } from "./testing.ts";

async function exercise(
  given: Exercise,
  acting: (command: string) => Partial<Acted> = () => ({}),
  on?: "kube_node" | "hypervisor",
) {
  const observer = new FakeObserver(() => "yes", acting);
  const { around, events } = surroundings(observer, { verb: "check", exercise: true });
  const phase = named("one", { e: promise("e", { on, mode: "exercise", exercise: given }) });
  const { results } = await runPhases([phase], around, none);
  const warnings = events.flatMap((event) => event.type === "warning" ? [event.message] : []);
  return { observer, results, warnings };
}

Deno.test("an exercise's commands may depend on site and host, and have the time they ask for", async () => {
  const { observer, results } = await exercise(
    { act: (site, host) => `break ${site.name} ${host.name}`, undo: (_, host) => `mend ${host.name}`, limit: "2m" },
    undefined,
    "kube_node",
  );
  assert.deepEqual(observer.acts, ["one: break test one", "one: mend one", "two: break test two", "two: mend two"]);
  assert.deepEqual(new Set(observer.limits), new Set([120_000]));
  assert.deepEqual(brief(results), ["one/e@one pass", "one/e@two pass"]);
});

Deno.test("without a host it runs on the runner", async () => {
  const { observer, results } = await exercise({ act: "kubectl apply", undo: "kubectl delete" });
  assert.deepEqual(observer.acts, ["runner: kubectl apply", "runner: kubectl delete"]);
  assert.deepEqual(observer.limits, [60_000, 60_000]);
  assert.deepEqual(brief(results), ["one/e@- pass"]);
});

Deno.test("where none of its hosts is there it does not run, least of all on the runner", async () => {
  const { observer, results } = await exercise({ act: "systemctl reboot", undo: "wait" }, undefined, "hypervisor");
  assert.deepEqual(observer.acts, []);
  assert.deepEqual(brief(results), ["one/e@- skipped"]);
  assert.equal(results[0].note, "no host of site 'test' is a 'hypervisor'");
});

Deno.test("what could not be looked at afterwards is not begun", async () => {
  const observer = new FakeObserver(() => "yes");
  const { around } = surroundings(observer, { verb: "check", exercise: true });
  const verify = () => {
    throw new Error("no key of 'vps'");
  };
  const phase = named("one", { e: promise("e", { verify, mode: "exercise", exercise: { act: "break" } }) });
  const { results } = await runPhases([phase], around, none);
  assert.deepEqual(observer.acts, []);
  assert.deepEqual([results[0].outcome, results[0].found], ["error", "no key of 'vps'"]);
});

Deno.test("exercises that need no host begin together, are looked at in their order, and are undone together", async () => {
  const observer = new FakeObserver((question) => command(question) === "third" ? "yes" : "no");
  const { around } = surroundings(observer, { exercise: true });
  const on = (name: string) => ({ mode: "exercise", exercise: { act: `begin ${name}`, undo: `end ${name}` } }) as const;
  const one = named("one", {
    first: promise("first", { ...on("first"), within: "0s" }),
    second: promise("second", { ...on("second"), needs: ["first"], within: "0s" }),
    third: promise("third", on("third")),
  });
  const { results } = await runPhases([one], around, none);
  assert.deepEqual(brief(results), ["one/first@- fail", "one/second@- blocked", "one/third@- pass"]);
  const runner = (...words: string[]) =>
    words.flatMap((word) => ["first", "second", "third"].map((name) => `runner: ${word} ${name}`));
  assert.deepEqual(observer.acts, runner("begin", "end"));
});

Deno.test("what stands on a phase in which steps ran is proven anew, where that disturbs no host", async () => {
  for (
    const [made, outcomes] of [["no", ["pass", "skipped", "skipped"]], ["yes", [
      "skipped",
      "skipped",
      "skipped",
    ]]] as const
  ) {
    const state = { made: made as string };
    const observer = new FakeObserver((question) => command(question) === "made" ? state.made : "yes");
    const make = { does: "Make it", makes: ["made"], run: () => Promise.resolve(void (state.made = "yes")) };
    const below = named("below", { made: promise("made") }, [make]);
    const above = named(
      "above",
      {
        plain: promise("plain", { mode: "exercise", exercise: { act: "try" } }),
        host: promise("host", { on: "kube_node", mode: "exercise", exercise: { act: "restart" } }),
      },
      [],
      [below],
    );
    const { results } = await runPhases([below, above], surroundings(observer).around, none);
    assert.deepEqual(results.slice(1).map(({ outcome }) => outcome), outcomes);
  }
});

Deno.test("what could not be undone is an error and a warning, whatever was shown before", async () => {
  const { results, warnings } = await exercise(
    { act: "break", undo: "mend" },
    (command) => command === "mend" ? { code: 3, output: "no\n" } : {},
  );
  assert.equal(results[0].outcome, "error");
  assert.equal(results[0].found, "yes; could not undo the exercise: exit code 3 of 'mend': no");
  assert.deepEqual(warnings, ["one/e: could not undo the exercise: exit code 3 of 'mend': no; undo it by hand"]);
});

Deno.test("what could not be begun is an error, and is undone all the same", async () => {
  const { observer, results } = await exercise(
    { act: "break", undo: "mend" },
    (command) => command === "break" ? { code: 1, output: "forbidden" } : {},
  );
  assert.deepEqual(observer.acts, ["runner: break", "runner: mend"]);
  assert.deepEqual(brief(results), ["one/e@- error"]);
  assert.equal(results[0].found, "could not exercise: exit code 1 of 'break': forbidden");
});

Deno.test("a command that a spec cannot say is an error, not a crash", async () => {
  const { results } = await exercise({
    act: () => {
      throw new Error("no such network");
    },
  });
  assert.equal(results[0].found, "could not exercise: no such network");
});

Deno.test("an exercise waits until no other phase is at work on a host", async () => {
  const log: string[] = [];
  let mended = false;
  const observer = new FakeObserver(
    ({ probe }) => (probe as { command?: string }).command === "slow" && !mended ? "no" : "yes",
    (command) => {
      log.push(command);
      return {};
    },
  );
  const { around } = surroundings(observer, { exercise: true });
  const restarts = named("one", {
    e: promise("e", { on: "kube_node", mode: "exercise", exercise: { act: "restart", sample: "one" } }),
  });
  const deploys = named("two", { slow: promise("slow", { on: "kube_node" }) }, [{
    does: "Take your time",
    makes: ["slow"],
    run: async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      mended = true;
      log.push("deployed");
    },
  }]);
  await runPhases([restarts, deploys], around, none);
  assert.deepEqual(log, ["deployed", "restart"]);
});

/** Two phases side by side; what the exercise of the first restarts makes the second's promise false for some looks. */
async function afterRestart(away: (look: number) => boolean | "for good") {
  let [restarts, looks] = [0, 0];
  const observer = new FakeObserver((question) => {
    if (command(question) !== "pods" || restarts === 0) return "yes";
    const still = away(++looks);
    return still === "for good" ? { error: "no such pod", fatal: true } : still ? "no" : "yes";
  }, (act) => {
    if (act === "restart") restarts++;
    return {};
  });
  const { around, events } = surroundings(observer, { exercise: true });
  const restarting = named("one", {
    e: promise("e", { on: "kube_node", mode: "exercise", exercise: { act: "restart", sample: "one" } }),
  });
  const asserts = {
    pods: promise("pods", { on: "gateway" }),
    also: promise("also", { mode: "exercise", exercise: { act: "try" } }),
  };
  const { results } = await runPhases([restarting, named("two", asserts)], around, none);
  const waited = events.flatMap((event) => event.type === "waiting" ? [`${event.phase}: ${event.on[0].id}`] : []);
  return { results, waited, acts: observer.acts };
}

Deno.test("an exercise on a host ends when all that held before holds again, in other phases too", async () => {
  const { results, waited, acts } = await afterRestart((look) => look <= 2);
  assert.deepEqual(waited, ["one: two/pods", "one: two/pods"]);
  assert.deepEqual(acts, ["one: restart", "runner: try"]);
  assert.deepEqual(brief(results), ["one/e@one pass", "one/e@two skipped", "two/pods@vps pass", "two/also@- pass"]);
});

Deno.test("what does not come back after an exercise makes it an error, and what it took with it is red", async () => {
  const { results, acts } = await afterRestart(() => "for good");
  assert.deepEqual(brief(results), [
    "one/e@one error",
    "one/e@two skipped",
    "two/pods@vps error",
    "two/also@- blocked",
  ]);
  assert.equal(results[0].found, "what held before the exercise does not come back: two/pods on vps (no such pod)");
  assert.deepEqual(acts, ["one: restart"]);
});

Deno.test("an exercise that shows a promise to be false is a failure, and says what it has left behind", async () => {
  let restarted = false;
  const observer = new FakeObserver(
    (question) => restarted && command(question) !== "steady" ? { error: "gone", fatal: true } : "yes",
    () => ({ code: Number(restarted = true) - 1 }),
  );
  const { around } = surroundings(observer, { exercise: true });
  const one = named("one", {
    tunnel: promise("tunnel", { on: "kube_node" }),
    e: promise("back", {
      on: "kube_node",
      mode: "exercise",
      exercise: { act: "restart", sample: "one" },
      verify: sh("steady").should(equal("no")),
      within: "0s",
    }),
  });
  const { results } = await runPhases([one], around, none);
  assert.deepEqual(brief(results), [
    "one/tunnel@one error",
    "one/tunnel@two error",
    "one/e@one fail",
    "one/e@two skipped",
  ]);
  assert.match(
    results[2].found,
    /^yes; what held before the exercise does not come back: one\/tunnel on one \(gone\) and 1 more$/,
  );
});

Deno.test("what looked as if it held after an exercise is looked at once more", async () => {
  const { results, waited } = await afterRestart((look) => look === 2 || look === 3);
  assert.deepEqual(waited, ["one: two/pods", "one: two/pods"]);
  assert.deepEqual(brief(results), ["one/e@one pass", "one/e@two skipped", "two/pods@vps pass", "two/also@- pass"]);
});

Deno.test("looking again after an exercise changes no result that was told", async () => {
  let away: string[] = [];
  const observer = new FakeObserver((question) => {
    const about = command(question);
    if (!away.includes(about)) return "yes";
    away = away.filter((other) => other !== about);
    return "no";
  }, () => {
    away = ["of one", "of two"];
    return {};
  });
  const { around, events } = surroundings(observer, { exercise: true });
  const one = named("one", {
    same: promise("of one", { on: "gateway" }),
    e: promise("steady", { on: "kube_node", mode: "exercise", exercise: { act: "restart", sample: "one" } }),
  });
  const two = named("two", {
    same: promise("steady", { on: "gateway" }),
    other: promise("of two", { on: "gateway", needs: ["same"] }),
  });
  await runPhases([one, two], around, none);
  const told = events.flatMap((event) => event.type === "result" && event.phase === "two" ? [event.result] : []);
  assert.deepEqual(told.map((result) => result.looks.map((seen) => seen.outcome)), [["pass"], ["pass"]]);
  const [first] = events.filter((event) => event.type === "waiting");
  assert.deepEqual(first.on.map(({ id }) => id), ["one/same", "two/other"]);
});

Deno.test("what an item needs is of its own phase, though another has one of that name", async () => {
  const one = named("one", { same: promise("gone", { on: "gateway" }) });
  const two = named("two", {
    same: promise("steady", { on: "gateway" }),
    other: promise("gone", { on: "gateway", needs: ["same"] }),
  });
  const items = [one, two].flatMap(({ name, phase }) => expand(name, phase, testSite()));
  const observer = new FakeObserver((question) => command(question) === "gone" ? "no" : "yes");
  await look(items, items, observer, new Map(), new AbortController().signal);
  assert.deepEqual(items.map(({ outcome }) => outcome), ["fail", "pass", "fail"]);
});
