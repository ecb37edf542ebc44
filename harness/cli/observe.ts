import { removeOrphans } from "../adapters/steps/secret_file.ts";
import { runPhases } from "../engine/run.ts";
import type { Result, Verb } from "../model/event.ts";
import { exitCodes } from "../model/outcome.ts";
import { consoleReporter, fanOut, openReports } from "../report/mod.ts";
import { acquireLock } from "../state/lock.ts";
import { createRunFolder } from "../state/run_folder.ts";
import { openHistory } from "../state/history.ts";
import { watchInterrupts } from "../state/interrupt.ts";
import { notify } from "../state/notify.ts";
import { compare, messageFor } from "../state/transitions.ts";
import { applyWaivers } from "../state/waivers.ts";
import type { ObserveFlags } from "./flags.ts";
import { makeRedactor, openSession, surround } from "./session.ts";

/** Runs an observing verb against a site and resolves to the exit code. */
export async function observe(verb: Verb, flags: ObserveFlags): Promise<number> {
  const startedAt = new Date();
  const session = await openSession(flags.site);
  const { site, catalogue, waivers, today, stateFolder } = session;
  const phases = catalogue.choose(flags.phase ?? []);
  const extraReports = openReports(flags.report ?? []);
  await using lock = await acquireLock(stateFolder, { verb });
  const folder = await createRunFolder(stateFolder, verb, { now: startedAt });
  const redactor = makeRedactor();
  const own = openReports([`ndjson:${folder.events}`, ...(flags.json ? ["json:/dev/stdout"] : [])]);
  const console = consoleReporter({
    stream: flags.json ? Deno.stderr : Deno.stdout,
    env: Deno.env,
    reports: (flags.report ?? []).map((spec) => spec.replace(/^[a-z]+:/, "")),
  });
  const reporter = fanOut([console, ...own, ...extraReports], { redact: redactor });
  using interrupts = watchInterrupts({
    onSecond: () => globalThis.console.error(`Left as it was; the run so far: ${folder.path}`),
  });
  const run = { folder, reporter, redactor, signal: interrupts.signal };
  const { around, close } = surround(session, verb, flags.exercise ?? false, run);
  try {
    around.emit({
      type: "run-started",
      schema: 1,
      run: folder.id,
      verb,
      site: site.name,
      phases: phases.map((phase) => phase.name),
    });
    const warn = (message: string) => around.emit({ type: "warning", message });
    if (lock.takenOver) {
      warn(lock.takenOver);
      await removeOrphans();
    }
    folder.warnings.forEach(warn);
    const extra = (results: readonly Result[]) => {
      const expired = applyWaivers([], waivers, { today, catalogue: catalogue.ids() });
      expired.warnings.forEach(warn);
      reportTransitions(results);
      return expired.results;
    };
    using history = await openHistory(stateFolder);
    const previous = history.previous();
    let message: string | null = null;
    const reportTransitions = (results: readonly Result[]) => {
      if (verb !== "drift") return;
      const transitions = compare(previous, results);
      message = messageFor(site.name, transitions);
      around.emit({ type: "transitions", since: previous?.run ?? null, transitions });
    };
    const outcome = await runPhases(phases, around, extra);
    const { ending, exitCode } = outcome;
    const durationMs = Date.now() - startedAt.getTime();
    history.record(
      { id: folder.id, verb, startedAt: startedAt.toISOString(), ending, exitCode, durationMs },
      outcome.results,
    );
    history.prune();
    if (message !== null && site.notify) await tell(site.notify.command, message);
    return exitCode;
  } finally {
    await close();
    await reporter.close();
  }
}

/** Sends a drift message. A message that could not be sent does not change how the run ended. */
async function tell(command: readonly string[], message: string): Promise<void> {
  try {
    await notify(command, message);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
}

/** The exit codes, for help texts and the README. */
export const endings = exitCodes;
