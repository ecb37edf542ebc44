import type { Result, Transition } from "../model/event.ts";
import type { Outcome } from "../model/outcome.ts";

/** What is known of a result from earlier runs hangs on this: `phase/assertion@host`. */
export type ResultKey = `${string}@${string}`;

/** The {@linkcode ResultKey} of a result. */
export function resultKey({ id, host }: Pick<Result, "id" | "host">): ResultKey {
  return `${id}@${host}`;
}

/** The last known outcomes before this run. */
export interface Previous {
  /** The newest finished run's id. */
  readonly run: string;
  /** For each assertion and host, what it was when it was last looked at, in whichever run that was. */
  readonly outcomes: ReadonlyMap<ResultKey, Outcome>;
}

/**
 * How results changed since they were last looked at, in the order of `results`. Red is `fail` or `error`. A result that
 * was not looked at now (`blocked`, `skipped`) is unknown, and unknown is not a change. Without a previous run every red
 * is new.
 */
export function compare(previous: Previous | null, results: readonly Result[]): Transition[] {
  return results.flatMap((result) => {
    const from = previous?.outcomes.get(resultKey(result)) ?? null;
    const change = changeOf(from, result.outcome);
    return change ? [{ id: result.id, host: result.host, change, from, to: result.outcome }] : [];
  });
}

function changeOf(from: Outcome | null, to: Outcome): Transition["change"] | null {
  if (isRed(to)) return isRed(from) ? "still red" : "new red";
  return to === "pass" && isRed(from) ? "fixed" : null;
}

function isRed(outcome: Outcome | null): boolean {
  return outcome === "fail" || outcome === "error";
}

/** The order of the message's sections. */
const changes = ["new red", "fixed", "still red"] as const;

/**
 * The plain text that tells people what changed, or null where nothing did: what is still red was told when it became
 * so. The first line alone says how much of what.
 */
export function messageFor(site: string, transitions: readonly Transition[]): string | null {
  if (transitions.every(({ change }) => change === "still red")) return null;
  const sections = changes.map((change) => ({ change, all: transitions.filter((t) => t.change === change) }))
    .filter(({ all }) => all.length > 0);
  const summary = sections.map(({ change, all }) => `${all.length} ${change}`).join(", ");
  const body = sections.map(({ change, all }) =>
    [`${change[0].toUpperCase()}${change.slice(1)}:`, ...all.map((t) => `  ${line(t)}`)].join("\n")
  );
  return [`Plumb on ${site}: ${summary}`, ...body].join("\n\n") + "\n";
}

function line({ id, host, from, to }: Transition): string {
  const where = host === "-" ? id : `${id} on ${host}`;
  return `${where}: ${from ?? "not known before"} -> ${to}`;
}
