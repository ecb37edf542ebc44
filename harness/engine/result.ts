import { forSite } from "../model/command.ts";
import type { PhaseSummary, Result } from "../model/event.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Assertion, Phase } from "../model/phase.ts";
import type { Site } from "../model/site.ts";
import type { Surroundings } from "./context.ts";
import { type Item, itemId } from "./item.ts";

const worstFirst: readonly Outcome[] = ["fail", "error", "blocked", "pass", "waived"];

/** The worst of some outcomes; `skipped` if there is none or nothing was looked at. */
export function worst(found: readonly Outcome[]): Outcome {
  return worstFirst.find((o) => found.includes(o)) ?? "skipped";
}

/** The item's final word, waivers applied. Its commands of Plumb's own name the run's site. */
export function resultOf(item: Item, around: Surroundings): Result {
  const { assertion } = item;
  const sited = (text: string) => forSite(text, around.site);
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
    found: sited(item.found),
    command: item.expectations.map((e) => around.render(e.probe, item.hosts[0] ?? null)).join("\n"),
    remedy: sited(assertion.remedy),
    why: assertion.why,
    runbook: `runbooks/${item.phase}.md#${item.key}`,
    blockedBy: item.blockedBy,
    note: item.note,
    // Exercises of other phases may look at the item again.
    looks: item.looks.map((look) => ({ ...look, found: sited(look.found) })),
    diagnostics: [...item.diagnostics],
  });
}

/** The summary with what a phase says beside its outcome: how to look again, its headline, whether it makes a table. */
export function elaborate(
  summary: PhaseSummary,
  phase: Phase,
  results: readonly Result[],
  site: Site,
): PhaseSummary {
  const { headline, asserts } = phase;
  const told = results.find(({ id, outcome }) => id === `${summary.name}/${headline}` && outcome === "pass");
  const table = Object.values<Assertion>(asserts).some(({ on }) => on === "service");
  const again = forSite(`deno task check --phase ${summary.name}`, site);
  return { ...summary, again, ...(told && { headline: told.found }), ...(table && { table }) };
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
