import type { EventOf, Reporter, Root, RunEvent } from "../model/event.ts";
import { countOutcomes } from "../model/outcome.ts";
import { humanDuration } from "../model/duration.ts";
import { type Layout, phaseDetails, resultDetails } from "./failure.ts";
import { waitingWords } from "./phase_lines.ts";
import {
  holding,
  outcomeOf,
  type PhaseRecord,
  type PlannedStep,
  removalWords,
  RunRecord,
  shortName,
} from "./record.ts";
import { makeStyle, mark } from "./style.ts";
import { endLines, transitionLines } from "./summary.ts";
import { lastLine, plainText, plural } from "./text.ts";

/** Where plain lines go. */
export interface PlainOptions {
  write(text: string): void;
  readonly color: boolean;
  /** Names of the reports to list at the end. */
  readonly reports?: readonly string[];
  /** Milliseconds of a clock that never jumps; the process's own if absent. */
  readonly now?: () => number;
}

/** A phase's progress is told at most this often, in milliseconds. */
const progressEveryMs = 5_000;

/**
 * Tells a run in lines that stand on their own, each under its phase's name: for pipes, CI and nightly logs.
 * Says what was red first, which steps ran and what turned green; never moves the cursor.
 */
export function consolePlain(options: PlainOptions): Reporter {
  return new Plain(options);
}

class Plain implements Reporter {
  private readonly record = new RunRecord();
  private readonly layout: Layout;
  /** Whether the last line is blank. */
  private apart = false;
  /** The blocker last named, by phase: it is named again only when it changes. */
  private readonly waits = new Map<string, string>();
  /** When a phase's progress was last told. */
  private readonly progressAt = new Map<string, number>();
  private readonly now: () => number;

  constructor(private readonly options: PlainOptions) {
    this.now = options.now ?? (() => performance.now());
    this.layout = { style: makeStyle(options.color), width: Infinity };
  }

  on(event: RunEvent): void {
    const before = event.type === "looked" ? { ...this.record.phase(event.phase) } : null;
    this.record.on(event.type === "step-output" ? { ...event, line: lastLine(event.line) } : event);
    switch (event.type) {
      case "run-started":
        return this.say(`plumb ${event.verb} ${plainText(event.site)}: ${event.phases.join(", ")}`);
      case "looked":
        return this.sayLook(event, before!);
      case "waiting":
        return this.sayWait(event);
      case "step-planned":
        return this.sayPlanned("would run", event.phase, this.record.phase(event.phase).planned.at(-1)!);
      case "step-withheld":
        return this.sayPlanned("not run", event.phase, this.record.phase(event.phase).withheld.at(-1)!);
      case "step-output":
        return this.sayProgress(event);
      case "step-started":
        return this.say(`${event.phase}: step: ${plainText(event.step)}`);
      case "step-finished":
        return this.say(
          `${event.phase}: step ${event.failure === null ? "done" : "failed"} in ${humanDuration(event.durationMs)}`,
        );
      case "phase-finished":
        return this.sayPhase(this.record.phase(event.phase));
      case "warning":
        return this.say(`warning: ${plainText(event.message)}`);
      case "transitions":
        return this.say(...this.gap(), ...transitionLines(event, this.layout));
      case "run-finished":
        return this.sayEnd();
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private gap(): string[] {
    return this.apart ? [] : [""];
  }

  private say(...lines: string[]): void {
    this.apart = lines.at(-1) === "";
    this.options.write(lines.map((line) => `${line}\n`).join(""));
  }

  private sayPlanned(what: string, phase: string, step: PlannedStep): void {
    const removal = removalWords(step);
    const names = step.because.map(shortName).join(", ");
    this.say(`${phase}: ${what}: ${plainText(step.does)}: ${names}${removal && `: ${plainText(removal)}`}`);
  }

  /** Of a step's output only lines that say how far it is, now and then: the step's log has the others. */
  private sayProgress({ phase, line }: EventOf<"step-output">): void {
    const text = lastLine(line);
    const now = this.now();
    if (!/\d%/.test(text) || now - (this.progressAt.get(phase) ?? -Infinity) < progressEveryMs) return;
    this.progressAt.set(phase, now);
    this.say(`${phase}: ${text}`);
  }

  /** Looks that saw what the one before saw are not worth a line. */
  private sayLook({ phase, attempt, red, total }: EventOf<"looked">, before: PhaseRecord): void {
    const names = (roots: readonly Root[]) => roots.map(shortName).join(", ");
    const isRed = new Set(red.map(shortName));
    const green = before.red.filter((root) => !isRed.has(shortName(root)));
    const wasRed = new Set(before.red.map(shortName));
    const changed = green.length > 0 || red.some((root) => !wasRed.has(shortName(root)));
    if (before.attempt > 0 && !changed) return;
    this.say([
      red.length
        ? `${phase}: look ${attempt}: ${red.length} of ${total} red: ${names(red)}`
        : `${phase}: look ${attempt}: none of ${total} red`,
      ...(green.length ? [`turned green: ${names(green)}`] : []),
    ].join("; "));
  }

  private sayWait({ phase, on, leftMs }: EventOf<"waiting">): void {
    const words = waitingWords(on);
    if (this.waits.get(phase) === words) return;
    this.waits.set(phase, words);
    this.say(`${phase}: ${words}, ${Math.ceil(leftMs / 1000)} s left`);
  }

  private sayPhase(phase: PhaseRecord): void {
    const ran = phase.steps.length ? ` (was red: ${phase.firstRed.length}, ${plural(phase.steps.length, "step")})` : "";
    const count = holding(countOutcomes(phase.results));
    const sign = mark(outcomeOf(phase), this.layout.style);
    const details = phaseDetails(phase, this.layout, this.record.phases.length === 1);
    this.say(
      `${phase.name}: ${sign} ${plainText(phase.title)}: ${count}${ran} in ${humanDuration(phase.durationMs)}`,
      ...details,
      ...(details.includes("") ? [""] : []),
    );
  }

  private sayEnd(): void {
    const reports = this.options.reports ?? [];
    const late = resultDetails(this.record.late, this.layout);
    this.say(
      ...(late[0] === "" && this.apart ? late.slice(1) : late),
      ...(late.length ? [""] : this.gap()),
      ...endLines(this.record, this.layout.style),
      ...(reports.length ? [`Reports: ${reports.join(", ")}`] : []),
    );
  }
}
