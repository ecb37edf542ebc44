import type { Result, Root } from "../model/event.ts";
import { humanDuration } from "../model/duration.ts";
import { flakes, type PhaseRecord, rootReference, spokenName, type StepRecord } from "./record.ts";
import { mark, type Paint, type Style } from "./style.ts";
import { tableLines } from "./table.ts";
import { pad, plainText, plural, wrap } from "./text.ts";

/** How text is laid out: its colours, and the columns to wrap at (`Infinity`: never). */
export interface Layout {
  readonly style: Style;
  readonly width: number;
}

const labelWidth = 10;
/** Lines of one value that are printed; the reports have them all. */
const mostLines = 12;

/** The value beside its label, further lines below it. Commands are never wrapped, so that they can be copied. */
function row(label: string, value: string, layout: Layout, paint: Paint = (text) => text): string[] {
  const clean = plainText(value).trimEnd();
  if (clean === "") return [];
  const room = Math.max(20, layout.width - labelWidth - 4);
  const lines = label === "command" ? clean.split("\n") : wrap(clean, room);
  const left = lines.length - mostLines;
  const shown = left > 1 ? [...lines.slice(0, mostLines), `… ${left} more lines`] : lines;
  return shown.map((line, at) => `    ${layout.style.dim(pad(at === 0 ? label : "", labelWidth))}${paint(line)}`);
}

/** The parts of a failure in the order in which a person needs them; the Markdown report uses the same. */
export function failureRows(result: Result): [label: string, value: string][] {
  return [
    ["expected", result.expected],
    ["found", result.found],
    ["command", result.command],
    ["remedy", result.remedy],
    ["runbook", result.runbook],
    ["kept", result.diagnostics.join("\n")],
  ];
}

/**
 * A failed assertion, or one that could not be looked at: title, why, then expected, found, command, remedy, runbook.
 */
export function failureBlock(result: Result, layout: Layout): string[] {
  const { style, width } = layout;
  const minor = result.severity === "minor" ? style.dim(" (minor)") : "";
  const paint = result.outcome === "error" ? style.yellow : style.red;
  const heading = `${style.bold(spokenName(result))}  ${plainText(result.title)}`;
  const unseen = result.outcome === "error" ? style.yellow("  could not be looked at") : "";
  return [
    `  ${mark(result.outcome, style)} ${heading}${unseen}${minor}`,
    ...wrap(plainText(result.why), Math.max(20, width - 4)).filter((line) => line).map((line) =>
      `    ${style.dim(line)}`
    ),
    ...failureRows(result).flatMap(([label, value]) =>
      row(label, value, layout, label === "found" ? paint : undefined)
    ),
  ];
}

/** A step that failed: what it says, its last output and where its log is. */
export function stepFailureBlock(step: StepRecord, layout: Layout): string[] {
  if (step.failure === null) return [];
  const { style } = layout;
  const took = step.durationMs === null ? "" : ` after ${humanDuration(step.durationMs)}`;
  return [
    `  ${mark("fail", style)} ${style.bold("step")}  ${plainText(step.does)}${style.red(`  failed${took}`)}`,
    ...row("failure", step.failure, layout, style.red),
    ...row("output", step.tail.join("\n"), layout, style.dim),
    ...row("log", step.log, layout),
  ];
}

/** Groups results by a key of theirs, in the order of first appearance; those without one are left out. */
function groups(results: readonly Result[], key: (result: Result) => string | null): [string, Result[]][] {
  const grouped = Map.groupBy(results, key);
  return [...grouped].flatMap(([name, members]) => name === null ? [] : [[name, members]]);
}

/** One line per root: `⊘ 9 blocked by machines/running on worker-2`. */
export function blockedLines(results: readonly Result[], { style }: Layout): string[] {
  const root = (cause: Root | null) => cause === null ? "an unknown root" : spokenName(cause);
  return groups(results, (r) => r.outcome === "blocked" ? root(r.blockedBy) : null).map(([name, members]) =>
    `  ${mark("blocked", style)} ${members.length} blocked by ${name}`
  );
}

