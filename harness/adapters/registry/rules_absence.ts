import type { RegistryFile } from "../../../kubernetes/services_schema.ts";
import type { Finding } from "../site/error.ts";
import { foundations, hasOwnChart, impliedNeeds } from "./registry.ts";

function* foundation({ services }: RegistryFile): Generator<Finding> {
  for (const name of foundations) {
    if (name in services) continue;
    yield { path: ["services"], message: `there is no service '${name}', which all others need; add services.${name}` };
  }
}

function* podSecurity({ namespaces }: RegistryFile): Generator<Finding> {
  for (const [name, { pod_security, why }] of Object.entries(namespaces)) {
    if (pod_security !== "restricted" && why === undefined) {
      const message = `namespaces.${name} is ${pod_security} without a reason; add 'why:', or write restricted`;
      yield { path: ["namespaces", name], message };
    }
    if (pod_security === "restricted" && why !== undefined) {
      const message = `namespaces.${name} is restricted, which needs no reason; remove 'why'`;
      yield { path: ["namespaces", name, "why"], message };
    }
  }
}

function* charts({ services }: RegistryFile): Generator<Finding> {
  for (const [name, entry] of Object.entries(services)) {
    const path = ["services", name];
    const own = hasOwnChart(entry);
    if (own && entry.pods && !entry.health) {
      yield { path, message: `services.${name} has no 'health'; add 'health:' with component, port and path` };
    }
    if (!entry.pods && entry.health) {
      const message = `services.${name} has 'health' and no pods whose it could be; remove one of the two`;
      yield { path: [...path, "health"], message };
    }
    if (own && Object.keys(entry.node_ports).length) {
      const message = `services.${name}.node_ports is for upstream charts; set them in charts/${name}/values.yaml`;
      yield { path: [...path, "node_ports"], message };
    }
  }
}

/** What an upstream chart's entry must say of it, for nobody sees what the chart renders. */
function* upstream({ services }: RegistryFile): Generator<Finding> {
  for (const [name, { upstream, hosts, node_ports }] of Object.entries(services)) {
    if (!upstream) continue;
    const path = ["services", name, "upstream"];
    if (hosts.length && !upstream.backend) {
      const message = `services.${name} has hosts and nothing says where their requests go; ` +
        `add 'backend:' with service and port to its upstream`;
      yield { path, message };
    }
    if (!hosts.length && upstream.backend) {
      const message = `services.${name}.upstream has a 'backend' and no host leads there; add 'hosts:', or remove it`;
      yield { path: [...path, "backend"], message };
    }
    if (upstream.more_pods && !upstream.backend) {
      const message = `services.${name}.upstream has 'more_pods' and no 'backend' that they could talk to; add it`;
      yield { path: [...path, "more_pods"], message };
    }
    if (Object.keys(node_ports).length && !upstream.entrance) {
      const message = `services.${name} has node ports and lets nobody in; ` +
        `add 'entrance:' with the container ports behind them to its upstream`;
      yield { path, message };
    }
  }
}

/** What the lab and the base install must not be without anything that it needs. */
function* closures({ services }: RegistryFile): Generator<Finding> {
  for (const [name, entry] of Object.entries(services)) {
    for (const need of impliedNeeds(name, entry)) {
      const other = services[need];
      if (!other) continue;
      if (entry.lab && !other.lab) {
        const message =
          `services.${name} is in the lab and needs ${need}, which is not; set services.${need}.lab: true`;
        yield { path: ["services", name, "lab"], message };
      }
      if (other.upstream?.by_hand && !entry.upstream?.by_hand) {
        const message = `services.${name} needs ${need}, which no site can install; ` +
          `take the need out, or mend services.${need}.upstream.by_hand`;
        yield { path: ["services", name], message };
      }
      if (entry.tier === "base" && other.tier === "apps") {
        const message = `services.${name} is base and needs ${need}, which is apps; make both the same tier`;
        yield { path: ["services", name, "tier"], message };
      }
    }
  }
}

/** The services on a way from `name` back to itself; null if there is none. */
function loopFrom(name: string, services: RegistryFile["services"]): string[] | null {
  const seen = new Set<string>();
  const walk = (at: string, way: string[]): string[] | null => {
    for (const need of services[at] ? impliedNeeds(at, services[at]) : []) {
      if (need === name) return [...way, need];
      if (seen.has(need)) continue;
      seen.add(need);
      const found = walk(need, [...way, need]);
      if (found) return found;
    }
    return null;
  };
  return walk(name, [name]);
}

function* loops({ services }: RegistryFile): Generator<Finding> {
  const told = new Set<string>();
  for (const name of Object.keys(services)) {
    const loop = told.has(name) ? null : loopFrom(name, services);
    if (!loop) continue;
    loop.forEach((member) => told.add(member));
    const message = `no service of ${
      loop.join(" > ")
    } can be the first, each needs the next; remove one of these needs`;
    yield { path: ["services", name], message };
  }
}

/** What a registry whose shape is right lacks, and what cannot be installed as it stands. */
export function* absences(registry: RegistryFile): Generator<Finding> {
  yield* foundation(registry);
  yield* podSecurity(registry);
  yield* charts(registry);
  yield* upstream(registry);
  yield* closures(registry);
  yield* loops(registry);
}
