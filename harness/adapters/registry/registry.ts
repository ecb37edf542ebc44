import type { Engine, RegistryFile, ServiceEntry } from "../../../kubernetes/services_schema.ts";
import { engines } from "../../../kubernetes/services_schema.ts";

/** The releases that come before all others, in this order: everything else needs both. */
export const foundations = ["crds", "namespaces"] as const;

/** The service that hands requests from outside on to all others. */
export const gateway = "traefik";

/** A database, or its like, that a data service makes for a service. */
export interface Database {
  readonly engine: Engine;
  /** See `services.yaml`: what it means depends on the engine. */
  readonly name: string;
  readonly user: string;
  readonly extensions: readonly string[];
}

/** Keys at a path of Vault, below the KV v2 mount `secret`. */
export interface SecretKeys {
  readonly path: string;
  readonly keys: readonly string[];
}

/** A service of the registry with its name and every default filled in. */
export interface Service extends Omit<ServiceEntry, "databases"> {
  readonly name: string;
  readonly databases: readonly Database[];
}

/** A registry that was read and found right. */
export interface Registry {
  /** As people see it. */
  readonly file: string;
  readonly namespaces: RegistryFile["namespaces"];
  /** In the order of the file. */
  readonly services: readonly Service[];
}

/** The registry that a validated file stands for. */
export function describeRegistry(file: string, { namespaces, services }: RegistryFile): Registry {
  return {
    file,
    namespaces,
    services: Object.entries(services).map(([name, entry]) => ({
      ...entry,
      name,
      databases: entry.databases.map((database) => ({
        engine: database.engine,
        name: database.name,
        user: database.user ?? database.name,
        extensions: database.extensions ?? [],
      })),
    })),
  };
}

/** @throws {Error} for a name that no service has: the loader has seen to all names in the registry itself. */
export function serviceOf(registry: Registry, name: string): Service {
  const found = registry.services.find((service) => service.name === name);
  if (!found) throw new Error(`Cannot find service ${name}: ${registry.file} has none of that name; add an entry`);
  return found;
}

/** True for a service whose chart is a folder of ours. */
export function hasOwnChart(service: Pick<Service, "upstream">): boolean {
  return service.upstream === undefined;
}

/** What an entry needs, by names: its own `needs`, and what its databases, calls and secrets imply. Sorted. */
export function impliedNeeds(
  name: string,
  { needs, databases, calls, secrets }: Pick<ServiceEntry, "needs" | "calls"> & {
    readonly databases: readonly { readonly engine: string }[];
    readonly secrets: readonly unknown[];
  },
): string[] {
  const all = new Set<string>(needs);
  for (const { engine } of databases) all.add(engine);
  for (const { service, needed } of calls) if (needed) all.add(service);
  if (secrets.length || databases.length || (engines as readonly string[]).includes(name)) all.add("vault");
  if (name !== "crds") all.add("crds");
  if (name !== "crds" && name !== "namespaces") all.add("namespaces");
  all.delete(name);
  return [...all].sort();
}

/** Everything that must be installed before a service. */
export function needsOf(registry: Registry, name: string): readonly string[] {
  return impliedNeeds(name, serviceOf(registry, name));
}

/**
 * Services in the order of installation: those of one level need only services of levels before it.
 * Within a level they are sorted by name. A loop, which the loader refuses, would end the list early.
 */
export function installLevels(registry: Registry): readonly (readonly string[])[] {
  const levels: string[][] = [];
  const placed = new Set<string>();
  let open = registry.services.map(({ name }) => ({ name, needs: needsOf(registry, name) }));
  while (open.length) {
    const level = open.filter(({ needs }) => needs.every((need) => placed.has(need))).map(({ name }) => name).sort();
    if (level.length === 0) break;
    levels.push(level);
    level.forEach((name) => placed.add(name));
    open = open.filter(({ name }) => !placed.has(name));
  }
  return levels;
}

/** What a data service makes, with the service that it is for. */
export function databasesOf(registry: Registry, engine: Engine): (Database & { readonly service: string })[] {
  return registry.services.flatMap(({ name: service, databases }) =>
    databases.filter((database) => database.engine === engine).map((database) => ({ ...database, service }))
  );
}

/** Where Vault keeps what a service logs in to a data service with: the password, and the same as a connection URL. */
export function databaseSecret(service: string, engine: Engine): SecretKeys {
  return { path: `${service}/${engine}`, keys: ["password", "url"] };
}

/**
 * Everything that a service may read in Vault: its own secrets and what it logs in to its databases with. A data
 * service reads its administrator's password, and the password of each of its users.
 */
export function secretsOf(registry: Registry, name: string): SecretKeys[] {
  const { secrets, databases } = serviceOf(registry, name);
  const engine = engines.find((candidate) => candidate === name);
  const users = engine ? new Set(databasesOf(registry, engine).map(({ service }) => service)) : [];
  return [
    ...secrets,
    ...new Set(databases.map((database) => database.engine)).values().map((engine) => databaseSecret(name, engine)),
    ...(engine ? [{ path: `${engine}/root`, keys: ["password"] }] : []),
    ...[...users].map((service) => ({ path: `${service}/${engine}`, keys: ["password"] })),
  ];
}

/** Services that open connections to a service: through its databases and by calls. Sorted by name. */
export function clientsOf(registry: Registry, name: string): readonly Service[] {
  return registry.services.filter((service) =>
    service.databases.some(({ engine }) => engine === name) || service.calls.some((call) => call.service === name)
  ).sort((a, b) => a.name < b.name ? -1 : 1);
}

/** A service's full host names in a domain, the main one first. */
export function hostNames(service: Pick<Service, "hosts">, domain: string): string[] {
  return service.hosts.map((label) => `${label}.${domain}`);
}
