import { z } from "zod";
import { suggestion } from "../../model/nearest.ts";
import { type SiteFile, siteSchema } from "../../../sites/schema.ts";
import { dotted, type Finding, type Path } from "./error.ts";

type Issue = z.core.$ZodIssue;

/** A part of a value that may be absent at every depth. Lists keep their positions, with holes. */
export type Draft<T> = T extends readonly (infer Item)[] ? readonly (Draft<Item> | undefined)[]
  : T extends object ? { readonly [K in keyof T]?: Draft<T[K]> }
  : T;

/** What is known of a file's data: the whole, or what is left when the wrong parts are taken out. */
export type Fitted<T> =
  | { readonly whole: T; readonly findings: readonly [] }
  | { readonly whole: null; readonly draft: Draft<T>; readonly findings: readonly Finding[] };

/** {@linkcode Fitted} for a site file. */
export type Shaped =
  | { readonly site: SiteFile; readonly findings: readonly [] }
  | { readonly site: null; readonly draft: Draft<SiteFile>; readonly findings: readonly Finding[] };

/** What a file is held against, and what it is called in messages. */
interface Form<T> {
  readonly schema: z.ZodType<T>;
  readonly called: string;
}

const typeWords: Record<string, string> = {
  string: "text",
  number: "a whole number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a block of settings",
  record: "a block of settings",
};

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<string | number, unknown> | undefined)?.[part], data);
}

function label(path: Path, { called }: { called: string }): string {
  return path.length ? dotted(path) : called;
}

/** A value's type and, for a short one, the value. */
function describeValue(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a block of settings";
  if (typeof value === "string") return `the text '${value.length > 40 ? value.slice(0, 40) + "..." : value}'`;
  return typeof value === "number" ? `the number ${value}` : String(value);
}

/** The keys that the schema knows at a path. */
function keysAt(path: Path, form: Form<unknown>): string[] {
  let schema: unknown = form.schema;
  const unwrap = () => {
    while (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
      schema = schema.unwrap();
    }
  };
  for (const part of path) {
    unwrap();
    if (schema instanceof z.ZodObject) schema = schema.shape[part];
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
    else if (schema instanceof z.ZodArray) schema = schema.element;
  }
  unwrap();
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function missing(path: Path, wanted: string, form: Form<unknown>): string {
  const key = path[path.length - 1];
  return `${label(path.slice(0, -1), form)} has no '${key}'; add '${key}:' with ${wanted}`;
}

function typeRemedy(value: unknown, wanted: string, expected: string): string {
  if (value === null) return "fill it in, or remove the line if it is not needed";
  if (expected === "string" && typeof value === "number") return `write ${wanted}, in quotes`;
  if (/^(number|int)$/.test(expected) && /^\d+$/.test(String(value))) return "remove the quotes";
  if (expected === "array" && typeof value !== "object") return `write [${value}]`;
  return `write ${wanted}`;
}

function wrongType(path: Path, value: unknown, wanted: string, expected: string, form: Form<unknown>): string {
  return `${label(path, form)} is ${describeValue(value)}, not ${wanted}; ${typeRemedy(value, wanted, expected)}`;
}

function wrongSize(issue: Extract<Issue, { code: "too_small" | "too_big" }>, path: Path, value: unknown): string {
  if (issue.origin === "string") return `${dotted(path)} is empty; write ${issue.message}`;
  if (issue.origin === "array") return `${dotted(path)} is an empty list; list at least one`;
  return issue.code === "too_small"
    ? `${dotted(path)} is ${value}; write at least ${issue.minimum}`
    : `${dotted(path)} is ${value}; write at most ${issue.maximum}`;
}

/** What a reader is told of one issue; unknown keys give a finding each. */
function describe(issue: Issue, data: unknown, form: Form<unknown>): Finding[] {
  const path = issue.path as Path;
  const value = valueAt(data, path);
  const one = (message: string) => [{ path, message }];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `key '${key}' is unknown in ${label(path, form)}; ${suggestion(key, keysAt(path, form))}`,
    }));
  }
  if (issue.code === "invalid_key") {
    const words = issue.issues[0].message;
    return one(`key '${path[path.length - 1]}' is not a valid name in ${dotted(path.slice(0, -1))}; write ${words}`);
  }
  if (value === undefined) return one(missing(path, issue.message, form));
  switch (issue.code) {
    case "invalid_value": {
      if (typeof value !== "string") return one(wrongType(path, value, issue.message, "value", form));
      const noun = path.includes("roles") ? "role" : dotted(path);
      return one(`${noun} '${value}' is unknown; ${suggestion(value, issue.values.map(String))}`);
    }
    case "invalid_type":
      return one(wrongType(path, value, issue.message, issue.expected, form));
    case "too_small":
    case "too_big":
      return one(wrongSize(issue, path, value));
    default:
      return one(`${dotted(path)} '${value}' is not valid; write ${issue.message}`);
  }
}

/** True for the absence of a key that an unknown key beside it was meant to be. */
function explainedByMisspelling(
  issue: Issue,
  issues: readonly Issue[],
  data: unknown,
  form: Form<unknown>,
): boolean {
  if (valueAt(data, issue.path as Path) !== undefined) return false;
  const parent = dotted(issue.path.slice(0, -1) as Path);
  const key = String(issue.path[issue.path.length - 1]);
  return issues.some((other) =>
    other.code === "unrecognized_keys" && dotted(other.path as Path) === parent &&
    other.keys.some((unknown) =>
      suggestion(unknown, keysAt(other.path as Path, form)).startsWith(`did you mean '${key}'`)
    )
  );
}

/** The data without what the issues are about; list items become holes, so that positions stay true. */
function prune<T>(data: unknown, issues: readonly Issue[]): Draft<T> {
  const draft = structuredClone(data);
  const take = (path: Path) => {
    const parent = valueAt(draft, path.slice(0, -1));
    if (typeof parent !== "object" || parent === null) return;
    const key = path[path.length - 1];
    if (Array.isArray(parent)) parent[key as number] = undefined;
    else delete (parent as Record<string, unknown>)[key];
  };
  for (const issue of issues) {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") issue.keys.forEach((key) => take([...path, key]));
    else if (path.length === 0) return {} as Draft<T>;
    else take(path);
  }
  return draft as Draft<T>;
}

/** Holds a file's data against its form; every difference is a finding with a remedy. */
export function fit<T>(form: Form<T>, data: unknown): Fitted<T> {
  const result = form.schema.safeParse(data, {
    error: (issue) =>
      issue.code === "invalid_value"
        ? `one of ${(issue.values as unknown[]).join(", ")}`
        : typeWords[String(issue.expected)] ?? issue.code,
  });
  if (result.success) return { whole: result.data, findings: [] };
  const { issues } = result.error;
  const told = issues.filter((issue) => !explainedByMisspelling(issue, issues, data, form));
  return { whole: null, draft: prune<T>(data, issues), findings: told.flatMap((issue) => describe(issue, data, form)) };
}

/** {@linkcode fit} for a site file. */
export function shape(data: unknown): Shaped {
  const { whole, ...rest } = fit({ schema: siteSchema, called: "the site file" }, data);
  return { site: whole, ...rest } as Shaped;
}
