import { z } from "zod";
import { exceptions, image, ports, probes, rules, security, service } from "./component_parts.ts";
import {
  bytes,
  filePath,
  key,
  labelKey,
  objectName,
  path,
  plain,
  processor,
  seconds,
  secretKey,
  variable,
} from "./scalars.ts";

const fields = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.podIP",
] as const;

const resources = z.strictObject({
  requests: z.strictObject({
    cpu: processor.describe("Processor that the scheduler sets aside."),
    memory: bytes.describe("Memory that the scheduler sets aside."),
  }),
  limits: z.strictObject({
    cpu: processor.optional().describe("Processor beyond which the container is slowed down."),
    memory: bytes.describe("Memory beyond which the container is killed."),
  }),
});

const environment = {
  env: z.record(variable, plain).optional().describe(
    "Plain variables. Entries that use $(OTHER) come after all others, so that OTHER is known.",
  ),
  secretEnv: z.record(variable, secretKey).optional().describe(
    "Variables from `secret/key`; the secret must be `via: existing`.",
  ),
  secretFileEnv: z.record(variable, secretKey).optional().describe(
    "Variables that hold the path of the file with `secret/key`: /vault/secrets/<secret>-<key>.",
  ),
};

const writable = z.record(
  key,
  z.strictObject({
    path: path.describe("Where it is mounted."),
    size: bytes.optional().describe("Limit; default 64Mi."),
    memory: z.boolean().optional().describe("In memory instead of on the node's disk."),
  }),
);

const storage = z.record(
  key,
  z.strictObject({
    size: bytes.optional().describe("Size of the claim; required unless existingClaim is given."),
    path: path.optional().describe("Where the whole volume is mounted."),
    paths: z.array(z.strictObject({
      path,
      subPath: z.string().optional().describe("Folder of the volume; the whole volume if not given."),
      readOnly: z.boolean().optional(),
    })).min(1).optional().describe("Several mounts of one volume, instead of path."),
    class: objectName.optional().describe("StorageClass; default storageClass."),
    accessModes: z.array(z.enum(["ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany", "ReadWriteOncePod"])).min(1)
      .optional().describe("Default [ReadWriteOnce]."),
    existingClaim: objectName.optional().describe("A claim that is there already."),
  }),
);

const volumes = z.record(
  key,
  z.strictObject({
    path: path.describe("Where it is mounted."),
    readOnly: z.boolean().optional().describe("Default true."),
    subPath: z.string().optional(),
    configMap: objectName.optional(),
    secret: objectName.optional(),
    claim: objectName.optional(),
    hostPath: path.optional().describe("A folder of the node; needs exception hostPath."),
  }),
);

const init = z.array(z.strictObject({
  name: key.describe("Name of the init container."),
  image: image.optional().describe("Default: the component's."),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  ...environment,
  resources: resources.optional().describe("Default: the component's."),
}));

const tolerations = z.array(z.strictObject({
  key: z.string().optional(),
  operator: z.enum(["Exists", "Equal"]).optional(),
  value: z.string().optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
}));

const batch = {
  schedule: z.string().regex(/^\S+ \S+ \S+ \S+ \S+$/).optional().describe("When a CronJob runs, as in cron."),
  timeZone: z.string().optional().describe("Of the schedule; default Etc/UTC."),
  concurrency: z.enum(["Allow", "Forbid", "Replace"]).optional().describe("Default Forbid."),
  deadline: z.int().min(1).optional().describe("Seconds after which a run is stopped; default 3600."),
  retries: z.int().min(0).optional().describe("Of a run that fails; default 2."),
  history: z.int().min(0).optional().describe("Runs that are kept to be looked at; default 3."),
};

/** One component: a workload, and everything that belongs to it alone. */
export const componentSchema = z.strictObject({
  kind: z.enum(["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"]).optional().describe("Default Deployment."),
  image,
  replicas: z.int().min(0).optional().describe("Default 1. Deployment and StatefulSet only."),
  command: z.array(z.string()).optional().describe("Instead of the image's entry point."),
  args: z.array(z.string()).optional().describe("Instead of the image's arguments."),
  workingDir: path.optional(),
  ...environment,
  fieldEnv: z.record(variable, z.enum(fields)).optional().describe("Variables from the pod itself; they come first."),
  secretFiles: z.array(key).optional().describe("Secrets whose files are mounted without a variable."),
  envFrom: z.array(key).optional().describe("Secrets, `via: existing`, of which each key becomes a variable."),
  ports: ports.optional(),
  service: service.optional(),
  probes: probes.optional().describe("Required for Deployment, StatefulSet and DaemonSet."),
  resources,
  security: security.optional(),
  writable: writable.optional().describe("The writable places of a read-only root: emptyDirs."),
  storage: storage.optional().describe("Claims; of a StatefulSet, one per replica."),
  configFiles: z.record(filePath, z.string()).optional().describe(
    "Files by absolute path; a change restarts the pods. Placeholders: see the library's README.",
  ),
  volumes: volumes.optional().describe("What exists elsewhere: exactly one of configMap, secret, claim, hostPath."),
  init: init.optional().describe("Init containers; they share the component's mounts."),
  rbac: z.array(rules).optional().describe("What it may do in its own namespace; nothing if not given."),
  clusterRbac: z.array(rules.extend({ nonResourceURLs: z.array(z.string()).min(1).optional() })).optional().describe(
    "What it may do everywhere; needs exception clusterRole.",
  ),
  pdb: z.strictObject({
    maxUnavailable: z.int().min(1).optional().describe("Default 1."),
    minAvailable: z.int().min(1).optional().describe("Only with more replicas than this."),
  }).optional().describe("How many pods a drain may take at once."),
  strategy: z.enum(["RollingUpdate", "Recreate"]).optional().describe(
    "Of a Deployment; default Recreate with a ReadWriteOnce claim, else RollingUpdate.",
  ),
  podManagement: z.enum(["OrderedReady", "Parallel"]).optional().describe("Of a StatefulSet; default OrderedReady."),
  ...batch,
  gracePeriod: seconds.optional().describe("Seconds that a pod has to stop; default 30."),
  nodeSelector: z.record(labelKey, z.string()).optional(),
  tolerations: tolerations.optional(),
  hostNetwork: z.boolean().optional().describe("Needs exception hostNetwork."),
  annotations: z.record(labelKey, z.string()).optional().describe("Of the pod."),
  exceptions: exceptions.optional(),
});
