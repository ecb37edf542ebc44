import assert from "node:assert/strict";
import type { RunEvent, Unstamped, Verb } from "../model/event.ts";
import { consolePlain } from "./console_plain.ts";
import { finishedLines, layOut } from "./phase_lines.ts";
import { renderMarkdown } from "./markdown.ts";
import { RunRecord } from "./record.ts";
import { makeStyle } from "./style.ts";
import { endLines } from "./summary.ts";

const because = [{ id: "cluster/nodes-declared", host: "-" }];
const removes = ["master, old (undeclared old)"];
const step = "Drain and remove nodes";
const style = makeStyle(false);

/** A run of one phase in which something could be removed. */
function events(verb: Verb, told: Unstamped): RunEvent[] {
  const all: Unstamped[] = [
    { type: "run-started", schema: 1, run: "1", verb, site: "lab", phases: ["cluster"] },
    { type: "phase-started", phase: "cluster", title: "Kubernetes runs", assertions: 1 },
    { type: "looked", phase: "cluster", attempt: 1, red: because, total: 1 },
    told,
  ];
  return all.map((event) => ({ at: "2026-11-25T03:00:00.000Z", ...event }) as RunEvent);
}

function lines(verb: Verb, told: Unstamped): { plain: string; tree: string; markdown: string; end: string } {
  let plain = "";
  const reporter = consolePlain({ write: (text) => plain += text, color: false });
  const record = new RunRecord();
  for (const event of events(verb, told)) {
    reporter.on(event);
    record.on(event);
  }
  const tree = finishedLines(record.phase("cluster"), layOut(100, ["cluster"]), style).join("\n");
  return { plain, tree, markdown: renderMarkdown(record), end: endLines(record, style)[0] };
}

Deno.test("plan says what would be removed and which flag it needs", () => {
  const said = lines("plan", { type: "step-planned", phase: "cluster", step, because, removes });
  const words = "would remove something, needs --allow-removal; found master, old (undeclared old)";
  assert.match(said.plain, /\ncluster: would run: Drain and remove nodes: nodes-declared: would remove something/);
  for (const text of [said.plain, said.tree]) assert.ok(text.includes(words), text);
  assert.match(said.tree, /▸ would drain and remove nodes +1 red\n {6}would remove/);
  assert.match(
    said.markdown,
    /step would run: Drain and remove nodes: \*\*would remove something, needs --allow-removal/,
  );
  assert.equal(said.end, "Plan: up would run 0 steps; with --allow-removal 1 more, which would remove something");
});

Deno.test("up says what it did not run, and which flag lets it", () => {
  const said = lines("up", { type: "step-withheld", phase: "cluster", step, because, removes });
  assert.match(
    said.plain,
    /\ncluster: not run: Drain and remove nodes: nodes-declared: would remove .*--allow-removal/,
  );
  assert.match(said.tree, /not run: Drain and remove nodes +1 red\n {6}would remove something, needs --allow-removal/);
  assert.match(said.markdown, /step not run: Drain and remove nodes: \*\*would remove something/);
  assert.equal(said.end, "Not run: 1 step that would remove something; --allow-removal lets it");
});

Deno.test("in plain lines long work tells how far it is, now and then", () => {
  let [plain, now] = ["", 0];
  const reporter = consolePlain({ write: (text) => plain += text, color: false, now: () => now });
  const say = (phase: string, line: string) =>
    reporter.on({ at: "2026-11-25T03:00:00.000Z", type: "step-output", phase, step: "Build", line });
  for (let percent = 0; percent < 100; percent++) {
    say("artifacts", `kubelet ${percent}% (${percent} of 100 packages)`);
    say("artifacts", "go: downloading");
    now += 250;
  }
  say("machines", "disk 3%\rdisk 4%");
  assert.deepEqual(plain.trim().split("\n"), [
    "artifacts: kubelet 0% (0 of 100 packages)",
    "artifacts: kubelet 20% (20 of 100 packages)",
    "artifacts: kubelet 40% (40 of 100 packages)",
    "artifacts: kubelet 60% (60 of 100 packages)",
    "artifacts: kubelet 80% (80 of 100 packages)",
    "machines: disk 4%",
  ]);
});
