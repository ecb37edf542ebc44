import assert from "node:assert/strict";
import { notify } from "./notify.ts";
import { tempState } from "./testing.ts";

/** A message larger than a pipe holds, so that a command that does not read is noticed. */
const long = "red\n".repeat(100_000);

Deno.test("the command gets the whole message on standard input, and its arguments reach no shell", async () => {
  await using state = await tempState("lab");
  await notify(["sh", "-c", 'cat > "$1"', "sh", `${state.dir}/a b;c`], long);
  assert.equal(await Deno.readTextFile(`${state.dir}/a b;c`), long);
});

Deno.test("a command that succeeds without reading has succeeded", async () => {
  await notify(["true"], long);
});

Deno.test("a command that fails is an error with its own words", async () => {
  await assert.rejects(
    notify(["sh", "-c", "echo no route >&2; exit 7"], "red"),
    /^Error: Cannot notify with 'sh': it ended with exit code 7 \(no route\); try the site's notify.command by hand/,
  );
});

Deno.test("a command that does not exist is an error with its cause", async () => {
  await assert.rejects(notify(["plumb-no-such-command", "--token"], "red"), (error: Error) => {
    assert.match(error.message, /^Cannot notify with 'plumb-no-such-command': .*; try/);
    assert.ok(error.cause instanceof Deno.errors.NotFound);
    return true;
  });
});

Deno.test("at the deadline the command and all that it started are killed", async () => {
  await using state = await tempState("lab");
  const script = 'sleep 60 & echo $! > "$0/child"; sleep 60; echo';
  const started = performance.now();
  await assert.rejects(notify(["sh", "-c", script, state.dir], "red", { timeoutMs: 300 }), /it took longer than 0.3 s/);
  assert.ok(performance.now() - started < 5_000);
  const child = (await Deno.readTextFile(`${state.dir}/child`)).trim();
  const left = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", child] }).output();
  assert.doesNotMatch(new TextDecoder().decode(left.stdout), /^[SR]/);
});

Deno.test("a daemon that the command leaves behind does not hold up the run", async () => {
  await using state = await tempState("lab");
  const started = performance.now();
  await notify(["sh", "-c", 'sleep 60 & echo $! > "$0/child"', state.dir], "red");
  assert.ok(performance.now() - started < 5_000);
  Deno.kill(Number(await Deno.readTextFile(`${state.dir}/child`)), "SIGKILL");
});
