import assert from "node:assert/strict";
import { createRunFolder } from "./run_folder.ts";
import { tempState } from "./testing.ts";

const now = new Date("2026-11-25T09:18:33.123Z");

function mode(path: string): number {
  return Deno.lstatSync(path).mode! & 0o777;
}

function runs(dir: string): string[] {
  return [...Deno.readDirSync(`${dir}/runs`)].map((entry) => entry.name).sort();
}

Deno.test("a run's folder has its events, logs and diagnostics, for its owner only", async () => {
  await using state = await tempState("lab");
  const run = await createRunFolder(state.dir, "up", { now });
  assert.equal(run.id, "2026-11-25T09-18-33.123Z-up");
  assert.equal(run.path, `${state.dir}/runs/${run.id}`);
  assert.equal(run.events, `${run.path}/events.ndjson`);
  assert.deepEqual(run.warnings, []);
  const log = await run.stepLog("vpn", "Install WireGuard, its key & its peers");
  const found = await run.diagnostic("vpn/key-private", "vps", "root 644\n");
  assert.equal(log, "logs/01-vpn-install-wireguard-its-key-its-peers.log");
  assert.equal(found, "diagnostics/01-vpn-key-private-vps.txt");
  assert.equal(await Deno.readTextFile(`${run.path}/${found}`), "root 644\n");
  for (const folder of [run.path, `${run.path}/logs`, `${run.path}/diagnostics`]) assert.equal(mode(folder), 0o700);
  for (const file of [run.events, `${run.path}/${log}`, `${run.path}/${found}`]) assert.equal(mode(file), 0o600);
});

Deno.test("names never collide and never leave the folder", async () => {
  await using state = await tempState("lab");
  const run = await createRunFolder(state.dir, "up", { now });
  assert.equal(await run.stepLog("../../x", "/etc/passwd"), "logs/01-x-etc-passwd.log");
  assert.equal(await run.stepLog("../../x", "/etc/passwd"), "logs/02-x-etc-passwd.log");
  const second = await createRunFolder(state.dir, "up", { now });
  assert.equal(second.id, "2026-11-25T09-18-33.124Z-up");
});

Deno.test("'latest' points to the newest run, by a relative link", async () => {
  await using state = await tempState("lab");
  await createRunFolder(state.dir, "up", { now });
  const run = await createRunFolder(state.dir, "check", { now: new Date(now.getTime() + 5) });
  assert.equal(await Deno.readLink(`${state.dir}/runs/latest`), run.id);
  assert.deepEqual(runs(state.dir).filter((name) => name.startsWith(".")), []);
});

Deno.test("only the newest runs are kept, and nothing else is removed", async () => {
  await using state = await tempState("lab");
  await Deno.mkdir(`${state.dir}/runs/2020-notes`, { recursive: true });
  await Deno.writeTextFile(`${state.dir}/runs/2020-01-01T00-00-00.000Z-up`, "a file, not a run");
  const made: string[] = [];
  for (let n = 0; n < 5; n++) {
    made.push((await createRunFolder(state.dir, "check", { now: new Date(now.getTime() + n), keep: 3 })).id);
  }
  assert.deepEqual(runs(state.dir), ["2020-01-01T00-00-00.000Z-up", "2020-notes", ...made.slice(2), "latest"]);
});

Deno.test("a folder that cannot be made is an error with its cause", async () => {
  await using state = await tempState("lab");
  await Deno.writeTextFile(`${state.dir}/runs`, "");
  await assert.rejects(createRunFolder(state.dir, "up"), (error: Error) => {
    assert.match(error.message, /^Cannot make a run folder in .*runs: .*; check the folder's owner/);
    assert.ok(error.cause instanceof Error);
    return true;
  });
});
