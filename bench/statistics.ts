/** Several measurements of one thing, in milliseconds or as ratios. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Median, least and greatest of at least one number. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError("Cannot summarize measurements: there are none; measure at least once");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1)! };
}

/**
 * How many times `slower` is of `faster`: the ratio of the medians, and the least and greatest ratio within one round.
 * Both were measured in the same rounds, so a round in which the machine was busy slows both.
 */
export function ratioOf(slower: readonly number[], faster: readonly number[]): Spread {
  if (slower.length !== faster.length) {
    throw new RangeError(
      `Cannot compare ${slower.length} rounds with ${faster.length}: measure both in every round`,
    );
  }
  const { min, max } = spreadOf(slower.map((ms, round) => ms / faster[round]));
  return { median: spreadOf(slower).median / spreadOf(faster).median, min, max };
}
