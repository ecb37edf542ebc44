import { startingWith } from "./completions.ts";

/** Flags of the verbs that observe a site. */
export interface ObserveFlags {
  readonly site: string;
  readonly phase?: readonly string[];
  readonly report?: readonly string[];
  readonly exercise?: boolean;
  readonly "allow-removal"?: boolean;
  readonly json?: boolean;
}

/** `--site`: a name stands for `sites/<name>.yaml`. */
export const siteFlag = {
  kind: "parsed",
  parse: String,
  default: "lab",
  brief: "Site name, or path of a site file",
  proposeCompletions: startingWith("sites"),
} as const;

/** Flags that all observing verbs share. */
export const observeFlags = {
  site: siteFlag,
  phase: {
    kind: "parsed",
    parse: String,
    variadic: true,
    optional: true,
    brief: "Only this phase (repeatable)",
    proposeCompletions: startingWith("phases"),
  },
  report: {
    kind: "parsed",
    parse: String,
    variadic: true,
    optional: true,
    brief: "Write a report: junit:PATH, json:PATH, md:PATH, html:PATH or ndjson:PATH (repeatable)",
  },
  json: { kind: "boolean", optional: true, brief: "Print the JSON report on standard output instead of the console" },
} as const;

/** `--exercise`, for the verbs that refuse exercises unless told. */
export const exerciseFlag = {
  exercise: {
    kind: "boolean",
    optional: true,
    brief: "Also run exercises: they make things of their own, and restart one worker",
  },
} as const;

/** `--allow-removal`, for `up`. */
export const removalFlag = {
  "allow-removal": {
    kind: "boolean",
    optional: true,
    withNegated: false,
    brief: "Also run steps that take something away; 'plan' names them",
  },
} as const;

/** Flags of `reset`. */
export interface ResetFlags {
  readonly site: string;
  readonly phase: string;
  readonly report?: readonly string[];
  readonly json?: boolean;
  readonly yes?: boolean;
}

/** `--phase` and `--yes` of `reset`, besides what it shares with the observing verbs. */
export const resetFlags = {
  site: siteFlag,
  phase: {
    kind: "parsed",
    parse: String,
    brief: "The phase to tear down; only cluster can be",
    proposeCompletions: startingWith("phases"),
  },
  report: observeFlags.report,
  json: observeFlags.json,
  yes: { kind: "boolean", optional: true, withNegated: false, brief: "Do not ask" },
} as const;

/** Lets one `--report` take several values: `--report junit:a.xml md:b.md`. */
export function spreadReports(args: readonly string[]): string[] {
  const spread: string[] = [];
  let inReport = false;
  for (const arg of args) {
    const follows = inReport && spread.at(-1) !== "--report" && /^[a-z]+:./.test(arg);
    if (follows) spread.push("--report");
    inReport = arg === "--report" || (inReport && !arg.startsWith("-"));
    spread.push(arg);
  }
  return spread;
}

/** Lets `lab ssh HOST COMMAND` take a command with options of its own: whatever follows the host is not Plumb's. */
export function escapeRemoteCommand(args: readonly string[]): string[] {
  const [verb, action, host, ...command] = args;
  if (verb !== "lab" || action !== "ssh" || command.length === 0 || command[0] === "--") return [...args];
  return [verb, action, host, "--", ...command];
}
