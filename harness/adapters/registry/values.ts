import { type Engine, engines } from "../../../kubernetes/services_schema.ts";
import {
  clientsOf,
  databasesOf,
  hasOwnChart,
  hostNames,
  needsOf,
  type Registry,
  secretsOf,
  type Service,
  serviceOf,
} from "./registry.ts";

/** What charts have to know of a site. */
export interface Place {
  readonly domain: string;
  /** The class of volumes whose claim names none. */
  readonly storageClass: string;
  /** The network that the nodes are in, and with them the API server. */
  readonly nodes: string;
}

/** A part of a values file. */
export type Values = Readonly<Record<string, unknown>>;

type Tree = { readonly [key: string]: Tree | undefined } | undefined;

/** The ports that a data service's users connect to: their names in its chart, and their numbers. */
export const enginePorts: Readonly<Record<Engine, { readonly name: string; readonly port: number }>> = {
  postgres: { name: "postgres", port: 5432 },
  mariadb: { name: "mariadb", port: 3306 },
  mysql: { name: "mysql", port: 3306 },
  mongodb: { name: "mongodb", port: 27_017 },
  clickhouse: { name: "http", port: 8123 },
  valkey: { name: "valkey", port: 6379 },
  minio: { name: "s3", port: 9000 },
  rabbitmq: { name: "amqp", port: 5672 },
};

/** The service that hands requests from outside on to all others. */
const gateway = "traefik";

/** How our own charts name the pods of another. */
function podsOf(service: Service): Values {
  return { namespace: service.namespace, service: service.name };
}

/** Labels of every pod of a service. */
export function podLabels({ name, upstream }: Service): Readonly<Record<string, string>> {
  return upstream?.pod_labels ?? { "app.kubernetes.io/name": name };
}

function listAt(tree: unknown, ...path: string[]): readonly unknown[] {
  const found = path.reduce<Tree>((at, key) => at?.[key], tree as Tree);
  return Array.isArray(found) ? found : [];
}

/** Who may come to Vault: the agents in pods of services that read secrets, and the API server, which asks the injector. */
function vaultIngress(registry: Registry, place: Place): Values[] {
  const readers = registry.services.filter((service) =>
    hasOwnChart(service) && secretsOf(registry, service.name).length
  );
  return [
    ...readers.map((service) => ({ from: podsOf(service), to: ["server"], ports: ["http"] })),
    { from: { cidr: place.nodes }, to: ["injector"], ports: ["https"] },
  ];
}

/** Who may come in: a rule for each client and component that it connects to. Upstream clients: see {@linkcode targetsOf}. */
function ingress(registry: Registry, name: string, place: Place): Values[] {
  if (name === "vault") return vaultIngress(registry, place);
  const engine = engines.find((candidate) => candidate === name);
  return clientsOf(registry, name).filter(hasOwnChart).flatMap((client) => {
    const from = podsOf(client);
    const calls = client.calls.filter(({ service }) => service === name);
    return [
      ...(engine && client.databases.some((database) => database.engine === engine)
        ? [{ from, to: ["server"], ports: [enginePorts[engine].name] }]
        : []),
      ...calls.map(({ component, port }) => ({ from, to: [component], ports: [port] })),
    ];
  });
}

/** One line for each database: whose, user, name, extensions (`-` for none). */
function databaseLines(registry: Registry, engine: Engine): string {
  const lines = databasesOf(registry, engine).map(({ service, user, name, extensions }) =>
    [service, user, name, extensions.join(",") || "-"].join(" ")
  );
  return ["# service user database extensions", ...lines.sort(), ""].join("\n");
}

/** The databases that a data service has to make, and where its users' passwords are. */
function databases(registry: Registry, engine: Engine, own: unknown): Values {
  const services = [...new Set(databasesOf(registry, engine).map(({ service }) => service))].sort();
  return {
    secrets: Object.fromEntries(
      services.map((service) => [`for-${service}`, { path: `secret/data/${service}/${engine}`, keys: ["password"] }]),
    ),
    components: {
      databases: {
        secretFiles: [
          ...listAt(own, "plumb-common", "components", "databases", "secretFiles"),
          ...services.map((service) => `for-${service}`),
        ],
        configFiles: { "/etc/plumb/databases": databaseLines(registry, engine) },
      },
    },
  };
}

