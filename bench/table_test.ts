import assert from "node:assert/strict";
import { comparison, duration, markdownTable, times } from "./table.ts";

Deno.test("durations and ratios have as many digits as mean something", () => {
  assert.equal(duration(41.6), "42 ms");
  assert.equal(duration(4_123), "4.12 s");
  assert.equal(times(1.234), "1.23");
  assert.equal(times(12.345), "12.3");
});

Deno.test("a table's columns are aligned, numbers to the right", () => {
  assert.equal(
    markdownTable([["", "ms"], ["one", "1"], ["thirteen", "1300"]]),
    "|          |   ms |\n| -------- | ---: |\n| one      |    1 |\n| thirteen | 1300 |",
  );
});

Deno.test("the comparison states every contender as a multiple of the base", () => {
  const plumb = { name: "Plumb", rounds: [100, 110, 90] };
  const other = { name: "other", rounds: [1_100, 1_000, 1_200] };
  const lines = comparison([plumb, other], plumb).split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[0], /times Plumb/);
  assert.match(lines[2], /\| Plumb .*100 ms .*90 ms .*110 ms .* 1 \|$/);
  assert.match(lines[3], /\| other .*1\.10 s .*1\.00 s .*1\.20 s .*11\.0 \(9\.09-13\.3\) \|$/);
});
