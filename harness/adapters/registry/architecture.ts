import type { SiteFile } from "../../../sites/schema.ts";
import { engines } from "../../../kubernetes/services_schema.ts";
import { projectRoot } from "../project.ts";
import { readSiteFile } from "../site/load.ts";
import { isByHand } from "./by_hand.ts";
import { enabledServices, ownValues } from "./environment.ts";
import { loadRegistry } from "./load.ts";
import { type Component, componentsOf } from "./makeup.ts";
import { networkSection } from "./architecture_network.ts";
import {
  databasesOf,
  foundations,
  hasOwnChart,
  installLevels,
  needsOf,
  type Registry,
  type Service,
} from "./registry.ts";

/** What the page is made from. */
export interface Plan {
  readonly registry: Registry;
  /** Components of the charts of ours, by service. */
  readonly components: ReadonlyMap<string, readonly Component[]>;
  readonly sites: readonly SiteFile[];
}

/** A Markdown table; cells with a bar in them are escaped. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function chartOf({ name, upstream }: Service): string {
  return upstream ? `${upstream.name} ${upstream.version}, upstream's` : `charts/${name}`;
}

/** What no site can install, and what is missing for it. */
function byHand({ services }: Registry): string[] {
  const missing = services.filter(isByHand).map(({ name, upstream }) => {
    const { why, secrets } = upstream!.by_hand!;
    return [name, why, Object.entries(secrets).map(([secret, keys]) => `${secret}: ${keys.join(", ")}`).join("; ")];
  });
  return missing.length
    ? ["No site can install these yet.", "", table(["service", "why", "Secrets that nobody makes"], missing), ""]
    : [];
}

function inventory({ registry, components }: Plan): string {
  const services = registry.services.map((service) => [
    `**${service.name}**`,
    service.does,
    service.namespace,
    service.tier,
    chartOf(service),
    service.lab ? "yes" : "",
  ]);
  const parts = registry.services.flatMap(({ name }) =>
    (components.get(name) ?? []).map((part) => [name, part.name, part.kind, part.image, part.ports.join(", ")])
  );
  return [
    "## Component inventory",
    "",
    table(["service", "what it is", "namespace", "tier", "chart", "lab"], services),
    "",
    ...byHand(registry),
    "What the charts of this project run; what upstream's charts run is theirs to say.",
    "",
    table(["service", "component", "kind", "image", "ports"], parts),
  ].join("\n");
}

/** The needs that are worth a line in a drawing: everything needs the foundations, and almost everything Vault. */
function drawnNeeds(registry: Registry, name: string): string[] {
  const hidden: readonly string[] = [...foundations, "vault"];
  return needsOf(registry, name).filter((need) => !hidden.includes(need));
}

function dependencies({ registry }: Plan): string {
  const edges = registry.services.flatMap(({ name }) =>
    drawnNeeds(registry, name).map((need) => `  ${name} --> ${need}`)
  );
  const levels = installLevels(registry).map((names, index) => [index, names.join(", ")]);
  return [
    "## Dependency graph",
    "",
    "An arrow leads to what must be installed first. Not drawn: everything needs `crds` and `namespaces`, and all that read",
    "secrets or have a database need `vault`. Services without an arrow need nothing else.",
    "",
    "```mermaid",
    "graph LR",
    ...edges,
    "```",
    "",
    "In the order of installation; services of one level are installed at the same time.",
    "",
    table(["level", "services"], levels),
  ].join("\n");
}

function databases({ registry }: Plan): string {
  const rows = engines.flatMap((engine) =>
    databasesOf(registry, engine).map(({ service, name, user, extensions }) => [
      engine,
      name,
      user,
      service,
      extensions.join(", "),
    ])
  );
  return [
    "## Database allocation",
    "",
    "Made by the data services' own charts. A name is a bucket of minio, a virtual host of rabbitmq, the number of a logical",
    "database of valkey. The password of each user lies in Vault at `secret/<service>/<engine>`.",
    "",
    table(["engine", "name", "user", "service", "extensions"], rows),
  ].join("\n");
}

