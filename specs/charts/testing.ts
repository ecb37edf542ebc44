import type { Chart, KubeObject, Platform, ServiceEntry } from "../../harness/model/chart.ts";

/** Labels of a component's objects, as the library writes them. */
export function labelsOf(service: string, component = "server"): Record<string, string> {
  return {
    "app.kubernetes.io/name": service,
    "app.kubernetes.io/instance": service,
    "app.kubernetes.io/component": component,
  };
}

/** A Deployment of one container, which listens on a port called http. */
export function deployment(service: string, namespace: string, more: Record<string, unknown> = {}): KubeObject {
  const labels = labelsOf(service);
  const container = {
    name: "server",
    image: `docker.io/${service}:1.2.3`,
    ports: [{ name: "http", containerPort: 8080 }],
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: service, namespace, labels },
    spec: { template: { metadata: { labels }, spec: { containers: [{ ...container, ...more }] } } },
  };
}

/** The Service in front of it: port 80. */
export function service(name: string, namespace: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels: labelsOf(name) },
    spec: { selector: labelsOf(name), ports: [{ name: "http", port: 80, targetPort: "http" }] },
  };
}

/** A policy about a service's pods; an end is a service's name and namespace. */
export function policy(
  name: string,
  namespace: string,
  { ingress = [], egress = [] }: { ingress?: [string, string][]; egress?: [string, string][] },
): KubeObject {
  const peer = ([name, namespace]: [string, string]) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
  });
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: {
      podSelector: { matchLabels: labelsOf(name) },
      policyTypes: ["Ingress", "Egress"],
      ingress: ingress.map((end) => ({ from: [peer(end)], ports: [{ port: 8080 }] })),
      egress: egress.map((end) => ({ to: [peer(end)], ports: [{ port: 8080 }] })),
    },
  };
}

/** A chart that renders these objects, once. */
export function chart(name: string, ...objects: KubeObject[]): Chart {
  const file = { path: `kubernetes/charts/${name}/values.yaml`, data: {}, lines: {}, comments: {} };
  return {
    ...{
      name,
      folder: `kubernetes/charts/${name}`,
      files: [],
      templates: {},
      definition: null,
      values: file,
      lint: [],
    },
    variants: [{ values: "values.yaml", objects, failure: null, faults: [] }],
  };
}

/** An entry of the registry. */
export function entry(name: string, namespace: string, more: Partial<ServiceEntry> = {}): ServiceEntry {
  return {
    ...{ name, namespace, tier: "apps", upstream: null, podLabels: {}, needs: [], hosts: [], health: null },
    ...{ databases: [], secrets: [], calls: [], nodePorts: {}, morePods: {}, webhooks: [], entrance: [] },
    ...more,
  };
}

/** A platform of these services and charts. */
export function platform(services: readonly ServiceEntry[], charts: readonly Chart[]): Platform {
  return {
    ...{ domain: "home.example", clusterDomain: "cluster.local", storageClass: "local-path" },
    ...{ nodeNetwork: "192.0.2.0/24", podNetwork: "10.233.64.0/18", apiPort: 6443 },
    ...{ kubernetesVersion: "1.35.4", schemaVersion: "1.35.4", libraryVersion: "0.1.0", helmfile: null },
    ...{ today: "2030-01-01", folders: charts.map(({ name }) => name) },
    namespaces: Object.fromEntries(services.map(({ namespace }) => [namespace, "restricted"])),
    registry: { path: "kubernetes/services.yaml", data: {}, lines: {}, comments: {} },
    services,
    charts,
    upstreamValues: {},
  };
}
