/** Work of one kind shares the world with its like; work of the other wants it for itself. */
type Kind = "shared" | "alone";

interface Waiting {
  readonly kind: Kind;
  begin(): void;
}

/**
 * Lets phases work side by side, and exercises only by themselves: an exercise may restart a host on which another phase is
 * in the middle of a step. First come, first served, so that neither kind waits for ever.
 */
export class Turns {
  readonly #waiting: Waiting[] = [];
  #working = 0;
  #alone = false;

  /** Runs work that others of its kind may run beside. */
  shared<T>(work: () => Promise<T>): Promise<T> {
    return this.#take("shared", work);
  }

  /** Runs work beside which nothing else runs. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#take("alone", work);
  }

  async #take<T>(kind: Kind, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      this.#waiting.push({ kind, begin: resolve });
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#working--;
      this.#alone = false;
      this.#next();
    }
  }

  #next(): void {
    for (let first = this.#waiting[0]; first && this.#admits(first.kind); first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#working++;
      this.#alone = first.kind === "alone";
      first.begin();
    }
  }

  #admits(kind: Kind): boolean {
    return this.#working === 0 || (kind === "shared" && !this.#alone);
  }
}
