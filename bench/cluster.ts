/**
 * What a look at the cluster costs, on the running, green lab. Counted in an API server's audit log: a `check` of each of
 * the cluster's phases must send at most one LIST for a kind per attempt. Timed: Plumb against kubectl asking for the same
 * facts and chainsaw asserting them, in one run, a round of each in turn. Exits with 1 if either bound is missed.
 *
 * @module
 */

import { chainsawVersion } from "../fixtures/lab/artifacts/list.ts";
import { projectRoot } from "../harness/adapters/project.ts";
import { toolchainFolder } from "../harness/adapters/steps/toolchain.ts";
import type { RunEvent } from "../harness/model/event.ts";
import { listsPerKind, requestsOf, type Span } from "./audit.ts";
import { AuditedServer, withAuditedServer } from "./audited_server.ts";
import { type Arena, inside, measure, openArena } from "./contender.ts";
import { chainsaw, installChainsaw, proveChainsaw } from "./contenders/chainsaw.ts";
import { kubectl } from "./contenders/kubectl.ts";
import { checkIn, copyProject, giveKubeconfig, plumb } from "./contenders/plumb.ts";
import { countOf, type Fact, kubeFacts } from "./kube_facts.ts";
import { machine } from "./machine.ts";
import { launch, wordsOf } from "./process.ts";
import { keepResult } from "./results.ts";
import { ratioOf } from "./statistics.ts";
import { comparison, markdownTable, type Measured, times } from "./table.ts";

const phases = ["cluster", "network", "storage"];
const rounds = 5;
/** How many times faster than kubectl, one command after the other, Plumb must be at least. */
const leastAgainstKubectl = 2;
/** What Plumb's user agent begins with. */
const ownAgent = "plumb";

/** What the look at a phase sent. */
interface Counted {
  readonly phase: string;
  readonly attempts: number;
  /** Lists by kind. */
  readonly lists: ReadonlyMap<string, number>;
}

/** Runs something and says when. */
async function during(work: () => Promise<unknown>): Promise<Span> {
  const from = Date.now();
  await work();
  return { from, to: Date.now() };
}

/** How often the last run of a project looked at a phase. */
async function attemptsOf(project: string, site: string, phase: string): Promise<number> {
  const text = await Deno.readTextFile(`${project}/.state/${site}/runs/latest/events.ndjson`);
  const events = text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as RunEvent);
  return events.filter((event) => event.type === "looked" && event.phase === phase).length;
}

/** Counts the lists of a real `check` of each phase, and of two questions that do not share one, as a test of the count. */
async function count(arena: Arena): Promise<{ counted: Counted[]; unshared: number }> {
  const { name, kubernetes } = arena.site;
  const project = `${arena.folder}/counted`;
  await copyProject(project, ["specs"]);
  await giveKubeconfig(project, name, withAuditedServer(await Deno.readTextFile(kubernetes!.kubeconfig)));
  await using server = await AuditedServer.start();
  const spans: { phase: string; attempts: number; span: Span }[] = [];
  for (const phase of phases) {
    const span = await during(() => launch(checkIn(arena, project, "--phase", phase)));
    spans.push({ phase, attempts: await attemptsOf(project, name, phase), span });
  }
  const unshared = ["run", "-A", `${projectRoot}/bench/unshared.ts`, `${project}/.state/${name}/kubeconfig`];
  const alone = await during(() => launch({ command: inside(arena, Deno.execPath(), ...unshared) }));
  const events = await server.events();
  const lists = (span: Span) => listsPerKind(requestsOf(events, ownAgent, span));
  return {
    counted: spans.map(({ phase, attempts, span }) => ({ phase, attempts, lists: lists(span) })),
    unshared: lists(alone).get("v1/pods") ?? 0,
  };
}

/** The counts for people, and whether the bound is kept: something was counted, and no kind more than once per attempt. */
export function judgeCounts(counted: readonly Counted[]): { table: string; kept: boolean } {
  const kinds = [...new Set(counted.flatMap(({ lists }) => [...lists.keys()]))].sort();
  const rows = counted.map(({ phase, attempts, lists }) => [
    phase,
    String(attempts),
    ...kinds.map((kind) => String(lists.get(kind) ?? 0)),
  ]);
  const kept = counted.every(({ attempts, lists }) =>
    attempts > 0 && lists.size > 0 && [...lists.values()].every((times) => times <= attempts)
  );
  return { table: markdownTable([["phase", "attempts", ...kinds], ...rows]), kept };
}

/** How Plumb stands beside something that takes `ratio` times as long. */
function against(ratio: number): string {
  return ratio >= 1 ? `${times(ratio)} times faster than` : `${times(1 / ratio)} times slower than`;
}

/**
 * The comparison for people with its verdict, and whether the bound on kubectl is kept; only rounds that all missed it
 * count. `all`: Plumb, kubectl, all of kubectl at once, chainsaw, all of chainsaw at once.
 */