/** One line per reason: `– 2 skipped: needs --exercise`. */
export function skippedLines(results: readonly Result[], { style }: Layout): string[] {
  return groups(results, (r) => r.outcome === "skipped" ? r.note : null).map(([note, members]) =>
    `  ${mark("skipped", style)} ${style.dim(`${members.length} skipped${note && `: ${plainText(note)}`}`)}`
  );
}

/** Waived results of a phase whose reasons are all told; more of them only where nothing else is on the screen. */
const fewWaived = 2;

/** One line per waived result, with the waiver's reason; one line for all if they are many and `again` is how to see them. */
export function waivedLines(results: readonly Result[], { style }: Layout, again?: string): string[] {
  const waived = results.filter((r) => r.outcome === "waived");
  const line = (name: string, text: string) => `  ${mark("waived", style)} ${name}  ${style.dim(text)}`;
  if (again === undefined || waived.length <= fewWaived) {
    return waived.map((r) => line(spokenName(r), `waived: ${plainText(r.note)}`));
  }
  return [line(`${waived.length} waived`, `why and until when: ${again}`)];
}

/**
 * One line per result that turned green by waiting alone: `↻ vpn/handshake-young on worker-1  green after 4 attempts`.
 */
export function flakeLines(phase: PhaseRecord, { style }: Layout): string[] {
  return flakes(phase).map((r) =>
    `  ${style.yellow("↻")} ${spokenName(r)}  ${style.yellow(`green after ${plural(r.attempts, "attempt")}`)}`
  );
}

/** Blocks apart from each other, then the lines below them. */
function stacked(blocks: readonly string[][], lines: readonly string[]): string[] {
  return [...blocks.flatMap((block) => ["", ...block]), ...(blocks.length && lines.length ? [""] : []), ...lines];
}

/** One result that stands for the same assertion on several hosts: their names, and what was found on which. */
export function mergeHosts(results: readonly Result[]): Result {
  const [first] = results;
  if (results.length === 1) return first;
  const same = results.every((result) => result.found === first.found);
  return {
    ...first,
    host: results.map((result) => result.host).join(", "),
    found: same ? first.found : results.map((result) => `${result.host}: ${result.found}`).join("\n"),
    diagnostics: results.flatMap((result) => result.diagnostics),
  };
}

/** The blocks of what failed, then of what could not be looked at; one block for an assertion, however many its hosts. */
function redBlocks(results: readonly Result[], layout: Layout): string[][] {
  return (["fail", "error"] as const).flatMap((outcome) =>
    groups(results, (r) => r.outcome === outcome ? r.id : null).map(([, alike]) =>
      failureBlock(mergeHosts(alike), layout)
    )
  );
}

/** All that results have to say: a block for each red one, a line for each group of the others. */
export function resultDetails(results: readonly Result[], layout: Layout): string[] {
  return stacked(redBlocks(results, layout), [
    ...blockedLines(results, layout),
    ...waivedLines(results, layout),
    ...skippedLines(results, layout),
  ]);
}

/**
 * All that a phase has to say besides its own lines. What a planned step would turn green needs no person: no block.
 * `alone`: it is the run's only phase, so there is room for its table of services.
 */
export function phaseDetails(phase: PhaseRecord, layout: Layout, alone = false): string[] {
  const planned = new Set(phase.planned.flatMap((step) => step.because).map(rootReference));
  const unplanned = phase.results.filter((result) => !planned.has(rootReference(result)));
  const steps = phase.steps.map((step) => stepFailureBlock(step, layout)).filter((block) => block.length > 0);
  const { headline, again } = phase.summary ?? {};
  const lines = stacked([...steps, ...redBlocks(unplanned, layout)], [
    ...blockedLines(unplanned, layout),
    ...flakeLines(phase, layout),
    ...waivedLines(unplanned, layout, alone ? undefined : again),
    ...skippedLines(unplanned, layout),
  ]);
  return [
    ...(headline ? [`    ${layout.style.dim(plainText(headline))}`] : []),
    ...lines,
    ...(alone ? tableLines(phase, layout) : []),
  ];
}
