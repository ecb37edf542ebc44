import assert from "node:assert/strict";
import { readFaults } from "./kubeconform.ts";
import { pooled, runTool, ToolMissing } from "./process.ts";

Deno.test("a message gives its innermost findings, with their paths", () => {
  const said =
    "problem validating schema. Check JSON formatting: jsonschema validation failed with 'file:///x.json#' - " +
    "at '': 'allOf' failed   - at '/spec/ports/0/port': got string, want integer   " +
    "- at '/spec': additional properties 'prts' not allowed";
  assert.deepEqual(readFaults("Service x", said), [
    { object: "Service x", path: "spec.ports.0.port", message: "got string, want integer" },
    { object: "Service x", path: "spec", message: "additional properties 'prts' not allowed" },
  ]);
  assert.deepEqual(readFaults("Foo x", "could not find schema for Foo"), [
    { object: "Foo x", path: "", message: "could not find schema for Foo" },
  ]);
});

Deno.test("a tool that is not there is an error that says where to get it", async () => {
  const looking = runTool("no-such-tool", [], new AbortController().signal);
  await assert.rejects(looking, (error) => {
    assert.ok(error instanceof ToolMissing);
    assert.equal(
      error.message,
      "Cannot look at the charts: there is no 'no-such-tool' on the PATH; run 'deno task up --phase charts', which gets it",
    );
    return true;
  });
});

Deno.test("a tool's exit code is a fact, and an aborted run is none", async () => {
  const { signal } = new AbortController();
  const { code, stdout } = await runTool("sh", ["-c", "echo said; exit 3"], signal);
  assert.deepEqual([code, stdout], [3, "said\n"]);
  await assert.rejects(runTool("sleep", ["9"], AbortSignal.timeout(20)));
});

Deno.test("work is pooled in order, with at most so many at a time", async () => {
  let [running, most] = [0, 0];
  const results = await pooled([3, 1, 2, 4], 2, async (item) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, item));
    running--;
    return item * 2;
  });
  assert.deepEqual(results, [6, 2, 4, 8]);
  assert.equal(most, 2);
});
