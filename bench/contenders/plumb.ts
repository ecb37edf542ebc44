import { projectRoot } from "../../harness/adapters/project.ts";
import { type Arena, type Contender, inside } from "../contender.ts";
import { launch } from "../process.ts";

/** What a project needs to run `check`, besides its specs. */
const parts = ["main.ts", "deno.json", "deno.lock", "ansible", "harness", "sites"];

/** What Plumb is to check. */
export interface Wanted {
  /** The spec's file below `bench/`, without its ending; also the name of its phase. */
  readonly spec: string;
  /** What the spec needs of this project. */
  readonly parts: readonly string[];
  /** How many results must be passes. */
  readonly wanted: number;
}

/**
 * Plumb itself: `check` of a project that is this one with the benchmark's phase, with everything that a check does: lock,
 * run folder, secrets, events, history, console and JSON report. It starts in the lab's network.
 */
export async function plumb(arena: Arena, { spec, parts: own, wanted }: Wanted): Promise<Contender> {
  const project = `${arena.folder}/${spec}`;
  await renew(project, spec, own);
  if (arena.site.kubernetes) await bringKubeconfig(arena, project);
  const report = `${arena.folder}/${spec}.json`;
  const check = ["check", "--site", arena.site.name, "--phase", spec, "--report", `json:${report}`];
  const command = inside(arena, Deno.execPath(), "run", "-A", `${project}/main.ts`, ...check);
  return {
    name: "Plumb",
    async round() {
      await Deno.writeTextFile(report, "");
      const { ms } = await launch({ command, env: { PLUMB_INSIDE_LAB: "1" }, folder: project });
      const { counts } = JSON.parse(await Deno.readTextFile(report));
      if (counts.pass !== wanted) {
        throw new Error(`Cannot count this round: Plumb passed ${counts.pass} of ${wanted} checks; see ${report}`);
      }
      return ms;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function renew(project: string, spec: string, own: readonly string[]): Promise<void> {
  await launch({ command: ["rm", "-rf", project] });
  for (const folder of ["specs", "deploy", "bench"]) await Deno.mkdir(`${project}/${folder}`, { recursive: true });
  for (const part of [...parts, ...own]) {
    await launch({ command: ["cp", "-aT", `${projectRoot}/${part}`, `${project}/${part}`] });
  }
  await Deno.copyFile(`${projectRoot}/bench/${spec}.ts`, `${project}/specs/${spec}.ts`);
}

/** The project looks for it where it would have put it itself. */
async function bringKubeconfig({ site }: Arena, project: string): Promise<void> {
  const folder = `${project}/.state/${site.name}`;
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  await launch({ command: ["cp", "-p", site.kubernetes!.kubeconfig, `${folder}/kubeconfig`] });
}
