import { humanDuration } from "../model/duration.ts";
import type { ProgressEvent } from "../../fixtures/lab/progress.ts";

const eraseLine = "\r\x1b[2K";
/** A line for a task that goes on is printed at most this often where there is no terminal, in milliseconds. */
const plainEveryMs = 5_000;

/** Shows long work on standard error: one line that changes on a terminal, now and then a line elsewhere. */
export class ProgressLine {
  readonly #started = new Map<string, number>();
  readonly #ended = new Set<string>();
  #printedAt = 0;
  readonly #terminal = Deno.stderr.isTerminal();

  /** Takes news of a task; a task has ended at fraction 1. */
  readonly show = ({ task, fraction, detail }: ProgressEvent): void => {
    if (this.#ended.has(task)) return;
    const now = performance.now();
    const first = !this.#started.has(task);
    if (first) this.#started.set(task, now);
    const spent = humanDuration(now - this.#started.get(task)!);
    if (fraction === 1) {
      this.#ended.add(task);
      this.#print(`${task}: done in ${spent}`, true);
      return;
    }
    const percent = fraction === undefined ? "" : ` ${Math.round(fraction * 100)}%`;
    const more = detail && this.#terminal ? ` ${detail}` : "";
    if (!this.#terminal && !first && now - this.#printedAt < plainEveryMs) return;
    this.#printedAt = now;
    this.#print(first && !this.#terminal ? `${task} ...` : `${task}${percent} (${spent})${more}`, !this.#terminal);
  };

  #print(line: string, final: boolean): void {
    const width = this.#terminal ? Deno.consoleSize().columns : Infinity;
    const text = line.length >= width ? line.slice(0, Math.max(0, width - 1)) : line;
    const before = this.#terminal ? eraseLine : "";
    Deno.stderr.writeSync(new TextEncoder().encode(`${before}${text}${final ? "\n" : ""}`));
  }
}
