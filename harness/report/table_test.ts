import assert from "node:assert/strict";
import type { Result, RunEvent } from "../model/event.ts";
import type { Outcome } from "../model/outcome.ts";
import { renderHtml } from "./html.ts";
import { renderMarkdown } from "./markdown.ts";
import { RunRecord } from "./record.ts";
import { makeStyle } from "./style.ts";
import { tableLines, tableOf } from "./table.ts";

function result(key: string, host: string, outcome: Outcome, found = "3 objects"): Result {
  const words = { title: `${key} <holds>`, expected: "the rule", command: "look", remedy: "mend", why: "else not" };
  return {
    ...{ id: `charts/${key}`, host, outcome, found, severity: "major", attempts: 1, seenRed: false, durationMs: 1 },
    ...words,
    ...{
      runbook: "",
      blockedBy: null,
      note: outcome === "waived" ? "agreed" : outcome === "skipped" ? "has no pods" : "",
      looks: [],
      diagnostics: [],
    },
  } as Result;
}

/** A run of two services and three promises, one of them over both. */
function recordWith(...results: Result[]): RunRecord {
  const record = new RunRecord();
  const at = "2030-01-01T00:00:00.000Z";
  const summary = {
    name: "charts",
    title: "Charts",
    outcome: "fail",
    stepsRun: [],
    headline: "2 charts, 40 objects",
    table: true,
  } as const;
  const events = [
    { type: "run-started", schema: 1, run: "1", verb: "check", site: "lab", phases: ["charts"] },
    { type: "phase-started", phase: "charts", title: "Charts", assertions: results.length },
    ...results.map((one) => ({ type: "result", phase: "charts", result: one })),
    { type: "phase-finished", phase: "charts", summary, durationMs: 5 },
  ];
  events.forEach((event) => record.on({ at, ...event } as RunEvent));
  return record;
}

const record = recordWith(
  result("renders", "blog", "pass"),
  result("renders", "mail", "pass"),
  result("no-root", "blog", "fail", `user 0 <script>alert("x")</script>`),
  result("no-root", "mail", "waived"),
  result("hosts-unique", "-", "pass"),
);

Deno.test("a table has a cell for every service and promise", () => {
  const table = tableOf(record.phases[0])!;
  assert.deepEqual(table.promises, ["renders", "no-root"]);
  assert.deepEqual(table.rows.map(({ service, cells }) => [service, ...cells.map((cell) => cell?.outcome)]), [
    ["blog", "pass", "fail"],
    ["mail", "pass", "waived"],
  ]);
  assert.deepEqual(table.together.map(({ id }) => id), ["charts/hosts-unique"]);
});

Deno.test("a phase of hosts has no table", () => {
  const plain = recordWith(result("renders", "blog", "pass"));
  plain.phases[0].summary = { name: "charts", title: "Charts", outcome: "pass", stepsRun: [] };
  assert.equal(tableOf(plain.phases[0]), null);
  assert.deepEqual(tableLines(plain.phases[0], { style: makeStyle(false), width: 80 }), []);
});

Deno.test("the terminal's table numbers the promises and explains the numbers", () => {
  assert.deepEqual(tableLines(record.phases[0], { style: makeStyle(false), width: 80 }), [
    "",
    "          12",
    "    blog  ✔✖  1 of 2",
    "    mail  ✔~  1 of 2",
    "",
    "    1 renders  2 no-root",
    "    ✔ holds  ✖ does not hold  ~ waived",
    "    over all services: 1 of 1 hold",
  ]);
});

Deno.test("what a promise says nothing of is no pass: it has a sign of its own, and is not counted", () => {
  const some = recordWith(
    result("renders", "blog", "pass"),
    result("renders", "crds", "pass"),
    result("no-root", "blog", "pass"),
    result("no-root", "crds", "skipped"),
  );
  const lines = tableLines(some.phases[0], { style: makeStyle(false), width: 80 });
  assert.ok(lines.includes("    blog  ✔✔  2 of 2"), lines.join("\n"));
  assert.ok(lines.includes("    crds  ✔–  1 of 1"), lines.join("\n"));
  const legend = "✔ holds  – not applicable: there is nothing that the promise is about";
  assert.ok(lines.includes(`    ${legend}`), lines.join("\n"));
  const markdown = renderMarkdown(some);
  assert.match(markdown, /\| `crds` \| ✔ \| – \|/);
  assert.ok(markdown.includes(legend.replace("  ", ", ")), markdown);
  const page = renderHtml(some);
  assert.match(page, /charts\/no-root on crds: not applicable\. no-root &lt;holds&gt;\. has no pods/);
  assert.ok(page.includes("not applicable: there is nothing that the promise is about"));
  assert.doesNotMatch(page, /<a href/, "a link to details that are not there");
});

Deno.test("Markdown has the table", () => {
  const text = renderMarkdown(record);
  assert.match(text, /## Services of `charts`\n\n2 charts, 40 objects\n\n\| {2}\| 1 \| 2 \|\n/);
  assert.match(text, /\| `blog` \| ✔ \| ✖ \|\n\| `mail` \| ✔ \| ~ \|/);
  assert.match(text, /1 `renders`, 2 `no-root`/);
});

Deno.test("HTML has the table without an empty cell, links from reds to their details, and nothing that runs", () => {
  const page = renderHtml(record);
  assert.equal(page.match(/<td class="(pass|fail|waived)"/g)?.length, 4);
  assert.ok(!/<td[^>]*><\/td>/.test(page.slice(page.indexOf("matrix-charts"))), "an empty cell");
  const [, target] = /<a href="#([^"]+)"><span class="sign fail"/.exec(page)!;
  assert.ok(page.includes(`id="${target}"`), target);
  assert.ok(!page.includes("<script"), "what was found is not escaped");
  assert.ok(page.includes("&lt;script&gt;"));
  assert.ok(!/(src|href)="(?!#)/.test(page), "it needs another file");
});
