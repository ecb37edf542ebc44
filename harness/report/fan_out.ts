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
  const failed = new Map<Reporter, unknown>();
  const closing: unknown[] = [];

  return {
    on(event: RunEvent): void {
      const safe = clean(event);
      for (const reporter of reporters) {
        if (failed.has(reporter)) continue;
        try {
          reporter.on(safe);
        } catch (error) {
          failed.set(reporter, error);
        }
      }
    },
    async close(): Promise<void> {
      const closed = await Promise.allSettled(reporters.map(async (reporter) => await reporter.close()));
      closed.forEach((outcome) => outcome.status === "rejected" && closing.push(outcome.reason));
      const errors = [...failed.values(), ...closing];
      if (errors.length === 0) return;
      const reasons = errors.map((error) => error instanceof Error ? error.message : String(error)).join("; ");
      throw new AggregateError(errors, `Cannot finish ${plural(reporters.length, "report")}: ${reasons}`);
    },
  };
}
