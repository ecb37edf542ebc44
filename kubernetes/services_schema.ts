import { z } from "zod";

// Each schema says in words what is wanted: the loader puts these words into its messages.
const like = (pattern: RegExp, words: string) => z.string(words).regex(pattern, words);
const name = like(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens, starting with a letter");
const label = like(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "a label of a domain name, such as pass");
const text = like(/\S/, "a few words");
const key = like(/^[a-z][a-z0-9_]*$/, "lower-case letters, digits and underscores, starting with a letter");
const portNumber = z.int("a port number").min(1).max(65_535);
const labels = z.record(z.string(), z.string("a label's value"));

/** Levels of Pod Security, the strictest first. */
export const podSecurityLevels = ["restricted", "baseline", "privileged"] as const;

/** Namespaces of the provisioners of volumes: the phase storage makes them, before there is any release. */
export const storageNamespaces: readonly string[] = ["openebs", "local-path-storage"];

/** Data services that make a database, or its like, for each service that asks. */
export const engines = [
  "postgres",
  "mariadb",
  "mysql",
  "mongodb",
  "clickhouse",
  "valkey",
  "minio",
  "rabbitmq",
] as const;
/** One of {@linkcode engines}; also the name of the service in the registry. */
export type Engine = (typeof engines)[number];

const namespace = z.strictObject({
  /** What the API server enforces for the pods in it. */
  pod_security: z.enum(podSecurityLevels),
  /** Why it is not `restricted`. */
  why: text.optional(),
});

const upstream = z.strictObject({
  /** A chart repository, or `oci://` and the path below which the chart lies. */
  repository: like(/^(https|oci):\/\/\S+$/, "an https or oci URL"),
  /** The chart's name there. */
  name,
  version: like(/^v?\d+\.\d+\.\d+$/, "an exact version such as 1.2.3"),
  /** Labels that all its pods carry; `app.kubernetes.io/name: <service>` if not given. */
  pod_labels: labels.optional(),
  /** Pods that it makes itself, when it runs, and that carry other labels: those labels by component. */
  more_pods: z.record(name, labels).optional(),
  /** Where requests for its host names go. */
  backend: z.strictObject({
    /** The Service that its chart makes. */
    service: name,
    /** The Service's port. */
    port: portNumber,
    /** The container port that this leads to; the same number if not given. */
    pods: portNumber.optional(),
  }).optional(),
  /** Container ports that the API server calls. */
  webhooks: z.array(portNumber).optional(),
  /** Container ports that everybody may come to, those that its node ports lead to among them. */
  entrance: z.array(portNumber).optional(),
  /** What nobody here makes for it: a site cannot install it, and is told why. */
  by_hand: z.strictObject({
    why: text,
    /** Secrets that its chart reads, with their keys. */
    secrets: z.record(name, z.array(key).min(1)),
  }).optional(),
});
/** What the registry says of a chart that is not ours. */
export type Upstream = z.output<typeof upstream>;

const health = z.strictObject({
  component: name,
  /** Name of the port in the chart's component. */
  port: name,
  /** Answers 2xx to GET when the service can work; without one, an open port is enough. */
  path: like(/^\/\S*$/, "a path that starts with /").optional(),
});

const database = z.strictObject({
  engine: z.enum(engines),
  /** Database; bucket for minio; vhost for rabbitmq, `default` for its `/`; number of a logical database for valkey. */
  name: like(/^[a-z0-9][a-z0-9_-]*$/, "lower-case letters, digits, hyphens and underscores"),
  /** Role, account or access key; called like the database if not given. */
  user: like(/^[a-z][a-z0-9_]*$/, "lower-case letters, digits and underscores, starting with a letter").optional(),
  /** Only read for postgres: extensions that an administrator has to create. */
  extensions: z.array(like(/^[a-z][a-z0-9_-]*$/, "an extension's name")).optional(),
});

const secret = z.strictObject({
  /** Path below the KV v2 mount `secret`; it begins with the owner's name. */
  path: like(/^[a-z][a-z0-9-]*(\/[a-z][a-z0-9_-]*)+$/, "a path such as vaultwarden/app"),
  keys: z.array(key).min(1),
});

const call = z.strictObject({
  service: name,
  component: name,
  /** Name of the port in the other chart's component; the container's port number where the other chart is upstream's. */
  port: z.union([name, portNumber], "a port's name or number"),
  /** False if it can start without the other: then the call opens the way, and implies no need. */
  needed: z.boolean().default(true),
});

const service = z.strictObject({
  /** What it is for, in a few words. */
  does: text,
  namespace: name,
  tier: z.enum(["base", "apps"]),
  /** True if the lab installs it. */
  lab: z.boolean(),
  /** A chart that is not ours; without it the chart is the folder `charts/<name>`. */
  upstream: upstream.optional(),
  needs: z.array(name).default([]),
  /** Labels below the site's domain, the main one first. */
  hosts: z.array(label).default([]),
  /** False for a chart of ours that runs nothing: it has no health. */
  pods: z.boolean().default(true),
  health: health.optional(),
  databases: z.array(database).default([]),
  secrets: z.array(secret).default([]),
  calls: z.array(call).default([]),
  /** Node ports by name, for upstream charts only: those of our own are read from what they render. */
  node_ports: z.record(name, z.int("a node port").min(30_000).max(32_767)).default({}),
});
/** One service as the registry has it. */
export type ServiceEntry = z.output<typeof service>;

/** The shape of `services.yaml`. Rules across entries are in `harness/adapters/registry/rules.ts`. */
export const registrySchema = z.strictObject({
  namespaces: z.record(name, namespace),
  services: z.record(name, service),
});
/** A registry after validation, defaults filled in. */
export type RegistryFile = z.output<typeof registrySchema>;
