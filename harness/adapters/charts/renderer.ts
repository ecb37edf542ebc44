import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { explain } from "../../../kubernetes/schema/explain.ts";
import type { Chart, SchemaFault, Variant } from "../../model/chart.ts";
import { lint, type Release, template } from "./helm.ts";
import { validate } from "./kubeconform.ts";
import { mostAtOnce, pooled } from "./process.ts";
import { writeFiles } from "./project.ts";
import { UpstreamRenderer } from "./upstream_values.ts";
import { readObjects, readYamlFile } from "./yaml.ts";

/** A chart to be rendered: all that its objects depend on. */
export interface ChartSource {
  readonly name: string;
  readonly namespace: string;
  /** From the project's folder. */
  readonly folder: string;
  /** Texts by path below the folder. */
  readonly files: ReadonlyMap<string, string>;
  /** The library's, by path below its folder. */
  readonly library: ReadonlyMap<string, string>;
  /** The site's values, laid over the chart's own. */
  readonly overlay: Readonly<Record<string, unknown>>;
  readonly kubernetesVersion: string;
}

/** One rendering before it is held against schemas. */
interface Draft {
  readonly values: string;
  readonly text: string;
  readonly failure: string | null;
}

/** Renders charts and holds their objects against the schemas. A chart that it has rendered is not rendered again until a file of it changes. */
export class ChartRenderer {
  /** For the values of charts that are upstream's. */
  readonly upstream = new UpstreamRenderer();
  readonly #done = new Map<string, Chart>();

  /** Renders all of the charts, several at a time. */
  async render(sources: readonly ChartSource[], signal: AbortSignal): Promise<Chart[]> {
    const keyed = sources.map((source) => ({ source, key: keyOf(source) }));
    const fresh = keyed.filter(({ key }) => !this.#done.has(key));
    if (fresh.length) {
      const folder = await Deno.makeTempDir({ prefix: "plumb-charts-" });
      try {
        const charts = await renderAll(fresh.map(({ source }) => source), folder, signal);
        fresh.forEach(({ key }, index) => this.#done.set(key, charts[index]));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    }
    return keyed.map(({ key }) => this.#done.get(key)!);
  }
}

function keyOf({ files, library, ...rest }: ChartSource): string {
  const hash = createHash("sha256").update(JSON.stringify(rest));
  for (const [path, text] of [...files, ...library]) hash.update(`\0${path}\0`).update(text);
  return hash.digest("hex");
}

async function renderAll(sources: readonly ChartSource[], folder: string, signal: AbortSignal): Promise<Chart[]> {
  const jobs = sources.map((source) => ({ source, folder: `${folder}/charts/${source.name}` }));
  await pooled(jobs, 4, ({ source, folder }) => writeChart(source, folder));
  const drafts = new Map<ChartSource, { lint: string[]; drafts: Draft[] }>();
  await pooled(
    jobs,
    mostAtOnce,
    async (job) => void drafts.set(job.source, await draftAll(job.source, job.folder, signal)),
  );
  const faults = await faultsOf(drafts, `${folder}/rendered`, signal);
  return sources.map((source) => describe(source, drafts.get(source)!, faults));
}

async function writeChart({ files, library, overlay }: ChartSource, folder: string): Promise<void> {
  await writeFiles(folder, new Map([...files].filter(([path]) => path !== overlayFile)));
  if (dependsOnLibrary(files)) await writeFiles(`${folder}/charts/plumb-common`, library);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/${overlayFile}`, stringify(overlay));
}

/** The site's values, beside the chart's own files; no chart has a file of this name. */
const overlayFile = ".site-values.yaml";

function dependsOnLibrary(files: ReadonlyMap<string, string>): boolean {
  return /^\s*-\s*(\{\s*)?name:\s*plumb-common\b/m.test(files.get("Chart.yaml") ?? "");
}

async function draftAll(source: ChartSource, folder: string, signal: AbortSignal) {
  const { name, namespace, kubernetesVersion, files } = source;
  if (!files.has("Chart.yaml")) {
    const failure = `there is no ${source.folder}/Chart.yaml`;
    return { lint: [failure], drafts: [{ values: "values.yaml", text: "", failure }] };
  }
  const release: Release = { name, namespace, folder, kubernetesVersion };
  const site = `${folder}/${overlayFile}`;
  const more = [...files.keys()].filter((path) => /^ci\/[^/]+\.yaml$/.test(path)).sort();
  const explained = explainerOf(source);
  const drafts: Draft[] = [];
  for (const values of ["values.yaml", ...more]) {
    const made = await template(release, values === "values.yaml" ? [site] : [site, `${folder}/${values}`], signal);
    drafts.push(
      "text" in made
        ? { values, text: made.text, failure: null }
        : { values, text: "", failure: explained(made.failure) },
    );
  }
  // What cannot be rendered has been condemned already, in the same words.
  return { lint: drafts[0].failure === null ? (await lint(release, [site], signal)).map(explained) : [], drafts };
}

/** Completes what Helm says of values by what the schema knows that it holds them against: the library's, or the chart's own. */
function explainerOf({ files, library }: ChartSource): (said: string) => string {
  const text = (dependsOnLibrary(files) ? library : files).get("values.schema.json");
  return text === undefined ? (said) => said : (said) => explain(said, JSON.parse(text));
}

/** Faults by rendering, as kubeconform finds them in files of this folder. */
async function faultsOf(
  all: ReadonlyMap<ChartSource, { drafts: readonly Draft[] }>,
  folder: string,
  signal: AbortSignal,
): Promise<Map<string, SchemaFault[]>> {
  const texts = new Map<string, string>();
  for (const [{ name }, { drafts }] of all) {
    drafts.forEach(({ text }, index) => text.trim() !== "" && texts.set(`${name}.${index}.yaml`, text));
  }
  if (texts.size === 0) return new Map();
  await writeFiles(folder, texts);
  const count = [...texts.values()].reduce((sum, text) => sum + (text.match(/^kind:/gm)?.length ?? 0), 0);
  const found = await validate(folder, count, signal);
  return new Map([...found].map(([path, faults]) => [path.slice(folder.length + 1), faults]));
}

function describe(
  source: ChartSource,
  { lint, drafts }: { lint: readonly string[]; drafts: readonly Draft[] },
  faults: ReadonlyMap<string, readonly SchemaFault[]>,
): Chart {
  const { name, folder, files, namespace } = source;
  const yaml = (file: string) => readYamlFile(`${folder}/${file}`, files.get(file) ?? "");
  return {
    name,
    folder,
    files: [...files.keys()].sort(),
    templates: Object.fromEntries([...files].filter(([path]) => path.startsWith("templates/"))),
    definition: files.has("Chart.yaml") ? yaml("Chart.yaml") : null,
    values: yaml("values.yaml"),
    lint,
    variants: drafts.map(({ values, text, failure }, index): Variant => ({
      values,
      failure,
      objects: readObjects(text, namespace),
      faults: faults.get(`${name}.${index}.yaml`) ?? [],
    })),
  };
}
