import { setTimeout as sleep } from "node:timers/promises";

/** Times that a server which refuses connections is asked: it may just be starting again. */
const mostRefusals = 4;
const firstPauseMs = 200;
const longestPauseMs = 2_000;

/** The time that one question has, and how it is spent on asking again. */
export class Patience {
  readonly #until: number;
  #pauseMs = firstPauseMs;
  #refusals = 0;

  constructor(readonly timeoutMs: number, private readonly random: () => number = Math.random) {
    this.#until = performance.now() + timeoutMs;
  }

  /** For one request: half of all the time at most, so that one that hangs leaves time for another. */
  limit(signal: AbortSignal): AbortSignal {
    const left = Math.max(1, Math.min(this.#left, this.timeoutMs / 2));
    return AbortSignal.any([signal, AbortSignal.timeout(left)]);
  }

  get #left(): number {
    return this.#until - performance.now();
  }

  /**
   * Pauses before the next request: as long as the server asked for, else longer each time; never the same twice, or many
   * clients would come back at once. Resolves to false, at once, if the time does not suffice.
   */
  async pause(wantedMs: number | null, signal: AbortSignal): Promise<boolean> {
    const ms = wantedMs === null
      ? this.#pauseMs * (0.75 + 0.5 * this.random())
      : wantedMs + this.#pauseMs * 0.5 * this.random();
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
    if (ms >= this.#left) return false;
    await sleep(ms, undefined, { signal });
    return true;
  }

  /** Counts a refused connection; false if there were enough of them. */
  mayBeRefusedAgain(): boolean {
    return ++this.#refusals < mostRefusals;
  }
}
