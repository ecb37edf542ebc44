import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { SiteFile } from "../../../sites/schema.ts";
import type { Site } from "../../model/site.ts";
import { projectRoot } from "../project.ts";
import { SiteError } from "../site/error.ts";
import { suggestion } from "../../model/nearest.ts";
import {
  foundations,
  gateway,
  hasOwnChart,
  installLevels,
  needsOf,
  type Registry,
  type Service,
  serviceOf,
} from "./registry.ts";
import { byHandProblems, isByHand } from "./by_hand.ts";
import { describePlace, type Place } from "./place.ts";
import type { Values } from "./upstream.ts";
import { describeRelease } from "./values.ts";

/** What a site's file gives the charts. */
export type PlacedSite =
  & Pick<Site, "name" | "lab" | "domain" | "networks" | "secrets" | "path">
  & Pick<SiteFile, "kubernetes">;

/** The folder of the charts. */
export const chartsFolder = `${projectRoot}/kubernetes/charts`;

/**
 * What charts have to know of a site.
 * @throws {SiteError} if the site has no cluster.
 */
export function placeOf({ domain, networks, kubernetes, path }: PlacedSite): Place {
  if (!kubernetes) {
    const message = "the site file has no 'kubernetes', which services run on; add 'kubernetes:'";
    throw new SiteError([{ file: path, line: 1, path: "kubernetes", message }]);
  }
  return describePlace({ domain, networks, kubernetes });
}

/** What a site says of the services that it wants. */
type Wishes = Pick<PlacedSite, "lab" | "kubernetes" | "path">;

/**
 * The services that a site installs, in the order of the registry: those that it lists, what they need, and the gateway
 * if one of all these has a host name; without a list all that can be installed, in the lab those marked for it.
 * @throws {SiteError} for names that the registry has not, and for services that cannot be installed.
 */
export function enabledServices(registry: Registry, { lab, kubernetes, path }: Wishes): readonly Service[] {
  const wanted = kubernetes?.services;
  if (!wanted) return registry.services.filter((service) => (!lab || service.lab) && !isByHand(service));
  const known = registry.services.map(({ name }) => name);
  const strange = wanted.filter((name) => !known.includes(name));
  if (strange.length) {
    throw new SiteError(strange.map((name) => ({
      file: path,
      line: null,
      path: "kubernetes.services",
      message: `service '${name}' in kubernetes.services is unknown; ${suggestion(name, known)}`,
    })));
  }
  const chosen = new Set<string>();
  const choose = (name: string) => {
    if (chosen.has(name)) return;
    chosen.add(name);
    needsOf(registry, name).forEach(choose);
  };
  [...foundations, ...wanted].forEach(choose);
  // A route is no need: the service starts without its gateway, and nobody reaches it. The lab looks at services from inside.
  const routed = registry.services.some(({ name, hosts }) => chosen.has(name) && hosts.length);
  if (routed && !lab && known.includes(gateway)) choose(gateway);
  const services = registry.services.filter(({ name }) => chosen.has(name));
  const byHand = byHandProblems(services, path);
  if (byHand.length) throw new SiteError(byHand);
  return services;
}

/** A chart's own values.yaml, parsed. */
export async function ownValues(name: string, folder: string = chartsFolder): Promise<unknown> {
  return parse(await Deno.readTextFile(join(folder, name, "values.yaml"))) ?? {};
}

/** The repositories of upstream charts, one for each service that has one. */
function repositories(services: readonly Service[]): Values[] {
  return services.flatMap(({ name, upstream }) =>
    upstream
      ? [{ name, url: upstream.repository.replace(/^oci:\/\//, ""), oci: upstream.repository.startsWith("oci://") }]
      : []
  );
}

function release(registry: Registry, name: string, place: Place, own: unknown): Values {
  const { upstream } = serviceOf(registry, name);
  const { namespace, tier, needs, values } = describeRelease(registry, name, place, own);
  const chart = upstream
    ? { chart: `${name}/${upstream.name}`, version: upstream.version, upstream: true, values: {} }
    : { chart: `./charts/${name}`, version: "", upstream: false, values };
  return { name, namespace, tier, needs, ...chart };
}

/**
 * What Helmfile reads of a site: `kubernetes/environments/<site>.yaml`. The same registry, charts and site give the same
 * text. It holds no secret: only the path of the encrypted file.
 */
export async function renderEnvironment(
  registry: Registry,
  site: PlacedSite,
  folder: string = chartsFolder,
): Promise<string> {
  const place = placeOf(site);
  // What a site does not install must not be waited for: no database is made for it, no way opened.
  const services = enabledServices(registry, site);
  const installed: Registry = { ...registry, services };
  const releases = await Promise.all(
    installLevels(installed).flat().map(async (name) => {
      const own = hasOwnChart(serviceOf(installed, name)) ? await ownValues(name, folder) : {};
      return release(installed, name, place, own);
    }),
  );
  const environment = {
    site: { name: site.name, ...place, secrets: site.secrets.file },
    nodePorts: Object.fromEntries(
      services.filter(({ node_ports }) => Object.keys(node_ports).length).map((s) => [s.name, s.node_ports]),
    ),
    repositories: repositories(services),
    releases,
  };
  const head = `# Written by Plumb from ${registry.file}, the charts and ${site.path}; a change here is lost.\n`;
  return head + stringify(environment, { lineWidth: 0 });
}

/** Where Helmfile looks for a site's environment. */
export function environmentPath(site: Pick<Site, "name">): string {
  return `${projectRoot}/kubernetes/environments/${site.name}.yaml`;
}

/** Writes a site's environment for Helmfile, and gives its path. */
export async function writeEnvironment(registry: Registry, site: PlacedSite): Promise<string> {
  const path = environmentPath(site);
  await Deno.mkdir(`${projectRoot}/kubernetes/environments`, { recursive: true });
  await Deno.writeTextFile(path, await renderEnvironment(registry, site));
  return path;
}
