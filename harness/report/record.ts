import type { EventOf, PhaseSummary, Result, Root, RunEvent } from "../model/event.ts";
import { countOutcomes, type Counts, exitCodes, type Outcome } from "../model/outcome.ts";

/** How many of a step's last output lines are kept for its failure. */
const tailLines = 10;

/** A step that started. */
export interface StepRecord {
  readonly does: string;
  /** `null` while it runs. */
  durationMs: number | null;
  failure: string | null;
  log: string;
  /** Its last output lines. */
  readonly tail: string[];
}

/** A step that `up` would run, or did not run as nobody allowed it. */
export interface PlannedStep {
  readonly does: string;
  /** The red ones that it is there to turn green. */
  readonly because: readonly Root[];
  /** What the red ones found; present if the step takes something away. */
  readonly removes?: readonly string[];
}

/** What is known of a phase so far. */
export interface PhaseRecord {
  readonly name: string;
  title: string;
  state: "pending" | "running" | "finished";
  /** The red ones of the first look. */
  firstRed: readonly Root[];
  /** The red ones of the latest look. */
  red: readonly Root[];
  /** The latest look's number; 0 before the first. */
  attempt: number;
  /** How many were looked at. */
  total: number;
  readonly steps: StepRecord[];
  readonly planned: PlannedStep[];
  /** Steps that take something away and were not allowed to. */
  readonly withheld: PlannedStep[];
  waiting: EventOf<"waiting"> | null;
  readonly results: Result[];
  summary: PhaseSummary | null;
  durationMs: number;
}

/** Everything known of a run so far, folded from its events. All reports but NDJSON are made from it. */
export class RunRecord {
  started: EventOf<"run-started"> | null = null;
  finished: EventOf<"run-finished"> | null = null;
  transitions: EventOf<"transitions"> | null = null;
  readonly warnings: string[] = [];
  private readonly byName = new Map<string, PhaseRecord>();
  private lastAt = "";

  /** The phases: first those that the run announced, in its order. */
  get phases(): PhaseRecord[] {
    return [...this.byName.values()];
  }

  /** Results that came outside of a phase's own run, such as expired waivers: no phase's lines have shown them. */
  readonly late: Result[] = [];

  /** All results so far, phase by phase. */
  get results(): Result[] {
    return this.phases.flatMap((phase) => phase.results);
  }

  /** The run's own counts, or those of the results so far. */
  get counts(): Counts {
    return this.finished?.counts ?? countOutcomes(this.results);
  }

  /** The run's exit code. A run that did not come to its end counts as interrupted. */
  get exitCode(): number {
    return this.finished?.exitCode ?? exitCodes.interrupted.code;
  }

  /** How long the run took, or has taken when its last event came. */
  get durationMs(): number {
    if (this.finished) return this.finished.durationMs;
    return this.started ? Date.parse(this.lastAt) - Date.parse(this.started.at) : 0;
  }

  /** The phase of this name, new if it was not known. */
  phase(name: string): PhaseRecord {
    const known = this.byName.get(name);
    if (known) return known;
    const fresh: PhaseRecord = {
      name,
      title: "",
      state: "pending",
      firstRed: [],
      red: [],
      attempt: 0,
      total: 0,
      steps: [],
      planned: [],
      withheld: [],
      waiting: null,
      results: [],
      summary: null,
      durationMs: 0,
    };
    this.byName.set(name, fresh);
    return fresh;
  }

  /** Takes one event in. */
  on(event: RunEvent): void {
    this.lastAt = event.at;
    switch (event.type) {
      case "run-started":
        this.started = event;
        event.phases.forEach((name) => this.phase(name));
        break;
      case "warning":
        this.warnings.push(event.message);
        break;
      case "transitions":
        this.transitions = event;
        break;
      case "run-finished":
        this.finished = event;
        break;
      case "result":
        this.phase(event.phase).results.push(event.result);
        if (this.phase(event.phase).state !== "running") this.late.push(event.result);
        break;
      default:
        inPhase(this.phase(event.phase), event);
    }
  }
}

