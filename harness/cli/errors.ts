import { type Ending, exitCodes } from "../model/outcome.ts";

/** A command cannot be carried out as given; ends with the exit code of its ending. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  constructor(message: string, readonly ending: Ending = "usage", options?: ErrorOptions) {
    super(message, options);
  }
}

/** Errors whose message is the whole story: no stack is shown for them. */
const explained: ReadonlySet<string> = new Set([
  "CommandError",
  "SpecError",
  "SiteError",
  "SecretsError",
  "ReportError",
  "WaiverFileError",
  "LockedError",
  "HistoryError",
  "LabUnavailable",
]);

/** The exit code of an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  const { ending } = error as { ending?: Ending };
  if (ending !== undefined && ending in exitCodes) return exitCodes[ending].code;
  return error instanceof Error && explained.has(error.name) ? exitCodes.usage.code : exitCodes.blind.code;
}

/** The error for people: its message, and what caused it; the stack only if the error is a fault of Plumb's own. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (explained.has(error.name)) return error.message;
  const cause = error.cause instanceof Error ? `\ncaused by: ${error.cause.stack ?? error.cause.message}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
