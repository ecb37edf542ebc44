import type { Result } from "../model/event.ts";
import { countOutcomes, type Outcome, outcomes } from "../model/outcome.ts";
import type { Layout } from "./failure.ts";
import { holding, type PhaseRecord } from "./record.ts";
import { inColourOf, mark } from "./style.ts";
import { pad, padLeft } from "./text.ts";

/** A phase's results as a table of services and promises. */
export interface Table {
  /** Ids within the phase, in the order of the spec. */
  readonly promises: readonly string[];
  readonly rows: readonly {
    readonly service: string;
    /** One for each promise; null where the promise was not looked at for the service, which must not happen. */
    readonly cells: readonly (Result | null)[];
  }[];
  /** Results of promises that all services keep together. */
  readonly together: readonly Result[];
}

/** The promise's id within its phase. */
function keyOf(result: Result): string {
  return result.id.slice(result.id.indexOf("/") + 1);
}

/** The table of a phase's results; null if they make none. */
export function tableOf(phase: PhaseRecord): Table | null {
  if (!phase.summary?.table) return null;
  const own = phase.results.filter(({ host }) => host !== "-");
  const together = phase.results.filter(({ host }) => host === "-");
  const promises = [...new Set(own.map(keyOf))];
  const rows = [...Map.groupBy(own, ({ host }) => host)].map(([service, results]) => {
    const byKey = new Map(results.map((result) => [keyOf(result), result]));
    return { service, cells: promises.map((key) => byKey.get(key) ?? null) };
  });
  return rows.length ? { promises, rows, together } : null;
}

/** How many of a table's cells ended how; a cell without a result is an error. */
export function cellOutcome(cell: Result | null): Outcome {
  return cell?.outcome ?? "error";
}

const meanings: Readonly<Record<Outcome, string>> = {
  pass: "holds",
  fail: "does not hold",
  error: "could not be looked at",
  blocked: "blocked by another",
  skipped: "not applicable: there is nothing that the promise is about",
  waived: "waived",
};

/** What the signs in a table's cells stand for: those that are there. */
export function signsOf({ rows }: Table): { readonly outcome: Outcome; readonly meaning: string }[] {
  const there = new Set(rows.flatMap(({ cells }) => cells.map(cellOutcome)));
  return outcomes.filter((outcome) => there.has(outcome)).map((outcome) => ({ outcome, meaning: meanings[outcome] }));
}

/** Columns between two entries of the legend. */
const gap = 2;

/** The table for a terminal: a column for each promise, numbered, and below it what the numbers stand for. */
export function tableLines(phase: PhaseRecord, { style, width }: Layout): string[] {
  const table = tableOf(phase);
  if (!table) return [];
  const { promises, rows, together } = table;
  const name = Math.max(...rows.map(({ service }) => service.length)) + gap;
  const digits = String(promises.length).length;
  const heads = Array.from(
    { length: digits },
    (_, line) =>
      `    ${" ".repeat(name)}${promises.map((_, index) => padLeft(String(index + 1), digits)[line]).join("")}`,
  );
  const body = rows.map(({ service, cells }) => {
    const counts = holding(countOutcomes(cells.map((cell) => ({ outcome: cellOutcome(cell) }))));
    return `    ${pad(service, name)}${cells.map((cell) => mark(cellOutcome(cell), style)).join("")}  ${
      style.dim(counts)
    }`;
  });
  const all = together.filter((result) => result.outcome === "pass").length;
  const rest = together.filter((result) => result.outcome !== "pass").map((result) =>
    `${mark(result.outcome, style)} ${inColourOf(result.outcome, keyOf(result), style)}`
  );
  return [
    "",
    ...heads.map((line) => style.dim(line)),
    ...body,
    "",
    ...legend(promises, width).map((line) => `    ${style.dim(line)}`),
    `    ${signsOf(table).map(({ outcome, meaning }) => `${mark(outcome, style)} ${style.dim(meaning)}`).join("  ")}`,
    `    ${[`over all services: ${all} of ${together.length} hold`, ...rest].join(", ")}`,
  ];
}

/** `1 renders  2 lint-clean ...` in columns, read downwards. */
function legend(promises: readonly string[], width: number): string[] {
  const digits = String(promises.length).length;
  const entries = promises.map((key, index) => `${padLeft(String(index + 1), digits)} ${key}`);
  const cell = Math.max(...entries.map((entry) => entry.length)) + gap;
  const across = Math.max(1, Math.floor((Math.min(width, 120) - 4) / cell));
  const down = Math.ceil(entries.length / across);
  return Array.from(
    { length: down },
    (_, line) =>
      Array.from({ length: across }, (_, column) => pad(entries[column * down + line] ?? "", cell)).join("").trimEnd(),
  );
}
