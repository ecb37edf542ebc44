/** Edits that turn one word into the other: insert, delete, replace, or swap two neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      rows[i][j] = Math.min(
        rows[i - 1][j] + 1,
        rows[i][j - 1] + 1,
        replace,
        swapped ? rows[i - 2][j - 2] + 1 : Infinity,
      );
    }
  }
  return rows[a.length][b.length];
}

/**
 * The allowed word that was probably meant, letter case aside: at most a third of the word's letters away, and at
 * most 3. Nothing if no word is that near; the first one if several are equally near.
 */
export function nearest(word: string, allowed: readonly string[]): string | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of allowed) {
    const apart = distance(word.toLowerCase(), candidate.toLowerCase());
    if (apart < bestDistance) [best, bestDistance] = [candidate, apart];
  }
  return best;
}

/** The remedy for a word that is not allowed: `did you mean 'gateway'? (allowed: hypervisor, gateway)`. */
export function suggestion(word: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return "remove it";
  const near = nearest(word, allowed);
  return near ? `did you mean '${near}'? (allowed: ${allowed.join(", ")})` : `use one of: ${allowed.join(", ")}`;
}
