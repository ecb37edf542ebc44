import type { EventOf, Transition } from "../model/event.ts";
import { humanDuration } from "../model/duration.ts";
import type { Layout } from "./failure.ts";
import { holding, type RunRecord, spokenName } from "./record.ts";
import { endingWord, mark, type Style } from "./style.ts";
import { pad, plural } from "./text.ts";

function some(count: number, words: string): string[] {
  return count > 0 ? [`${count} ${words}`] : [];
}

function failedSteps(record: RunRecord): number {
  return record.phases.flatMap((phase) => phase.steps).filter((step) => step.failure !== null).length;
}

/** `43 of 43 hold, 0 steps, 3.1 s`, with the waived, skipped and minor ones named where there are any. */
function greenWords(record: RunRecord): string {
  const { counts } = record;
  const failed = failedSteps(record);
  const parts = [
    `${holding(counts)} hold`,
    ...some(counts.fail, "minor failed"),
    ...some(counts.error, "minor could not be looked at"),
    ...some(counts.blocked, "minor blocked"),
    ...some(counts.waived, "waived"),
    ...some(counts.skipped, "skipped"),
    plural(record.finished?.stepsRun ?? 0, "step") + (failed ? `, ${failed} of them failed` : ""),
    humanDuration(record.durationMs),
  ];
  return parts.join(", ");
}

/** `2 failed, 1 could not be looked at, 9 blocked, 40 passed in 12.3 s (exit 1)`. */
function otherWords(record: RunRecord): string {
  const { counts } = record;
  const failed = failedSteps(record);
  const parts = [
    ...some(counts.fail, "failed"),
    ...(failed ? [`${plural(failed, "step")} failed`] : []),
    ...some(counts.error, "could not be looked at"),
    ...some(counts.blocked, "blocked"),
    ...some(counts.waived, "waived"),
    ...some(counts.skipped, "skipped"),
    `${counts.pass} passed`,
  ];
  return `${parts.join(", ")} in ${humanDuration(record.durationMs)} (exit ${record.exitCode})`;
}

/** What the run came to, without its first word. */
export function summaryWords(record: RunRecord): string {
  return record.finished?.ending === "green" ? greenWords(record) : otherWords(record);
}

/** The last line of a run: `Red: 2 failed, 40 passed in 12.3 s (exit 1)`, `Green: 43 of 43 hold, 0 steps, 3.1 s`. */
export function summaryLine(record: RunRecord, style: Style): string {
  return `${endingWord(record.finished?.ending ?? "interrupted", style)}: ${summaryWords(record)}`;
}

function planLine(record: RunRecord): string {
  const planned = record.phases.flatMap((phase) => phase.planned);
  const removing = planned.filter((step) => step.removes).length;
  const plan = `Plan: up would run ${plural(planned.length - removing, "step")}`;
  return removing ? `${plan}; with --allow-removal ${removing} more, which would remove something` : plan;
}

/** The last lines of a run: what `plan` found to do, or what `up` was not allowed to do, then the summary. */
export function endLines(record: RunRecord, style: Style): string[] {
  const withheld = record.phases.flatMap((phase) => phase.withheld).length;
  return [
    ...(record.started?.verb === "plan" ? [planLine(record)] : []),
    ...(withheld ? [`Not run: ${plural(withheld, "step")} that would remove something; --allow-removal lets it`] : []),
    summaryLine(record, style),
  ];
}

/** Changes in the order in which they matter. */
export const changes: readonly Transition["change"][] = ["new red", "still red", "fixed"];

/** What changed since the last run of the site; `since` is the last run's, `null` where there was none. */
export function transitionLines({ since, transitions }: EventOf<"transitions">, { style }: Layout): string[] {
  if (since === null) return [style.dim("First run of this site: nothing to compare with.")];
  if (transitions.length === 0) return [`Since ${since}: ${style.dim("nothing changed")}`];
  return [
    `Since ${since}:`,
    ...changes.flatMap((change) =>
      transitions.filter((t) => t.change === change).map((t) => {
        const was = change === "still red" ? "" : style.dim(`  ${t.from ?? "not looked at"} → ${t.to}`);
        const name = change === "new red" ? style.bold(spokenName(t)) : spokenName(t);
        return `  ${mark(t.to, style)} ${pad(change, 9)}  ${name}${was}`;
      })
    ),
  ];
}
