import type { PhaseSummary, Result } from "../model/event.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Assertion, Phase } from "../model/phase.ts";
import type { Surroundings } from "./context.ts";
import { type Item, itemId } from "./item.ts";

const worstFirst: readonly Outcome[] = ["fail", "error", "blocked", "pass", "waived"];

/** The worst of some outcomes; `skipped` if there is none or nothing was looked at. */
export function worst(found: readonly Outcome[]): Outcome {
  return worstFirst.find((o) => found.includes(o)) ?? "skipped";
}

/** The item's final word, waivers applied. */
export function resultOf(item: Item, around: Surroundings): Result {
  const { assertion } = item;
  return around.waive({
    id: itemId(item),
    host: item.host,
    title: assertion.title,
    outcome: item.outcome ?? "skipped",
    severity: assertion.severity,
    attempts: item.attempts,
    seenRed: item.seenRed,
    durationMs: Math.round(item.durationMs),
    expected: item.expectations.map((e) => e.expected).filter((e, i, all) => all.indexOf(e) === i).join("; "),
    found: item.found,
    command: item.expectations.map((e) => around.render(e.probe, item.hosts[0] ?? null)).join("\n"),
    remedy: assertion.remedy,
    why: assertion.why,
    runbook: `runbooks/${item.phase}.md#${item.key}`,
    blockedBy: item.blockedBy,
    note: item.note,
    // Exercises of other phases may look at the item again.
    looks: [...item.looks],
    diagnostics: [...item.diagnostics],
  });
}

/** The summary with what a phase says beside its outcome: its headline, and whether its results make a table. */
export function elaborate(summary: PhaseSummary, phase: Phase, results: readonly Result[]): PhaseSummary {
  const { headline, asserts } = phase;
  const told = results.find(({ id, outcome }) => id === `${summary.name}/${headline}` && outcome === "pass");
  const table = Object.values<Assertion>(asserts).some(({ on }) => on === "service");
  return { ...summary, ...(told && { headline: told.found }), ...(table && { table }) };
}

/** A phase in one line, from its results. Minor reds do not colour it. */
export function summarize(
  name: string,
  title: string,
  results: readonly Result[],
  stepsRun: readonly string[],
  stepFailed: boolean,
): PhaseSummary {
  const weighty = results.filter((r) => r.severity !== "minor").map((r) => r.outcome);
  return { name, title, outcome: stepFailed ? "fail" : worst(weighty), stepsRun };
}
