import type { ProbeSpec } from "./probe.ts";
import type { Host } from "./site.ts";

/** A probe to be run on a host, or from the runner where `host` is null. */
export interface Question {
  readonly host: Host | null;
  readonly probe: ProbeSpec;
}

/** What came of a question: a raw value for the probe to read, or why nobody could look. */
export type Answer =
  | { readonly ok: true; readonly raw: unknown }
  | {
    readonly ok: false;
    readonly reason: string;
    /** Asking again cannot help. */
    readonly fatal: boolean;
    /** The whole host could not be reached. */
    readonly hostDown: boolean;
  };

/** What came of a command: its exit code, and what it printed to standard output and error. */
export interface Acted {
  readonly code: number;
  readonly output: string;
}

/** Answers questions; the same question twice in one call is asked once. Never rejects for what it cannot see. */
export interface Observer {
  ask(questions: readonly Question[], signal: AbortSignal): Promise<Answer[]>;
  /**
   * Runs a command that may change the host, or the runner where `host` is null; for exercises and diagnostics. Resolves
   * to its exit code and output; rejects if it could not be run or took longer than `limitMs`.
   */
  act(host: Host | null, command: string, limitMs: number, signal: AbortSignal): Promise<Acted>;
}
