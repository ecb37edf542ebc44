import { readFolder } from "../folder.ts";
import { type Inputs, keptOrMade } from "../kept.ts";
import { projectRoot } from "../project.ts";

/** Besides the registry: the code that reads and judges it. */
const folders = ["harness/adapters/registry", "harness/adapters/site"];
const files = ["kubernetes/services.yaml", "kubernetes/services_schema.ts", "harness/model/nearest.ts", "deno.lock"];

/**
 * Names of the services whose charts are this project's, in the registry's order. Every run starts with them, so a registry
 * that was found valid is not read again until it or the code that reads it changes.
 * @throws {SiteError} with everything that is wrong with the registry.
 */
export async function ownServices(): Promise<readonly string[]> {
  return await keptOrMade("registry", await inputs(), async () => {
    const [{ loadRegistry }, { hasOwnChart }] = await Promise.all([import("./load.ts"), import("./registry.ts")]);
    return (await loadRegistry()).services.filter(hasOwnChart).map(({ name }) => name);
  });
}

async function inputs(): Promise<Inputs> {
  const one = async (path: string) => [path, await Deno.readTextFile(`${projectRoot}/${path}`)] as const;
  const code = (path: string) => path.endsWith(".ts") && !/_(test|lab)\.ts$/.test(path);
  const read = folders.map((folder) => readFolder(projectRoot, folder, code));
  return new Map([...(await Promise.all(read)).flat(), ...await Promise.all(files.map(one))]);
}
