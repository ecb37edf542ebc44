import type { SchemaFault } from "../../model/chart.ts";
import { projectRoot } from "../project.ts";
import { runTool } from "./process.ts";

/** Where the schemas lie, as kubeconform looks for them. */
const schemas = `${projectRoot}/fixtures/schemas/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`;

interface Report {
  readonly resources?: readonly {
    readonly filename: string;
    readonly kind: string;
    readonly name: string;
    readonly status: string;
    readonly msg: string;
  }[];
  readonly summary?: {
    readonly valid: number;
    readonly invalid: number;
    readonly errors: number;
    readonly skipped: number;
  };
}

/** Holds the `count` objects of the YAML files in a folder against their schemas; resolves to the faults by file path. */
export async function validate(
  folder: string,
  count: number,
  signal: AbortSignal,
): Promise<Map<string, SchemaFault[]>> {
  const args = ["-strict", "-summary", "-output", "json", "-n", "2", "-schema-location", schemas, folder];
  const { code, stdout, stderr } = await runTool("kubeconform", args, signal);
  const report = readReport(stdout);
  if (!report?.summary) {
    throw new Error(
      `Cannot read what kubeconform says: it ended with ${code}: ${(stderr || stdout).trim()}; run it by hand`,
    );
  }
  const seen = Object.values(report.summary).reduce((sum, some) => sum + some, 0);
  if (seen !== count) {
    throw new Error(`Cannot trust kubeconform: it looked at ${seen} of ${count} objects; run it by hand`);
  }
  const faults = new Map<string, SchemaFault[]>();
  for (const { filename, kind, name, msg } of report.resources ?? []) {
    faults.set(filename, [...faults.get(filename) ?? [], ...readFaults(`${kind} ${name}`, msg)]);
  }
  return faults;
}

function readReport(text: string): Report | null {
  try {
    return JSON.parse(text) as Report;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The innermost findings of a message: those that only say that a part failed are left out. */
export function readFaults(object: string, message: string): SchemaFault[] {
  const found = [...message.matchAll(/- at '([^']*)': (.*?)(?=\s+- at '|$)/gs)].map(([, path, said]) => ({
    object,
    path: path.replace(/^\//, "").replaceAll("/", "."),
    message: said.trim(),
  })).filter(({ message }) => !/^'\S+' failed/.test(message));
  return found.length ? found : [{ object, path: "", message }];
}
