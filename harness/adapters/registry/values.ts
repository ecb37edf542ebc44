import { type Engine, engines } from "../../../kubernetes/services_schema.ts";
import { isByHand } from "./by_hand.ts";
import { dashboards } from "./dashboards.ts";
import { apiPorts, nodeRanges, type Place } from "./place.ts";
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
import { enginePorts, namespaceValues, type Values } from "./upstream.ts";

type Tree = { readonly [key: string]: Tree | undefined } | undefined;

/** How our own charts name the pods of another. */
function podsOf(service: Service): Values {
  return { namespace: service.namespace, service: service.name };
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
    ...nodeRanges(place).map((cidr) => ({ from: { cidr }, to: ["injector"], ports: ["https"] })),
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

/** The tiles of the start page: the services that have a name, as a list that its settings take in. */
function startPage({ services }: Registry, { domain }: Place): Values {
  const tiles = services.filter((service) => service.hosts.length && service.name !== "glance" && !isByHand(service))
    .map((service) => ({
      title: service.name,
      url: `https://${hostNames(service, domain)[0]}`,
      // The authority may be the site's own, which the image does not know; nothing secret is sent.
      "allow-insecure": true,
      // It runs, but wants a sign-in, or has no page there.
      "alt-status-codes": [401, 403, 404],
    }));
  const text = tiles.map((tile) => `- ${JSON.stringify(tile)}\n`).join("") || "[]\n";
  return { components: { server: { configFiles: { "/etc/glance/services.yml": text } } } };
}

/**
 * What the registry and the site lay over the values of a release: Helmfile and the phase `charts` both give it to
 * Helm right after the chart's own values.
 * @param own The chart's values.yaml, parsed: lists in it are lengthened, for Helm replaces lists.
 */
export function releaseValues(registry: Registry, name: string, place: Place, own: unknown): Values {
  const service = serviceOf(registry, name);
  if (name === "crds" || !hasOwnChart(service)) return {};
  if (name === "namespaces") return namespaceValues(registry, place);
  if (name === "certificates") return { domain: place.domain };
  const engine = engines.find((candidate) => candidate === name);
  const rules = ingress(registry, name, place);
  return {
    "plumb-common": {
      domain: place.domain,
      storageClass: place.storageClass,
      peers: { home: { cidr: place.nodes }, kubeApi: { cidr: place.nodes, ports: apiPorts(place) } },
      ...(engine && databases(registry, engine, own)),
      ...(name === "glance" && startPage(registry, place)),
      ...(name === "monitoring" && { components: { grafana: { configFiles: dashboards(registry.services) } } }),
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
    values: releaseValues(registry, name, place, own),
  };
}
