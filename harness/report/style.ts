import type { Ending, Outcome } from "../model/outcome.ts";

/** Puts a colour around text, or nothing. */
export type Paint = (text: string) => string;

/** The colours of the console. */
export interface Style {
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
}

/** Colours that are escape codes, or none at all. */
export function makeStyle(color: boolean): Style {
  const paint = (on: number, off: number): Paint =>
    color ? (text) => text === "" ? "" : `\x1b[${on}m${text}\x1b[${off}m` : (text) => text;
  return {
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
    dim: paint(2, 22),
    bold: paint(1, 22),
  };
}

const marks: Readonly<Record<Outcome, { sign: string; paint: keyof Style }>> = {
  pass: { sign: "✔", paint: "green" },
  fail: { sign: "✖", paint: "red" },
  error: { sign: "?", paint: "yellow" },
  blocked: { sign: "⊘", paint: "dim" },
  skipped: { sign: "–", paint: "dim" },
  waived: { sign: "~", paint: "cyan" },
};

/** The one-column sign of an outcome, in its colour. */
export function mark(outcome: Outcome, style: Style): string {
  const { sign, paint } = marks[outcome];
  return style[paint](sign);
}

/** Text in the colour of an outcome. */
export function inColourOf(outcome: Outcome, text: string, style: Style): string {
  return style[marks[outcome].paint](text);
}

/** The first word of the summary line, in its colour. */
export function endingWord(ending: Ending, style: Style): string {
  const word = ending[0].toUpperCase() + ending.slice(1);
  const paint = {
    green: style.green,
    red: style.red,
    usage: style.red,
    blind: style.yellow,
    interrupted: style.yellow,
  };
  return style.bold(paint[ending](word));
}

/**
 * Whether colours are wanted: `NO_COLOR` with any value but the empty one forbids them (https://no-color.org),
 * and so does a terminal that calls itself `dumb`.
 */
export function wantsColor(env: { get(name: string): string | undefined }): boolean {
  return !env.get("NO_COLOR") && env.get("TERM") !== "dumb";
}
