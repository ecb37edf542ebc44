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
  /** The command that an exercise begins with, for that host. */
  readonly exercise: string | null;
  /** The command that undoes it, for that host. */
  readonly undo: string | null;
}

/** A phase's page. */
export interface Runbook {
  readonly name: string;
  readonly title: string;
  readonly after: readonly string[];
  readonly steps: readonly { readonly does: string; readonly makes: readonly string[]; readonly removes: boolean }[];
  readonly sections: readonly RunbookSection[];
  /** How it is taken down, and what proves that nothing is left. */
  readonly reset: { readonly does: string; readonly sections: readonly RunbookSection[] } | null;
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
    ...resetPart(book),
  ].join("\n").trimEnd() + "\n";
}

function stepList(steps: Runbook["steps"]): string[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ does, makes, removes }, i) =>
    `${i + 1}. ${does}${removes ? " (only with `--allow-removal`)" : ""}: makes ${
      makes.map((key) => `[${key}](#${key})`).join(", ")
    }`
  );
  return ["## What `up` does here", "", "In this order, and only what is red:", "", ...rows, ""];
}

function resetPart({ name, reset }: Runbook): string[] {
  if (reset === null) return [];
  return [
    "## What `reset` does here",
    "",
    `\`deno task reset --phase ${name}\`, unless nothing is left already: ${reset.does}. Then it looks at what follows.`,
    "",
    ...reset.sections.flatMap(section),
  ];
}

function section({ key, assertion, host, commands, expected, steps, exercise, undo }: RunbookSection): string[] {
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
    ...(exercise === null ? [] : exerciseLines(exercise, assertion.on ? "on one host" : "on the runner")),
    host ? `Look by hand, here at ${host}:` : "Look by hand:",
    "",
    "```sh",
    ...commands,
    "```",
    "",
    `Expected: ${expected.map((words) => `\`${words}\``).join("; ")}`,
    "",
    ...(undo === null ? [] : ["Then undo it:", "", "```sh", undo, "```", ""]),
    `If it is red: ${assertion.remedy}`,
    "",
    ...(steps.length
      ? [`Made by: ${steps.map((does) => `"${does}"`).join(", ")}.`, ""]
      : ["Made by: nobody but you.", ""]),
  ];
}

function exerciseLines(command: string, where: string): string[] {
  if (!command.includes("\n")) return [`The exercise runs \`${command}\` ${where}, then waits.`, ""];
  return [`The exercise runs this ${where}, then waits:`, "", "```sh", command.trim(), "```", ""];
}
