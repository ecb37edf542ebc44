import assert from "node:assert/strict";
import { followLines, LineReader } from "./lines.ts";

Deno.test("lines are whole, however their bytes arrive, and none is lost at the end", () => {
  const lines: string[] = [];
  const reader = new LineReader((line) => lines.push(line));
  for (const byte of new TextEncoder().encode("één\n\n  \ntwo\nthree")) reader.push(Uint8Array.of(byte));
  assert.deepEqual(lines, ["één", "two"]);
  reader.end();
  assert.deepEqual(lines, ["één", "two", "three"]);
});

Deno.test("a child's output and errors are both read, and its exit code is kept", async () => {
  const lines: string[] = [];
  const child = new Deno.Command("sh", {
    args: ["-c", "echo out; printf err >&2; exit 3"],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  assert.equal(await followLines(child, (line) => lines.push(line)), 3);
  assert.deepEqual(lines.sort(), ["err", "out"]);
});
