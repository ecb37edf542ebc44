import { fit, widthOf } from "./text.ts";

/** A terminal, or what stands for one in a test. */
export interface Screen {
  write(text: string): void;
  /** Its width now; asked before each write, so that resizing needs no signal. */
  columns(): number;
  /** Its height now; unlimited if absent. */
  rows?(): number;
  /** Milliseconds, monotonic. */
  now(): number;
}

/** Least time between two repaints, in milliseconds: about 12 a second. */
export const frameMs = 83;

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const clearToLineEnd = "\x1b[K";
// Not "clear to the end of the screen": tmux takes that for `clear` where it happens in the first row, and keeps the
// old lines.
const eraseLineAbove = "\x1b[1A\x1b[2K";

/**
 * Keeps a live region at the bottom of a terminal, below the lines printed for good. Each repaint is one write,
 * and overwrites in place where it can, so nothing flickers. Use it only on a terminal: every write has escape codes.
 */
export class Painter {
  private shown: string[] = [];
  private wanted: string[] = [];
  private paintedAt = -Infinity;
  private hidden = false;

  constructor(private readonly screen: Screen) {}

  /**
   * Sets the live region. Repaints now, or leaves it to a later call if the last repaint was less than {@linkcode
   * frameMs} ago.
   */
  paint(lines: readonly string[]): void {
    this.wanted = [...lines];
    if (this.screen.now() - this.paintedAt >= frameMs) this.repaint([]);
  }

  /** Prints lines for good above the live region, and sets that, at once. */
  print(lines: readonly string[], live: readonly string[]): void {
    this.wanted = [...live];
    this.repaint(lines);
  }

  /** Takes the live region away and gives the cursor back. */
  close(): void {
    this.wanted = [];
    this.repaint([]);
    if (this.hidden) this.screen.write(showCursor);
    this.hidden = false;
  }

  private repaint(permanent: readonly string[]): void {
    const columns = Math.max(2, this.screen.columns());
    const frame = this.frame(columns);
    if (permanent.length === 0 && frame.join("\n") === this.shown.join("\n")) return;
    const rows = this.rowsShown(columns);
    // Overwriting in place cannot flicker, but leaves the ends of longer lines: permanent ones are not cut, so their
    // way is cleared.
    const overwrite = permanent.length === 0 && frame.length >= this.shown.length && rows === this.shown.length;
    const text = [
      this.hidden ? "" : hideCursor,
      rows === 0 ? "" : overwrite ? `\r\x1b[${rows}A` : `\r${eraseLineAbove.repeat(rows)}`,
      ...permanent.map((line) => `${line}\n`),
      ...frame.map((line) => `${line}${clearToLineEnd}\n`),
    ];
    this.hidden = true;
    this.shown = frame;
    this.paintedAt = this.screen.now();
    this.screen.write(text.join(""));
  }

  /** The wanted lines, cut to the screen. The last column stays free: some terminals break the line on reaching it. */
  private frame(columns: number): string[] {
    const rows = Math.max(1, (this.screen.rows?.() ?? Infinity) - 1);
    return this.wanted.slice(0, rows).map((line) => fit(line, columns - 1));
  }

  /** Rows that the live region takes now: a terminal that became narrower has wrapped its lines. */
  private rowsShown(columns: number): number {
    return this.shown.reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
  }
}
