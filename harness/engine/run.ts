import type { PhaseSummary, Result, Root } from "../model/event.ts";
import { countOutcomes, type Ending, endingOf, exitCodes } from "../model/outcome.ts";
import type { NamedPhase } from "./catalogue.ts";
import type { Shared, Surroundings } from "./context.ts";
import { type PhaseOutcome, PhaseRun } from "./converge.ts";
import { Turns } from "./turns.ts";

/** What came of a run. */
export interface RunOutcome {
  readonly ending: Ending;
  readonly exitCode: number;
  readonly results: readonly Result[];
  readonly phases: readonly PhaseSummary[];
  readonly stepsRun: number;
}

/**
 * Runs phases as a graph: each starts when those it comes after have ended, so independent ones run at the same time.
 * `extra` are results that come from elsewhere than a phase, such as expired waivers; they count like all others.
 */
export async function runPhases(
  phases: readonly NamedPhase[],
  around: Surroundings,
  extra: (results: readonly Result[]) => readonly Result[],
): Promise<RunOutcome> {
  const started = performance.now();
  const shared: Shared = { down: new Map(), held: [], turns: new Turns() };
  const running = new Map<unknown, Promise<PhaseOutcome>>();
  for (const named of phases) {
    const before = named.phase.after.flatMap((phase) => running.get(phase) ?? []);
    running.set(named.phase, start(named, before, around, shared));
  }
  const ended = await Promise.all(running.values());
  const own = ended.flatMap((phase) => phase.results);
  const added = extra(own);
  for (const result of added) around.emit({ type: "result", phase: result.id.split("/")[0], result });
  const results = [...own, ...added];
  const stepFailed = ended.some((phase) => phase.stepFailed);
  const ending: Ending = around.signal.aborted ? "interrupted" : endingOf(results, stepFailed);
  const summaries = ended.map((phase) => phase.summary);
  const stepsRun = summaries.reduce((sum, s) => sum + s.stepsRun.length, 0);
  const { code: exitCode } = exitCodes[ending];
  around.emit({
    type: "run-finished",
    ending,
    exitCode,
    counts: countOutcomes(results),
    durationMs: Math.round(performance.now() - started),
    stepsRun,
  });
  return { ending, exitCode, results, phases: summaries, stepsRun };
}

async function start(
  named: NamedPhase,
  before: readonly Promise<PhaseOutcome>[],
  around: Surroundings,
  shared: Shared,
): Promise<PhaseOutcome> {
  const ended = await Promise.all(before);
  const root: Root | null = ended.find((phase) => phase.root !== null)?.root ?? null;
  const renewed = ended.some(({ summary }) => summary.stepsRun.length > 0);
  return await new PhaseRun(named, around, shared).run(root, renewed);
}
