import assert from "node:assert/strict";
import { launch, wordsOf } from "./process.ts";

Deno.test("a program's time runs from launch to exit, and its output is kept", async () => {
  const { ms, stdout } = await launch({ command: ["sh", "-c", "cat; sleep 0.1"], input: "given" });
  assert.equal(stdout, "given");
  assert.ok(ms >= 100, `${ms} ms`);
});

Deno.test("a program that fails is no measurement", async () => {
  await assert.rejects(launch({ command: ["sh", "-c", "echo why >&2; exit 4"] }), /exit code 4:\nwhy/);
});

Deno.test("an error is told with its causes, and with what went wrong in cleaning up", () => {
  const first = new Error("it failed", { cause: new Error("no answer") });
  assert.equal(wordsOf(first), "it failed\nbecause: no answer");
  assert.equal(wordsOf(new SuppressedError(new Error("stuck"), first)), `${wordsOf(first)}\nand then: stuck`);
});
