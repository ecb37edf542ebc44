import { ensureArtifacts } from "../../fixtures/lab/artifacts/mod.ts";
import { useToolchain } from "../../harness/adapters/steps/toolchain.ts";
import { type Arena, type Contender, inside } from "../contender.ts";
import type { Fact } from "../kube_facts.ts";
import { type Launch, launch } from "../process.ts";
import { type ChainsawTest, documentsOf, redOf, testsFor } from "./chainsaw_tests.ts";

/** Seconds that chainsaw goes on asking while an assertion does not hold: in a round, and where some must not hold. */
const patience = { round: 10, proof: 2 };

/** How tests are run. */
interface Way {
  /** Folder for them and for their report, below the arena's. */
  readonly folder: string;
  /** How many at once; absent: as many as this machine has cores, which is what chainsaw does by itself. */
  readonly parallel?: number;
  /** Seconds for each. */
  readonly patience: number;
}

/** Makes chainsaw unless it is there, which takes minutes, and has this process find it and kubectl. */
export async function installChainsaw(): Promise<void> {
  await ensureArtifacts({
    set: "chainsaw",
    progress: ({ task, fraction }) => {
      if (fraction === 1) console.error(task);
    },
  });
  useToolchain();
}

/**
 * chainsaw with a test for each fact and host, at its pace or `together` all at once. No test makes or deletes anything:
 * a namespace that is always there stands in for those that chainsaw makes.
 */
export async function chainsaw(arena: Arena, facts: readonly Fact[], together: boolean): Promise<Contender> {
  const tests = testsFor(arena.site, facts);
  const { run, report } = await prepare(arena, tests, {
    folder: together ? "chainsaw-together" : "chainsaw",
    parallel: together ? tests.length : undefined,
    patience: patience.round,
  });
  return {
    name: together ? "chainsaw, all at once" : "chainsaw",
    async round() {
      await Deno.writeTextFile(report, "{}");
      const { ms } = await launch(run);
      const red = redOf(await Deno.readTextFile(report), tests);
      if (red.size > 0) {
        const [[name, why]] = red;
        throw new Error(`Cannot count this round: chainsaw's test ${name} did not pass: ${why}; see ${report}`);
      }
      return ms;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/**
 * Has chainsaw assert what would be true of a cluster of another version, and resolves to how many assertions fail.
 * Rejects unless those that name the version do, and no others: they would say nothing.
 */
export async function proveChainsaw(arena: Arena, facts: readonly Fact[]): Promise<number> {
  const { site } = arena;
  const tests = testsFor({ ...site, kubernetes: { ...site.kubernetes!, version: "0.0.0" } }, facts);
  const hold = new Set(testsFor(site, facts).map((test) => JSON.stringify(test)));
  const wanted = tests.filter((test) => !hold.has(JSON.stringify(test))).map(({ name }) => name);
  const way = { folder: "chainsaw-red", parallel: tests.length, patience: patience.proof };
  const { run, report } = await prepare(arena, tests, way);
  await Deno.writeTextFile(report, "{}");
  const green = await launch(run).then(() => true, () => false);
  const found = [...redOf(await Deno.readTextFile(report), tests).keys()];
  if (green || found.toSorted().join() !== wanted.toSorted().join()) {
    throw new Error(
      `Cannot trust chainsaw: with another version these tests must fail, and no others: ${wanted.join(", ")}; ` +
        `these do: ${found.join(", ")}; see ${report}`,
    );
  }
  return found.length;
}

/** Writes tests where chainsaw finds them; gives how to run it, and where its report will be. */
async function prepare(
  arena: Arena,
  tests: readonly ChainsawTest[],
  way: Way,
): Promise<{ run: Launch; report: string }> {
  const folder = `${arena.folder}/${way.folder}`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/chainsaw-test.yaml`, documentsOf(tests));
  const command = inside(arena, "chainsaw", "test", "--test-dir", folder, ...[
    ...["--namespace", "default", "--skip-delete", "--no-color"],
    ...["assert", "error", "exec"].flatMap((kind) => [`--${kind}-timeout`, `${way.patience}s`]),
    ...(way.parallel === undefined ? [] : ["--parallel", String(way.parallel)]),
    ...["--report-format", "JSON", "--report-path", folder, "--report-name", "report"],
  ]);
  const env = { KUBECONFIG: arena.site.kubernetes!.kubeconfig };
  return { run: { command, env, folder }, report: `${folder}/report.json` };
}