export function judgeTimes(all: readonly Measured[]): { text: string; kept: boolean } {
  const [own, ...others] = all;
  const [inTurn, together, asserted, assertedTogether] = others.map(({ rounds }) => ratioOf(rounds, own.rounds));
  const verdict =
    `Plumb is ${against(inTurn.median)} kubectl (wanted: at least ${leastAgainstKubectl} times faster), and ` +
    `${against(together.median)} all of kubectl's commands at once. It is ${against(asserted.median)} chainsaw, ` +
    `and ${against(assertedTogether.median)} all of chainsaw's tests at once (no bound on either).`;
  return { text: `${comparison(all, own)}\n\n${verdict}`, kept: inTurn.max >= leastAgainstKubectl };
}

const notes = `## What is measured

- **Lists**: \`check --phase cluster\`, \`network\` and \`storage\` of this project on the green lab, exercises left out, against
  one more API server of the same cluster that writes an audit log (level Metadata, every request); counted are the requests
  with verb list whose user agent is Plumb's, by kind. An attempt is one look at all of a phase's assertions. The count is
  tested in the same run: two questions about pods that bypass the sharing must be counted as two.
- **Plumb**: \`check\` as a whole process from launch to exit, of all assertions of the three phases that the API server
  alone can answer.
- **kubectl**: one \`kubectl get\` or \`kubectl wait\` for each of the same facts and hosts, one after the other, and all at
  once. It says no more than yes or no. Its discovery cache is kept between rounds.
- **chainsaw**: \`chainsaw test\` as a whole process, with a report as JSON, of one test with one operation for each of the
  same facts and hosts, as many at once as the machine has cores, which is its own choice; and all at once (\`--parallel\`),
  the fastest way that it has. Nothing is made or deleted: its namespace is \`default\`. An assertion is first looked at
  after 50 ms, which is chainsaw's own pace. That the API server is ready is no resource's to say: there chainsaw runs
  kubectl. Of a DaemonSet's pods chainsaw is content if one on the node is ready, where the others look at all of them. A
  round counts if each operation ran once and none failed. In the same run it is shown to say no: of a cluster of another
  version exactly the assertions that name the version must fail. It does not compile with Go 1.26, which changed what a
  test runner must have, and is built with Go 1.25.

All facts hold in every round of every contender, else the benchmark ends. Repeat it with \`deno run -A bench/cluster.ts\` while
the lab is green. The API server with the audit log runs for some seconds on the control plane and is removed again; the
cluster's own is not touched.
`;

async function compare(arena: Arena, facts: readonly Fact[]): Promise<Measured[]> {
  await using own = await plumb(arena, {
    spec: "facts",
    parts: ["specs", "bench/kube_facts.ts"],
    wanted: countOf(facts),
  });
  await using asserted = await chainsaw(arena, facts, false);
  await using assertedTogether = await chainsaw(arena, facts, true);
  const asked = [kubectl(arena, facts, false), kubectl(arena, facts, true)];
  return await measure([own, ...asked, asserted, assertedTogether], rounds);
}

async function kubectlVersion(): Promise<string> {
  const { stdout } = await launch({
    command: [`${toolchainFolder()}/bin/kubectl`, "version", "--client", "-o", "json"],
  });
  return JSON.parse(stdout).clientVersion.gitVersion;
}

/** Runs the benchmark; resolves to the exit code. */
export async function benchCluster(): Promise<number> {
  try {
    return await bench();
  } catch (error) {
    console.error(wordsOf(error));
    return 1;
  }
}

async function bench(): Promise<number> {
  const arena = await openArena();
  const facts = kubeFacts(arena.site);
  await installChainsaw();
  const red = await proveChainsaw(arena, facts);
  const { counted, unshared } = await count(arena);
  const counts = judgeCounts(counted);
  if (unshared !== 2) {
    throw new Error(`Cannot trust the count: two questions that share no list were counted as ${unshared}`);
  }
  const timed = judgeTimes(await compare(arena, facts));
  const setting =
    `${countOf(facts)} facts of the lab's cluster of ${arena.site.kubernetes!.version}, median of ${rounds} ` +
    `rounds after a warm-up, the contenders in turn; kubectl ${await kubectlVersion()}; chainsaw ${chainsawVersion}, of ` +
    `whose assertions ${red} fail, as they must, for a cluster of another version; ${machine()}.`;
  const most =
    "LISTs by kind that a check sends, counted at the API server (wanted: at most one per kind and attempt; two " +
    `questions that bypass the sharing are counted as ${unshared}):`;
  const text = `${most}\n\n${counts.table}\n\n${setting}\n\n${timed.text}`;
  console.log(text);
  await keepResult("Benchmark: a look at the cluster", `${text}\n\n${notes}`);
  return counts.kept && timed.kept ? 0 : 1;
}

if (import.meta.main) Deno.exit(await benchCluster());
