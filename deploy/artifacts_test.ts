import assert from "node:assert/strict";
import { stepsFor } from "../harness/model/step.ts";
import { testSite } from "../harness/engine/testing.ts";
import artifacts from "./artifacts.ts";

Deno.test("only the lab's artifacts are made here", () => {
  assert.deepEqual(stepsFor(artifacts, testSite()), []);
  assert.equal(stepsFor(artifacts, { ...testSite(), lab: true }).length, 1);
});
