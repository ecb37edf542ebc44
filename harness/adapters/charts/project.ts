import { relative } from "node:path";

/** The files of a project that charts and registry consist of: texts by path from the project's folder. */
export type ProjectFiles = ReadonlyMap<string, string>;

/** Where things lie in a project. */
export const places = {
  registry: "kubernetes/services.yaml",
  helmfile: "kubernetes/helmfile.yaml.gotmpl",
  library: "kubernetes/library/plumb-common",
  charts: "kubernetes/charts",
} as const;

/** Folders and files that are made, not written. */
const made = /(^|\/)(charts\/[^/]+\/charts\/|Chart\.lock$)/;

/** Reads what charts and registry consist of from a project's folder. */
export async function readProject(root: string): Promise<ProjectFiles> {
  const files = new Map<string, string>();
  const take = async (path: string) => {
    const name = relative(root, path);
    if (!made.test(name)) files.set(name, await Deno.readTextFile(path));
  };
  const walk = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) await walk(path);
      else if (entry.isFile) await take(path);
    }
  };
  await take(`${root}/${places.registry}`);
  for (const folder of [places.library, places.charts]) await unlessAbsent(walk(`${root}/${folder}`));
  await unlessAbsent(take(`${root}/${places.helmfile}`));
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}

async function unlessAbsent(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
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
