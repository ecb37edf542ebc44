import { isAbsolute, relative } from "node:path";

/** Where in a YAML document: keys and list positions from the root. */
export type Path = readonly (string | number)[];

/** What is wrong at a place of the site file, before it has a line. */
export interface Finding {
  readonly path: Path;
  /** `<why>; <what to do>`. */
  readonly message: string;
}

/** One fault of a file that the site consists of. */
export interface Problem {
  /** As people see it: relative to the working directory where it lies below it. */
  readonly file: string;
  /** Counted from 1; null where the file could not be read at all. */
  readonly line: number | null;
  /** Dotted, such as `hosts.vps.roles[0]`; empty for the file as a whole. */
  readonly path: string;
  /** `<why>; <what to do>`. */
  readonly message: string;
}

/** A file's path as people see it. */
export function displayPath(path: string): string {
  const below = relative(Deno.cwd(), path);
  return below.startsWith("..") || isAbsolute(below) ? path : below;
}

/** `hosts.vps.roles[0]`. */
export function dotted(path: Path): string {
  return path.map((part) => typeof part === "number" ? `[${part}]` : `.${part}`).join("").replace(/^\./, "");
}

/** One problem in the project's error grammar. */
export function renderProblem({ file, line, message }: Problem): string {
  return `Cannot read ${file}${line === null ? "" : ` line ${line}`}: ${message}`;
}

/** A site file that cannot be used, with everything that is wrong with it. */
export class SiteError extends Error {
  override readonly name = "SiteError";
  /** How a run ends on it; a key of `exitCodes`. */
  readonly ending = "usage";

  constructor(readonly problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(renderProblem).join("\n"), options);
  }
}

/** Text of a file; a missing or unreadable one rejects with a {@linkcode SiteError} that ends in `remedy`. */
export async function readText(path: string, remedy: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "there is no such file"
      : cause instanceof Deno.errors.IsADirectory
      ? "it is a folder"
      : (cause as Error).message;
    throw new SiteError([{ file: displayPath(path), line: null, path: "", message: `${why}; ${remedy}` }], { cause });
  }
}
