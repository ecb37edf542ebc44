import assert from "node:assert/strict";
import { ratioOf, spreadOf } from "./statistics.ts";

Deno.test("the median is the middle one, or between the two in the middle", () => {
  assert.deepEqual(spreadOf([30, 10, 20]), { median: 20, min: 10, max: 30 });
  assert.deepEqual(spreadOf([4, 1, 3, 2]), { median: 2.5, min: 1, max: 4 });
  assert.deepEqual(spreadOf([7]), { median: 7, min: 7, max: 7 });
});

Deno.test("numbers are ordered as numbers, and the given list is left as it is", () => {
  const given = [100, 9, 20];
  assert.equal(spreadOf(given).median, 20);
  assert.deepEqual(given, [100, 9, 20]);
});

Deno.test("no measurement has no median", () => {
  assert.throws(() => spreadOf([]), /Cannot summarize measurements/);
});

Deno.test("a ratio is that of the medians; its range is that of the rounds", () => {
  assert.deepEqual(ratioOf([100, 300, 200], [10, 20, 25]), { median: 10, min: 8, max: 15 });
});

Deno.test("rounds that do not match are not compared", () => {
  assert.throws(() => ratioOf([1, 2], [1]), /Cannot compare 2 rounds with 1/);
});
