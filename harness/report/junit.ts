import type { Result } from "../model/event.ts";
import { failureRows } from "./failure.ts";
import { outcomeOf, type PhaseRecord, type RunRecord, spokenName, type StepRecord } from "./record.ts";
import { pad } from "./text.ts";

// Escape sequences of terminals, as a whole: without their first character the rest would be left as litter.
// deno-lint-ignore no-control-regex
const sequences = /\x1b\[[0-?]*[ -/]*[@-~]/g;
// What XML 1.0 cannot hold, escaped or not (https://www.w3.org/TR/xml/#charsets).
// deno-lint-ignore no-control-regex
const impossible = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

function escapeText(text: string): string {
  return text.replace(sequences, "").replace(impossible, "").replace(/[&<>\r]/g, (char) => entities[char]);
}

/** Line breaks and tabs are escaped too: a parser would read them as spaces in an attribute. */
function escapeAttribute(text: string): string {
  return escapeText(text).replace(/["\n\t]/g, (char) => entities[char]);
}

type Attributes = Readonly<Record<string, string | number>>;

/** An element; `content` is XML already. */
function element(name: string, attributes: Attributes, content: readonly string[] = []): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`);
  const open = `<${name}${written.join("")}`;
  return content.length ? `${open}>${content.join("")}</${name}>` : `${open}/>`;
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);

function bodyOf(result: Result): string {
  const rows = failureRows(result).filter(([, value]) => value !== "");
  const lines = rows.map(([label, value]) => `${pad(label, 10)}${value.replaceAll("\n", `\n${" ".repeat(10)}`)}`);
  return escapeText([result.title, result.why, "", ...lines].join("\n"));
}

/** The child that says what became of a result; a pass has none. */
function verdict(result: Result): string[] {
  const message = `${result.title}: expected ${result.expected}, found ${result.found}`;
  switch (result.outcome) {
    case "pass":
      return [];
    case "fail":
      return [element("failure", { message, type: result.severity }, [bodyOf(result)])];
    case "error":
      return [
        element("error", { message: result.found, type: result.severity }, [bodyOf(result)]),
      ];
    case "blocked":
      return [
        element("skipped", {
          message: `blocked by ${result.blockedBy ? spokenName(result.blockedBy) : "an unknown root"}`,
        }),
      ];
    case "waived":
      return [element("skipped", { message: `waived: ${result.note}` })];
    case "skipped":
      return [element("skipped", { message: result.note })];
  }
}

function testcase(phase: string, result: Result): string {
  const name = result.host === "-" ? result.id : `${result.id} [${result.host}]`;
  const properties = { severity: result.severity, attempts: result.attempts, "seen-red": result.seenRed };
  return element("testcase", { classname: phase, name, time: seconds(result.durationMs) }, [
    element(
      "properties",
      {},
      Object.entries(properties).map(([key, value]) => element("property", { name: key, value: String(value) })),
    ),
    ...verdict(result),
  ]);
}

/** A failed step turns the run red, so it must not be missing here. */
function stepTestcase(phase: string, step: StepRecord): string {
  const failure = step.failure ?? "";
  return element("testcase", { classname: phase, name: `step: ${step.does}`, time: seconds(step.durationMs ?? 0) }, [
    element("failure", { message: failure, type: "step" }, [escapeText([failure, ...step.tail, step.log].join("\n"))]),
  ]);
}

interface Tally {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

/** Failed steps whose phase is red. Where everything holds all the same, the run is green, and so must this report be. */
function failedSteps(phase: PhaseRecord): StepRecord[] {
  return outcomeOf(phase) === "fail" ? phase.steps.filter((step) => step.failure !== null) : [];
}

function tally(phases: readonly PhaseRecord[]): Tally {
  const results = phases.flatMap((phase) => phase.results);
  const steps = phases.flatMap(failedSteps).length;
  const count = (...outcomes: Result["outcome"][]) => results.filter((r) => outcomes.includes(r.outcome)).length;
  return {
    tests: results.length + steps,
    failures: count("fail") + steps,
    errors: count("error"),
    skipped: count("blocked", "waived", "skipped"),
  };
}

function suite(phase: PhaseRecord, timestamp: string): string {
  return element("testsuite", { name: phase.name, ...tally([phase]), time: seconds(phase.durationMs), timestamp }, [
    "\n",
    ...failedSteps(phase).map((step) => `${stepTestcase(phase.name, step)}\n`),
    ...phase.results.map((result) => `${testcase(phase.name, result)}\n`),
  ]);
}

/**
 * The run as JUnit XML: a suite per phase, a case per result and per failed step; blocked, waived and skipped ones are
 * `skipped` with the reason as their message. Keeps to what https://github.com/testmoapp/junitxml documents as common.
 */
export function renderJunit(record: RunRecord): string {
  const timestamp = (record.started?.at ?? "").replace(/(\.\d+)?Z$/, "");
  const name = `plumb ${record.started?.verb ?? ""} ${record.started?.site ?? ""}`.trim();
  const suites = record.phases.map((phase) => `${suite(phase, timestamp)}\n`);
  const root = element("testsuites", { name, ...tally(record.phases), time: seconds(record.durationMs) }, [
    "\n",
    ...suites,
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}
