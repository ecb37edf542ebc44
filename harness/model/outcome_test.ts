import assert from "node:assert/strict";
import { countOutcomes, endingOf, type Outcome, type Severity } from "./outcome.ts";

const result = (outcome: Outcome, severity: Severity = "major") => ({ outcome, severity });

Deno.test("a run ends by its worst weighty result, and never green without one", () => {
  assert.equal(endingOf([]), "blind");
  assert.equal(endingOf([result("skipped")]), "blind");
  assert.equal(endingOf([result("pass"), result("skipped")]), "green");
  assert.equal(endingOf([result("pass"), result("waived")]), "green");
  assert.equal(endingOf([result("pass"), result("fail", "minor")]), "green");
  assert.equal(endingOf([result("pass"), result("blocked")]), "blind");
  assert.equal(endingOf([result("error"), result("fail")]), "red");
  assert.equal(endingOf([result("pass")], true), "red");
});

Deno.test("every outcome is counted, absent ones as 0", () => {
  const counts = countOutcomes([result("pass"), result("pass"), result("error")]);
  assert.deepEqual(counts, { pass: 2, fail: 0, error: 1, blocked: 0, skipped: 0, waived: 0 });
});
