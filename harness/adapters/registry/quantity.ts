const bytes: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/**
 * MiB of a Kubernetes quantity such as `512Mi`.
 * @throws {Error} if it is none.
 */
export function mebibytes(quantity: string | number): number {
  const found = /^(\d+(?:\.\d+)?)([kMGT]i?|Ki)?$/.exec(String(quantity));
  if (!found) throw new Error(`Cannot read ${quantity} as an amount of memory; write one such as 512Mi`);
  return Number(found[1]) * bytes[found[2] ?? ""] / 2 ** 20;
}

/**
 * Thousandths of a processor of a Kubernetes quantity such as `100m` or `2`.
 * @throws {Error} if it is none.
 */
export function millicores(quantity: string | number): number {
  const found = /^(\d+(?:\.\d+)?)(m)?$/.exec(String(quantity));
  if (!found) throw new Error(`Cannot read ${quantity} as an amount of processor; write one such as 100m`);
  return Number(found[1]) * (found[2] ? 1 : 1000);
}