interface Sum {
  readonly millicores: number;
  readonly memory: number;
  readonly storage: number;
}

function sum(parts: readonly Sum[]): Sum {
  return parts.reduce((all, part) => ({
    millicores: all.millicores + part.millicores,
    memory: all.memory + part.memory,
    storage: all.storage + part.storage,
  }), { millicores: 0, memory: 0, storage: 0 });
}

function amounts({ millicores, memory, storage }: Sum): string[] {
  return [(millicores / 1000).toFixed(2), (memory / 1024).toFixed(2), storage.toFixed(0)];
}

/** What a site's nodes have; null for nodes that are no virtual machines, whose size the site does not say. */
function capacity({ hosts }: SiteFile): Sum | null {
  const nodes = Object.values(hosts).filter(({ roles }) => roles.includes("kube_node"));
  const sizes = nodes.flatMap(({ vm }) =>
    vm ? [{ millicores: vm.cores * 1000, memory: vm.memory, storage: vm.disk }] : []
  );
  return sizes.length === nodes.length ? sum(sizes) : null;
}

/** What there is too little of. Volumes take disk only as they fill, so a site may promise more than it has: it is told. */
function fits(wanted: Sum, there: Sum): string {
  const short = [
    wanted.millicores > there.millicores && "processors",
    wanted.memory > there.memory && "memory",
    wanted.storage > there.storage && "volumes",
  ].filter(Boolean);
  return short.length ? `**too little**: ${short.join(", ")}` : "yes";
}

function resources({ registry, components, sites }: Plan): string {
  const own = registry.services.filter((service) => hasOwnChart(service) && service.pods);
  const of = (services: readonly Service[]) => services.map(({ name }) => sum(components.get(name) ?? []));
  const rows = own.map((service) => [service.name, ...amounts(of([service])[0])]);
  const against = sites.flatMap((site) => {
    const enabled = enabledServices(registry, { ...site, path: `sites/${site.name}.yaml` });
    const wanted = sum(of(own.filter((service) => enabled.includes(service))));
    const there = capacity(site);
    return [
      [site.name, "set aside", ...amounts(wanted), ""],
      [site.name, "its nodes", ...(there ? amounts(there) : ["?", "?", "?"]), there ? fits(wanted, there) : ""],
    ];
  });
  const head = ["processors", "memory (GiB)", "volumes (GiB)"];
  return [
    "## Resource summary",
    "",
    "What the charts of this project set aside; upstream's charts come on top.",
    "",
    table(["service", ...head], [...rows, ["**all**", ...amounts(sum(of(own)))]]),
    "",
    "Against what the sites' nodes have: their disks for volumes. A site that lists `kubernetes.services` installs those, what",
    "they need, and the gateway if one of them has a host name; without a list it installs all, the lab what is marked for it.",
    "",
    table(["site", "", ...head, "fits"], against),
  ].join("\n");
}

/** The page `.docs/architecture.md`. The same input gives the same text. */
export function renderArchitecture(plan: Plan): string {
  const sections = [inventory, networkSection, dependencies, databases, resources].map((section) => section(plan));
  const head = [
    "# Architecture",
    "",
    "Written by `deno task runbooks` from `kubernetes/services.yaml`, the charts and the site files; a change here is lost.",
  ].join("\n");
  return `${[head, ...sections].join("\n\n")}\n`;
}

/** Reads what {@linkcode renderArchitecture} needs besides the registry and the sites. */
export async function readComponents(registry: Registry): Promise<Map<string, readonly Component[]>> {
  const own = registry.services.filter(hasOwnChart);
  return new Map(await Promise.all(own.map(async ({ name }) => [name, componentsOf(await ownValues(name))] as const)));
}

/** The project's own page: of its registry and charts, for the lab and the example. */
export async function architecturePage(): Promise<string> {
  const registry = await loadRegistry();
  const [components, ...sites] = await Promise.all([
    readComponents(registry),
    ...["lab", "example"].map(async (name) => (await readSiteFile(`${projectRoot}/sites/${name}.yaml`)).file),
  ]);
  return renderArchitecture({ registry, components, sites });
}
