import type { Verb } from "../model/event.ts";
import type { Counts, Outcome, Severity } from "../model/outcome.ts";
import { outcomeOf, rootReference, type RunRecord } from "./record.ts";

/** The JSON report: a contract. Within a schema members are only ever added. */
export interface JsonReport {
  readonly schema: 1;
  readonly verb: Verb;
  readonly site: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly exitCode: number;
  readonly counts: Counts;
  readonly phases: readonly { name: string; outcome: Outcome; stepsRun: readonly string[] }[];
  readonly results: readonly JsonResult[];
}

/** One result of the JSON report. */
export interface JsonResult {
  /** `phase/assertion`. */
  readonly id: string;
  /** `-` where the assertion has none. */
  readonly host: string;
  readonly outcome: Outcome;
  readonly severity: Severity;
  readonly attempts: number;
  readonly seenRed: boolean;
  readonly durationMs: number;
  readonly expected: string;
  readonly found: string;
  /**
   * `phase/assertion@host`, or `phase/assertion` where the root has no host; `null` for outcomes other than `blocked`.
   */
  readonly blockedBy: string | null;
  /** Files with collected diagnostics, relative to the project's folder. */
  readonly diagnostics: readonly string[];
}

/** The run as the JSON report has it. A run that did not come to its end has the exit code of an interrupted one. */
export function toJson(record: RunRecord): JsonReport {
  if (!record.started) {
    throw new TypeError("Cannot report a run: it has no run-started event; give the reporter every event");
  }
  return {
    schema: 1,
    verb: record.started.verb,
    site: record.started.site,
    startedAt: record.started.at,
    durationMs: record.durationMs,
    exitCode: record.exitCode,
    counts: record.counts,
    phases: record.phases.map((phase) => ({
      name: phase.name,
      outcome: outcomeOf(phase),
      stepsRun: phase.summary?.stepsRun ?? phase.steps.map((step) => step.does),
    })),
    results: record.results.map((result) => ({
      id: result.id,
      host: result.host,
      outcome: result.outcome,
      severity: result.severity,
      attempts: result.attempts,
      seenRed: result.seenRed,
      durationMs: result.durationMs,
      expected: result.expected,
      found: result.found,
      blockedBy: result.blockedBy && rootReference(result.blockedBy),
      diagnostics: result.diagnostics,
    })),
  };
}

/** The JSON report's text. */
export function renderJson(record: RunRecord): string {
  return `${JSON.stringify(toJson(record), null, 2)}\n`;
}
