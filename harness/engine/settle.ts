import { milliseconds } from "../model/duration.ts";
import type { Root } from "../model/event.ts";
import { Backoff, pause } from "../model/wait.ts";
import type { Surroundings } from "./context.ts";
import { type Item, rootOf } from "./item.ts";
import { look } from "./look.ts";

/** Milliseconds that what an exercise has disturbed has at least to come back. */
const leastMs = 60_000;

/**
 * Waits until what held before an exercise holds again, in whichever phase it is: a restarted host takes down what other
 * phases have already found green. All of it must hold in one look, `steadyMs` after it was first seen to: an API server
 * tells of a restarted node what it knew before. `phase` is the exercise's own, for the events. Resolves to what did not
 * come back in time: its `within`, and a minute at least.
 */
export async function awaitAgain(
  phase: string,
  held: readonly Item[],
  around: Surroundings,
  down: Map<string, Root>,
): Promise<Item[]> {
  const started = performance.now();
  const left = (item: Item) =>
    Math.max(leastMs, milliseconds(item.assertion.within ?? "30s")) - (performance.now() - started);
  const backoff = new Backoff();
  let sure = false;
  for (let open = held;;) {
    await look(open, held, around.observer, down, around.signal);
    const red = held.filter((item) => item.outcome !== "pass");
    open = red.filter((item) => !item.fatal && left(item) > 0);
    if (open.length > 0) {
      const leftMs = Math.max(...open.map(left));
      around.emit({ type: "waiting", phase, on: open.map(rootOf), leftMs: Math.round(leftMs) });
      await pause(backoff.next(leftMs), around.signal);
    } else if (red.length > 0 || sure) {
      return red;
    } else {
      await pause(around.steadyMs, around.signal);
      open = held;
    }
    sure = open === held;
  }
}
