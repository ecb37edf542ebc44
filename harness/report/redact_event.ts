import type { RunEvent } from "../model/event.ts";
import { redacted } from "./redact.ts";

/**
 * Members that hold words of Plumb's own or names from spec and site files. They are not secret, and history, waivers
 * and links hang on them: a password `postgres` must not rename an assertion.
 */
const kept = new Set([
  ...["type", "at", "schema", "verb", "ending", "outcome", "severity", "change", "from", "to"],
  ...["run", "site", "phase", "phases", "name", "id", "host", "makes"],
]);

/**
 * Lines of the longest private key that is printed in earnest (RSA with 16384 bits); after so many, what follows is no
 * key.
 */
const longestKey = 220;

/** A copy of the value with every string in it redacted, but for those of the {@linkcode kept} members. */
function redactValue(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((member) => redactValue(member, redact));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, kept.has(key) ? member : redactValue(member, redact)]),
  );
}

/**
 * Makes a function that redacts every string of an event. It remembers, per step, whether its output is inside a
 * private key: output comes line by line, and only the first and the last line of a key look like one.
 */
export function eventRedactor(redact: (text: string) => string): (event: RunEvent) => RunEvent {
  const keyLinesLeft = new Map<string, number>();
  return (event) => {
    const clean = redactValue(event, redact) as RunEvent;
    if (event.type !== "step-output" || clean.type !== "step-output") return clean;
    const step = `${event.phase}\n${event.step}`;
    const left = keyLinesLeft.get(step) ?? 0;
    const boundary = /-----(BEGIN|END) [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?![\s\S]*-----)/.exec(event.line)?.[1];
    if (boundary === "BEGIN") keyLinesLeft.set(step, longestKey);
    else if (boundary === "END") keyLinesLeft.delete(step);
    else if (left > 0) keyLinesLeft.set(step, left - 1);
    return left > 0 ? { ...clean, line: redacted } : clean;
  };
}
