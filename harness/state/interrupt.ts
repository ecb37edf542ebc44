import { exitCodes } from "../model/outcome.ts";

/** The signals that ask a run to stop. */
export type InterruptSignal = "SIGINT" | "SIGTERM";

/** Where signals come from and how the process ends; replaced in tests. */
export interface SignalSource {
  add(signal: InterruptSignal, handler: () => void): void;
  remove(signal: InterruptSignal, handler: () => void): void;
  /** Milliseconds on a monotonic clock. */
  now(): number;
  exit(code: number): void;
}

/** A watch on the signals. */
export interface Interrupts extends Disposable {
  /** Aborted by the first signal, with a `DOMException` named `AbortError` as its reason. */
  readonly signal: AbortSignal;
  /** The first signal, or null if there was none. */
  readonly by: InterruptSignal | null;
  /** Stops watching: signals end the process at once again. */
  close(): void;
}

/**
 * One Ctrl-C arrives twice under `deno task` and `npx`: once from the terminal, which sends it to the whole process
 * group, and once passed on by the parent, a millisecond later (measured with Deno 2.9). What comes within this time of
 * the first signal is the same one.
 */
const echoMs = 250;

const signals = ["SIGINT", "SIGTERM"] as const;

const real: SignalSource = {
  add: (signal, handler) => Deno.addSignalListener(signal, handler),
  remove: (signal, handler) => Deno.removeSignalListener(signal, handler),
  now: () => performance.now(),
  exit: (code) => Deno.exit(code),
};

/**
 * Watches SIGINT and SIGTERM. The first aborts `signal`, so that the run stops starting work, cleans up and writes its
 * reports. The second calls `onSecond`, which lists what is left behind, and exits with 130 at once, even if `onSecond`
 * throws.
 */
export function watchInterrupts({ onSecond, source = real }: {
  onSecond: () => void;
  source?: SignalSource;
}): Interrupts {
  const controller = new AbortController();
  let first: { by: InterruptSignal; at: number } | null = null;

  const handle = (by: InterruptSignal) => {
    if (first === null) {
      first = { by, at: source.now() };
      controller.abort(new DOMException(`Interrupted by ${by}`, "AbortError"));
    } else if (source.now() - first.at > echoMs) {
      try {
        onSecond();
      } catch (error) {
        console.error(error);
      } finally {
        source.exit(exitCodes.interrupted.code);
      }
    }
  };

  const handlers = signals.map((name) => ({ name, handler: () => handle(name) }));
  for (const { name, handler } of handlers) source.add(name, handler);
  const close = () => {
    for (const { name, handler } of handlers.splice(0)) source.remove(name, handler);
  };
  return {
    signal: controller.signal,
    get by() {
      return first?.by ?? null;
    },
    close,
    [Symbol.dispose]: close,
  };
}
