import type { Finding, Path } from "../site/error.ts";
import { type DraftEntry, type DraftRegistry, entriesOf, itemsOf } from "./rules.ts";

/** Number of logical databases that Valkey is started with. */
export const valkeyDatabases = 64;

/** Something that only one service can have. */
interface Claim {
  readonly service: string;
  readonly path: Path;
  /** What is claimed: two claims of the same words collide. */
  readonly what: string;
  readonly remedy: string;
}

function* hosts(service: string, entry: DraftEntry): Generator<Claim> {
  for (const [index, label] of itemsOf(entry.hosts)) {
    const path = ["services", service, "hosts", index];
    yield { service, path, what: `the host name '${label}'`, remedy: "give each service its own" };
  }
}

function* nodePorts(service: string, entry: DraftEntry): Generator<Claim> {
  for (const [port, number] of Object.entries(entry.node_ports ?? {})) {
    if (number === undefined) continue;
    const path = ["services", service, "node_ports", port];
    yield { service, path, what: `node port ${number}`, remedy: "choose another from 30000 to 32767" };
  }
}

function* databases(service: string, entry: DraftEntry): Generator<Claim> {
  for (const [index, { engine, name }] of itemsOf(entry.databases)) {
    if (engine === undefined || name === undefined) continue;
    const path = ["services", service, "databases", index, "name"];
    yield { service, path, what: `${engine} database '${name}'`, remedy: "give each service its own" };
  }
}

function* collisions(registry: DraftRegistry): Generator<Finding> {
  const owners = new Map<string, string>();
  for (const [service, entry] of entriesOf(registry)) {
    for (
      const { path, what, remedy } of [
        ...hosts(service, entry),
        ...nodePorts(service, entry),
        ...databases(service, entry),
      ]
    ) {
      const owner = owners.get(what);
      if (owner) yield { path, message: `${what} of ${service} is already ${owner}'s; ${remedy}` };
      else owners.set(what, service);
    }
  }
}

/** A user is one service's, and a service has one user in a data service: a password lies at `<service>/<engine>`. */
function* users(registry: DraftRegistry): Generator<Finding> {
  const owners = new Map<string, string>();
  for (const [service, entry] of entriesOf(registry)) {
    const own = new Map<string, string>();
    for (const [index, { engine, name, user = name }] of itemsOf(entry.databases)) {
      if (engine === undefined || user === undefined) continue;
      const path = ["services", service, "databases", index, "user"];
      const account = `${engine} user '${user}'`;
      const owner = owners.get(account) ?? service;
      const first = own.get(engine) ?? user;
      owners.set(account, owner);
      own.set(engine, first);
      if (owner !== service) {
        yield { path, message: `${account} of ${service} is already ${owner}'s; give each service its own` };
      } else if (first !== user) {
        yield { path, message: `${account} is a second one of ${service} beside '${first}'; write 'user: ${first}'` };
      }
    }
  }
}

function* databaseNames(registry: DraftRegistry): Generator<Finding> {
  for (const [service, entry] of entriesOf(registry)) {
    for (const [index, { engine, name, user, extensions }] of itemsOf(entry.databases)) {
      const path = ["services", service, "databases", index];
      if (engine === "valkey" && name !== undefined && !(/^\d+$/.test(name) && Number(name) < valkeyDatabases)) {
        const message = `services.${service} wants valkey database '${name}'; ` +
          `write the number of a logical database, "0" to "${valkeyDatabases - 1}"`;
        yield { path: [...path, "name"], message };
      }
      if (user === undefined && name !== undefined && !/^[a-z][a-z0-9_]*$/.test(name)) {
        const message = `services.${service} has a database '${name}' whose name no user can have; add 'user:'`;
        yield { path, message };
      }
      if (extensions?.length && engine !== undefined && engine !== "postgres") {
        const message = `services.${service} wants extensions in ${engine}, which has none; remove 'extensions'`;
        yield { path: [...path, "extensions"], message };
      }
    }
  }
}

/** Services that want the same thing, and things that cannot be had. */
export function* claims(registry: DraftRegistry): Generator<Finding> {
  yield* collisions(registry);
  yield* users(registry);
  yield* databaseNames(registry);
}
