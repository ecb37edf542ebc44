import assert from "node:assert/strict";
import { tempState } from "./testing.ts";
import { acquireLock, type Lock, LockedError } from "./lock.ts";

const lockModule = new URL("./lock.ts", import.meta.url).href;

/** A real child process that takes the lock, says so on one line, does `then`, and holds on until it is told or killed. */
async function holder(dir: string, then = "") {
  const script = `
    const { acquireLock } = await import(${JSON.stringify(lockModule)});
    const line = await acquireLock(${JSON.stringify(dir)}, { verb: "check" })
      .then((lock) => "held " + lock.takenOver, (error) => "refused " + error.message);
    ${then}
    console.log(line);
    if (line.startsWith("held")) await Deno.stdin.readable.getReader().read();
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", script],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: line = "" } = await reader.read();
  return {
    pid: child.pid,
    line: line.trim(),
    async end(signal: "SIGKILL" | null = null) {
      if (signal) child.kill(signal);
      else if (line.startsWith("held")) await child.stdin.getWriter().write(new Uint8Array([10]));
      await child.status;
      await Promise.allSettled([child.stdin.abort(), reader.cancel()]);
    },
  };
}

async function refusal(attempt: Promise<Lock>): Promise<LockedError> {
  const error = await attempt.then(() => null, (error) => error);
  assert.ok(error instanceof LockedError, `not refused: ${error}`);
  return error;
}

Deno.test("a lock is refused while it is held, naming the holder, and free after release", async () => {
  await using state = await tempState("lab");
  const first = await acquireLock(state.dir, { verb: "check" });
  assert.equal(first.takenOver, null);
  const error = await refusal(acquireLock(state.dir, { verb: "up" }));
  assert.match(
    error.message,
    /^Cannot start 'up' on lab: 'check' has held it since \d\d:\d\d:\d\d \(pid \d+ on \S+\); wait for it or stop it$/,
  );
  assert.equal(error.holder?.pid, Deno.pid);
  await refusal(acquireLock(state.dir, { verb: "up" }));
  await first.release();
  await first.release();
  const second = await acquireLock(state.dir, { verb: "up" });
  assert.equal(second.takenOver, null);
  await second.release();
});

Deno.test("releasing twice does not release the next holder's lock", async () => {
  await using state = await tempState("lab");
  const first = await acquireLock(state.dir, { verb: "check" });
  await first.release();
  await using _second = await acquireLock(state.dir, { verb: "up" });
  await first.release();
  const error = await refusal(acquireLock(state.dir, { verb: "drift" }));
  assert.equal(error.holder?.verb, "up");
});

Deno.test("another process is refused and named, and its kill -9 frees the lock with a note", async () => {
  await using state = await tempState("lab");
  const other = await holder(state.dir);
  assert.equal(other.line, "held null");
  const error = await refusal(acquireLock(state.dir, { verb: "up" }));
  assert.equal(error.holder?.pid, other.pid);
  await other.end("SIGKILL");
  await using lock = await acquireLock(state.dir, { verb: "up" });
  assert.match(lock.takenOver ?? "", new RegExp(`^'check' on lab, started .*\\(pid ${other.pid} on .*taken over$`));
});

Deno.test("a child that outlives a killed holder does not keep the lock", async () => {
  await using state = await tempState("lab");
  const other = await holder(
    state.dir,
    `const quiet = { args: ["60"], stdin: "null", stdout: "null", stderr: "null" };
    const { pid } = new Deno.Command("sleep", quiet).spawn();
    Deno.writeTextFileSync(${JSON.stringify(`${state.dir}/orphan`)}, String(pid));`,
  );
  await other.end("SIGKILL");
  const orphan = Number(await Deno.readTextFile(`${state.dir}/orphan`));
  try {
    await using lock = await acquireLock(state.dir, { verb: "up" });
    assert.ok(lock.takenOver);
  } finally {
    Deno.kill(orphan, "SIGKILL");
  }
});

Deno.test("of several that take over a dead holder's lock at once, exactly one gets it", async () => {
  await using state = await tempState("lab");
  await (await holder(state.dir)).end("SIGKILL");
  const all = await Promise.all([holder(state.dir), holder(state.dir), holder(state.dir)]);
  const held = all.filter((one) => one.line.startsWith("held '"));
  const refused = all.filter((one) => one.line.startsWith("refused "));
  await Promise.all(all.map((one) => one.end()));
  assert.equal(held.length, 1, all.map((one) => one.line).join("\n"));
  assert.equal(refused.length, 2);
  for (const one of refused) assert.match(one.line, new RegExp(`pid ${held[0].pid} `));
});

Deno.test("many callers in one process: exactly one gets it each round", async () => {
  await using state = await tempState("lab");
  for (let round = 0; round < 20; round++) {
    const tries = await Promise.allSettled(
      Array.from({ length: 5 }, () => acquireLock(state.dir, { verb: "check" })),
    );
    const won = tries.filter((one) => one.status === "fulfilled");
    assert.equal(won.length, 1);
    await won[0].value.release();
  }
});

Deno.test("a lock file with rubbish in it is taken over with a note that says so", async () => {
  await using state = await tempState("lab");
  for (const rubbish of ["{", '{"verb":1}', "null"]) {
    await Deno.writeTextFile(`${state.dir}/lock`, rubbish);
    await using lock = await acquireLock(state.dir, { verb: "up" });
    assert.equal(lock.takenOver, "A run on lab ended without finishing; its lock was taken over");
  }
});

Deno.test("an older holder is named with its date", () => {
  const holder = { verb: "check", pid: 4711, host: "atlas", since: "2026-01-02T12:03:11.000Z" };
  const { message } = new LockedError("up", "lab", holder);
  assert.match(message, /since 2026-01-0\d \d\d:\d\d:\d\d \(pid 4711 on atlas\)/);
  assert.match(new LockedError("up", "lab", null).message, /on lab: another run holds it; wait/);
});

Deno.test("the lock file is for its owner only, and a folder that cannot be made is an error in words", async () => {
  await using state = await tempState("lab");
  await using _lock = await acquireLock(`${state.dir}/new/lab`, { verb: "up" });
  assert.equal((await Deno.stat(`${state.dir}/new/lab/lock`)).mode! & 0o777, 0o600);
  await Deno.writeTextFile(`${state.dir}/file`, "");
  await assert.rejects(acquireLock(`${state.dir}/file/lab`, { verb: "up" }), (error: Error) => {
    assert.match(error.message, /^Cannot take the lock .*file\/lab\/lock: .*; run as the owner/);
    assert.ok(error.cause instanceof Error);
    return true;
  });
});
