/** What a look at one assertion can end in. `error` means "could not look", never "is false". */
export const outcomes = ["pass", "fail", "error", "blocked", "skipped", "waived"] as const;
/** One of {@linkcode outcomes}. */
export type Outcome = (typeof outcomes)[number];

/** How bad a red assertion is: `critical` stops dependent phases, `major` fails the run, `minor` is only reported. */
export const severities = ["critical", "major", "minor"] as const;
/** One of {@linkcode severities}. */
export type Severity = (typeof severities)[number];

/** How many results ended in each outcome. */
export type Counts = Record<Outcome, number>;

/** The process exit codes, with the sentence that the README prints for each. */
export const exitCodes = {
  green: { code: 0, means: "Every promise that was looked at holds (waived and minor ones aside)." },
  red: { code: 1, means: "At least one promise does not hold, or a step failed." },
  usage: { code: 2, means: "The command line, the site file or a spec is wrong; nothing was touched." },
  blind: { code: 3, means: "Nothing is known to be false, but something could not be looked at." },
  interrupted: { code: 130, means: "The run was interrupted; reports were written first." },
} as const;

/** A key of {@linkcode exitCodes}. */
export type Ending = keyof typeof exitCodes;

/** The part of a result that decides the exit code. */
export interface Weighed {
  readonly outcome: Outcome;
  readonly severity: Severity;
}

/**
 * Decides how a run ends. Red wins over blind: a known falsehood is worse than a blind spot.
 * A run without results is blind, never green. Minor results never change the ending.
 */
export function endingOf(results: readonly Weighed[], stepFailed = false): Ending {
  const weighty = results.filter((r) => r.severity !== "minor");
  if (stepFailed || weighty.some((r) => r.outcome === "fail")) return "red";
  const looked = results.some((r) => r.outcome !== "skipped");
  if (!looked || weighty.some((r) => r.outcome === "error" || r.outcome === "blocked")) return "blind";
  return "green";
}

/** Counts results by outcome; outcomes that did not happen are 0. */
export function countOutcomes(results: readonly { outcome: Outcome }[]): Counts {
  const counts = Object.fromEntries(outcomes.map((o) => [o, 0])) as Counts;
  for (const { outcome } of results) counts[outcome]++;
  return counts;
}
