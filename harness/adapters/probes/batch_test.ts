import assert from "node:assert/strict";
import { runBatch, type Shell } from "./batch.ts";
import { localShell } from "./local.ts";

const ask = (...commands: string[]) =>
  runBatch(localShell, commands.map((command) => ({ command, timeoutMs: 5_000 })), new AbortController().signal);

Deno.test("every command gets its own exit code, output and error, in order", async () => {
  const answers = await ask(
    "echo one",
    "echo two >&2; exit 3",
    "printf 'no newline'",
    "cat; echo still there",
    "exit 0",
  );
  assert.deepEqual(answers.map((a) => "failed" in a ? a : [a.code, a.stdout, a.stderr]), [
    [0, "one\n", ""],
    [3, "", "two\n"],
    [0, "no newline", ""],
    [0, "still there\n", ""],
    [0, "", ""],
  ]);
});

Deno.test("a syntax error, a change of folder and an early exit stay within their command", async () => {
  const [broken, moved, next] = await ask("if then", "cd /tmp && pwd", "pwd");
  assert.ok("code" in broken && broken.code !== 0);
  assert.ok("code" in moved && moved.stdout === "/tmp\n");
  assert.ok("code" in next && next.stdout === `${localShell.folder}\n`);
});

Deno.test("quotes, binary and large outputs come through; more than 64 KiB is cut", async () => {
  const [quoted, binary, large] = await ask(
    `printf '%s' "it's"`,
    "printf '\\377\\000\\n'",
    "head -c 200000 /dev/zero | tr '\\0' x",
  );
  assert.ok("code" in quoted && quoted.stdout === "it's");
  assert.ok("code" in binary && binary.stdout.length === 3);
  assert.ok("code" in large && large.stdout.length === 65_536);
});

Deno.test("a command that floods its lane is cut; what came after it is asked again", async () => {
  const answers = await ask(
    "head -c 5000000 /dev/zero",
    ...Array.from({ length: 8 }, (_, i) => `echo ${i}; echo ${i} >&2`),
  );
  const [flood, ...others] = answers.map((a) => "failed" in a ? a : [a.code, a.stdout, a.stderr]);
  assert.deepEqual(flood, [0, "\0".repeat(65_536), ""]);
  assert.deepEqual(others, Array.from({ length: 8 }, (_, i) => [0, `${i}\n`, `${i}\n`]));
});

Deno.test("a command that floods both of its streams is cut too", async () => {
  const flood = "head -c 5000000 /dev/zero | tee /dev/stderr; exit 7";
  const answers = await ask(flood, ...Array.from({ length: 4 }, () => "echo fine"));
  const kept = "\0".repeat(65_536);
  const [first, ...others] = answers.map((a) => "failed" in a ? a : [a.code, a.stdout, a.stderr]);
  assert.deepEqual(first, [7, kept, kept]);
  assert.deepEqual(others, Array.from({ length: 4 }, () => [0, "fine\n", ""]));
});

Deno.test("a command that empties what it prints to spoils no other's output", async () => {
  const commands = Array.from({ length: 12 }, (_, i) => i === 6 ? "echo x >/dev/stderr" : `echo ${i}; echo e${i} >&2`);
  const answers = await ask(...commands);
  assert.deepEqual(
    answers.map((a) => "failed" in a ? a : [a.code, a.stdout, a.stderr]),
    commands.map((_, i) => i === 6 ? [0, "", "x\n"] : [0, `${i}\n`, `e${i}\n`]),
  );
});

Deno.test("a command that takes its time does not hold back when another ended", async () => {
  const [slow, quick] = await ask("sleep 0.6; date +%s%3N", "date +%s%3N");
  assert.ok("code" in slow && "code" in quick);
  assert.ok(quick.at < Number(slow.stdout), `known ${quick.at - Number(slow.stdout)} ms after the slow one ended`);
});

Deno.test("commands run as they are and commands run by eval keep their outputs apart", async () => {
  const answers = await ask(
    `test "$(id -u)" = -1`,
    "cat /nowhere",
    "x=1; echo $x",
    "printenv x",
    "no-such-program",
    `echo "it's"  'a  b'`,
  );
  assert.deepEqual(answers.map((a) => "failed" in a ? a : [a.code, a.stdout, a.stderr !== ""]), [
    [1, "", false],
    [1, "", true],
    [0, "1\n", false],
    [1, "", false],
    [127, "", true],
    [0, "it's a  b\n", false],
  ]);
});

Deno.test("a folder that is not there fails every command", async () => {
  const nowhere: Shell = { ...localShell, folder: "/nowhere" };
  const answers = await runBatch(nowhere, [{ command: "true", timeoutMs: 5_000 }], new AbortController().signal);
  assert.deepEqual(answers, [{ failed: "the shell ended early with exit code 97" }]);
});

Deno.test("a command that overruns is ended with its children; the others still answer", async () => {
  const mark = `plumb-${crypto.randomUUID()}`;
  const started = performance.now();
  const answers = await runBatch(localShell, [
    { command: `sh -c 'sleep 30; : ${mark}' & wait`, timeoutMs: 300 },
    { command: "echo fine", timeoutMs: 5_000 },
  ], new AbortController().signal);
  assert.deepEqual(answers[0], { failed: "no answer within 0.3 s" });
  assert.ok("code" in answers[1] && answers[1].stdout === "fine\n");
  assert.ok(performance.now() - started < 3_000);
  const [left] = await ask(`ps ax -o args | grep -c '[:] ${mark}'`);
  assert.ok("code" in left && left.stdout === "0\n");
});

Deno.test("a lost connection is a failure of every command, never a pass", async () => {
  const lost: Shell = { folder: "/", run: () => Promise.resolve(null) };
  const answers = await runBatch(lost, [{ command: "true", timeoutMs: 1_000 }], new AbortController().signal);
  assert.deepEqual(answers, [{ failed: "the connection was lost" }]);
});

Deno.test("an abort rejects", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 100);
  await assert.rejects(runBatch(localShell, [{ command: "sleep 30", timeoutMs: 60_000 }], controller.signal), /enough/);
});
