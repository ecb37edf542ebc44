import { Buffer } from "node:buffer";

/** What stands where a secret stood. */
export const redacted = "[redacted]";

const shortestSecret = 6;
const shortestLine = 16;

/** Replaces secrets in text. Callable: `redact("password=hunter22")`. */
export interface Redactor {
  (text: string): string;
  /**
   * Makes more values known, from the next call on. Values shorter than 6 characters are ignored: they would blot out
   * words.
   */
  add(values: Iterable<string>): void;
}

/**
 * Makes a redactor that knows these values, in the forms in which they turn up in output: as they are, trimmed, base64
 * (at any offset in something longer, and wrapped), URL-encoded, JSON-escaped, hex, and each line of at least 16
 * characters of a value with several lines. Private keys, API tokens, age identities, bearer tokens and WireGuard keys
 * are recognised by their looks, known or not. Redact before cutting text: half a secret is not recognised.
 */
export function makeRedactor(secrets: Iterable<string> = []): Redactor {
  const forms = new Set<string>();
  let known: RegExp | null = null;

  const add = (values: Iterable<string>) => {
    for (const value of values) for (const form of formsOf(value)) forms.add(form);
    // Longest first: alternation takes the first that fits.
    const sorted = [...forms].sort((a, b) => b.length - a.length);
    known = sorted.length ? new RegExp(sorted.map(RegExp.escape).join("|"), "g") : null;
  };

  add(secrets);
  return Object.assign((text: string) => {
    const spans = [...(known ? knownSpans(text, known) : []), ...patternSpans(text)];
    return spans.length === 0 ? text : blot(text, spans);
  }, { add });
}

type Span = readonly [start: number, end: number];

function knownSpans(text: string, known: RegExp): Span[] {
  const spans: Span[] = [];
  known.lastIndex = 0;
  for (let found = known.exec(text); found; found = known.exec(text)) {
    spans.push([found.index, found.index + found[0].length]);
    // One further only: secrets may overlap.
    known.lastIndex = found.index + 1;
  }
  return spans;
}

// Group 1, where there is one, is the secret part of a match.
const patterns: readonly RegExp[] = [
  // A block without its end was cut off: all the rest is taken for the key.
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)/dg,
  // https://pve.proxmox.com/wiki/Proxmox_VE_API#API_Tokens
  /PVEAPIToken=[^\s=]+=([0-9a-f-]{36})/dgi,
  /AGE-SECRET-KEY-1[0-9A-Z]+/dgi,
  /\bBearer\s+([A-Za-z0-9._~+/-]{6,}=*)/dgi,
  // As in wg-quick's files, YAML and JSON, quoted JSON included.
  /(?:private|pre-?shared)[-_ ]?key[\\"']*\s*[:=]?\s*[\\"']*([A-Za-z0-9+/]{43}=)/dgi,
];

/** A word of each pattern: most texts have none of them, and one look is cheaper than five. */
const hint = /private|shared|token|secret|bearer/i;

function patternSpans(text: string): Span[] {
  if (!hint.test(text)) return [];
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((found) => found.indices![1] ?? found.indices![0]!)
  );
}

function blot(text: string, spans: Span[]): string {
  spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  let [out, at, end] = ["", 0, -1];
  for (const [start, stop] of spans) {
    if (start > end) {
      if (end >= 0) out += redacted;
      out += text.slice(Math.max(at, 0), start);
    }
    end = Math.max(end, stop);
    at = end;
  }
  return out + redacted + text.slice(at);
}

function formsOf(value: string): Set<string> {
  const forms = new Set<string>();
  if (value.trim().length < shortestSecret) return forms;
  for (const form of [value, value.trim()]) {
    for (const encoded of encodings(form)) forms.add(encoded);
  }
  const lines = value.trim().split(/\r?\n/);
  if (lines.length > 1) {
    for (const line of lines.map((l) => l.trim())) {
      // A PEM boundary is no secret, and the pattern for keys needs it.
      if (line.length >= shortestLine && !line.startsWith("-----")) forms.add(line);
    }
  }
  return forms;
}

function* encodings(value: string): Generator<string> {
  const bytes = Buffer.from(value);
  yield value;
  yield JSON.stringify(value).slice(1, -1);
  yield* percentForms(value);
  yield* hexForms(bytes);
  yield* base64Forms(bytes);
  // A WireGuard key is base64 for people and hex on the daemon's own socket (https://www.wireguard.com/xplatform/).
  if (/^[A-Za-z0-9+/]{43}=$/.test(value)) yield* hexForms(Buffer.from(value, "base64"));
}

function* percentForms(value: string): Generator<string> {
  const form = new URLSearchParams({ "": value }).toString().slice(1);
  for (const encoded of [encodeURIComponent(value), form]) {
    yield encoded;
    yield encoded.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase());
  }
}

function* hexForms(bytes: Buffer): Generator<string> {
  const hex = bytes.toString("hex");
  yield hex;
  yield hex.toUpperCase();
}

/**
 * Base64 of the bytes alone, wrapped or not, and the characters that they alone decide at each offset inside something
 * longer.
 */
function* base64Forms(bytes: Buffer): Generator<string> {
  for (const alphabet of ["base64", "base64url"] as const) {
    const whole = bytes.toString(alphabet);
    yield whole;
    for (const column of [64, 76]) {
      for (let at = 0; whole.length > column && at < whole.length; at += column) {
        const line = whole.slice(at, at + column);
        if (line.length >= shortestLine) yield line;
      }
    }
    for (const offset of [0, 1, 2]) {
      const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString(alphabet);
      yield shifted.slice(Math.ceil(offset * 8 / 6), Math.floor((offset + bytes.length) * 8 / 6));
    }
  }
}

/**
 * Text of at most `max` characters: longer text keeps its head and its tail, and says how much is left out between
 * them.
 */
export function truncate(text: string, max = 2000): string {
  if (text.length <= max) return text;
  const note = (left: number) => `\n… ${left} characters left out …\n`;
  const room = max - note(text.length).length;
  const head = text.slice(0, Math.ceil(room * 2 / 3)).replace(/[\ud800-\udbff]$/, "");
  const tail = text.slice(text.length - Math.floor(room / 3)).replace(/^[\udc00-\udfff]/, "");
  return head + note(text.length - head.length - tail.length) + tail;
}
