/** Pauses between attempts: starts at `first` ms, grows by half each time, never above `most` ms, never past the time left. */
export class Backoff {
  #next: number;
  constructor(first = 300, private readonly most = 4_000, private readonly random: () => number = Math.random) {
    this.#next = first;
  }

  /** The next pause in milliseconds, jittered by a fifth either way and capped to `left`. */
  next(left: number): number {
    const jittered = this.#next * (0.8 + 0.4 * this.random());
    this.#next = Math.min(this.most, this.#next * 1.5);
    return Math.max(0, Math.min(jittered, left));
  }
}

/** Resolves after `ms` milliseconds, or rejects with the signal's reason as soon as it aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
