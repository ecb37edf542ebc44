/**
 * How soon `check` starts to probe when everything is cached: from the launch of `deno task check` to the start of its
 * first phase, which probes at once. Needs the lab running; exits with 1 if the median of 10 launches is above 300 ms.
 *
 * @module
 */

import { projectRoot } from "../harness/adapters/project.ts";
import type { RunEvent } from "../harness/model/event.ts";
import { exitCodes } from "../harness/model/outcome.ts";
import { machine } from "./machine.ts";
import { spreadOf } from "./statistics.ts";
import { duration } from "./table.ts";

const launches = 10;
/** Milliseconds. */
const mostMedian = 300;

/** Milliseconds from `launchedAt` to the start of the first phase; throws if the run's events tell of none. */
export function untilProbing(events: string, launchedAt: number): number {
  for (const line of events.split("\n")) {
    if (line === "") continue;
    const event = JSON.parse(line) as RunEvent;
    if (event.type === "phase-started") return Date.parse(event.at) - launchedAt;
  }
  throw new Error("Cannot tell when the run started probing: its events name no phase; see why it ended before one");
}

async function launchOnce(): Promise<number> {
  const latest = `${projectRoot}/.state/lab/runs/latest`;
  const launchedAt = Date.now();
  const { code, stderr } = await new Deno.Command("deno", {
    args: ["task", "--quiet", "check", "--phase", "preflight"],
    cwd: projectRoot,
    stdin: "null",
  }).output();
  if (code !== exitCodes.green.code) {
    const said = new TextDecoder().decode(stderr).trim();
    throw new Error(
      `Cannot count this launch: check ended with exit code ${code}; bring the lab to green first\n${said}`,
    );
  }
  const events = await Deno.readTextFile(`${latest}/events.ndjson`);
  return untilProbing(events, launchedAt);
}

/** Runs the benchmark; resolves to the exit code. */
export async function benchStartup(): Promise<number> {
  await launchOnce(); // fills the caches
  const taken: number[] = [];
  for (let i = 0; i < launches; i++) taken.push(await launchOnce());
  const { median, max } = spreadOf(taken);
  console.log(
    `check starts probing ${duration(median)} after launch (median of ${launches}, at most ${duration(max)}; ` +
      `wanted: a median of at most ${mostMedian} ms); ${machine()}`,
  );
  return median <= mostMedian ? 0 : 1;
}

if (import.meta.main) Deno.exit(await benchStartup());
