import type { Counts, Ending, Outcome, Severity } from "./outcome.ts";

/** The verbs that observe a site. */
export type Verb = "up" | "plan" | "check" | "drift" | "reset";

/** What blocks a result: an assertion, and the host that it was red on (`-` where it has none). */
export interface Root {
  /** `phase/assertion`. */
  readonly id: string;
  readonly host: string;
}

/** One look at one assertion on one host. Only looks that differ from the one before are kept. */
export interface Look {
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly found: string;
}

/** The final word on one assertion on one host. */
export interface Result {
  /** `phase/assertion`. */
  readonly id: string;
  /** Host name; `-` where the assertion has no host, or all hosts were judged together. */
  readonly host: string;
  readonly title: string;
  readonly outcome: Outcome;
  readonly severity: Severity;
  /** How often it was looked at. */
  readonly attempts: number;
  /** True if any look of this run found it red. */
  readonly seenRed: boolean;
  readonly durationMs: number;
  readonly expected: string;
  /** What the last look found; truncated and redacted. For `error` why it could not be looked at. */
  readonly found: string;
  /** What a person types to see the same. */
  readonly command: string;
  readonly remedy: string;
  readonly why: string;
  /** Relative link of the assertion's runbook section. */
  readonly runbook: string;
  readonly blockedBy: Root | null;
  /** Why it was skipped, or the waiver's reason; empty otherwise. */
  readonly note: string;
  /** The distinct observations on the way here. */
  readonly looks: readonly Look[];
  /** Files with collected diagnostics, relative to the project's folder. */
  readonly diagnostics: readonly string[];
}

/** What a phase came to. */
export interface PhaseSummary {
  readonly name: string;
  readonly title: string;
  /** The worst outcome in it: fail, error, blocked, then pass; `skipped` if nothing was looked at. */
  readonly outcome: Outcome;
  /** The `does` of each step that ran, in order. */
  readonly stepsRun: readonly string[];
  /** The command that looks at the phase alone. */
  readonly again?: string;
  /** How much was looked at, where the phase says so. */
  readonly headline?: string;
  /** Its results are a table of services and promises, and are to be shown as one. */
  readonly table?: true;
}

/** How a result changed since the last run of the same site. */
export interface Transition {
  readonly id: string;
  readonly host: string;
  readonly change: "new red" | "fixed" | "still red";
  readonly from: Outcome | null;
  readonly to: Outcome;
}

/** Everything that happens in a run, in order. Each event is one NDJSON line; every report is made from these alone. */
export type RunEvent =
  & { readonly at: string }
  & (
    | {
      readonly type: "run-started";
      readonly schema: 1;
      readonly run: string;
      readonly verb: Verb;
      readonly site: string;
      readonly phases: readonly string[];
    }
    | { readonly type: "phase-started"; readonly phase: string; readonly title: string; readonly assertions: number }
    | {
      readonly type: "looked";
      readonly phase: string;
      readonly attempt: number;
      readonly red: readonly Root[];
      readonly total: number;
    }
    | { readonly type: "waiting"; readonly phase: string; readonly on: readonly Root[]; readonly leftMs: number }
    | {
      readonly type: "step-planned";
      readonly phase: string;
      readonly step: string;
      readonly because: readonly Root[];
      /** Present if it takes something away: what the red ones found, and so what would go. */
      readonly removes?: readonly string[];
    }
    | {
      /** A step that takes something away was not run: nobody allowed it. */
      readonly type: "step-withheld";
      readonly phase: string;
      readonly step: string;
      readonly because: readonly Root[];
      /** What the red ones found, and so what would go. */
      readonly removes: readonly string[];
    }
    | {
      readonly type: "step-started";
      readonly phase: string;
      readonly step: string;
      readonly makes: readonly string[];
    }
    | { readonly type: "step-output"; readonly phase: string; readonly step: string; readonly line: string }
    | {
      readonly type: "step-finished";
      readonly phase: string;
      readonly step: string;
      readonly durationMs: number;
      readonly failure: string | null;
      readonly log: string;
    }
    | { readonly type: "result"; readonly phase: string; readonly result: Result }
    | {
      readonly type: "phase-finished";
      readonly phase: string;
      readonly summary: PhaseSummary;
      readonly durationMs: number;
    }
    | { readonly type: "warning"; readonly message: string }
    | { readonly type: "transitions"; readonly since: string | null; readonly transitions: readonly Transition[] }
    | {
      readonly type: "run-finished";
      readonly ending: Ending;
      readonly exitCode: number;
      readonly counts: Counts;
      readonly durationMs: number;
      readonly stepsRun: number;
    }
  );

/** An event of one type. */
export type EventOf<K extends RunEvent["type"]> = Extract<RunEvent, { type: K }>;

/** An event before it is stamped. */
export type Unstamped = RunEvent extends infer E ? E extends RunEvent ? Omit<E, "at"> : never : never;

/** Receives every event of a run as it happens; may write. `close` flushes. */
export interface Reporter {
  on(event: RunEvent): void;
  close(): Promise<void>;
}
