import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  type CommandContext,
  proposeCompletions,
  run,
} from "@stricli/core";
import { exitCodes } from "../model/outcome.ts";
import { printCompletions, startingWith } from "./completions.ts";
import { exitCodeOf, explain } from "./errors.ts";
import {
  escapeRemoteCommand,
  exerciseFlag,
  type ObserveFlags,
  observeFlags,
  removalFlag,
  type ResetFlags,
  resetFlags,
  siteFlag,
  spreadReports,
} from "./flags.ts";

/** A verb's module: its default export resolves to the exit code. */
type Verb<Flags> = (flags: Flags, args: readonly string[]) => Promise<number>;

/** What commands are run with: the raw arguments, and where the exit code goes. */
interface Context extends CommandContext {
  readonly args: readonly string[];
  exitCode: number;
}

/** Runs a verb, turning what it throws into a message and an exit code. */
async function conclude(context: Context, work: () => Promise<number>): Promise<void> {
  try {
    context.exitCode = await work();
  } catch (error) {
    console.error(explain(error));
    context.exitCode = exitCodeOf(error);
  }
}

function observing(brief: string, load: () => Promise<{ default: Verb<ObserveFlags> }>, extra: object = {}) {
  return buildCommand<ObserveFlags, [], Context>({
    func(flags) {
      return conclude(this, async () => (await load()).default(flags, this.args));
    },
    // deno-lint-ignore no-explicit-any -- stricli's flag types cannot be inferred through a spread
    parameters: { flags: { ...observeFlags, ...extra } as any },
    docs: { brief },
  });
}

const verbs = {
  up: observing("Look, deploy what is red, look again", () => import("./up.ts"), { ...exerciseFlag, ...removalFlag }),
  plan: observing("Say what 'up' would do, changing nothing", () => import("./plan.ts")),
  check: observing("Look at everything, change nothing", () => import("./check.ts"), exerciseFlag),
  drift: observing("Check, and compare with the last 'drift'", () => import("./drift.ts"), exerciseFlag),
  reset: buildCommand<ResetFlags, [], Context>({
    func(flags) {
      return conclude(this, async () => (await import("./reset.ts")).default(flags, this.args));
    },
    // deno-lint-ignore no-explicit-any -- as above
    parameters: { flags: resetFlags as any },
    docs: { brief: "Tear a phase down and prove that nothing is left" },
  }),
  explain: buildCommand<{ site: string }, [string], Context>({
    func(flags, id) {
      return conclude(this, async () => (await import("./explain.ts")).default(flags, id));
    },
    parameters: {
      flags: { site: siteFlag },
      positional: {
        kind: "tuple",
        parameters: [{
          brief: "PHASE/ID",
          parse: String,
          placeholder: "id",
          proposeCompletions: startingWith("assertions"),
        }],
      },
    },
    docs: { brief: "Explain one promise: why, how to look by hand, what to do" },
  }),
  list: buildCommand<{ json?: boolean }, [], Context>({
    func(flags) {
      return conclude(this, async () => (await import("./list.ts")).default(flags));
    },
    parameters: { flags: { json: { kind: "boolean", optional: true, brief: "As JSON" } } },
    docs: { brief: "List every promise, by phase" },
  }),
  runbooks: buildCommand<{ check?: boolean }, [], Context>({
    func(flags) {
      return conclude(this, async () => (await import("./runbooks.ts")).default(flags));
    },
    parameters: { flags: { check: { kind: "boolean", optional: true, brief: "Only say whether they are current" } } },
    docs: { brief: "Write the runbooks from the specs" },
  }),
  completions: buildCommand<Record<never, never>, [], Context>({
    func() {
      return conclude(this, () => Promise.resolve(printCompletions()));
    },
    parameters: {},
    docs: { brief: "Print a shell function 'plumb' with completions, for bash" },
  }),
  lab: buildRouteMap({
    routes: {
      start: labCommand("Start the lab", (lab) => lab.start()),
      stop: labCommand("Stop the lab, keeping its disks", (lab) => lab.stop()),
      status: labCommand("Say what of the lab runs", (lab) => lab.status()),
      destroy: labCommand("Remove the lab with all that it left on this machine", (lab) => lab.destroy()),
      ssh: buildCommand<Record<never, never>, [string, ...string[]], Context>({
        func(_, host, ...command) {
          return conclude(this, async () => (await import("./lab.ts")).ssh(host, command));
        },
        parameters: {
          positional: {
            kind: "array",
            parameter: { brief: "HOST [COMMAND...]", parse: String, placeholder: "host" },
            minimum: 1,
          },
        },
        docs: { brief: "Log in to a host of the lab, or run a command there" },
      }),
    },
    docs: { brief: "The embedded lab: start, stop, status, ssh, destroy" },
  }),
  greet: buildCommand<{ site: string }, [string, number], Context>({
    func(flags, address, port) {
      return conclude(this, async () => (await import("./greet.ts")).default(flags, address, port, this.args));
    },
    parameters: {
      flags: { site: siteFlag },
      positional: {
        kind: "tuple",
        parameters: [
          { brief: "Address of the gateway", parse: String, placeholder: "address" },
          { brief: "UDP port", parse: Number, placeholder: "port" },
        ],
      },
    },
    docs: { brief: "Ask a WireGuard gateway for a handshake" },
  }),
};

function labCommand(brief: string, work: (lab: typeof import("./lab.ts")) => Promise<number>) {
  return buildCommand<Record<never, never>, [], Context>({
    func() {
      return conclude(this, async () => work(await import("./lab.ts")));
    },
    parameters: {},
    docs: { brief },
  });
}

/** Runs the command line and resolves to the exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  const app = buildApplication(
    buildRouteMap({ routes: verbs, docs: { brief: "Plumb: what you promised, checked and kept" } }),
    {
      name: "plumb",
      scanner: { caseStyle: "original", allowArgumentEscapeSequence: true },
    },
  );
  const sink = (stream: typeof Deno.stdout) => ({
    write: (text: string) => void stream.writeSync(new TextEncoder().encode(text)),
  });
  const process = {
    stdout: sink(Deno.stdout),
    stderr: sink(Deno.stderr),
    exitCode: undefined as number | string | null | undefined,
  };
  const spread = escapeRemoteCommand(spreadReports(args));
  const context: Context = { process, args: spread, exitCode: 0 };
  if (args[0] === "complete") {
    for (const { completion } of await proposeCompletions(app, args.slice(1), context)) console.log(completion);
    return exitCodes.green.code;
  }
  await run(app, spread, context);
  // What stricli itself ends with is always about the command line.
  return Number(process.exitCode ?? 0) === 0 ? context.exitCode : exitCodes.usage.code;
}
