import type { Result } from "../model/event.ts";
import { nearest } from "../model/nearest.ts";
import type { Waiver } from "./waiver_file.ts";

export { loadWaivers, parseWaivers, type Waiver, WaiverFileError } from "./waiver_file.ts";

/** What waivers made of a run's results. */
export interface Waived {
  /** The results, accepted reds waived, and one red more for each expired waiver. */
  readonly results: Result[];
  /** One sentence for each waiver that can match nothing. */
  readonly warnings: string[];
}

/**
 * Turns the reds (`fail` and `error`) that a waiver accepts into `waived`, with the reason, the owner and the last day as
 * note. An expired waiver accepts nothing and is red itself, as `waivers/<its id glob>`. `today` is `YYYY-MM-DD` in local
 * time ({@linkcode dayOf}); `catalogue` holds the id of every assertion there is, whether this run looked at it or not.
 */
export function applyWaivers(
  results: readonly Result[],
  waivers: readonly Waiver[],
  { today, catalogue }: { today: string; catalogue: readonly string[] },
): Waived {
  const valid = waivers.filter((waiver) => waiver.expires >= today);
  const judged = results.map((result) => {
    if (result.outcome !== "fail" && result.outcome !== "error") return result;
    const waiver = valid.find((one) => glob(one.id).test(result.id) && glob(one.host ?? "*").test(result.host));
    return waiver ? { ...result, outcome: "waived" as const, note: noteOf(waiver) } : result;
  });
  const expired = waivers.filter((waiver) => waiver.expires < today).map((waiver) => expiredResult(waiver, today));
  return { results: [...judged, ...expired], warnings: waivers.flatMap((waiver) => unmatched(waiver, catalogue)) };
}

/** The local date of a moment, as {@linkcode Waiver.expires} has it. */
export function dayOf(moment: Date): string {
  const [month, day] = [moment.getMonth() + 1, moment.getDate()].map((n) => String(n).padStart(2, "0"));
  return `${moment.getFullYear()}-${month}-${day}`;
}

function noteOf({ reason, owner, expires }: Waiver): string {
  return `${reason} (${owner}, until ${expires})`;
}

function glob(pattern: string): RegExp {
  const source = pattern.replaceAll(/[^a-z0-9*?]/g, "\\$&").replaceAll("*", "[^/]*").replaceAll("?", "[^/]");
  return new RegExp(`^${source}$`);
}

function unmatched({ id, file, line }: Waiver, catalogue: readonly string[]): string[] {
  if (catalogue.some((known) => glob(id).test(known))) return [];
  const meant = nearest(id, catalogue);
  return [`${file}:${line}: the waiver of ${id} matches no assertion; ${meant ? `write ${meant} or ` : ""}remove it`];
}

function expiredResult(waiver: Waiver, today: string): Result {
  const { id, host, owner, expires, file, line } = waiver;
  const days = Math.round((Date.parse(today) - Date.parse(expires)) / 86_400_000);
  return {
    id: `waivers/${id}`,
    host: host ?? "-",
    title: `The waiver of ${id} is in force`,
    outcome: "fail",
    severity: "major",
    attempts: 1,
    seenRed: true,
    durationMs: 0,
    expected: "not expired",
    found: `expired ${expires} (${days} ${days === 1 ? "day" : "days"} ago)`,
    command: `sed -n '${line},${line + 5}p' '${file}'`,
    remedy: `Repair what it excused and remove it from the waivers file, or agree on a new date with ${owner}.`,
    why: "What was to be excused for a while would be excused for good.",
    runbook: "",
    blockedBy: null,
    note: "",
    looks: [],
    diagnostics: [],
  };
}
