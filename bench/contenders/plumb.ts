import { projectRoot } from "../../harness/adapters/project.ts";
import { type Arena, type Contender, inside } from "../contender.ts";
import { type Launch, launch } from "../process.ts";

/** What a project needs to run `check`, besides its specs. */
const parts = ["main.ts", "deno.json", "deno.lock", "ansible", "harness", "kubernetes", "sites"];

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
  await copyProject(project, own);
  await Deno.copyFile(`${projectRoot}/bench/${spec}.ts`, `${project}/specs/${spec}.ts`);
  const { kubernetes, name } = arena.site;
  if (kubernetes) await giveKubeconfig(project, name, await Deno.readTextFile(kubernetes.kubeconfig));
  const report = `${arena.folder}/${spec}.json`;
  const run = checkIn(arena, project, "--phase", spec, "--report", `json:${report}`);
  return {
    name: "Plumb",
    async round() {
      await Deno.writeTextFile(report, "");
      const { ms } = await launch(run);
      const { counts } = JSON.parse(await Deno.readTextFile(report));
      if (counts.pass !== wanted) {
        throw new Error(`Cannot count this round: Plumb passed ${counts.pass} of ${wanted} checks; see ${report}`);
      }
      return ms;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** How a `check` in a copy of the project is run. */
export function checkIn(arena: Arena, project: string, ...options: readonly string[]): Launch {
  const check = ["check", "--site", arena.site.name, ...options];
  const command = inside(arena, Deno.execPath(), "run", "-A", `${project}/main.ts`, ...check);
  return { command, env: { PLUMB_INSIDE_LAB: "1" }, folder: project };
}

/** Makes a copy of this project anew, with no more of it than a `check` needs and what is named. */
export async function copyProject(project: string, own: readonly string[]): Promise<void> {
  await launch({ command: ["rm", "-rf", project] });
  for (const folder of ["specs", "deploy", "bench"]) await Deno.mkdir(`${project}/${folder}`, { recursive: true });
  for (const part of [...parts, ...own]) {
    await launch({ command: ["cp", "-aT", `${projectRoot}/${part}`, `${project}/${part}`] });
  }
}

/** Puts a kubeconfig where the project looks for it. */
export async function giveKubeconfig(project: string, site: string, kubeconfig: string): Promise<void> {
  const folder = `${project}/.state/${site}`;
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(`${folder}/kubeconfig`, kubeconfig, { mode: 0o600 });
}
