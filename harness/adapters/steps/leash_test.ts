import assert from "node:assert/strict";
import process from "node:process";
import { followLines } from "../lines.ts";
import { leash } from "./leash.ts";

/** Prints the pid of a child that is deaf to TERM, then waits for it. */
const deaf = "sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' & wait";

/** True while a process is at work; a zombie is not. */
async function atWork(pid: number): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] }).output();
  const state = new TextDecoder().decode(stdout).trim();
  return state !== "" && !state.startsWith("Z");
}

async function gone(pid: number): Promise<boolean> {
  const deadline = performance.now() + 6_000;
  while (await atWork(pid)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

Deno.test("the exit code and the output are the program's own", async () => {
  const lines: string[] = [];
  assert.equal(await followLines(leash(["sh", "-c", "echo hello; exit 7"], {}), (line) => lines.push(line)), 7);
  assert.deepEqual(lines, ["hello"]);
});

Deno.test("an abort ends all that the program has started, the deaf included", async () => {
  const controller = new AbortController();
  const child = leash(["sh", "-c", deaf], { signal: controller.signal });
  let pid = 0;
  const ended = followLines(child, (line) => {
    pid ||= Number(line);
    controller.abort();
  });
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("its output is still open")), 6_000);
  await Promise.race([ended, late]).finally(() => clearTimeout(timer));
  assert.ok(pid > 0);
  assert.ok(await gone(pid), "it is still at work");
});

Deno.test({
  name: "so does the death of the one who holds the leash",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const script = `import { leash } from "${new URL("./leash.ts", import.meta.url)}";
      const child = leash(["sh", "-c", ${JSON.stringify(deaf)}], {});
      for await (const chunk of child.stdout) Deno.stdout.writeSync(chunk);`;
    const holder = new Deno.Command(Deno.execPath(), { args: ["eval", script], stdout: "piped" }).spawn();
    const reader = holder.stdout.getReader();
    const pid = Number(new TextDecoder().decode((await reader.read()).value));
    assert.ok(await atWork(pid));
    process.kill(holder.pid, "SIGKILL");
    assert.ok(await gone(pid), "it is still at work");
    await reader.cancel();
    await holder.status;
  },
});