type PhaseEvent = Exclude<Extract<RunEvent, { phase: string }>, { type: "result" }>;

function inPhase(phase: PhaseRecord, event: PhaseEvent): void {
  switch (event.type) {
    case "phase-started":
      Object.assign(phase, { title: event.title, state: "running" });
      break;
    case "looked":
      if (phase.attempt === 0) phase.firstRed = event.red;
      Object.assign(phase, { red: event.red, attempt: event.attempt, total: event.total, waiting: null });
      break;
    case "waiting":
      phase.waiting = event;
      break;
    case "step-planned":
      phase.planned.push({ does: event.step, because: event.because, removes: event.removes });
      break;
    case "step-withheld":
      phase.withheld.push({ does: event.step, because: event.because, removes: event.removes });
      break;
    case "step-started":
      phase.waiting = null;
      phase.steps.push({ does: event.step, durationMs: null, failure: null, log: "", tail: [] });
      break;
    case "step-output": {
      const tail = phase.steps.at(-1)?.tail;
      tail?.push(event.line);
      if (tail && tail.length > tailLines) tail.shift();
      break;
    }
    case "step-finished": {
      const { durationMs, failure, log } = event;
      const step = phase.steps.findLast((s) => s.does === event.step);
      if (step) Object.assign(step, { durationMs, failure, log });
      break;
    }
    case "phase-finished":
      Object.assign(phase, {
        title: event.summary.title,
        state: "finished",
        summary: event.summary,
        durationMs: event.durationMs,
        waiting: null,
      });
  }
}

/** The phase's outcome; for a phase that did not finish, the worst of its results so far. */
export function outcomeOf(phase: PhaseRecord): Outcome {
  if (phase.summary) return phase.summary.outcome;
  const counts = countOutcomes(phase.results);
  const worst: Outcome[] = ["fail", "error", "blocked", "pass", "waived"];
  return worst.find((outcome) => counts[outcome] > 0) ?? "skipped";
}

/** Those red at the first look that passed in the end. */
export function turnedGreen(phase: PhaseRecord): Root[] {
  const passed = new Set(phase.results.filter((r) => r.outcome === "pass").map((r) => `${r.id}@${r.host}`));
  return phase.firstRed.filter((root) => passed.has(`${root.id}@${root.host}`));
}

/** Results that turned green by waiting alone: no step of the phase ran, or it had been green before it was red. */
export function flakes(phase: PhaseRecord): Result[] {
  return phase.results.filter((result) => {
    if (result.outcome !== "pass" || !result.seenRed) return false;
    const firstPass = result.looks.findIndex((look) => look.outcome === "pass");
    const relapsed = firstPass >= 0 && result.looks.slice(firstPass).some((look) => look.outcome === "fail");
    return phase.steps.length === 0 || relapsed;
  });
}

/** How many of the results hold, of how many that were not skipped: `18 of 18`. */
export function holding(counts: Counts): string {
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return `${counts.pass} of ${all - counts.skipped}`;
}

/** What a step would take away, as its red ones found it, and what allows it to; empty for other steps. */
export function removalWords({ removes }: PlannedStep): string {
  return removes ? `would remove something, needs --allow-removal; found ${[...new Set(removes)].join("; ")}` : "";
}

/** `phase/id on host`, or `phase/id` where there is no host. */
export function spokenName({ id, host }: Root): string {
  return host === "-" ? id : `${id} on ${host}`;
}

/** `id@host` without the phase: for lines that name the phase already. */
export function shortName({ id, host }: Root): string {
  const short = id.slice(id.indexOf("/") + 1);
  return host === "-" ? short : `${short}@${host}`;
}

/** `phase/id@host`, or `phase/id` where there is no host: the JSON report's way. */
export function rootReference({ id, host }: Root): string {
  return host === "-" ? id : `${id}@${host}`;
}
