/** A duration as people write it: `500ms`, `30s`, `3m`. */
export type Duration = `${number}${"ms" | "s" | "m"}`;

const units = { ms: 1, s: 1_000, m: 60_000 } as const;

/** Milliseconds in a {@linkcode Duration}. */
export function milliseconds(duration: Duration): number {
  const [, amount, unit] = /^([\d.]+)(ms|s|m)$/.exec(duration) ?? [];
  if (!amount) throw new TypeError(`Cannot read duration '${duration}': write a number and ms, s or m, like '30s'`);
  return Number(amount) * units[unit as keyof typeof units];
}

/** A duration for people: `340 ms`, `4.2 s`, `3 min 12 s`. */
export function humanDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
