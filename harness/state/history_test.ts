import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { HistoryError, openHistory, type RunRecord } from "./history.ts";
import { result, tempState } from "./testing.ts";
import { compare } from "./transitions.ts";

let made = 0;

function run(more: Partial<RunRecord> = {}): RunRecord {
  return {
    id: `run-${++made}`,
    verb: "drift",
    startedAt: "2026-11-25T09:00:00.000Z",
    ending: "green",
    exitCode: 0,
    durationMs: 1234.5,
    ...more,
  };
}

function rows(dir: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(`${dir}/history.sqlite`);
  try {
    return database.prepare(sql).all().map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

Deno.test("a new history knows nothing, keeps what is recorded, and is for its owner only", async () => {
  await using state = await tempState("lab");
  {
    using history = await openHistory(state.dir);
    assert.equal(history.previous(), null);
    history.record(run({ id: "a", ending: "red", exitCode: 1 }), [
      result("vpn/up", "fail", { attempts: 3, found: "down" }),
      result("vpn/up", "pass", { host: "master" }),
    ]);
    for (const file of ["history.sqlite", "history.sqlite-wal"]) {
      assert.equal((await Deno.stat(`${state.dir}/${file}`)).mode! & 0o777, 0o600, file);
    }
  }
  using again = await openHistory(state.dir);
  const previous = again.previous();
  assert.equal(previous?.run, "a");
  assert.deepEqual(Object.fromEntries(previous!.outcomes), { "vpn/up@vps": "fail", "vpn/up@master": "pass" });
  assert.deepEqual(rows(state.dir, "SELECT * FROM runs"), [{
    seq: 1,
    id: "a",
    verb: "drift",
    started_at: "2026-11-25T09:00:00.000Z",
    ending: "red",
    exit_code: 1,
    duration_ms: 1234.5,
  }]);
  assert.deepEqual(rows(state.dir, "SELECT * FROM results WHERE host = 'vps'"), [{
    run: "a",
    id: "vpn/up",
    host: "vps",
    outcome: "fail",
    severity: "major",
    attempts: 3,
    seen_red: 1,
    duration_ms: 5,
    found: "down",
  }]);
});

Deno.test("each assertion's newest known outcome counts, across runs that did not look at it", async () => {
  await using state = await tempState("lab");
  using history = await openHistory(state.dir);
  history.record(run(), [result("vpn/up", "fail"), result("vpn/key", "pass"), result("vpn/mtu", "waived")]);
  history.record(run(), [result("vpn/up", "blocked"), result("vpn/key", "skipped"), result("pre/tools", "error")]);
  const last = run();
  history.record(last, [result("vpn/key", "fail")]);
  const previous = history.previous();
  assert.equal(previous?.run, last.id);
  assert.deepEqual(Object.fromEntries(previous!.outcomes), {
    "vpn/up@vps": "fail",
    "vpn/key@vps": "fail",
    "vpn/mtu@vps": "waived",
    "pre/tools@vps": "error",
  });
  assert.deepEqual(compare(previous, [result("vpn/up", "pass")]).map((t) => t.change), ["fixed"]);
});

Deno.test("drift is compared with the last drift, whatever other verbs saw since, and however long ago it was", async () => {
  await using state = await tempState("lab");
  using history = await openHistory(state.dir);
  history.record(run({ verb: "check" }), [result("vpn/up", "pass")]);
  assert.equal(history.previous(), null);
  history.record(run({ id: "drift" }), [result("vpn/up", "fail")]);
  history.record(run({ verb: "up" }), [result("vpn/up", "pass"), result("vpn/key", "fail")]);
  history.prune(1);
  const previous = history.previous();
  assert.equal(previous?.run, "drift");
  const now = [result("vpn/up", "pass"), result("vpn/key", "fail")];
  assert.deepEqual(compare(previous, now).map(({ id, change }) => [id, change]), [
    ["vpn/up", "fixed"],
    ["vpn/key", "new red"],
  ]);
});

Deno.test("an interrupted run is kept but teaches nothing", async () => {
  await using state = await tempState("lab");
  using history = await openHistory(state.dir);
  history.record(run({ ending: "interrupted", exitCode: 130 }), [result("vpn/up", "fail")]);
  assert.equal(history.previous(), null);
  assert.equal(rows(state.dir, "SELECT * FROM results").length, 1);
});

Deno.test("pruning keeps the newest runs and all that is known", async () => {
  await using state = await tempState("lab");
  using history = await openHistory(state.dir);
  history.record(run({ id: "old" }), [result("vpn/reboot", "fail")]);
  for (let n = 0; n < 5; n++) history.record(run({ id: `new-${n}` }), [result("vpn/up", "pass")]);
  history.prune(2);
  assert.deepEqual(rows(state.dir, "SELECT id FROM runs ORDER BY seq").map((row) => row.id), ["new-3", "new-4"]);
  assert.deepEqual(rows(state.dir, "SELECT DISTINCT run FROM results ORDER BY run").map((row) => row.run), [
    "new-3",
    "new-4",
  ]);
  assert.equal(history.previous()?.outcomes.get("vpn/reboot@vps"), "fail");
  history.prune();
  assert.equal(rows(state.dir, "SELECT id FROM runs").length, 2);
});

Deno.test("a run that cannot be recorded leaves nothing behind and says why", async () => {
  await using state = await tempState("lab");
  using history = await openHistory(state.dir);
  assert.throws(
    () => history.record(run({ id: "a" }), [result("vpn/up", "pass"), result("vpn/up", "fail")]),
    (error: Error) => {
      assert.ok(error instanceof HistoryError);
      assert.match(error.message, /^Cannot write the history .*history\.sqlite: .*UNIQUE.*; check/);
      assert.ok(error.cause instanceof Error);
      return true;
    },
  );
  assert.equal(history.previous(), null);
  history.record(run({ id: "a" }), [result("vpn/up", "pass")]);
  assert.equal(history.previous()?.run, "a");
});

Deno.test("a damaged history is refused by name and left as it was", async () => {
  await using state = await tempState("lab");
  const path = `${state.dir}/history.sqlite`;
  await Deno.writeTextFile(path, "not a database, but long enough to look like the header of one\n".repeat(20));
  const before = await Deno.readTextFile(path);
  const refusal =
    /^HistoryError: Cannot open the history .*history\.sqlite: it is damaged \(.+\); move it and its -wal and -shm files away to start a new history$/;
  await assert.rejects(openHistory(state.dir), refusal);
  assert.equal(await Deno.readTextFile(path), before);

  await Deno.remove(path);
  {
    using history = await openHistory(state.dir);
    history.record(
      run(),
      Array.from({ length: 200 }, (_, n) => result(`vpn/a-${n}`, "fail", { found: "x".repeat(500) })),
    );
  }
  const bytes = await Deno.readFile(path);
  bytes.fill(0xff, 4096 * 3, bytes.length - 4096);
  await Deno.writeFile(path, bytes);
  await assert.rejects(openHistory(state.dir), refusal);
});

Deno.test("a newer schema and a foreign database are refused", async () => {
  await using state = await tempState("lab");
  const write = (sql: string) => {
    const database = new DatabaseSync(`${state.dir}/history.sqlite`);
    database.exec(sql);
    database.close();
  };
  write("PRAGMA user_version = 7");
  await assert.rejects(
    openHistory(state.dir),
    /its schema is 7 and this version of Plumb knows 1; use the newer Plumb/,
  );
  write("PRAGMA user_version = 0; CREATE TABLE recipes (name TEXT)");
  await assert.rejects(openHistory(state.dir), /a database of something else; move the file away/);
  assert.equal(rows(state.dir, "SELECT * FROM recipes").length, 0);
});

Deno.test("a history that cannot be opened says why", async () => {
  await using state = await tempState("lab");
  await Deno.mkdir(`${state.dir}/history.sqlite`);
  await assert.rejects(openHistory(state.dir), /^HistoryError: Cannot open the history .*; check the file's owner/);
});
