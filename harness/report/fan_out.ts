import type { Reporter, RunEvent } from "../model/event.ts";
import { plural } from "./text.ts";
import { eventRedactor } from "./redact_event.ts";

/**
 * One reporter that hands every event on to all of them, redacted once. A reporter that throws gets no further event
 * but is closed like the others, which are not disturbed; `close` rejects with an AggregateError of all that was
 * thrown. An error of `redact` itself is thrown at once: no event goes on unredacted.
 */
export function fanOut(reporters: readonly Reporter[], { redact }: { redact: (text: string) => string }): Reporter {
  const clean = eventRedactor(redact);
  const errors = new Map<Reporter, unknown[]>();
  const note = (reporter: Reporter, error: unknown) => {
    errors.set(reporter, [...errors.get(reporter) ?? [], error]);
  };

  return {
    on(event: RunEvent): void {
      const safe = clean(event);
      for (const reporter of reporters) {
        if (errors.has(reporter)) continue;
        try {
          reporter.on(safe);
        } catch (error) {
          note(reporter, error);
        }
      }
    },
    async close(): Promise<void> {
      await Promise.all(reporters.map(async (reporter) => {
        try {
          await reporter.close();
        } catch (error) {
          note(reporter, error);
        }
      }));
      if (errors.size === 0) return;
      const all = [...errors.values()].flat();
      const reasons = all.map((error) => error instanceof Error ? error.message : String(error)).join(", ");
      throw new AggregateError(
        all,
        `Cannot finish ${plural(errors.size, "report")}: ${reasons}; the other reports are complete`,
      );
    },
  };
}
