import assert from "node:assert/strict";
import type { Assertion } from "../model/phase.ts";
import { runPhases } from "./run.ts";
import { FakeObserver, named, none, promise, surroundings } from "./testing.ts";

async function diagnostics(asserts: Record<string, Assertion>, output = "it said") {
  const observer = new FakeObserver(() => "no", () => ({ output }));
  const { around, events, kept } = surroundings(observer, { verb: "check" });
  const { results } = await runPhases([named("one", asserts)], around, none);
  const warnings = events.flatMap((event) => event.type === "warning" ? [event.message] : []);
  return { acts: observer.acts, results, kept, warnings };
}

Deno.test("collectors run where the assertion is looked at, or where they say", async () => {
  const { acts, kept, results } = await diagnostics({
    far: promise("far", {
      on: "gateway",
      onFail: (site, host) => [`show ${site.name} ${host.name}`, { command: "describe", at: "runner" }],
    }),
    near: promise("near", { onFail: ["local", { command: "journal", at: "kube_node" }] }),
  });
  assert.deepEqual(acts, ["vps: show test vps", "runner: describe", "runner: local", "one: journal", "two: journal"]);
  assert.equal(kept[0], "# vps: show test vps\n# exit code 0\nit said");
  assert.equal(kept[1], "# runner: describe\n# exit code 0\nit said");
  assert.deepEqual(results.map((r) => r.diagnostics.length), [2, 3]);
});

Deno.test("the same command at the same place runs once, and is linked from all that want it", async () => {
  const onFail = [{ command: "describe", at: "runner" as const }];
  const { acts, results } = await diagnostics({
    a: promise("a", { on: "kube_node", onFail }),
    b: promise("b", { onFail: ["describe", "describe"] }),
  });
  assert.deepEqual(acts, ["runner: describe"]);
  assert.deepEqual(new Set(results.flatMap((r) => r.diagnostics)), new Set(["diagnostics/1-one/a-runner"]));
  assert.deepEqual(results.map((r) => r.diagnostics.length), [1, 1, 1]);
});

Deno.test("what is kept is bounded, its end kept", async () => {
  const { kept } = await diagnostics({ a: promise("a", { onFail: ["flood"] }) }, `${"x".repeat(100_000)}end`);
  assert.ok(kept[0].length < 70_000 && kept[0].endsWith("xend"));
  assert.match(kept[0], /\[cut to the last 65536 characters\]/);
});

Deno.test("a spec that cannot say what to collect is a warning, and takes nothing else with it", async () => {
  const { warnings, results } = await diagnostics({
    a: promise("a", {
      onFail: () => {
        throw new Error("no section");
      },
    }),
    b: promise("b", { onFail: ["show"] }),
  });
  assert.deepEqual(warnings, ["one/a: cannot say what to collect: no section; mend its onFail"]);
  assert.deepEqual(results.map((r) => r.diagnostics.length), [0, 1]);
});
