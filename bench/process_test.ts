import assert from "node:assert/strict";
import { launch } from "./process.ts";

Deno.test("a program's time runs from launch to exit, and its output is kept", async () => {
  const { ms, stdout } = await launch({ command: ["sh", "-c", "cat; sleep 0.1"], input: "given" });
  assert.equal(stdout, "given");
  assert.ok(ms >= 100, `${ms} ms`);
});

Deno.test("a program that fails is no measurement", async () => {
  await assert.rejects(launch({ command: ["sh", "-c", "echo why >&2; exit 4"] }), /exit code 4:\nwhy/);
});
