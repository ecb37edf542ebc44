import type { Assertion } from "../model/phase.ts";

/** One promise in a runbook. */
export interface RunbookSection {
  readonly key: string;
  readonly assertion: Assertion;
  /** The host that the commands are written for; null if they are run from the runner. */
  readonly host: string | null;
  readonly commands: readonly string[];
  readonly expected: readonly string[];
  /** The steps that make it true. */
  readonly steps: readonly string[];
}

/** A phase's page. */
export interface Runbook {
  readonly name: string;
  readonly title: string;
  readonly after: readonly string[];
  readonly steps: readonly { readonly does: string; readonly makes: readonly string[] }[];
  readonly sections: readonly RunbookSection[];
}

/** The page in Markdown. Each promise is a section whose anchor is its id. */
export function renderRunbook(book: Runbook): string {
  const { name, title, after, steps } = book;
  return [
    `# ${name}: ${title}`,
    "",
    `<!-- Generated from specs/${name}.ts by 'deno task runbooks'. Change the spec, not this page. -->`,
    "",
    `Look: \`deno task check --phase ${name}\`. Repair: \`deno task up --phase ${name}\`. ` +
    (after.length
      ? `Stands on ${after.map((other) => `[${other}](${other}.md)`).join(", ")}.`
      : "Stands on nothing else."),
    "",
    "The commands below are written for the lab and run from the project's folder, with the tools of Plumb's cache on the",
    "`PATH`; for your own site `deno task explain --site NAME PHASE/ID` prints them with your addresses. Commands against",
    "the Proxmox API expect the token's secret in `$PVE_TOKEN_SECRET`.",
    "",
    ...stepList(steps),
    ...book.sections.flatMap(section),
  ].join("\n").trimEnd() + "\n";
}

function stepList(steps: Runbook["steps"]): string[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ does, makes }, i) =>
    `${i + 1}. ${does}: makes ${makes.map((key) => `[${key}](#${key})`).join(", ")}`
  );
  return ["## What `up` does here", "", "In this order, and only what is red:", "", ...rows, ""];
}

function section({ key, assertion, host, commands, expected, steps }: RunbookSection): string[] {
  const facts = [
    assertion.severity,
    ...(assertion.on ? [`on every ${assertion.on}`] : ["from the runner"]),
    ...(assertion.mode === "exercise" ? ["an exercise: it changes something, see below"] : []),
  ];
  const needs = assertion.needs?.length
    ? [`Needs: ${assertion.needs.map((n) => `[${n}](#${n})`).join(", ")}.`, ""]
    : [];
  return [
    `## ${key}`,
    "",
    `**${assertion.title}** (${facts.join(", ")})`,
    "",
    `Why: ${assertion.why}`,
    "",
    ...needs,
    ...(assertion.exercise ? [`The exercise runs \`${assertion.exercise.act}\` on one host, then waits.`, ""] : []),
    host ? `Look by hand, here at ${host}:` : "Look by hand:",
    "",
    "```sh",
    ...commands,
    "```",
    "",
    `Expected: ${expected.map((words) => `\`${words}\``).join("; ")}`,
    "",
    `If it is red: ${assertion.remedy}`,
    "",
    ...(steps.length
      ? [`Made by: ${steps.map((does) => `"${does}"`).join(", ")}.`, ""]
      : ["Made by: nobody but you.", ""]),
  ];
}
