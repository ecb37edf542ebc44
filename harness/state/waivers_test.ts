import assert from "node:assert/strict";
import { endingOf, outcomes } from "../model/outcome.ts";
import { result } from "./testing.ts";
import { applyWaivers, dayOf, type Waiver } from "./waivers.ts";

const today = "2026-10-13";
const catalogue = ["vpn/key-private", "vpn/handshake-fresh", "vpn/handshake-all", "machines/key-private"];

function waiver(more: Partial<Waiver> = {}): Waiver {
  return {
    id: "vpn/handshake-*",
    reason: "Moving house",
    owner: "ops",
    expires: "2026-12-31",
    file: "w.yaml",
    line: 3,
    ...more,
  };
}

Deno.test("only a red that matches is waived, with reason, owner and last day as its note", () => {
  for (const outcome of outcomes) {
    const [judged] = applyWaivers([result("vpn/handshake-all", outcome)], [waiver()], { today, catalogue }).results;
    const red = outcome === "fail" || outcome === "error";
    assert.equal(judged.outcome, red ? "waived" : outcome);
    assert.equal(judged.note, red ? "Moving house (ops, until 2026-12-31)" : "");
  }
});

Deno.test("globs match ids and hosts as a whole, and a star stays within its part", () => {
  const matches = (glob: Partial<Waiver>, id: string, host = "vps") =>
    applyWaivers([result(id, "fail", { host })], [waiver(glob)], { today, catalogue }).results[0].outcome === "waived";
  assert.ok(matches({ id: "vpn/key-private" }, "vpn/key-private"));
  assert.ok(!matches({ id: "vpn/key" }, "vpn/key-private"));
  assert.ok(matches({ id: "vpn/*" }, "vpn/key-private"));
  assert.ok(matches({ id: "*/key-private" }, "machines/key-private"));
  assert.ok(!matches({ id: "v*" }, "vpn/key-private"));
  assert.ok(matches({ id: "vpn/key-privat?" }, "vpn/key-private"));
  assert.ok(!matches({ id: "vpn/key?private?" }, "vpn/key-private"));
  assert.ok(matches({ host: "worker-*" }, "vpn/handshake-all", "worker-2"));
  assert.ok(!matches({ host: "worker-*" }, "vpn/handshake-all", "vps"));
  assert.ok(matches({ host: "-" }, "vpn/handshake-all", "-"));
  assert.ok(matches({}, "vpn/handshake-all", "-"));
});

Deno.test("the last day still counts; the day after, the waiver is red and waives nothing", () => {
  const results = [result("vpn/handshake-all", "fail")];
  const onLastDay = applyWaivers(results, [waiver({ expires: today })], { today, catalogue });
  assert.deepEqual(onLastDay.results.map((r) => r.outcome), ["waived"]);
  assert.equal(endingOf(onLastDay.results), "green");

  const after = applyWaivers(results, [waiver({ expires: "2026-10-12" })], { today, catalogue }).results;
  assert.deepEqual(after.map((r) => [r.id, r.outcome]), [
    ["vpn/handshake-all", "fail"],
    ["waivers/vpn/handshake-*", "fail"],
  ]);
  assert.equal(after[1].found, "expired 2026-10-12 (1 day ago)");
});

Deno.test("an expired waiver is a major red even where all is green", () => {
  const { results } = applyWaivers(
    [result("vpn/handshake-all", "pass")],
    [waiver({ expires: "2026-10-01", host: "worker-*" })],
    { today, catalogue },
  );
  const red = results[1];
  assert.equal(red.id, "waivers/vpn/handshake-*");
  assert.equal(red.host, "worker-*");
  assert.equal(red.severity, "major");
  assert.equal(red.expected, "not expired");
  assert.equal(red.found, "expired 2026-10-01 (12 days ago)");
  assert.equal(red.command, "sed -n '3,8p' 'w.yaml'");
  assert.match(red.remedy, /with ops\.$/);
  assert.equal(endingOf(results), "red");
});

Deno.test("where one of two matching waivers has expired, the valid one still waives", () => {
  const both = [waiver({ id: "vpn/*", expires: "2026-01-01" }), waiver()];
  const { results } = applyWaivers([result("vpn/handshake-all", "error")], both, { today, catalogue });
  assert.deepEqual(results.map((r) => r.outcome), ["waived", "fail"]);
});

Deno.test("a waiver that matches no assertion is a warning with the nearest id; one that this run skipped is not", () => {
  const { warnings } = applyWaivers(
    [],
    [waiver(), waiver({ id: "vpn/key-privat" }), waiver({ id: "backup/zzzzzzzz" })],
    {
      today,
      catalogue,
    },
  );
  assert.deepEqual(warnings, [
    "w.yaml:3: the waiver of vpn/key-privat matches no assertion; write vpn/key-private or remove it",
    "w.yaml:3: the waiver of backup/zzzzzzzz matches no assertion; remove it",
  ]);
});

Deno.test("the results given are left as they are", () => {
  const given = Object.freeze([Object.freeze(result("vpn/handshake-all", "fail"))]);
  applyWaivers(given, [waiver()], { today, catalogue });
  assert.equal(given[0].outcome, "fail");
});

Deno.test("a moment's day is the local one", () => {
  assert.equal(dayOf(new Date(2026, 0, 2, 23, 59, 59)), "2026-01-02");
  assert.equal(dayOf(new Date(2026, 11, 31)), "2026-12-31");
});
