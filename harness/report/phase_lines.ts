import { countOutcomes } from "../model/outcome.ts";
import { humanDuration } from "../model/duration.ts";
import {
  holding,
  outcomeOf,
  type PhaseRecord,
  type PlannedStep,
  removalWords,
  shortName,
  turnedGreen,
} from "./record.ts";
import { inColourOf, mark, type Style } from "./style.ts";
import { fit, listWithin, pad, padLeft, plainText, plural, wrap } from "./text.ts";

/** Widths of the columns of a phase's line. */
export interface Columns {
  readonly all: number;
  readonly name: number;
  readonly title: number;
  /** Whether the line has room for the note between count and duration. */
  readonly note: boolean;
}

const widest = 110;
const countWidth = 8;
const durationWidth = 12;
const noteWidth = 26;

/** Shares a terminal's width out among the columns; `names` are all phases' names. */
export function layOut(columns: number, names: readonly string[]): Columns {
  const all = Math.min(columns - 1, widest);
  const name = Math.max(8, ...names.map((n) => n.length));
  const left = all - 2 - name - 2 - 2 - countWidth - durationWidth;
  const note = left >= noteWidth + 30;
  return { all, name, title: Math.min(46, note ? left - noteWidth : left), note };
}

interface Cells {
  readonly sign: string;
  readonly name: string;
  readonly title: string;
  readonly count: string;
  readonly note?: string;
  readonly duration: string;
}

/** One aligned line; the title goes where there is no room for it. */
export function phaseRow(cells: Cells, columns: Columns): string {
  const title = columns.title >= 10 ? `  ${pad(fit(plainText(cells.title), columns.title), columns.title)}` : "";
  const left = `${cells.sign} ${pad(cells.name, columns.name)}${title}  ${padLeft(cells.count, countWidth)}`;
  return endAt(columns, cells.note ? `${left}  ${cells.note}` : left, cells.duration);
}

/** The line with a duration at its right edge, cut before it where the two do not fit. */
export function endAt(columns: Columns, line: string, duration: string): string {
  return pad(fit(line, columns.all - duration.length - 2), columns.all - duration.length) + duration;
}

function noteOf(phase: PhaseRecord): string {
  return phase.steps.length ? `(was red: ${phase.firstRed.length}, ${plural(phase.steps.length, "step")})` : "";
}

/** A finished phase: its line, and what it took to get there where steps ran. */
export function finishedLines(phase: PhaseRecord, columns: Columns, style: Style): string[] {
  const outcome = outcomeOf(phase);
  const bad = outcome === "fail" || outcome === "error";
  const note = noteOf(phase);
  const count = holding(countOutcomes(phase.results));
  const line = phaseRow({
    sign: mark(outcome, style),
    name: bad ? style.bold(inColourOf(outcome, phase.name, style)) : phase.name,
    title: phase.title,
    count: bad ? inColourOf(outcome, count, style) : count,
    note: columns.note ? style.dim(note) : "",
    duration: humanDuration(phase.durationMs),
  }, columns);
  const below = note && !columns.note ? [`    ${style.dim(note)}`] : [];
  return [
    outcome === "blocked" || outcome === "skipped" ? style.dim(line) : line,
    ...below,
    ...story(phase, columns, style),
  ];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** What was red first, the steps that ran or would run, what turned green. */
function story(phase: PhaseRecord, columns: Columns, style: Style): string[] {
  if (phase.steps.length + phase.planned.length + phase.withheld.length === 0) return [];
  const named = (label: string, names: string[]) =>
    `    ${style.dim(pad(label, 14) + listWithin(names, columns.all - 18))}`;
  const green = turnedGreen(phase);
  const allGreen = green.length === phase.firstRed.length;
  return [
    ...(phase.firstRed.length ? [named(phase.steps.length ? "was red" : "red", phase.firstRed.map(shortName))] : []),
    ...phase.planned.flatMap((step) => [
      endAt(columns, `    ${style.cyan("▸")} would ${lowerFirst(plainText(step.does))}`, `${step.because.length} red`),
      ...removalLines(step, columns, style),
    ]),
    ...phase.steps.map((step) => {
      const sign = mark(step.failure === null ? "pass" : "fail", style);
      return endAt(columns, `    ${sign} ${plainText(step.does)}`, humanDuration(step.durationMs ?? 0));
    }),
    ...phase.withheld.flatMap((step) => [
      endAt(columns, `    ${mark("skipped", style)} not run: ${plainText(step.does)}`, `${step.because.length} red`),
      ...removalLines(step, columns, style),
    ]),
    ...(green.length ? [named("turned green", allGreen ? [`all ${green.length}`] : green.map(shortName))] : []),
  ];
}

/** What a step would take away: whole, however long, as it is for a person to decide. */
function removalLines(step: PlannedStep, columns: Columns, style: Style): string[] {
  const words = removalWords(step);
  return words ? wrap(plainText(words), columns.all - 6).map((line) => `      ${style.yellow(line)}`) : [];
}

/** Times of a running phase, in milliseconds of the screen's clock. */
export interface Clock {
  readonly now: number;
  readonly phaseSince: number;
  readonly stepSince: number;
  readonly waitSince: number;
}

/** Whole seconds: tenths would only flicker. */
function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A running phase: its line, the running step with its last output, what is waited for. */
export function runningLines(phase: PhaseRecord, clock: Clock, sign: string, columns: Columns, style: Style): string[] {
  const seen = phase.attempt > 0;
  const line = phaseRow({
    sign: style.cyan(sign),
    name: style.bold(phase.name),
    title: phase.title,
    count: seen ? `${phase.red.length || "none"} red` : "",
    duration: elapsed(clock.now - clock.phaseSince),
  }, columns);
  const lines = [line];
  const step = phase.steps.at(-1);
  if (step?.durationMs === null) {
    lines.push(endAt(columns, `    ${style.cyan("▸")} ${plainText(step.does)}`, elapsed(clock.now - clock.stepSince)));
    const said = step.tail.at(-1);
    if (said) lines.push(`      ${style.dim(fit(said, columns.all - 6))}`);
  } else if (phase.waiting) {
    const left = Math.max(0, phase.waiting.leftMs - (clock.now - clock.waitSince));
    lines.push(`    ${style.dim(`${waitingWords(phase.waiting.on)}, ${Math.ceil(left / 1000)} s left`)}`);
  }
  return lines;
}

/** `waiting for worker-1 vpn/handshake-young and 2 more`. */
export function waitingWords(on: readonly { id: string; host: string }[]): string {
  const [first, ...others] = on;
  if (!first) return "waiting";
  const name = first.host === "-" ? first.id : `${first.host} ${first.id}`;
  return `waiting for ${name}${others.length ? ` and ${others.length} more` : ""}`;
}

/** The last live line: how far the run is and what comes next. */
export function footer(phases: readonly PhaseRecord[], runtimeMs: number, columns: Columns, style: Style): string {
  const done = phases.filter((p) => p.state === "finished").length;
  const pending = phases.filter((p) => p.state === "pending").map((p) => p.name);
  const next = pending.length ? `, then ${listWithin(pending, columns.all - 40)}` : "";
  return endAt(columns, style.dim(`  ${done} of ${plural(phases.length, "phase")} done${next}`), elapsed(runtimeMs));
}
