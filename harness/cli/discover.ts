import { pathToFileURL } from "node:url";
import { projectRoot } from "../adapters/project.ts";
import { Catalogue, type NamedPhase, SpecError } from "../engine/catalogue.ts";
import type { Phase } from "../model/phase.ts";
import type { Deployment, Teardown } from "../model/step.ts";

/** Reads specs/ and deploy/: every file is a phase, named after the file; `*_test.ts` aside. */
export async function discover(root: string = projectRoot): Promise<Catalogue> {
  const names = await modules(`${root}/specs`);
  const deployed = await modules(`${root}/deploy`);
  const orphan = deployed.find((name) => !names.includes(name));
  if (orphan) {
    throw new SpecError(
      `Cannot use deploy/${orphan}.ts: there is no specs/${orphan}.ts for it to make true; write that first`,
    );
  }
  const phases = await Promise.all(names.map(async (name): Promise<NamedPhase> => ({
    name,
    phase: await defaultOf<Phase>(`${root}/specs/${name}.ts`),
    deployment: deployed.includes(name) ? await defaultOf<Deployment>(`${root}/deploy/${name}.ts`) : null,
    teardown: deployed.includes(name) ? (await load(`${root}/deploy/${name}.ts`)).reset as Teardown ?? null : null,
  })));
  return new Catalogue(phases);
}

async function modules(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && name.endsWith(".ts") && !name.endsWith("_test.ts")) names.push(name.slice(0, -3));
  }
  return names.sort();
}

function load(path: string): Promise<Record<string, unknown>> {
  return import(pathToFileURL(path).href);
}

async function defaultOf<T>(path: string): Promise<T> {
  const module = await load(path);
  if (module.default === undefined) {
    throw new SpecError(`Cannot use ${path}: it has no default export; export the phase`);
  }
  return module.default as T;
}
