import { readFolder } from "../folder.ts";

/** The files of a project that charts and registry consist of: texts by path from the project's folder. */
export type ProjectFiles = ReadonlyMap<string, string>;

/** Where things lie in a project. */
export const places = {
  registry: "kubernetes/services.yaml",
  helmfile: "kubernetes/helmfile.yaml.gotmpl",
  library: "kubernetes/library/plumb-common",
  charts: "kubernetes/charts",
  upstream: "kubernetes/upstream",
} as const;

/** Folders and files that are made, not written. */
const made = /(^|\/)(charts\/[^/]+\/charts\/|Chart\.lock$)/;

/** Reads what charts, registry and upstream's values consist of from a project's folder. */
export async function readProject(root: string): Promise<ProjectFiles> {
  const written = (path: string) => !made.test(path);
  const one = async (path: string) => [path, await Deno.readTextFile(`${root}/${path}`)] as const;
  return new Map([
    await one(places.registry),
    ...await unlessAbsent(readFolder(root, places.library, written)),
    ...await unlessAbsent(readFolder(root, places.charts, written)),
    ...await unlessAbsent(readFolder(root, places.upstream)),
    ...await unlessAbsent(one(places.helmfile).then((helmfile) => [helmfile])),
  ].sort(([a], [b]) => a < b ? -1 : 1));
}

async function unlessAbsent<T>(work: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The files below a folder of the project, by path below that folder. */
export function below(files: ProjectFiles, folder: string): Map<string, string> {
  const start = `${folder}/`;
  return new Map(
    [...files].filter(([path]) => path.startsWith(start)).map(([path, text]) => [path.slice(start.length), text]),
  );
}

/** Writes files below a folder. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const folders = new Set([...files.keys()].map((path) => `${folder}/${path}`.replace(/\/[^/]*$/, "")));
  for (const one of folders) await Deno.mkdir(one, { recursive: true });
  await Promise.all([...files].map(([path, text]) => Deno.writeTextFile(`${folder}/${path}`, text)));
}
