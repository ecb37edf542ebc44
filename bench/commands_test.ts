import assert from "node:assert/strict";
import { commands } from "./commands.ts";

Deno.test("there are 200 checks, no two alike", () => {
  assert.equal(commands.length, 200);
  assert.equal(new Set(commands).size, 200);
});

Deno.test("each check is one line, so that it fits a script and a test's name", () => {
  assert.deepEqual(commands.filter((command) => /[\n\r]/.test(command)), []);
});

Deno.test("no check has what would change a host", () => {
  const changing = /(^|[|&;] ?)(rm|mv|cp|tee|touch|chmod|chown|kill|mkdir)\b|sysctl -w|>(?! 1)[^=]/;
  assert.deepEqual(commands.filter((command) => changing.test(command.replaceAll(/'[^']*'/g, ""))), []);
});
