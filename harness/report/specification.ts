import type { Reporter } from "../model/event.ts";
import { suggestion } from "../model/nearest.ts";
import { atClose } from "./at_close.ts";
import { openFile, type ReportFile } from "./file.ts";
import { renderHtml } from "./html.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { ndjson } from "./ndjson.ts";

const kinds: Readonly<Record<string, (file: ReportFile) => Reporter>> = {
  junit: (file) => atClose(file, renderJunit),
  json: (file) => atClose(file, renderJson),
  md: (file) => atClose(file, renderMarkdown),
  html: (file) => atClose(file, renderHtml),
  ndjson,
};

/** The kinds of report that `--report` knows. */
export const reportKinds: readonly string[] = Object.keys(kinds);

/**
 * A `--report` that cannot be had. All that is wrong with the command line's reports is in one message, a line each.
 */
export class ReportError extends Error {
  override readonly name = "ReportError";
  /** The run ends as with any wrong command line. */
  readonly ending = "usage";
}

interface Wanted {
  readonly spec: string;
  readonly kind: string;
  readonly path: string;
}

function read(spec: string): Wanted {
  const [, kind, path] = /^([^:]*):(.+)$/.exec(spec) ?? [];
  if (path === undefined) {
    throw new ReportError(
      `Cannot write report '${spec}': it names no kind and path; write it as KIND:PATH, like junit:out.xml`,
    );
  }
  if (!Object.hasOwn(kinds, kind)) {
    throw new ReportError(
      `Cannot write report '${spec}': there is no kind '${kind}'; ${suggestion(kind, reportKinds)}`,
    );
  }
  return { spec, kind, path };
}

/** Runs `one` on each item; returns what they gave if none threw, else throws all messages together. */
function all<T, U>(items: readonly T[], one: (item: T) => U, undo: (done: U) => void = () => {}): U[] {
  const done: U[] = [];
  const errors: ReportError[] = [];
  for (const item of items) {
    try {
      done.push(one(item));
    } catch (error) {
      if (!(error instanceof ReportError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === 0) return done;
  done.forEach(undo);
  throw new ReportError(errors.map((error) => error.message).join("\n"), { cause: errors[0].cause ?? errors[0] });
}

function open({ spec, path }: Wanted): ReportFile {
  try {
    return openFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ReportError(`Cannot write report '${spec}': ${reason}; name a file that you may write`, { cause });
  }
}

/**
 * Opens the reports of `--report KIND:PATH ...`: `junit`, `json`, `md` and `html` are written when closed, `ndjson` as events
 * happen. Files are created and emptied now, folders as needed, so that what cannot be written is known before the run
 * starts. Throws {@linkcode ReportError} otherwise, leaving files untouched if a specification is wrong.
 */
export function openReports(specs: readonly string[]): Reporter[] {
  const wanted = all(specs, read);
  const twice = wanted.find(({ path }, at) => wanted.findIndex((other) => other.path === path) < at);
  if (twice) {
    throw new ReportError(`Cannot write report '${twice.spec}': another report has that path; give each its own`);
  }
  const files = all(wanted, open, (file) => file.close());
  return files.map((file, at) => kinds[wanted[at].kind](file));
}
