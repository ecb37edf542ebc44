import assert from "node:assert/strict";
import type { Chart, Platform, YamlFile } from "./chart.ts";
import type { Judgement } from "./matcher.ts";
import {
  type ChartRule,
  checkVariants,
  judgeViolations,
  lineOf,
  perChart,
  type VariantRule,
  type Violation,
} from "./rule.ts";

const file: YamlFile = { path: "values.yaml", data: {}, lines: { a: 3, "a.b": 7 }, comments: {} };
const violation: Violation = { object: "Pod x", path: "spec.y", found: "1", wanted: "2", values: "a.b.c" };
const said = { today: "2030-06-15", held: "3 objects" };

Deno.test("a path has the line of its nearest parent", () => {
  assert.equal(lineOf(file, "a.b.c.d"), "values.yaml:7");
  assert.equal(lineOf(file, "a.x"), "values.yaml:3");
  assert.equal(lineOf(file, "z"), "values.yaml:1");
});

Deno.test("a violation names object, path, found, wanted, and the line to change", () => {
  assert.deepEqual(judgeViolations([violation, violation], file, said), {
    holds: false,
    found: "Pod x spec.y: found 1, wanted 2; change a.b.c in values.yaml:7",
  });
  assert.deepEqual(judgeViolations([], file, said), { holds: true, found: "3 objects" });
});

Deno.test("an exception excuses until its last day, and only if all is excused", () => {
  const excused = { ...violation, exception: { reason: "It has no shell.", until: "2030-06-15" } };
  assert.equal(judgeViolations([excused], file, said).excuse, "It has no shell. (the chart, until 2030-06-15)");
  const expired = judgeViolations([excused], file, { ...said, today: "2030-06-16" });
  assert.equal(expired.excuse, undefined);
  assert.match(expired.found, /its exception ended 2030-06-15/);
  const both = judgeViolations([excused, { ...violation, object: "Pod z" }], file, said);
  assert.equal(both.excuse, undefined);
  assert.match(both.found, /^Pod z/);
});

Deno.test("what every rendering gets wrong is said once, what one more gets wrong with its values file", () => {
  const chart = { variants: [{ values: "values.yaml", wrong: ["a"] }, { values: "ci/b.yaml", wrong: ["a", "b"] }] };
  const rule = {
    check: (variant: { wrong: string[] }) => variant.wrong.map((object) => ({ ...violation, object })),
  } as unknown as VariantRule;
  const found = checkVariants(rule, chart as unknown as Chart, {} as Platform);
  assert.deepEqual(found.map(({ object }) => object), ["a", "b (with ci/b.yaml)"]);
});

/** What a rule of charts says of chart x. */
function judged(rule: Partial<ChartRule>, charts: readonly unknown[]): Judgement {
  const { verify } = perChart({ subjects: () => ["pod"], check: () => [], covers: [], ...rule } as ChartRule);
  const expectation = (verify as (site: unknown, host: unknown) => { judge(raw: unknown): Judgement })({}, {
    name: "x",
  });
  return expectation.judge({ charts, today: "2030-06-15" });
}

Deno.test("a service that was not rendered is no pass", () => {
  assert.throws(() => judged({}, []), /Cannot judge x: it was not rendered/);
});

Deno.test("a rule with nothing to look at says so, unless it found something all the same", () => {
  const charts = [{ name: "x", variants: [], values: file }];
  assert.equal(judged({}, charts).inapplicable, undefined);
  assert.match(judged({ subjects: () => [] }, charts).inapplicable ?? "", /nothing that the rule is about/);
  const red = judged({ subjects: () => [], check: () => [violation] }, charts);
  assert.deepEqual([red.holds, red.inapplicable], [false, undefined]);
});
