import { cp, mkdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** Folder of the library chart. */
export const libraryDir = fileURLToPath(new URL("./plumb-common", import.meta.url));

/** Folder of the charts. */
export const chartsDir = fileURLToPath(new URL("../charts", import.meta.url));

/**
 * Copies charts into `into`, each with the library where Helm looks for dependencies, and gives their new folders in the
 * same order. So a render needs neither `helm dependency build` nor a file written to the checkout.
 *
 * @param library the library's folder, if it is not the one of this repository.
 * @throws if a folder holds no Chart.yaml.
 */
export async function prepare(chartDirs: readonly string[], into: string, library = libraryDir): Promise<string[]> {
  return await Promise.all(chartDirs.map(async (from) => {
    const to = join(into, basename(from));
    const vendored = join(from, "charts");
    await cp(from, to, { recursive: true, filter: (path) => path !== vendored && basename(path) !== "Chart.lock" });
    const dependencies = await dependenciesOf(from);
    if (dependencies.includes("plumb-common")) {
      await mkdir(join(to, "charts"), { recursive: true });
      await cp(library, join(to, "charts", "plumb-common"), { recursive: true });
    }
    return to;
  }));
}

async function dependenciesOf(chart: string): Promise<string[]> {
  const file = join(chart, "Chart.yaml");
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new Error(`Cannot prepare ${chart}: it has no readable Chart.yaml; name the folder of a chart`, { cause });
  });
  const { dependencies } = parse(text) as { dependencies?: { name: string }[] };
  return (dependencies ?? []).map(({ name }) => name);
}
