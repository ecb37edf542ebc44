import { parse } from "yaml";
import type { Platform, ServiceEntry } from "../../model/chart.ts";
import type { Site } from "../../model/site.ts";
import { keptOrMade } from "../kept.ts";
import { projectRoot } from "../project.ts";
import { loadRegistry } from "../registry/load.ts";
import { hasOwnChart, hostNames, needsOf, type Registry, secretsOf, type Service } from "../registry/registry.ts";
import { describePlace, type Place } from "../registry/place.ts";
import { podLabels } from "../registry/upstream.ts";
import { releaseValues } from "../registry/values.ts";
import { renderingInputs } from "./inputs.ts";
import { below, places, type ProjectFiles, readProject } from "./project.ts";
import { ChartRenderer, type ChartSource } from "./renderer.ts";
import { readYamlFile } from "./yaml.ts";

/** What charts are rendered for. */
export interface Target {
  readonly place: Place;
  readonly clusterDomain: string;
  readonly kubernetesVersion: string;
}

/** What a site says of the cluster that charts are rendered for. @throws if the site has no cluster. */
export function targetOf(site: Site): Target {
  const { domain, kubernetes, networks, path } = site;
  if (!kubernetes) throw new Error(`Cannot render charts for ${path}: it has no 'kubernetes' section; add one`);
  return {
    place: describePlace({ domain, networks, kubernetes }),
    clusterDomain: kubernetes.dns_domain,
    kubernetesVersion: kubernetes.version,
  };
}

/**
 * Renders all charts of the registry for a site, or only one, and tells all that is known of its services. What was
 * rendered of the same inputs before comes from the cache: see {@linkcode keptOrMade}. Helm and kubeconform read nothing
 * but these inputs, and that they make the same of the same is proven by a test; whether the rules hold is judged anew
 * each time, and so is what day it is.
 */
export async function observePlatform(site: Site, signal: AbortSignal, only?: string): Promise<Platform> {
  const target = targetOf(site);
  const files = await readProject(projectRoot);
  const make = async () => {
    const registry = await loadRegistry();
    return await makePlatform({ files, registry, target, only }, new ChartRenderer(), signal);
  };
  const inputs = await renderingInputs(files, target, only);
  return { ...await keptOrMade("charts", inputs, make), today: today() };
}

/** The same for a project that need not lie on disk. */
export async function makePlatform(
  { files, registry, target, only }: { files: ProjectFiles; registry: Registry; target: Target; only?: string },
  renderer: ChartRenderer,
  signal: AbortSignal,
): Promise<Platform> {
  const { place, clusterDomain, kubernetesVersion } = target;
  const library = below(files, places.library);
  const wanted = registry.services.filter((service) => hasOwnChart(service) && (only ?? service.name) === service.name);
  const sources = wanted.map(({ name, namespace }): ChartSource => {
    const folder = `${places.charts}/${name}`;
    const own = below(files, folder);
    const values = readYamlFile("values.yaml", own.get("values.yaml") ?? "").data;
    const overlay = releaseValues(registry, name, place, values);
    return { name, namespace, folder, files: own, library, overlay, kubernetesVersion };
  });
  return {
    domain: place.domain,
    clusterDomain,
    storageClass: place.storageClass,
    nodeNetwork: place.nodes,
    podNetwork: place.pods,
    apiPort: place.apiPort,
    kubernetesVersion,
    schemaVersion: await schemaVersion(),
    libraryVersion: versionOf(library.get("Chart.yaml")),
    namespaces: Object.fromEntries(Object.entries(registry.namespaces).map(([name, ns]) => [name, ns.pod_security])),
    services: registry.services.map((service) => describeService(registry, service, place.domain)),
    charts: await renderer.render(sources, signal),
    upstreamValues: only === undefined ? await renderer.upstream.render(files, registry, target, signal) : {},
    folders: [...new Set([...below(files, places.charts).keys()].map((path) => path.split("/")[0]))],
    registry: readYamlFile(places.registry, files.get(places.registry) ?? ""),
    helmfile: files.get(places.helmfile) ?? null,
    today: today(),
  };
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function describeService(registry: Registry, service: Service, domain: string): ServiceEntry {
  const { name, namespace, tier, upstream, health, databases, calls, node_ports } = service;
  return {
    name,
    namespace,
    tier,
    upstream: upstream ?? null,
    podLabels: podLabels(service),
    morePods: upstream?.more_pods ?? {},
    webhooks: upstream?.webhooks ?? [],
    entrance: upstream?.entrance ?? [],
    needs: needsOf(registry, name),
    hosts: hostNames(service, domain),
    health: health ?? null,
    databases,
    secrets: secretsOf(registry, name),
    calls,
    nodePorts: node_ports,
  };
}

function versionOf(chartFile: string | undefined): string {
  return String((parse(chartFile ?? "") as { version?: unknown } | null)?.version ?? "none");
}

/** The version of Kubernetes that the schemas are made from. */
async function schemaVersion(): Promise<string> {
  const text = await Deno.readTextFile(`${projectRoot}/fixtures/schemas/sources.yaml`);
  return (parse(text) as { kubernetes: { module: string } }).kubernetes.module.split("@v")[1];
}
