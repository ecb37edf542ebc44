import { z } from "zod";
import { interval, labelKey, path, portName, portNumber, seconds } from "./scalars.ts";

/** What a container is made from. That the tag does not move is a rule across fields: see the library's checks. */
export const image = z.strictObject({
  repository: z.string().regex(/^[a-z0-9]+([._/:-]+[a-z0-9]+)*$/).describe("With the registry, without tag."),
  tag: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/).max(128).describe(
    "A version; never latest or another tag that moves.",
  ),
  digest: z.string().regex(/^(sha256:[0-9a-f]{64})?$/).optional().describe(
    "sha256:...; empty where it is not known yet.",
  ),
});

const metrics = z.strictObject({
  path: path.optional().describe("Default /metrics."),
  interval: interval.optional().describe("Default 30s."),
  scheme: z.enum(["http", "https"]).optional().describe("Default http."),
});

/** The ports of a container, and so of its Service. */
export const ports = z.record(
  portName,
  z.strictObject({
    port: portNumber.describe("Of the container."),
    service: portNumber.optional().describe("Of the Service; default port."),
    protocol: z.enum(["TCP", "UDP"]).optional().describe("Default TCP."),
    appProtocol: z.string().optional(),
    metrics: metrics.optional().describe("Prometheus scrapes this port. {} takes every default."),
    nodePort: z.int().min(30_000).max(32_767).optional().describe("With service.type NodePort or LoadBalancer."),
    hostPort: portNumber.optional().describe("Needs exception hostPort."),
  }),
);

/** The Service of a component; it exists whenever there are ports. */
export const service = z.strictObject({
  type: z.enum(["ClusterIP", "NodePort", "LoadBalancer"]).optional().describe("Default ClusterIP."),
  headless: z.boolean().optional().describe("No address of its own."),
  annotations: z.record(labelKey, z.string()).optional(),
});

const probe = z.strictObject({
  http: z.strictObject({
    path: z.string().regex(/^\//),
    port: portName,
    scheme: z.enum(["HTTP", "HTTPS"]).optional().describe("Default HTTP."),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string()).optional(),
  }).optional(),
  tcp: z.strictObject({ port: portName }).optional(),
  exec: z.strictObject({ command: z.array(z.string()).min(1) }).optional(),
  grpc: z.strictObject({ port: portName, service: z.string().optional() }).optional(),
  period: z.int().min(1).optional().describe("Seconds; default 10."),
  timeout: z.int().min(1).optional().describe("Seconds; default 3."),
  failures: z.int().min(1).optional().describe("Default 3; startup 30."),
  delay: seconds.optional().describe("Seconds before the first look; default 0."),
});

/** Three looks at a container, each by exactly one of http, tcp, exec, grpc. */
export const probes = z.strictObject({
  liveness: probe.optional().describe("Fails: the container is restarted."),
  readiness: probe.optional().describe("Fails: no traffic."),
  startup: probe.optional().describe("Until it succeeds, the others wait."),
});

const capability = z.enum([
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "IPC_LOCK",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETGID",
  "SETUID",
  "SYS_CHROOT",
  "SYS_PTRACE",
]);

/** Who a pod's processes are. Never negotiable: seccomp RuntimeDefault, no escalation, all capabilities dropped. */
export const security = z.strictObject({
  user: z.int().min(0).optional().describe("Default 1000; 0 needs exception root."),
  group: z.int().min(0).optional().describe("Default: the user's number."),
  fsGroup: z.int().min(0).optional().describe("Who owns the volumes; default: the group."),
  supplementalGroups: z.array(z.int().min(1)).optional(),
  nonRoot: z.boolean().optional().describe("Default true; false needs exception root."),
  readOnlyRoot: z.boolean().optional().describe("Default true; false needs exception writableRoot."),
  capabilities: z.array(capability).optional().describe("Added after ALL were dropped; needs exception capabilities."),
});

const word = z.string().regex(/^[a-z0-9.\/-]+$/);

/** Permissions. There is no way to write `*`: each one is named, and says why. */
export const rules = z.strictObject({
  why: z.string().min(10).describe("What it is needed for."),
  apiGroups: z.array(z.string().regex(/^[a-z0-9.-]*$/)).min(1).optional().describe('"" is the core group.'),
  resources: z.array(word).min(1).optional(),
  verbs: z.array(z.enum(["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"])).min(1),
  resourceNames: z.array(z.string()).min(1).optional(),
});

const exception = z.strictObject({
  reason: z.string().min(20).describe("Why it cannot be otherwise."),
  until: z.string().regex(/^\d{4}-\d{2}-\d{2}$/).describe("When somebody must look again."),
});

/** What a component may do that the rules refuse, each with a reason and a date. */
export const exceptions = z.strictObject({
  root: exception.optional().describe("Runs as root."),
  writableRoot: exception.optional().describe("Writes to its own image."),
  capabilities: exception.optional().describe("Keeps capabilities."),
  hostPort: exception.optional().describe("Takes a port of the node."),
  hostNetwork: exception.optional().describe("Shares the node's network."),
  hostPath: exception.optional().describe("Mounts a folder of the node."),
  clusterRole: exception.optional().describe("May do something everywhere."),
  probes: exception.optional().describe("Lacks one of the three probes."),
  monitoring: exception.optional().describe("Has nothing that could be watched."),
});
