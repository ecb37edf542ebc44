import { removeOrphans } from "../adapters/steps/secret_file.ts";
import type { Surroundings } from "../engine/context.ts";
import { type RunOutcome, runPhases } from "../engine/run.ts";
import type { Reporter, Result, Verb } from "../model/event.ts";
import { consoleReporter, fanOut, makeRedactor, openReports } from "../report/mod.ts";
import { acquireLock, type Lock } from "../state/lock.ts";
import { createRunFolder, type RunFolder } from "../state/run_folder.ts";
import { type History, openHistory } from "../state/history.ts";
import { watchInterrupts } from "../state/interrupt.ts";
import { notify } from "../state/notify.ts";
import { compare, messageFor } from "../state/transitions.ts";
import { applyWaivers } from "../state/waivers.ts";
import type { NamedPhase } from "../engine/catalogue.ts";
import type { ObserveFlags } from "./flags.ts";
import { type Mandate, openSession, type Session, surround } from "./session.ts";

/** Runs an observing verb against a site and resolves to the exit code. */
export async function observe(verb: Verb, flags: ObserveFlags): Promise<number> {
  const session = await openSession(flags.site);
  const { exercise, "allow-removal": allowRemoval } = flags;
  const phases = session.catalogue.choose(flags.phase ?? []);
  return await conduct(session, { verb, exercise, allowRemoval }, phases, flags);
}

/** Runs phases under the site's lock, with reports, history and interrupts; resolves to the exit code. */
export async function conduct(
  session: Session,
  mandate: Mandate,
  phases: readonly NamedPhase[],
  flags: Pick<ObserveFlags, "report" | "json">,
): Promise<number> {
  const startedAt = new Date();
  const { verb } = mandate;
  const asked = openReports(flags.report ?? []);
  await using lock = await acquireLock(session.stateFolder, { verb });
  const folder = await createRunFolder(session.stateFolder, verb, { now: startedAt });
  const redactor = makeRedactor();
  const reporter = fanOut([...ownReporters(flags, folder), ...asked], { redact: redactor });
  using interrupts = watchInterrupts({
    onSecond: () => console.error(`Left as it was; the run so far: ${folder.path}`),
  });
  const run = { folder, reporter, redactor, signal: interrupts.signal };
  const { around, close } = surround(session, mandate, run);
  try {
    using history = await openHistory(session.stateFolder);
    await announce(around, phases, folder, lock);
    const { outcome, message } = await runAndCompare(around, session, phases, history);
    const durationMs = Date.now() - startedAt.getTime();
    const { ending, exitCode, results } = outcome;
    // What proves that a phase is gone says nothing of how the site is: `drift` must not compare with it.
    const summary = { id: folder.id, verb, startedAt: startedAt.toISOString(), ending, exitCode, durationMs };
    if (verb !== "reset") history.record(summary, results);
    history.prune();
    if (message !== null && session.site.notify) await tell(session.site.notify.command, message, redactor);
    return exitCode;
  } finally {
    await close();
    await reporter.close();
  }
}

/** The console and the run's own event file; with `--json` the report takes standard output and the console steps aside. */
function ownReporters(flags: Pick<ObserveFlags, "report" | "json">, folder: RunFolder): Reporter[] {
  const console = consoleReporter({
    stream: flags.json ? Deno.stderr : Deno.stdout,
    env: Deno.env,
    reports: (flags.report ?? []).map((spec) => spec.replace(/^[a-z]+:/, "")),
  });
  return [console, ...openReports([`ndjson:${folder.events}`, ...(flags.json ? ["json:/dev/stdout"] : [])])];
}

async function announce(
  around: Surroundings,
  phases: readonly NamedPhase[],
  folder: RunFolder,
  lock: Lock,
): Promise<void> {
  const names = phases.map((phase) => phase.name);
  around.emit({
    type: "run-started",
    schema: 1,
    run: folder.id,
    verb: around.verb,
    site: around.site.name,
    phases: names,
  });
  for (const message of folder.warnings) around.emit({ type: "warning", message });
  if (lock.takenOver === null) return;
  around.emit({ type: "warning", message: lock.takenOver });
  await removeOrphans();
}

/** Runs the phases, adds what waivers have to say and, for `drift`, how it compares; `message` is null if there is no news. */
async function runAndCompare(
  around: Surroundings,
  { site, catalogue, waivers, today }: Session,
  phases: readonly NamedPhase[],
  history: History,
): Promise<{ outcome: RunOutcome; message: string | null }> {
  const previous = history.previous();
  let message: string | null = null;
  const conclude = (results: readonly Result[]) => {
    if (around.verb === "reset") return [];
    const expired = applyWaivers([], waivers, { today, catalogue: catalogue.ids() });
    for (const warning of expired.warnings) around.emit({ type: "warning", message: warning });
    if (around.verb === "drift") {
      const transitions = compare(previous, [...results, ...expired.results]);
      message = messageFor(site.name, transitions);
      around.emit({ type: "transitions", since: previous?.run ?? null, transitions });
    }
    return expired.results;
  };
  const outcome = await runPhases(phases, around, conclude);
  return { outcome, message };
}

/** Sends a drift message. A message that could not be sent does not change how the run ended. */
async function tell(command: readonly string[], message: string, redact: (text: string) => string): Promise<void> {
  try {
    await notify(command, redact(message));
  } catch (error) {
    console.error(redact(error instanceof Error ? error.message : String(error)));
  }
}
