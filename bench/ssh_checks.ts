/**
 * 200 shell checks on each host of the running, green lab: Plumb against pytest-testinfra and against the floor, in one
 * run, a round of each in turn. Prints the comparison, writes it to `bench/results.md`, and exits with 1 if Plumb is not
 * at least 10 times faster than testinfra or takes more than 2 times what the floor takes.
 *
 * @module
 */

import { commands } from "./commands.ts";
import { type Arena, measure, openArena } from "./contender.ts";
import { floor } from "./contenders/floor.ts";
import { plumb } from "./contenders/plumb.ts";
import { testinfra, testinfraVersion } from "./contenders/testinfra.ts";
import { machine } from "./machine.ts";
import { keepResult } from "./results.ts";
import { ratioOf } from "./statistics.ts";
import { comparison, type Measured, times } from "./table.ts";

const rounds = 5;
/** How many times faster than testinfra Plumb must be at least. */
const leastAgainstTestinfra = 10;
/** How many times the floor Plumb may take at most. */
const mostAgainstFloor = 2;

/**
 * The comparison for people, its verdict as the last line, and whether both bounds are kept. A bound counts as missed only
 * if every round missed it: the machine that this runs on has other things to do as well.
 */
function judge(all: readonly Measured[], arena: Arena, version: string): { text: string; kept: boolean } {
  const [own, least, plain, spread] = all;
  const faster = ratioOf(plain.rounds, own.rounds);
  const fasterThanSpread = ratioOf(spread.rounds, own.rounds);
  const above = ratioOf(own.rounds, least.rounds);
  const kept = faster.max >= leastAgainstTestinfra && above.min <= mostAgainstFloor;
  const setting = `${commands.length} shell checks on each of ${arena.site.hosts.length} hosts of the lab, median of ` +
    `${rounds} rounds after a warm-up, the contenders in turn; pytest-testinfra ${version}; ${machine()}.`;
  const verdict = `Plumb is ${times(faster.median)} times faster than testinfra (wanted: at least ` +
    `${leastAgainstTestinfra}), ${
      times(fasterThanSpread.median)
    } times faster than testinfra in five processes, and takes ` +
    `${times(above.median)} times the floor (wanted: at most ${mostAgainstFloor})`;
  return { text: `${setting}\n\n${comparison(all, own)}\n\n${verdict}`, kept };
}

const notes = `## What is measured

- **Plumb**: \`check\` as a whole process from launch to exit: it reads the site, connects, looks, judges, and writes events,
  history, console and a JSON report.
- **testinfra**: pytest with its ssh backend as a whole process, one test per check and host, connections shared by
  ControlMaster and kept open between rounds by ControlPersist; \`-n 5\` spreads the tests over five processes of
  pytest-xdist, which is not what it does by itself: the bound is on the plain one.
- **floor**: the same commands as one script per host, all hosts at once, over OpenSSH connections that were opened before
  the clock started. It judges and reports nothing.

All checks pass in every round of every contender, else the benchmark ends. Repeat it with \`deno run -A bench/ssh_checks.ts\`
while the lab is green.
`;

/** Runs the benchmark; resolves to the exit code. */
export async function benchSshChecks(): Promise<number> {
  const arena = await openArena();
  const version = await testinfraVersion();
  await using own = await plumb(arena, {
    spec: "spec",
    parts: ["bench/commands.ts"],
    wanted: commands.length * arena.site.hosts.length,
  });
  await using least = await floor(arena);
  await using one = await testinfra(arena, 0);
  await using five = await testinfra(arena, 5);
  const { text, kept } = judge(await measure([own, least, one, five], rounds), arena, version);
  console.log(text);
  await keepResult("Benchmark: shell checks over SSH", `${text}.\n\n${notes}`);
  return kept ? 0 : 1;
}

if (import.meta.main) Deno.exit(await benchSshChecks());
