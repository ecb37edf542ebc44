import { milliseconds } from "../model/duration.ts";
import type { Root } from "../model/event.ts";
import { commandFor } from "../model/phase.ts";
import { Backoff, pause } from "../model/wait.ts";
import type { Surroundings } from "./context.ts";
import { diagnose } from "./diagnose.ts";
import { isRed, type Item, itemId, rootOf } from "./item.ts";
import { look } from "./look.ts";
import { awaitAgain } from "./settle.ts";

/** How long a command of an exercise may take if it does not say. */
const defaultLimit = "60s";

/** Lines of a failed command's output that are repeated. */
const mostLines = 5;

/**
 * Runs exercises of a phase: first those on hosts, one after another and on one host at a time, then all the others together.
 * They run only on a green phase: exercising what is already broken proves nothing and may break it further. What an exercise
 * began is undone whatever happened, and after one on a host everything in `held`, of any phase, must hold again. `all` are the
 * phase's items.
 */
export async function runExercises(
  exercises: readonly Item[],
  all: readonly Item[],
  held: readonly Item[],
  around: Surroundings,
  down: Map<string, Root>,
): Promise<void> {
  const red = all.find(isRed);
  const sampled = new Set<string>();
  const elsewhere: Item[] = [];
  for (const item of exercises) {
    around.signal.throwIfAborted();
    if (red) {
      Object.assign(item, {
        outcome: "blocked",
        blockedBy: rootOf(red),
        found: `not tried while ${rootOf(red).id} is red`,
      });
    } else if (item.fault !== null) {
      refuse(item, item.fault);
    } else if (item.assertion.exercise?.sample === "one" && sampled.has(item.key)) {
      Object.assign(item, { outcome: "skipped", note: "one host was exercised as a sample" });
    } else if (item.hosts.length === 0) {
      elsewhere.push(item);
    } else {
      sampled.add(item.key);
      await exercise([item], all, around, down);
      await leaveAsFound(item, held, around, down);
    }
  }
  await exercise(elsewhere, all, around, down);
}

/** Leaves an exercise alone whose end could not be looked at. On a site without a host for it, it must not run here instead. */
function refuse(item: Item, fault: string): void {
  const hostless = item.host === "-" && item.hosts.length === 0 && item.assertion.on !== undefined;
  if (hostless) Object.assign(item, { outcome: "skipped", found: fault, note: fault });
  else Object.assign(item, { outcome: "error", found: fault, attempts: 1, seenRed: true });
}

/** Begins exercises at once, looks at them in their order, as one may need another, and undoes them at once. */
async function exercise(
  items: readonly Item[],
  all: readonly Item[],
  around: Surroundings,
  down: Map<string, Root>,
): Promise<void> {
  try {
    const failures = await Promise.all(
      items.map((item) => timed(item, () => perform("act", item, around, around.signal))),
    );
    for (const [i, item] of items.entries()) {
      await timed(item, () => conclude(item, failures[i], all, around, down));
    }
  } finally {
    await Promise.all(items.map((item) => timed(item, () => undo(item, around))));
  }
}

/** Adds what `work` takes to the item's time. */
async function timed<T>(item: Item, work: () => Promise<T>): Promise<T> {
  const [started, before] = [performance.now(), item.durationMs];
  try {
    return await work();
  } finally {
    // Looks have added theirs.
    item.durationMs = before + performance.now() - started;
  }
}

/** Looks at what an exercise has begun; `failure` says why it could not be, or is null. */
async function conclude(
  item: Item,
  failure: string | null,
  all: readonly Item[],
  around: Surroundings,
  down: Map<string, Root>,
): Promise<void> {
  if (failure === null) await awaitTrue(item, all, around, new Map(down));
  else {
    around.signal.throwIfAborted();
    Object.assign(item, { outcome: "error", found: `could not exercise: ${failure}`, attempts: 1, seenRed: true });
  }
  // Before it is undone: afterwards there is nothing left to look at.
  await diagnose([item], around);
}

/** Waits for what the exercise has disturbed; what stays away is told with its failure, or makes it an error. */
async function leaveAsFound(
  item: Item,
  held: readonly Item[],
  around: Surroundings,
  down: Map<string, Root>,
): Promise<void> {
  const lost = await awaitAgain(item.phase, held, around, down);
  if (lost.length === 0) return;
  const first = `${nameOf(lost[0])} (${lost[0].found})`;
  const more = lost.length > 1 ? ` and ${lost.length - 1} more` : "";
  const left = `what held before the exercise does not come back: ${first}${more}`;
  if (item.outcome === "fail") item.found = `${item.found}; ${left}`;
  else Object.assign(item, { outcome: "error", found: left, seenRed: true });
}

/** Undoes an exercise, an interrupted one too. What is left behind makes it an error, whatever it has shown before. */
async function undo(item: Item, around: Surroundings): Promise<void> {
  // An interrupt must not keep it from being undone; the command's own limit does.
  const failure = await perform("undo", item, around, new AbortController().signal);
  if (failure === null) return;
  const left = `could not undo the exercise: ${failure}`;
  Object.assign(item, { outcome: "error", found: item.found ? `${item.found}; ${left}` : left, seenRed: true });
  around.emit({ type: "warning", message: `${nameOf(item)}: ${left}; undo it by hand` });
}

function nameOf(item: Item): string {
  return item.host === "-" ? itemId(item) : `${itemId(item)} on ${item.host}`;
}

/** Runs one command of an exercise; resolves to why it failed, or null. */
async function perform(
  part: "act" | "undo",
  item: Item,
  around: Surroundings,
  signal: AbortSignal,
): Promise<string | null> {
  const { [part]: given, limit } = item.assertion.exercise!;
  if (given === undefined) return null;
  try {
    const command = commandFor(given, around.site, item.hosts[0]);
    const limitMs = milliseconds(limit ?? defaultLimit);
    const { code, output } = await around.observer.act(item.hosts[0] ?? null, command, limitMs, signal);
    // A script of many lines says less about its failure than what it printed last.
    const name = command.includes("\n") ? "" : ` of '${command}'`;
    return code === 0 ? null : `exit code ${code}${name}: ${output.trim().split("\n").slice(-mostLines).join("\n")}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function awaitTrue(
  item: Item,
  all: readonly Item[],
  around: Surroundings,
  down: Map<string, Root>,
): Promise<void> {
  const deadline = performance.now() + milliseconds(item.assertion.within ?? "30s");
  const backoff = new Backoff(500, 2_000);
  for (;;) {
    await look([item], all, around.observer, down, around.signal);
    const leftMs = deadline - performance.now();
    if (item.outcome === "pass" || item.fatal || leftMs <= 0) break;
    around.emit({ type: "waiting", phase: item.phase, on: [rootOf(item)], leftMs: Math.round(leftMs) });
    await pause(backoff.next(leftMs), around.signal);
  }
  // A host that is being exercised is expected to be away for a while: only the end counts as seen.
  item.seenRed = item.outcome !== "pass";
}
