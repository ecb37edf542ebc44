import { delimiter } from "node:path";
import { readFolder } from "../folder.ts";
import type { Inputs } from "../kept.ts";
import { projectRoot } from "../project.ts";
import type { Target } from "./platform.ts";
import { toolMissing } from "./process.ts";
import type { ProjectFiles } from "./project.ts";

/** Where the code lies that reads the registry, renders charts and reads what they render. */
const code = ["harness/adapters", "harness/model", "kubernetes", "sites"];
/** What the code stands on: its packages, and the schemas that objects are held against. */
const files = ["deno.lock", "deno.json"];
const schemas = "fixtures/schemas";

/**
 * All that rendering the charts, linting them and holding them against their schemas depends on.
 * @throws {ToolMissing} if a program for it is not there.
 */
export async function renderingInputs(project: ProjectFiles, target: Target, only?: string): Promise<Inputs> {
  const programs = await Promise.all(["helm", "kubeconform"].map(identify));
  return new Map([
    ...project,
    ...await readCode(),
    ...await readFolder(projectRoot, schemas),
    ["target", JSON.stringify([target, only ?? null])],
    ["programs", JSON.stringify([programs, helmVariables(), Deno.version.deno])],
  ]);
}

/** The texts of the code, its tests aside. */
async function readCode(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const isCode = (path: string) => path.endsWith(".ts") && !/_(test|lab)\.ts$/.test(path);
  for (const folder of code) {
    for (const [path, text] of await readFolder(projectRoot, folder, isCode)) texts.set(path, text);
  }
  for (const path of files) texts.set(path, await Deno.readTextFile(`${projectRoot}/${path}`));
  return texts;
}

/** Which program of the PATH a name means: its path, size and time, which change with it. */
async function identify(name: string): Promise<string> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(delimiter)) {
    try {
      const path = await Deno.realPath(`${folder}/${name}`);
      const { size, mtime, isFile } = await Deno.stat(path);
      if (isFile) return `${path} ${size} ${mtime?.getTime()}`;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
    }
  }
  throw toolMissing(name);
}

/** Variables by which Helm is told to behave in another way. */
function helmVariables(): [string, string][] {
  return Object.entries(Deno.env.toObject()).filter(([name]) => /^(HELM|KUBE)/.test(name)).sort();
}
