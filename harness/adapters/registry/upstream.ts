import type { Engine } from "../../../kubernetes/services_schema.ts";
import { notInternet } from "../../model/networks.ts";
import { apiPorts, type Place } from "./place.ts";
import { clientsOf, gateway, hasOwnChart, hostNames, type Registry, type Service, serviceOf } from "./registry.ts";

/** A part of a values file. */
export type Values = Readonly<Record<string, unknown>>;

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

/** Labels of every pod of a service; of one component, where the service makes its pods itself and labels them otherwise. */
export function podLabels({ name, upstream }: Service, component?: string): Readonly<Record<string, string>> {
  const own = component === undefined ? undefined : upstream?.more_pods?.[component];
  return own ?? upstream?.pod_labels ?? { "app.kubernetes.io/name": name };
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
    ...service.calls.map(({ service, component }) => {
      const target = serviceOf(registry, service);
      return { name: target.name, ...peerOf(target, component) };
    }),
  ];
}

function peerOf(service: Service, component?: string) {
  return { namespace: service.namespace, podLabels: podLabels(service, component) };
}

/** Who calls pods of a service: those of one component that it makes itself, or all others. */
function callersOf(registry: Registry, service: Service, component?: string): Values[] {
  const more = Object.keys(service.upstream?.more_pods ?? {});
  const meant = (called: string) => component === undefined ? !more.includes(called) : called === component;
  return clientsOf(registry, service.name).flatMap((client) => {
    const calls = client.calls.filter((call) => call.service === service.name && meant(call.component));
    return calls.length ? [{ ...peerOf(client), ports: calls.map(({ port }) => port) }] : [];
  });
}

/** The pods of an upstream service, and what they may do. */
function upstreamPods(registry: Registry, service: Service, place: Place): Values {
  const { backend, entrance, webhooks } = service.upstream!;
  return {
    name: service.name,
    ...peerOf(service),
    ...(entrance && { entrance }),
    ...(webhooks && { webhooks }),
    ...(backend && {
      route: {
        hosts: hostNames(service, place.domain),
        service: backend.service,
        port: backend.port,
        pods: backendPods(service),
      },
    }),
    clients: [
      ...callersOf(registry, service),
      ...Object.keys(service.upstream!.more_pods ?? {}).map((component) => ({
        ...peerOf(service, component),
        ports: [backendPods(service)],
      })),
    ],
    targets: targetsOf(registry, service),
  };
}

/** The container port that requests for a service's host names come to. */
function backendPods({ upstream }: Service): number | undefined {
  return upstream?.backend && (upstream.backend.pods ?? upstream.backend.port);
}

/** Pods that an upstream service makes itself: they reach that service, and nothing else. */
function morePods(registry: Registry, service: Service): Values[] {
  return Object.keys(service.upstream!.more_pods ?? {}).map((component) => ({
    name: `${service.name}-${component}`,
    ...peerOf(service, component),
    confined: true,
    clients: callersOf(registry, service, component),
    targets: [{ name: service.name, ...peerOf(service), ports: [backendPods(service)] }],
  }));
}

/** The chart `namespaces`: the namespaces, and policies and routes of upstream charts, which bring none. */
export function namespaceValues(registry: Registry, place: Place): Values {
  const upstream = registry.services.filter((service) => !hasOwnChart(service)).flatMap((service) => [
    upstreamPods(registry, service, place),
    ...morePods(registry, service),
  ]);
  return {
    namespaces: Object.fromEntries(
      Object.entries(registry.namespaces).map(([name, { pod_security }]) => [name, { podSecurity: pod_security }]),
    ),
    upstream,
    peers: { nodes: { cidr: place.nodes, pods: place.pods, apiPorts: apiPorts(place) } },
    private: notInternet,
  };
}
