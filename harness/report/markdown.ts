import type { Result } from "../model/event.ts";
import { countOutcomes } from "../model/outcome.ts";
import { humanDuration } from "../model/duration.ts";
import { blockedLines, failureRows, type Layout, skippedLines } from "./failure.ts";
import {
  flakes,
  holding,
  outcomeOf,
  type PhaseRecord,
  type PlannedStep,
  removalWords,
  type RunRecord,
  shortName,
  turnedGreen,
} from "./record.ts";
import { makeStyle, mark } from "./style.ts";
import { changes, summaryWords } from "./summary.ts";
import { cellOutcome, signsOf, tableOf } from "./table.ts";
import { plainText, plural } from "./text.ts";

const plain: Layout = { style: makeStyle(false), width: Infinity };

/** Prose with everything that Markdown or HTML would act on escaped, on one line. */
function prose(text: string): string {
  return plainText(text).replace(/\s+/g, " ").replace(/[\\`*_<>|[\]#~&@]/g, "\\$&");
}

/** A code span; its fence is longer than any run of backticks inside. */
function code(text: string): string {
  const clean = plainText(text).replace(/\s+/g, " ");
  const fence = "`".repeat(longestRun(clean) + 1);
  const gap = clean.startsWith("`") || clean.endsWith("`") ? " " : "";
  return `${fence}${gap}${clean}${gap}${fence}`;
}

function block(text: string, language = "text"): string {
  const clean = plainText(text).trimEnd();
  const fence = "`".repeat(Math.max(3, longestRun(clean) + 1));
  return `${fence}${language}\n${clean}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** `id` on `host`, in code: a bare `id@host` would address somebody in an issue. */
function name({ id, host }: { id: string; host: string }): string {
  return host === "-" ? code(id) : `${code(id)} on ${code(host)}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length ? ["", `## ${title}`, "", ...lines] : [];
}

function phaseTable(record: RunRecord): string[] {
  const row = (phase: PhaseRecord) => {
    const outcome = outcomeOf(phase);
    const count = holding(countOutcomes(phase.results));
    const cells = [
      `${mark(outcome, plain.style)} ${outcome}`,
      code(phase.name),
      prose(phase.title),
      count,
      phase.firstRed.length,
      phase.steps.length,
      humanDuration(phase.durationMs),
    ];
    return `| ${cells.join(" | ")} |`;
  };
  return [
    "| | Phase | Promise | Hold | Red first | Steps | Time |",
    "| --- | --- | --- | ---: | ---: | ---: | ---: |",
    ...record.phases.map(row),
  ];
}

/** Services and promises: a row for each service; promises are numbered, as their names would not fit. */
function serviceTable(phase: PhaseRecord): string[] {
  const table = tableOf(phase);
  if (!table) return [];
  const { promises, rows, together } = table;
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  const { headline } = phase.summary ?? {};
  return section(`Services of ${code(phase.name)}`, [
    ...(headline ? [prose(headline), ""] : []),
    row(["", ...promises.map((_, index) => index + 1)]),
    row(["---", ...promises.map(() => ":-:")]),
    ...rows.map(({ service, cells }) =>
      row([code(service), ...cells.map((cell) => mark(cellOutcome(cell), plain.style))])
    ),
    "",
    promises.map((key, index) => `${index + 1} ${code(key)}`).join(", "),
    "",
    signsOf(table).map(({ outcome, meaning }) => `${mark(outcome, plain.style)} ${meaning}`).join(", "),
    "",
    ...together.map((result) => `- ${mark(result.outcome, plain.style)} ${code(result.id)}: ${prose(result.title)}`),
  ]);
}

function story(phase: PhaseRecord): string[] {
  if (phase.steps.length + phase.planned.length + phase.withheld.length === 0) return [];
  const names = (roots: readonly { id: string; host: string }[]) => roots.map((r) => code(shortName(r))).join(", ");
  const green = turnedGreen(phase);
  return [
    `- ${code(phase.name)}`,
    ...(phase.firstRed.length ? [`  - red first: ${names(phase.firstRed)}`] : []),
    ...phase.planned.map((step) => `  - step would run: ${prose(step.does)}${removal(step)}`),
    ...phase.steps.map((step) => {
      const state = step.failure === null ? "ran" : "**failed**";
      return `  - step ${state} in ${humanDuration(step.durationMs ?? 0)}: ${prose(step.does)}`;
    }),
    ...phase.withheld.map((step) => `  - step not run: ${prose(step.does)}${removal(step)}`),
    ...(green.length ? [`  - turned green: ${names(green)}`] : []),
  ];
}

function removal(step: PlannedStep): string {
  const words = removalWords(step);
  return words && `: **${prose(words)}**`;
}

function failure(result: Result): string[] {
  const unseen = result.outcome === "error" ? " (could not be looked at)" : "";
  const minor = result.severity === "minor" ? " (minor)" : "";
  const part = ([label, value]: [string, string]) => {
    if (value === "") return [];
    if (label === "command") return [`${label}:`, "", block(value, "sh"), ""];
    if (label === "expected" || label === "found") return [`${label}:`, "", block(value), ""];
    return [`${label}: ${label === "remedy" ? prose(value) : value.split("\n").map(code).join(", ")}`, ""];
  };
  return [
    `### ${mark(result.outcome, plain.style)} ${name(result)}: ${prose(result.title)}${unseen}${minor}`,
    "",
    prose(result.why),
    "",
    ...failureRows(result).flatMap(part),
  ];
}

function failedSteps(record: RunRecord): string[] {
  return record.phases.flatMap((phase) =>
    phase.steps.filter((step) => step.failure !== null).flatMap((step) => [
      `### ${mark("fail", plain.style)} ${code(phase.name)}: ${prose(step.does)}`,
      "",
      block([step.failure ?? "", ...step.tail].join("\n")),
      "",
      ...(step.log ? [`log: ${code(step.log)}`, ""] : []),
    ])
  );
}

function transitions(record: RunRecord): string[] {
  const all = record.transitions?.transitions ?? [];
  return changes.flatMap((change) => all.filter((t) => t.change === change).map((t) => `- ${change}: ${name(t)}`));
}

/** The run as Markdown, to paste in an issue or a wiki: summary, table of phases, failures with all that is known. */
export function renderMarkdown(record: RunRecord): string {
  const { results, started, finished } = record;
  const red = (["fail", "error"] as const).flatMap((outcome) => results.filter((r) => r.outcome === outcome));
  const listed = (lines: readonly string[]) => lines.map((line) => `- ${prose(line.trim())}`);
  const lines = [
    `# Plumb ${started?.verb ?? ""} of ${prose(started?.site ?? "a site")}: ${finished?.ending ?? "interrupted"}`,
    "",
    `${summaryWords(record)}. Started ${started?.at ?? "never"}.`,
    "",
    ...phaseTable(record),
    ...record.phases.flatMap(serviceTable),
    ...section("Steps", record.phases.flatMap(story)),
    ...section("Failed steps", failedSteps(record)),
    ...section("Failures", red.flatMap(failure)),
    ...section("Blocked", listed(blockedLines(results, plain))),
    ...section("Waived", results.filter((r) => r.outcome === "waived").map((r) => `- ${name(r)}: ${prose(r.note)}`)),
    ...section("Skipped", listed(skippedLines(results, plain))),
    ...section(
      "Green by waiting alone",
      record.phases.flatMap(flakes).map((r) => `- ${name(r)}: green after ${plural(r.attempts, "attempt")}`),
    ),
    ...section(`Since ${record.transitions?.since ?? "the last run"}`, transitions(record)),
    ...section("Warnings", record.warnings.map((warning) => `- ${prose(warning)}`)),
  ];
  return `${lines.join("\n").replace(/\n{3,}/g, "\n\n").trimEnd()}\n`;
}
