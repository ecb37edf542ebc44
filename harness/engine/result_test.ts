import assert from "node:assert/strict";
import type { World } from "./testing.ts";
import { runPhases } from "./run.ts";
import { FakeObserver, named, none, promise, surroundings, testSite } from "./testing.ts";

const failing = () =>
  named("one", { a: promise("a", { remedy: "Run `deno task up --phase one`.", within: "1s" }) }, [{
    does: "Make a",
    makes: ["a"],
    run: ({ log }) => {
      log("run 'deno task check'");
      return Promise.reject(new Error("run 'deno task reset --phase one'"));
    },
  }]);

const world: World = () => ({ error: "run 'deno task up', which gets it" });

Deno.test("what a run tells one to type is for its own site", async () => {
  const { around, events } = surroundings(new FakeObserver(world));
  const { results: [result], phases: [summary] } = await runPhases([failing()], around, none);
  assert.equal(result.remedy, "Run `deno task up --site test --phase one`.");
  assert.equal(result.found, "run 'deno task up --site test', which gets it");
  assert.equal(result.looks[0].found, result.found);
  assert.equal(summary.again, "deno task check --site test --phase one");
  const said = events.flatMap((event) =>
    event.type === "step-output" ? [event.line] : event.type === "step-finished" ? [event.failure] : []
  );
  assert.deepEqual(said, ["run 'deno task check --site test'", "run 'deno task reset --site test --phase one'"]);
});

Deno.test("in a run of the default site it stays as the spec has it", async () => {
  const { around } = surroundings(new FakeObserver(world), { verb: "check" });
  const lab = { ...around, site: { ...testSite(), path: "sites/lab.yaml" } };
  const { results: [result], phases: [summary] } = await runPhases([failing()], lab, none);
  assert.equal(result.remedy, "Run `deno task up --phase one`.");
  assert.equal(summary.again, "deno task check --phase one");
});
