import { resolve } from "node:path";
import { registrySchema } from "../../../kubernetes/services_schema.ts";
import { projectRoot } from "../project.ts";
import { displayPath, readText, SiteError } from "../site/error.ts";
import { fit } from "../site/shape.ts";
import { parseSource } from "../site/source.ts";
import { describeRegistry, type Registry } from "./registry.ts";
import { checkRegistry } from "./rules.ts";

/** Where the registry lies. */
export const registryPath = `${projectRoot}/kubernetes/services.yaml`;

/**
 * Reads and validates the registry.
 * @throws {SiteError} with everything that is wrong, each with its line and what to do.
 */
export async function loadRegistry(path: string = registryPath): Promise<Registry> {
  const absolute = resolve(path);
  const source = parseSource(
    absolute,
    await readText(absolute, "restore kubernetes/services.yaml, or name another registry"),
    "list 'namespaces:' and 'services:'",
  );
  const fitted = fit({ schema: registrySchema, called: "the registry" }, source.data);
  const findings = [...fitted.findings, ...checkRegistry(fitted.whole ?? fitted.draft, fitted.whole !== null)];
  const problems = [...source.problems, ...findings.map(source.locate)]
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (problems.length || !fitted.whole) throw new SiteError(problems);
  return describeRegistry(displayPath(absolute), fitted.whole);
}
