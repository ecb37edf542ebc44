/**
 * Writes the files of the chart `crds`: custom resource definitions as their projects publish them in Go modules, without
 * the descriptions, which are two thirds of them and would not fit into a Helm release. Needs Go, and the module proxy
 * or its cache.
 *
 *   deno run -A kubernetes/crds.ts           writes them
 *   deno run -A kubernetes/crds.ts --check   fails if they are not current
 *
 * @module
 */
import { parse, stringify } from "yaml";

/** One Go module that carries definitions. */
interface Source {
  readonly module: string;
  readonly version: string;
  /** Folder inside the module. */
  readonly folder: string;
}

/** Where the definitions come from. The versions are those of the releases that serve them. */
export const sources: readonly Source[] = [
  { module: "sigs.k8s.io/gateway-api", version: "v1.4.1", folder: "config/crd/standard" },
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.85.0",
    folder: "example/prometheus-operator-crd",
  },
  { module: "github.com/cert-manager/cert-manager", version: "v1.19.1", folder: "deploy/crds" },
];

/** Kinds that nothing here uses and that the Prometheus operator can do without. */
const unused = /_(prometheusagents|scrapeconfigs|thanosrulers)\.yaml$/;

const target = new URL("./charts/crds/files/", import.meta.url);

/** A schema without its descriptions; a property that is called `description` stays. */
export function withoutDescriptions(schema: unknown, names = false): unknown {
  if (Array.isArray(schema)) return schema.map((item) => withoutDescriptions(item));
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => names || key !== "description")
      .map(([key, value]) => [key, withoutDescriptions(value, !names && (key === "properties" || key === "default"))]),
  );
}

/** The folder of a module, fetched if it is not there. */
async function moduleFolder({ module, version }: Source): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("go", {
    args: ["mod", "download", "-json", `${module}@${version}`],
    cwd: await Deno.makeTempDir(),
  }).output();
  const said = new TextDecoder().decode(stdout);
  if (code !== 0) {
    const why = said || new TextDecoder().decode(stderr);
    throw new Error(`Cannot fetch ${module}@${version}: go ended with ${code}: ${why.trim()}; see to the module proxy`);
  }
  return (JSON.parse(said) as { Dir: string }).Dir;
}

/** A definition as the chart carries it. */
export function trim(definition: { metadata: { name: string; annotations?: Record<string, string> }; spec: unknown }) {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: definition.metadata.name, annotations: definition.metadata.annotations ?? {} },
    spec: withoutDescriptions(definition.spec),
  };
}

/** All files of the chart, by name. */
export async function render(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const source of sources) {
    const folder = `${await moduleFolder(source)}/${source.folder}`;
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.endsWith(".yaml") || name === "kustomization.yaml" || unused.test(name)) continue;
      const definition = trim(parse(await Deno.readTextFile(`${folder}/${name}`)));
      const origin =
        `# From ${source.module} ${source.version}, Apache License 2.0; descriptions left out by kubernetes/crds.ts.\n`;
      files.set(`${definition.metadata.name}.yaml`, origin + stringify(definition, { lineWidth: 0, indentSeq: false }));
    }
  }
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}

async function current(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name } of Deno.readDir(target)) {
    files.set(name, await Deno.readTextFile(new URL(name, target)));
  }
  return files;
}

if (import.meta.main) {
  await Deno.mkdir(target, { recursive: true });
  const [wanted, found] = [await render(), await current()];
  const stale = [...new Set([...wanted.keys(), ...found.keys()])].filter((name) =>
    wanted.get(name) !== found.get(name)
  );
  if (stale.length && Deno.args.includes("--check")) {
    console.error(
      `Cannot call the chart crds current: ${stale.join(", ")} differ; run 'deno run -A kubernetes/crds.ts'`,
    );
    Deno.exit(1);
  }
  for (const name of stale) {
    const text = wanted.get(name);
    if (text === undefined) await Deno.remove(new URL(name, target));
    else await Deno.writeTextFile(new URL(name, target), text);
  }
  console.log(
    stale.length ? `Wrote ${stale.length} of ${wanted.size} definitions` : `${wanted.size} definitions are current`,
  );
}
