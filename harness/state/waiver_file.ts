import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { nearest } from "../model/nearest.ts";

/** A known, accepted red. */
export interface Waiver {
  /** Glob over `phase/assertion`: `*` stands for any characters except `/`, `?` for one. */
  readonly id: string;
  /** Glob over host names; absent: every host. */
  readonly host?: string;
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** `YYYY-MM-DD`, the last day on which it holds. */
  readonly expires: string;
  readonly file: string;
  /** Line of its entry in the file, from 1. */
  readonly line: number;
}

/** A waivers file that cannot be used, with all that is wrong with it. */
export class WaiverFileError extends Error {
  override readonly name = "WaiverFileError";

  /** Each problem reads `<file>:<line>: <what is wrong>; <what to write>`. */
  constructor(readonly file: string, readonly problems: readonly string[], cause?: unknown) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(
      `Cannot use the waivers in ${file}: ${count}; correct ${problems.length === 1 ? "it" : "them"}\n` +
        problems.map((problem) => `  ${problem}`).join("\n"),
      { cause },
    );
  }
}

const text = z.string("some text").trim().min(1, "some text");
const id = "PHASE/ASSERTION, such as vpn/key-private or vpn/handshake-*";
const host = "a host name or a pattern, such as worker-*";
const day = "a date, such as 2026-12-31";

/** The shape of a waivers file, whose messages say what to write; no expiry may be later than `latest`. */
function listUntil(latest: string) {
  const entry = z.strictObject({
    id: z.string(id).regex(/^[a-z0-9*?-]+\/[a-z0-9*?-]+$/, id)
      .regex(/[a-z]/, "at least a part of a name: a waiver of everything would hide everything"),
    host: z.string(host).regex(/^[a-z0-9*?-]+$/, host).optional(),
    reason: text,
    owner: text,
    expires: z.string(day).regex(/^\d{4}-\d\d-\d\d$/, day).refine(exists, "a day that exists")
      .refine((date) => date <= latest, `${latest} or earlier: a waiver holds for a year at most`),
  }, "id, reason, owner and expires");
  return z.array(entry, "a list, '- id: ...' for each waiver, or [] for none");
}
const fields = ["id", "host", "reason", "owner", "expires"];

function exists(date: string): boolean {
  const parsed = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(date);
}

/**
 * Reads a waivers file: a YAML list of `id`, `reason`, `owner`, `expires` and optionally `host`. An expiry more than a
 * year after `today` (`YYYY-MM-DD`) is refused: a waiver is for a while. An expired one is read; see `applyWaivers`.
 *
 * @throws {WaiverFileError} with all problems at once.
 */
export async function loadWaivers(file: string, today: string): Promise<Waiver[]> {
  try {
    return parseWaivers(await Deno.readTextFile(file), file, today);
  } catch (cause) {
    if (cause instanceof WaiverFileError) throw cause;
    const why = cause instanceof Deno.errors.NotFound ? "there is no such file" : String(cause);
    throw new WaiverFileError(file, [`${file}: ${why}; make it, or take 'waivers' out of the site file`], cause);
  }
}

/** {@linkcode loadWaivers} of `source`; `file` is for messages and {@linkcode Waiver.file}. */
export function parseWaivers(source: string, file: string, today: string): Waiver[] {
  const counter = new LineCounter();
  const document = parseDocument(source, { lineCounter: counter, prettyErrors: false });
  const at = (offset: number) => `${file}:${counter.linePos(offset).line}`;
  if (document.errors.length > 0) {
    const problems = document.errors.map((e) => `${at(e.pos[0])}: ${e.message}; write valid YAML`);
    throw new WaiverFileError(file, problems, document.errors[0]);
  }
  const content = valueOf(document, file);
  const parsed = listUntil(`${Number(today.slice(0, 4)) + 1}${today.slice(4)}`).safeParse(content);
  const problems = [...(parsed.success ? [] : problemsOf(parsed.error, document)), ...repetitions(content, document)];
  if (!parsed.success || problems.length > 0) {
    problems.sort((a, b) => a.offset - b.offset);
    throw new WaiverFileError(file, problems.map(({ offset, text }) => `${at(offset)}: ${text}`), parsed.error);
  }
  return parsed.data.map((waiver, index) => {
    const { line } = counter.linePos(offsetOf(document, [index]));
    return { ...waiver, file, line };
  });
}

function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS() ?? [];
  } catch (cause) {
    // An alias without its anchor, or aliases that multiply without end; neither says where.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WaiverFileError(file, [`${file}: ${why}; write valid YAML`], cause);
  }
}

/** What is wrong, and where in the text. */
interface Problem {
  readonly offset: number;
  readonly text: string;
}

/** The first problem of each place. */
function problemsOf(error: z.ZodError, document: Document): Problem[] {
  const problems = new Map<string, Problem>();
  const add = (path: PropertyKey[], text: string) => {
    const place = path.join(".");
    if (!problems.has(place)) problems.set(place, { offset: offsetOf(document, path), text });
  };
  for (const issue of error.issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) add([...issue.path, key], unknownField(key));
    } else {
      add(issue.path, wrongValue(issue.path, document.getIn(issue.path), issue.message));
    }
  }
  return [...problems.values()];
}

/** Two expired waivers of the same id and host would be one result twice. */
function repetitions(content: unknown, document: Document): Problem[] {
  const seen = new Set<string>();
  return (Array.isArray(content) ? content : []).flatMap((one, index) => {
    if (typeof one?.id !== "string") return [];
    const same = `${one.id} ${one.host ?? "-"}`;
    if (seen.has(same)) return [{ offset: offsetOf(document, [index]), text: `${one.id} is waived above; keep one` }];
    seen.add(same);
    return [];
  });
}

function unknownField(key: string): string {
  const meant = nearest(key, fields);
  return `'${key}' is not a field of a waiver; ${meant ? `write '${meant}'` : `the fields are ${fields.join(", ")}`}`;
}

function wrongValue(path: PropertyKey[], value: unknown, wanted: string): string {
  const what = path.length > 1 ? `'${String(path[1])}'` : path.length === 1 ? "this entry" : "the file";
  if (value === undefined) return `${what} is missing; write ${wanted}`;
  const found = isMap(value) ? "a map" : isNode(value) ? "a list" : JSON.stringify(value);
  return `${what} is ${found}; write ${wanted}`;
}

/** Where the key at `path` stands, or else the entry that it should be in. */
function offsetOf(document: Document, path: PropertyKey[]): number {
  const parent = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (path.length > 1 && isMap(parent)) {
    const key = parent.items.map((pair) => pair.key).find((key) => isScalar(key) && key.value === last);
    return (isNode(key) ? key : parent).range?.[0] ?? 0;
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return (isNode(node) ? node : document.contents)?.range?.[0] ?? 0;
}
