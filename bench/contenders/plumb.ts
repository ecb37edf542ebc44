import { projectRoot } from "../../harness/adapters/project.ts";
import { commands } from "../commands.ts";
import { type Arena, type Contender, inside } from "../contender.ts";
import { launch } from "../process.ts";

/** What a project needs to run `check`, besides its specs. */
const parts = ["main.ts", "deno.json", "deno.lock", "ansible", "harness", "sites", "bench/commands.ts"];

/**
 * Plumb itself: `check` of a project that is this one with the benchmark's phase as its only spec, with everything that
 * a check does: lock, run folder, secrets, events, history, console and JSON report. It starts in the lab's network.
 */
export async function plumb(arena: Arena): Promise<Contender> {
  const project = `${arena.folder}/project`;
  await renew(project);
  const report = `${arena.folder}/plumb.json`;
  const check = ["check", "--site", arena.site.name, "--report", `json:${report}`];
  const command = inside(arena, Deno.execPath(), "run", "-A", `${project}/main.ts`, ...check);
  const wanted = commands.length * arena.site.hosts.length;
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

async function renew(project: string): Promise<void> {
  await launch({ command: ["rm", "-rf", project] });
  for (const folder of ["specs", "deploy", "bench"]) await Deno.mkdir(`${project}/${folder}`, { recursive: true });
  for (const part of parts) {
    await launch({ command: ["cp", "-a", `${projectRoot}/${part}`, `${project}/${part}`] });
  }
  await Deno.copyFile(`${projectRoot}/bench/spec.ts`, `${project}/specs/checks.ts`);
}