/**
 * Where an upstream service goes: its databases, what it calls, and for the gateway everything that has a host name.
 * `opens` tells the chart to let it in at the other end, too: our own charts name only each other there.
 */
function targetsOf(registry: Registry, service: Service): Values[] {
  const engines = [...new Set(service.databases.map(({ engine }) => engine))].sort();
  const routed = service.name === gateway ? registry.services.filter(({ hosts }) => hosts.length) : [];
  return [
    ...engines.map((engine) => {
      const { namespace, podLabels } = peerOf(serviceOf(registry, engine));
      const labels = { ...podLabels, "app.kubernetes.io/component": "server" };
      return { name: engine, namespace, podLabels: labels, ports: [enginePorts[engine].port], opens: true };
    }),
    ...routed.map((target) => ({ name: target.name, ...peerOf(target) })),
    ...registry.services.filter(({ name }) => service.calls.some((call) => call.service === name))
      .map((target) => ({ name: target.name, ...peerOf(target) })),
  ];
}

function peerOf(service: Service) {
  return { namespace: service.namespace, podLabels: podLabels(service) };
}

/** The chart `namespaces`: the namespaces, and what pods of upstream charts, which bring no policies, may do in them. */
function namespaces(registry: Registry, place: Place): Values {
  const upstream = registry.services.filter((service) => !hasOwnChart(service)).map((service) => ({
    name: service.name,
    namespace: service.namespace,
    podLabels: podLabels(service),
    entrance: service.name === gateway,
    routed: service.hosts.length > 0,
    clients: clientsOf(registry, service.name).map((client) => ({
      ...peerOf(client),
      ports: client.calls.filter((call) => call.service === service.name).map(({ port }) => port),
    })),
    targets: targetsOf(registry, service),
  }));
  return {
    namespaces: Object.fromEntries(
      Object.entries(registry.namespaces).map(([name, { pod_security }]) => [name, { podSecurity: pod_security }]),
    ),
    upstream,
    peers: { nodes: { cidr: place.nodes } },
  };
}

/**
 * What the registry and the site lay over the values of a release: Helmfile and the phase `charts` both give it to
 * Helm right after the chart's own values.
 * @param own The chart's values.yaml, parsed: lists in it are lengthened, for Helm replaces lists.
 */
export function releaseValues(registry: Registry, name: string, place: Place, own: unknown): Values {
  const service = serviceOf(registry, name);
  if (name === "crds" || !hasOwnChart(service)) return {};
  if (name === "namespaces") return namespaces(registry, place);
  if (name === "certificates") return { domain: place.domain };
  const engine = engines.find((candidate) => candidate === name);
  const rules = ingress(registry, name, place);
  return {
    "plumb-common": {
      domain: place.domain,
      storageClass: place.storageClass,
      peers: { kubeApi: { cidr: place.nodes } },
      ...(engine && databases(registry, engine, own)),
      ...(rules.length && { network: { ingress: [...listAt(own, "plumb-common", "network", "ingress"), ...rules] } }),
    },
  };
}

/** A service with what Helmfile must know of it. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly tier: "base" | "apps";
  /** `NAMESPACE/NAME` of releases that come before it. */
  readonly needs: readonly string[];
  readonly hosts: readonly string[];
  readonly values: Values;
}

/** The release that a service is in a place. */
export function describeRelease(registry: Registry, name: string, place: Place, own: unknown): Release {
  const service = serviceOf(registry, name);
  return {
    name,
    namespace: service.namespace,
    tier: service.tier,
    needs: needsOf(registry, name).map((need) => `${serviceOf(registry, need).namespace}/${need}`),
    hosts: hostNames(service, place.domain),
    values: releaseValues(registry, name, place, own),
  };
}
