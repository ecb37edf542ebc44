import assert from "node:assert/strict";
import type { Result } from "../model/event.ts";
import { countOutcomes } from "../model/outcome.ts";
import { blockedLines, failureBlock, flakeLines, type Layout, waivedLines } from "./failure.ts";
import { RunRecord } from "./record.ts";
import { recordOf, resultNamed } from "./recording.ts";
import { makeStyle, wantsColor } from "./style.ts";
import { summaryLine, transitionLines } from "./summary.ts";

const style = makeStyle(false);
const layout: Layout = { style, width: Infinity };

Deno.test("a failure has title, why, expected, found, command, remedy and runbook, in that order", () => {
  for (const [id, host] of [["vpn/key-private", "vps"], ["machines/running", "worker-2"]]) {
    const result = resultNamed(id, host);
    const text = failureBlock(result, layout).join("\n");
    const parts = [
      result.title,
      result.why,
      result.expected,
      result.found,
      result.command,
      result.remedy,
      result.runbook,
    ];
    let from = 0;
    for (const part of parts) {
      const at = text.indexOf(part, from);
      assert.ok(at >= 0, `${part} comes after what precedes it`);
      from = at + part.length;
    }
  }
});

Deno.test("a long value is cut after twelve lines, a command is never wrapped", () => {
  const command = `ssh vps ${"x ".repeat(100)}`.trim();
  const result = { ...resultNamed("vpn/key-private", "vps"), found: "line\n".repeat(40), command };
  const block = failureBlock(result, { style, width: 60 });
  assert.ok(block.some((line) => line.includes("… 28 more lines")));
  assert.ok(block.some((line) => line.endsWith(command)));
});

Deno.test("blocked results are one line per root", () => {
  const blocked = (id: string, root: Result["blockedBy"]): Result => ({
    ...resultNamed("vpn/ping", "worker-2"),
    id,
    blockedBy: root,
  });
  const running = { id: "machines/running", host: "worker-2" };
  const results = [
    blocked("vpn/a", running),
    blocked("vpn/b", { id: "vault/sealed", host: "-" }),
    blocked("vpn/c", running),
  ];
  assert.deepEqual(blockedLines(results, layout), [
    "  ⊘ 2 blocked by machines/running on worker-2",
    "  ⊘ 1 blocked by vault/sealed",
  ]);
});

Deno.test("waived results are listed with their reason", () => {
  assert.deepEqual(waivedLines(recordOf("up_green").results, layout), [
    "  ~ preflight/runner-online  waived: the lab has no uplink (until 2027-01-31, ops)",
  ]);
});

Deno.test("many waived results are one line, unless their phase is the only one", () => {
  const [waived] = recordOf("up_green").results.filter((r) => r.outcome === "waived");
  const many = ["one", "two", "three"].map((host) => ({ ...waived, host }));
  assert.equal(waivedLines(many, layout).length, 3);
  const again = "deno task check --site home --phase preflight";
  assert.deepEqual(waivedLines(many, layout, again), [
    "  ~ 3 waived  why and until when: deno task check --site home --phase preflight",
  ]);
  assert.match(waivedLines(many.slice(0, 2), layout, again)[1], /the lab has no uplink/);
});

Deno.test("green by waiting alone is said; green by a step is not", () => {
  assert.deepEqual(recordOf("up_green").phases.flatMap((phase) => flakeLines(phase, layout)), []);
  assert.deepEqual(recordOf("drift_blind").phases.flatMap((phase) => flakeLines(phase, layout)), [
    "  ↻ machines/clocks  green after 4 attempts",
  ]);
  assert.deepEqual(recordOf("up_red").phases.flatMap((phase) => flakeLines(phase, layout)), [
    "  ↻ vpn/handshake-young on master  green after 4 attempts",
  ]);
});

Deno.test("the summary line says what the run came to", () => {
  const of = (...outcomes: Result["outcome"][]) => {
    const record = new RunRecord();
    const at = "2026-11-25T02:00:00.000Z";
    const counts = countOutcomes(outcomes.map((outcome) => ({ outcome })));
    const ending = outcomes.includes("fail") ? "red" : "green";
    record.on({
      at,
      type: "run-finished",
      ending,
      exitCode: ending === "red" ? 1 : 0,
      counts,
      durationMs: 3_100,
      stepsRun: 0,
    });
    return summaryLine(record, style);
  };
  assert.equal(of("pass", "pass"), "Green: 2 of 2 hold, 0 steps, 3.1 s");
  assert.equal(of("pass", "waived", "skipped"), "Green: 1 of 2 hold, 1 waived, 1 skipped, 0 steps, 3.1 s");
  assert.equal(
    of("fail", "fail", "error", "blocked", "pass"),
    "Red: 2 failed, 1 could not be looked at, 1 blocked, 1 passed in 3.1 s (exit 1)",
  );
  assert.match(summaryLine(recordOf("drift_blind"), style), /^Blind: 1 could not be looked at, .*\(exit 3\)$/);
});

Deno.test("a run without its end counts as interrupted", () => {
  const record = new RunRecord();
  record.on({
    at: "2026-11-25T02:00:00.000Z",
    type: "run-started",
    schema: 1,
    run: "1",
    verb: "up",
    site: "lab",
    phases: [],
  });
  record.on({ at: "2026-11-25T02:00:04.000Z", type: "warning", message: "x" });
  assert.equal(summaryLine(record, style), "Interrupted: 0 passed in 4.0 s (exit 130)");
});

Deno.test("transitions are listed new red first", () => {
  const lines = transitionLines(recordOf("drift_blind").transitions!, layout);
  assert.deepEqual(lines.map((line) => line.slice(0, 13).trim()), [
    "Since 2026-11",
    "? new red",
    "⊘ still red",
    "✔ fixed",
    "✔ fixed",
  ]);
});

Deno.test("transitions without changes, or without a run before, say so", () => {
  const event = { at: "", type: "transitions", since: null, transitions: [] } as const;
  assert.match(transitionLines(event, layout).join(), /nothing to compare with/);
  assert.match(transitionLines({ ...event, since: "yesterday" }, layout).join(), /Since yesterday: nothing changed/);
});

Deno.test("NO_COLOR forbids colour with any value but the empty one", () => {
  const wants = (env: Record<string, string | undefined>) => wantsColor({ get: (name) => env[name] });
  assert.deepEqual([{}, { NO_COLOR: "" }, { NO_COLOR: "0" }, { TERM: "dumb" }].map(wants), [true, true, false, false]);
});
