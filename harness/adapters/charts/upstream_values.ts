import { parse, stringify } from "yaml";
import type { UpstreamValues } from "../../model/chart.ts";
import type { Place } from "../registry/place.ts";
import { hasOwnChart, type Registry } from "../registry/registry.ts";
import { template } from "./helm.ts";
import { mostAtOnce, pooled } from "./process.ts";
import { places, type ProjectFiles, writeFiles } from "./project.ts";
import { readYamlFile } from "./yaml.ts";

/** A chart that renders one text as Helmfile does: both know Go's templates and the same functions. */
const carrier = new Map([
  ["Chart.yaml", "apiVersion: v2\nname: values\nversion: 0.1.0\n"],
  [
    "templates/text.yaml",
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: values }\ndata: { text: {{ tpl (.Files.Get "text") . | toJson }} }\n',
  ],
]);

/** What the values of upstream's charts are rendered for. */
interface Situation {
  readonly place: Place;
  readonly kubernetesVersion: string;
}

/** Renders the values that upstream's charts are given. A file is not rendered again until it or what it is given changes. */
export class UpstreamRenderer {
  readonly #done = new Map<string, UpstreamValues>();

  /** The values of each service of the registry whose chart is upstream's, by name. */
  async render(
    files: ProjectFiles,
    registry: Registry,
    { place, kubernetesVersion }: Situation,
    signal: AbortSignal,
  ): Promise<Record<string, UpstreamValues>> {
    const services = registry.services.filter((service) => !hasOwnChart(service));
    const nodePorts = Object.fromEntries(services.map(({ name, node_ports }) => [name, node_ports]));
    // No rule is about the site's name or its secrets: they only must be there.
    const given = stringify({ site: { name: "site", ...place, secrets: "secrets.sops.yaml" }, nodePorts });
    const rendered = await pooled(services, mostAtOnce, async ({ name }): Promise<[string, UpstreamValues]> => {
      const path = `${places.upstream}/${name}.yaml.gotmpl`;
      const text = files.get(path);
      if (text === undefined) return [name, absent(path)];
      const key = JSON.stringify([path, text, given, kubernetesVersion]);
      const known = this.#done.get(key) ?? await renderOne(path, text, given, kubernetesVersion, signal);
      this.#done.set(key, known);
      return [name, known];
    });
    return Object.fromEntries(rendered);
  }
}

function absent(path: string): UpstreamValues {
  return { ...readYamlFile(path, ""), failure: `there is no ${path}` };
}

async function renderOne(
  path: string,
  text: string,
  given: string,
  kubernetesVersion: string,
  signal: AbortSignal,
): Promise<UpstreamValues> {
  const folder = await Deno.makeTempDir({ prefix: "plumb-values-" });
  try {
    await writeFiles(folder, new Map([...carrier, ["text", text], ["values.yaml", given]]));
    const release = { name: "values", namespace: "default", folder, kubernetesVersion };
    const made = await template(release, [], signal);
    const { lines, comments } = readYamlFile(path, withoutActions(text));
    if ("failure" in made) return { path, lines, comments, data: null, failure: made.failure };
    const { data } = readYamlFile(path, (parse(made.text) as { data: { text: string } }).data.text);
    return { path, lines, comments, data, failure: data === null ? "what it renders is no YAML" : null };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The file before it is rendered, as YAML: what is written stands in the line that people know. */
function withoutActions(text: string): string {
  return text.replace(/^\{\{-?.*?\}\}$/gm, "").replace(/\{\{.*?\}\}/g, "word");
}
