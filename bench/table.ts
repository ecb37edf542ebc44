import { ratioOf, type Spread, spreadOf } from "./statistics.ts";

/** What a contender's rounds took, in milliseconds, in the order of the rounds. */
export interface Measured {
  readonly name: string;
  readonly rounds: readonly number[];
}

/** `412 ms` below a second, `4.12 s` from there on. */
export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

/** A ratio to be read: two decimals below 10, one from there on. */
export function times(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : 1);
}

function timesWithRange({ median, min, max }: Spread): string {
  return `${times(median)} (${times(min)}-${times(max)})`;
}

/** A Markdown table with aligned columns; the first row is the head, all columns but the first are numbers. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const padded = rows.map((row) =>
    line(row.map((cell, column) => column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
  );
  const rule = line(widths.map((width, column) => column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [padded[0], rule, ...padded.slice(1)].join("\n");
}

/** The contenders side by side: times, and each as a multiple of `base`. */
export function comparison(all: readonly Measured[], base: Measured): string {
  return markdownTable([
    ["", "median", "min", "max", `times ${base.name} (min-max of the rounds)`],
    ...all.map(({ name, rounds }) => {
      const { median, min, max } = spreadOf(rounds);
      const ratio = name === base.name ? "1" : timesWithRange(ratioOf(rounds, base.rounds));
      return [name, duration(median), duration(min), duration(max), ratio];
    }),
  ]);
}
