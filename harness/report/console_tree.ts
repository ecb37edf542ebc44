import type { Reporter, RunEvent } from "../model/event.ts";
import { type Layout, phaseDetails, resultDetails } from "./failure.ts";
import { frameMs, Painter, type Screen } from "./painter.ts";
import { type Clock, type Columns, finishedLines, footer, layOut, runningLines } from "./phase_lines.ts";
import { type PhaseRecord, RunRecord } from "./record.ts";
import { makeStyle, type Style } from "./style.ts";
import { endLines, transitionLines } from "./summary.ts";
import { lastLine, plainText } from "./text.ts";

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** What the live tree is drawn on. */
export interface TreeOptions extends Screen {
  readonly color: boolean;
  /** Names of the reports to list at the end. */
  readonly reports?: readonly string[];
  /**
   * Calls `tick` every `ms` milliseconds until the returned function is called; a timer that keeps no process alive if
   * absent.
   */
  readonly every?: (ms: number, tick: () => void) => () => void;
}

function timer(ms: number, tick: () => void): () => void {
  const id = setInterval(tick, ms);
  Deno.unrefTimer(id);
  return () => clearInterval(id);
}

/**
 * Draws a run as a live tree: running phases move at the bottom, finished ones stay above, red ones with all that is
 * known.
 */
export function consoleTree(options: TreeOptions): Reporter {
  return new Tree(options);
}

class Tree implements Reporter {
  private readonly record = new RunRecord();
  private readonly painter: Painter;
  private readonly style: Style;
  private readonly startedAt: number;
  private readonly since = new Map<string, { phase: number; step: number; wait: number }>();
  private readonly stop: () => void;
  private frameNumber = 0;
  /** Whether the last permanent line is blank. */
  private apart = true;

  constructor(private readonly options: TreeOptions) {
    this.painter = new Painter(options);
    this.style = makeStyle(options.color);
    this.startedAt = options.now();
    this.stop = (options.every ?? timer)(frameMs, () => this.tick());
  }

  on(event: RunEvent): void {
    this.record.on(event.type === "step-output" ? { ...event, line: lastLine(event.line) } : event);
    this.stamp(event);
    switch (event.type) {
      case "run-started":
        return this.print([this.style.dim(`plumb ${event.verb} ${plainText(event.site)}`), ""]);
      case "phase-finished":
        return this.printPhase(this.record.phase(event.phase));
      case "warning":
        return this.print([`${this.style.yellow("!")} ${plainText(event.message)}`]);
      case "transitions":
        return this.print([...this.gap(), ...transitionLines(event, this.layout())]);
      case "run-finished":
        return this.printEnd();
      default:
        this.painter.paint(this.live());
    }
  }

  close(): Promise<void> {
    this.stop();
    this.painter.close();
    return Promise.resolve();
  }

  private tick(): void {
    this.frameNumber++;
    if (!this.record.finished) this.painter.paint(this.live());
  }

  /** Notes by the screen's clock when something began: an event's own time is the wall clock's, which can jump. */
  private stamp(event: RunEvent): void {
    if (!("phase" in event)) return;
    const now = this.options.now();
    const since = this.since.get(event.phase) ?? { phase: now, step: now, wait: now };
    if (event.type === "step-started") since.step = now;
    if (event.type === "waiting") since.wait = now;
    this.since.set(event.phase, since);
  }

  private columns(): Columns {
    return layOut(this.options.columns(), this.record.phases.map((p) => p.name));
  }

  private layout(): Layout {
    return { style: this.style, width: this.options.columns() - 1 };
  }

  private live(): string[] {
    if (!this.record.started || this.record.finished) return [];
    const columns = this.columns();
    const sign = spinner[this.frameNumber % spinner.length];
    const running = this.record.phases.filter((phase) => phase.state === "running");
    return [
      ...running.flatMap((phase) => runningLines(phase, this.clock(phase), sign, columns, this.style)),
      footer(this.record.phases, this.options.now() - this.startedAt, columns, this.style),
    ];
  }

  private clock(phase: PhaseRecord): Clock {
    const now = this.options.now();
    const { phase: phaseSince, step: stepSince, wait: waitSince } = this.since.get(phase.name) ??
      { phase: now, step: now, wait: now };
    return { now, phaseSince, stepSince, waitSince };
  }

  private print(lines: readonly string[]): void {
    this.apart = lines.at(-1) === "";
    this.painter.print(lines, this.live());
  }

  private gap(): string[] {
    return this.apart ? [] : [""];
  }

  /** Phases with failures stand apart from their neighbours. */
  private printPhase(phase: PhaseRecord): void {
    const details = phaseDetails(phase, this.layout(), this.record.phases.length === 1);
    const long = details.includes("");
    this.print([
      ...(long ? this.gap() : []),
      ...finishedLines(phase, this.columns(), this.style),
      ...details,
      ...(long ? [""] : []),
    ]);
  }

  private printEnd(): void {
    const reports = this.options.reports ?? [];
    const late = resultDetails(this.record.late, this.layout());
    this.print([
      ...(late[0] === "" && this.apart ? late.slice(1) : late),
      ...(late.length ? [""] : this.gap()),
      ...endLines(this.record, this.style),
      ...(reports.length ? [this.style.dim(`Reports: ${reports.join(", ")}`)] : []),
    ]);
  }
}
