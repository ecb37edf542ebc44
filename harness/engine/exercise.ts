import { milliseconds } from "../model/duration.ts";
import type { Root } from "../model/event.ts";
import type { Surroundings } from "./context.ts";
import { isRed, type Item, rootOf } from "./item.ts";
import { look } from "./look.ts";
import { Backoff, pause } from "./wait.ts";

/** Time that undoing an exercise may take, in milliseconds. */
const undoLimitMs = 30_000;

/**
 * Runs a phase's exercises one after another, on one host at a time. They run only on a green phase: exercising what is
 * already broken proves nothing and may break it further. What an exercise began is undone whatever happened.
 */
export async function runExercises(
  items: readonly Item[],
  around: Surroundings,
  down: Map<string, Root>,
): Promise<void> {
  const exercises = items.filter((item) => item.assertion.exercise !== undefined);
  const red = items.find(isRed);
  const sampled = new Set<string>();
  for (const item of exercises) {
    around.signal.throwIfAborted();
    if (red) {
      Object.assign(item, {
        outcome: "blocked",
        blockedBy: rootOf(red),
        found: `not tried while ${rootOf(red).id} is red`,
      });
    } else if (item.assertion.exercise?.sample === "one" && sampled.has(item.key)) {
      Object.assign(item, { outcome: "skipped", note: "one host was exercised as a sample" });
    } else {
      sampled.add(item.key);
      await exerciseOne(item, items, around, down);
    }
  }
}

async function exerciseOne(
  item: Item,
  all: readonly Item[],
  around: Surroundings,
  down: Map<string, Root>,
): Promise<void> {
  const { act, undo } = item.assertion.exercise!;
  const host = item.hosts[0];
  const started = performance.now();
  try {
    const done = await around.observer.act(host, act, around.signal);
    if (done.code !== 0) {
      const found = `could not exercise: exit code ${done.code}: ${done.output.trim()}`;
      Object.assign(item, {
        outcome: "error",
        found,
        attempts: 1,
        seenRed: true,
        durationMs: performance.now() - started,
      });
      return;
    }
    await awaitTrue(item, all, around, new Map(down));
  } finally {
    item.durationMs = performance.now() - started;
    if (undo) await around.observer.act(host, undo, AbortSignal.timeout(undoLimitMs));
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
