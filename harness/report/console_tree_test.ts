import assert from "node:assert/strict";
import type { RunEvent } from "../model/event.ts";
import { consoleTree } from "./console_tree.ts";
import { assertGolden, Clock, FakeTerminal, play, recorded, type Recording } from "./recording.ts";
import { widthOf } from "./text.ts";

function setUp({ columns = 120, color = false } = {}) {
  const terminal = new FakeTerminal(columns);
  const clock = new Clock();
  let tick = () => {};
  let stopped = false;
  const reporter = consoleTree({
    write: (text) => terminal.write(text),
    columns: () => terminal.columns,
    color,
    now: clock.now,
    reports: ["junit:out.xml", "md:out.md"],
    every: (_ms, call) => {
      tick = call;
      return () => stopped = true;
    },
  });
  return {
    terminal,
    clock,
    reporter,
    isStopped: () => stopped,
    play: (events: readonly RunEvent[]) => play(events, reporter, clock, () => tick()),
  };
}

/** The events up to the nth of a type, that one included. */
function until(events: readonly RunEvent[], type: RunEvent["type"], nth: number): readonly RunEvent[] {
  const places = events.flatMap((event, at) => event.type === type ? [at] : []);
  return events.slice(0, places[nth - 1] + 1);
}

for (const name of ["up_red", "up_green", "drift_blind", "plan"] satisfies Recording[]) {
  Deno.test(`the tree of ${name} ends as in its golden file`, async () => {
    const tree = setUp();
    tree.play(recorded(name));
    await tree.reporter.close();
    assertGolden(`tree_${name}.txt`, tree.terminal.screen);
    assert.ok(tree.isStopped() && tree.terminal.cursorShown);
  });
}

Deno.test("on 72 columns the tree ends as in its golden file", async () => {
  const tree = setUp({ columns: 72 });
  tree.play(recorded("up_green"));
  await tree.reporter.close();
  assertGolden("tree_up_green_narrow.txt", tree.terminal.screen);
});

Deno.test("a running step is shown with its time and its last line of output", () => {
  const tree = setUp();
  const start = until(recorded("up_red"), "step-output", 4);
  tree.play(start);
  tree.clock.time += 500;
  tree.reporter.on({ ...start[start.length - 1] });
  assertGolden("tree_step.txt", tree.terminal.screen);
});

Deno.test("a wait names what it waits for and counts down", () => {
  const tree = setUp();
  const start = until(recorded("up_red"), "waiting", 2);
  tree.play(start);
  tree.clock.time += 2000;
  tree.reporter.on({ at: start[0].at, type: "warning", message: "still here" });
  assert.match(tree.terminal.screen, /waiting for worker-2 machines\/running, 10 s left/);
});

Deno.test("phases that run at the same time each have a line", () => {
  const tree = setUp();
  const at = "2026-11-25T02:00:00.000Z";
  tree.play([
    { at, type: "run-started", schema: 1, run: "1", verb: "up", site: "lab", phases: ["vault", "storage", "apps"] },
    { at, type: "phase-started", phase: "vault", title: "Secrets are safe", assertions: 3 },
    { at, type: "phase-started", phase: "storage", title: "Volumes hold data", assertions: 2 },
    { at: "2026-11-25T02:00:01.000Z", type: "looked", phase: "vault", attempt: 1, red: [], total: 3 },
  ]);
  assert.match(tree.terminal.screen, /vault .*\n.*storage .*\n {2}0 of 3 phases done, then apps/);
});

Deno.test("without colour there is no colour; the live region is never wider than the terminal", () => {
  for (const columns of [120, 60, 30]) {
    const tree = setUp({ columns });
    tree.play(until(recorded("up_red"), "waiting", 2));
    const live = tree.terminal.writes.join("");
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(live, /\x1b\[\d*m/);
    const painted = live.split("\x1b[K\n").slice(0, -1).map((text) => text.split("\n").at(-1)!)
      // deno-lint-ignore no-control-regex
      .map((line) => line.replace(/^[^]*\x1b\[\??\d*[AKl]/, ""));
    assert.ok(painted.length > 10);
    for (const line of painted) assert.ok(widthOf(line) < columns, line);
  }
});

Deno.test("red is red: the sign, the phase's name and what was found", async () => {
  const tree = setUp({ color: true });
  tree.play(recorded("up_red"));
  await tree.reporter.close();
  const written = tree.terminal.writes.join("");
  assert.ok(written.includes("\x1b[31m✖\x1b[39m \x1b[1m\x1b[31mvpn\x1b[39m"));
  assert.ok(written.includes("\x1b[31mroot 644\x1b[39m"));
  assert.ok(written.includes("\x1b[33m?\x1b[39m"));
});
