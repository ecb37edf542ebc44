import { z } from "zod";
import { componentSchema } from "./component.ts";
import {
  cidr,
  component,
  hostName,
  interval,
  key,
  labelKey,
  objectName,
  path,
  portName,
  portNumber,
} from "./scalars.ts";

const labels = z.record(labelKey, z.string());

const pods = {
  namespace: objectName.optional().describe("Namespace of the pods."),
  service: objectName.optional().describe("Their label app.kubernetes.io/name."),
  component: key.optional().describe("Their label app.kubernetes.io/component; any if not given."),
  labels: labels.optional().describe("More labels that they carry."),
};

const network = {
  home: z.boolean().optional().describe("The site's home network."),
  cidr: cidr.optional(),
  except: z.array(cidr).optional().describe("Parts of cidr that are left out."),
};

const networkSchema = z.strictObject({
  flows: z.array(z.strictObject({
    from: z.array(component).min(1),
    to: z.array(component).min(1),
    ports: z.array(portName).min(1).describe("Names of ports of `to`."),
  })).optional().describe("Between components of this chart; both ends are opened."),
  ingress: z.array(z.strictObject({
    from: z.strictObject({ ...pods, ...network }).describe("Exactly one of service (with namespace), cidr and home."),
    to: z.array(component).min(1).optional().describe("Default: the primary component."),
    ports: z.array(portName).min(1).describe("Names of ports of `to`."),
  })).optional().describe("Who may come in from elsewhere."),
  egress: z.array(z.strictObject({
    from: z.array(component).min(1).optional().describe("Default: the primary component."),
    to: z.strictObject({
      ...pods,
      ...network,
      internet: z.boolean().optional().describe("Everything but private ranges."),
    }).describe("Exactly one of service (with namespace), cidr, home and internet."),
    ports: z.array(portNumber).optional().describe("TCP ports of the containers there, not of their Service."),
    udpPorts: z.array(portNumber).optional(),
  })).optional().describe("Where components may go."),
});

const target = { component: component.optional(), port: portName };

const route = z.strictObject({
  host: z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)?$/).describe(
    "Below the domain; empty for the domain itself.",
  ),
  component: component.optional().describe("Default: the primary component."),
  port: portName.optional().describe("Name of its port; required unless paths is given."),
  path: path.optional().describe("Default /."),
  paths: z.array(z.strictObject({ path, ...target })).min(1).optional().describe("Instead of component, port, path."),
  timeout: interval.optional().describe("Of a whole request; HTTPRoute only."),
});

const secret = z.strictObject({
  path: z.string().regex(/^[a-z0-9-]+\/data\/[A-Za-z0-9_\/-]+$/).describe(
    "Path in Vault's KV v2, such as secret/data/ghost/mail.",
  ),
  keys: z.array(z.string().regex(/^[A-Za-z0-9._-]+$/)).min(1).optional().describe("Keys there that the chart uses."),
  via: z.enum(["agent", "existing"]).optional().describe("Default vault.via."),
  existing: objectName.optional().describe("Name of the Secret; default <release>-<name>. It is made outside Helm."),
  files: z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), z.string()).optional().describe(
    "Whole files that the agent renders, by name; only via agent.",
  ),
});

const pod = z.strictObject({ namespace: objectName, labels });
const endpoint = z.strictObject({ namespace: objectName, labels, port: portNumber });

/** The engines that a chart may declare a database of. */
export const engines = [
  "postgres",
  "valkey",
  "minio",
  "mongodb",
  "rabbitmq",
  "mariadb",
  "mysql",
  "clickhouse",
] as const;

const siteChoices = {
  domain: hostName.optional().describe("The site's domain."),
  partOf: objectName.optional().describe("Label app.kubernetes.io/part-of."),
  storageClass: objectName.optional().describe("StorageClass of claims that name none."),
  routing: z.strictObject({
    kind: z.enum(["HTTPRoute", "Ingress"]).optional(),
    gateway: z.strictObject({
      name: objectName.optional(),
      namespace: objectName.optional(),
      section: objectName.optional().describe("Listener of the Gateway."),
    }).optional(),
    ingressClass: objectName.optional(),
    clusterIssuer: objectName.optional().describe(
      "Who issues a certificate for each Ingress, if not one of the gateway's serves.",
    ),
  }).optional().describe("How routes are made."),
  peers: z.strictObject({
    gateway: pod.optional(),
    prometheus: pod.optional(),
    blackbox: endpoint.extend({ service: objectName }).optional(),
    vault: endpoint.optional(),
    dns: z.strictObject({ namespace: objectName, labels, nodeLocal: cidr }).optional(),
    home: z.strictObject({ cidr }).optional(),
    kubeApi: z.strictObject({ cidr, ports: z.array(portNumber).min(1) }).optional(),
  }).optional().describe("Where the shared ends of flows are."),
  engines: z.strictObject(
    Object.fromEntries(engines.map((engine) => [engine, endpoint.optional()])) as Record<
      (typeof engines)[number],
      z.ZodOptional<typeof endpoint>
    >,
  ).optional().describe("Where databases are."),
};

/** Everything below `plumb-common:` in the values of a chart. */
export const valuesSchema = z.strictObject({
  global: z.strictObject({}).optional().describe("Helm adds it; nothing may stand here."),
  ...siteChoices,
  primary: component.optional().describe("The component whose objects bear the release's own name."),
  components: z.record(key, componentSchema).refine((all) => Object.keys(all).length > 0, "at least one component")
    .meta({ minProperties: 1 }).describe("The parts of the service."),
  routes: z.record(key, route).optional().describe("Public addresses; `main` gives @host@ and @url@."),
  databases: z.array(z.strictObject({
    engine: z.enum(engines),
    name: z.string().min(1).optional().describe("Of the database, bucket or virtual host."),
    user: z.string().min(1).optional(),
    from: z.array(component).min(1).optional().describe("Components that talk to it; default: all."),
  })).optional().describe("Databases that the service uses; each opens the way to its engine."),
  secrets: z.record(key, secret).optional().describe("What the service must be told in confidence, and where it lies."),
  vault: z.strictObject({
    via: z.enum(["agent", "existing"]).optional(),
    role: z.string().optional().describe("Default: the chart's name."),
  }).optional().describe("How secrets arrive."),
  network: networkSchema.optional(),
  test: z.strictObject({
    component: component.optional().describe("Default: the primary component."),
    port: portName.optional().describe("Default: of the readiness probe, else the first port."),
    path: z.string().regex(/^\//).optional().describe("Default: of the readiness probe."),
    command: z.array(z.string()).min(1).optional().describe("Instead of asking the port."),
    image: z.strictObject({
      repository: z.string().optional(),
      tag: z.string().optional(),
      digest: z.string().optional(),
    }).optional(),
  }).optional().describe("What `helm test` asks."),
});

/** The values of a chart below `plumb-common:`, as people write them. */
export type Values = z.input<typeof valuesSchema>;

/** One component, as people write it. */
export type Component = z.input<typeof componentSchema>;
