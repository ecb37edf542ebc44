/** Text as a terminal shows it: cleaning, measuring, cutting and wrapping. */

// Escape sequences: CSI, OSC (ended by BEL or ST), and the two-character ones.
// deno-lint-ignore no-control-regex
const escapes = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g;
// Everything else that moves a cursor or reorders text: C0 and C1 but for tab and line feed, and the bidirectional
// controls.
// deno-lint-ignore no-control-regex
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from outside made safe to print: escape sequences and control characters gone, tabs as two spaces, line feeds
 * kept. What a probe found could otherwise repaint the screen, or hide what it says.
 */
export function plainText(text: string): string {
  return text.replace(escapes, "").replace(/\r\n?/g, "\n").replaceAll("\t", "  ").replace(controls, "");
}

/** The last non-blank line of a piece of output; a progress bar's carriage returns count as line ends. */
export function lastLine(text: string): string {
  return plainText(text).split("\n").findLast((line) => line.trim() !== "")?.trim() ?? "";
}

// Select graphic rendition only: the one kind of sequence that this folder writes inside a line.
// deno-lint-ignore no-control-regex
const tokens = /\x1b\[[0-9;]*m|./gsu;
const wide =
  /^(?:[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u;
// deno-lint-ignore no-control-regex
const zero = /^(?:\p{Mark}|\p{Cf}|\x1b\[)/u;

function tokenWidth(token: string): number {
  if (token.length === 1 && token >= " " && token <= "~") return 1;
  if (zero.test(token)) return 0;
  return wide.test(token) ? 2 : 1;
}

/** Columns that a line takes; colours take none, East Asian wide characters and emoji take two. */
export function widthOf(line: string): number {
  let width = 0;
  for (const [token] of line.matchAll(tokens)) width += tokenWidth(token);
  return width;
}

/** The line cut to `width` columns, with `…` where something was lost and colours ended. */
export function fit(line: string, width: number): string {
  if (widthOf(line) <= width) return line;
  if (width < 1) return "";
  let [kept, used, coloured] = ["", 0, false];
  for (const [token] of line.matchAll(tokens)) {
    const next = used + tokenWidth(token);
    if (next > width - 1) break;
    kept += token;
    used = next;
    coloured ||= token.startsWith("\x1b");
  }
  return `${kept}…${coloured ? "\x1b[0m" : ""}`;
}

/** The line filled up with spaces to `width` columns; longer lines stay as they are. */
export function pad(line: string, width: number): string {
  return line + " ".repeat(Math.max(0, width - widthOf(line)));
}

/** The line with spaces before it to `width` columns; longer lines stay as they are. */
export function padLeft(line: string, width: number): string {
  return " ".repeat(Math.max(0, width - widthOf(line))) + line;
}

/**
 * Breaks text at spaces into lines of at most `width` columns. Words longer than that stay whole, so that they can be
 * copied.
 */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => {
    const lines = [""];
    for (const word of line.split(" ")) {
      const last = lines[lines.length - 1];
      const joined = last === "" ? word : `${last} ${word}`;
      if (last === "" || widthOf(joined) <= width) lines[lines.length - 1] = joined;
      else lines.push(word);
    }
    return lines;
  });
}

/** `1 step`, `2 steps`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** As many of the names as fit into `width` columns, then `and N more`. */
export function listWithin(names: readonly string[], width: number): string {
  const all = names.join(", ");
  if (widthOf(all) <= width) return all;
  for (let shown = names.length - 1; shown > 0; shown--) {
    const text = `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
    if (widthOf(text) <= width) return text;
  }
  return fit(all, width);
}
