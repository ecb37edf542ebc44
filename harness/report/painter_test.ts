import assert from "node:assert/strict";
import { frameMs, Painter } from "./painter.ts";
import { Clock, FakeTerminal } from "./recording.ts";

function setUp(columns = 20, rows?: number) {
  const terminal = new FakeTerminal(columns);
  const clock = new Clock();
  const painter = new Painter({
    write: (text) => terminal.write(text),
    columns: () => terminal.columns,
    rows: rows === undefined ? undefined : () => rows,
    now: clock.now,
  });
  return { terminal, clock, painter };
}

Deno.test("the live region is repainted in place", () => {
  const { terminal, clock, painter } = setUp();
  painter.paint(["one", "two"]);
  clock.time += frameMs;
  painter.paint(["ONE", "TWO"]);
  assert.equal(terminal.screen, "ONE\nTWO\n");
  clock.time += frameMs;
  painter.paint(["1"]);
  assert.equal(terminal.screen, "1\n");
});

Deno.test("permanent lines go above it, in one write", () => {
  const { terminal, painter } = setUp();
  painter.paint(["live"]);
  const before = terminal.writes.length;
  painter.print(["done"], ["still live"]);
  assert.equal(terminal.screen, "done\nstill live\n");
  assert.equal(terminal.writes.length, before + 1);
});

Deno.test("repaints come at most about 12 times a second, and not at all if nothing changed", () => {
  const { terminal, clock, painter } = setUp();
  for (let frame = 0; frame < 1000; frame++, clock.time++) painter.paint([`frame ${frame}`]);
  assert.ok(terminal.writes.length <= 13, `${terminal.writes.length} writes in a second`);
  clock.time += frameMs;
  painter.paint(["same"]);
  const before = terminal.writes.length;
  clock.time += frameMs;
  painter.paint(["same"]);
  assert.equal(terminal.writes.length, before);
});

Deno.test("no live line reaches the last column, whatever the width is now", () => {
  const { terminal, clock, painter } = setUp(10);
  painter.paint(["0123456789abcdef"]);
  assert.equal(terminal.screen, "01234567…\n");
  terminal.columns = 6;
  clock.time += frameMs;
  painter.paint(["0123456789abcdef"]);
  assert.match(terminal.writes.at(-1)!, /0123…/);
});

Deno.test("a terminal made narrower has wrapped the old lines: all their rows are taken back", () => {
  const { terminal, clock, painter } = setUp(10);
  painter.paint(["012345678"]);
  terminal.columns = 4;
  clock.time += frameMs;
  painter.paint(["x"]);
  assert.equal(terminal.writes.at(-1)!.split("\x1b[1A\x1b[2K").length - 1, 3);
});

Deno.test("a live region taller than the terminal is cut: the cursor cannot go up further", () => {
  const { terminal, painter } = setUp(20, 3);
  painter.paint(["1", "2", "3", "4"]);
  assert.equal(terminal.screen, "1\n2\n");
});

Deno.test("close takes the live region away and gives the cursor back", () => {
  const { terminal, painter } = setUp();
  painter.print(["kept"], ["live"]);
  assert.equal(terminal.cursorShown, false);
  painter.close();
  assert.equal(terminal.screen, "kept\n");
  assert.equal(terminal.cursorShown, true);
});
