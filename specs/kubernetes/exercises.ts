import { kubectl } from "../../harness/model/render.ts";
import { select, type Site } from "../../harness/model/site.ts";
import { exerciseImage } from "./images.ts";

/** Label of every namespace that an exercise makes; nothing else has it. */
export const exerciseLabel = "plumb.exercise";
/** Port on which the exercises' pods serve. */
const port = 8080;

/** A Kubernetes object as it is sent. */
type Manifest = Readonly<Record<string, unknown>>;

/** A namespace that takes pods without privileges only, like those of the services. */
function namespace(name: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      labels: { [exerciseLabel]: "true", "pod-security.kubernetes.io/enforce": "restricted" },
    },
  };
}

/** What every pod of an exercise has, so that Pod Security `restricted` lets it in. */
const podDefaults: Manifest = {
  automountServiceAccountToken: false,
  terminationGracePeriodSeconds: 1,
  securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: "RuntimeDefault" } },
};
const containerDefaults: Manifest = {
  image: exerciseImage,
  resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "64Mi" } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};

/** Keeps pods to the declared nodes: one that nobody declared has faults of its own, and is not what an exercise is about. */
function onDeclaredNodes(site: Site): Manifest {
  const values = select(site, "node").map((host) => host.name);
  const matchExpressions = [{ key: "kubernetes.io/hostname", operator: "In", values }];
  const required = { nodeSelectorTerms: [{ matchExpressions }] };
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
}

/** The pod template of a server that answers by HTTP with its own name. */
function server(site: Site, app: string): Manifest {
  return {
    metadata: { labels: { app } },
    spec: {
      ...podDefaults,
      affinity: onDeclaredNodes(site),
      tolerations: [{ operator: "Exists" }],
      containers: [{
        ...containerDefaults,
        name: "server",
        args: ["netexec", `--http-port=${port}`, "--udp-port=-1"],
        ports: [{ containerPort: port }],
        readinessProbe: { httpGet: { path: "/hostname", port }, periodSeconds: 1 },
      }],
    },
  };
}

/** One server on every declared node. */
export function onEveryNode(site: Site, app: string): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: app },
    spec: { selector: { matchLabels: { app } }, template: server(site, app) },
  };
}

/** A service in front of a server. */
export function service(app: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: app },
    spec: { selector: { app }, ports: [{ port: 80, targetPort: port }] },
  };
}

/** A claim of 16 MiB of a StorageClass. */
export function claim(name: string, storageClassName: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "16Mi" } } },
  };
}

/** A pod that runs a shell script once with a claim's volume on `/data`. */
export function once(site: Site, name: string, claimName: string, script: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      ...podDefaults,
      affinity: onDeclaredNodes(site),
      restartPolicy: "Never",
      containers: [{
        ...containerDefaults,
        name: "once",
        command: ["sh", "-c", script],
        volumeMounts: [{ name: "data", mountPath: "/data" }],
      }],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName } }],
    },
  };
}

/** A network policy; `spec` as Kubernetes has it. */
export function policy(name: string, spec: Manifest): Manifest {
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name }, spec };
}

/** The shell command that makes a namespace and objects in it, and waits until the servers among them run. */
export function begin(site: Site, name: string, objects: readonly Manifest[]): string {
  return [
    "set -e",
    `${kubectl(site, "apply", "-f", "-")} <<'EOF'\n${JSON.stringify(namespace(name), null, 1)}\nEOF`,
    apply(site, name, objects),
    ...objects.filter(({ kind }) => kind === "DaemonSet").map((object) => {
      const { name: daemonSet } = object.metadata as { name: string };
      return kubectl(site, "-n", name, "rollout", "status", `daemonset/${daemonSet}`, "--timeout=90s");
    }),
  ].join("\n");
}

/** The shell command that makes objects in a namespace. */
export function apply(site: Site, namespace: string, objects: readonly Manifest[]): string {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }, null, 1);
  return `${kubectl(site, "-n", namespace, "apply", "-f", "-")} <<'EOF'\n${list}\nEOF`;
}

/** The shell command that waits until a pod of {@linkcode once} has done its work. */
export function finished(site: Site, namespace: string, pod: string): string {
  const succeeded = "--for=jsonpath={.status.phase}=Succeeded";
  return kubectl(site, "-n", namespace, "wait", succeeded, `pod/${pod}`, "--timeout=90s");
}

/** The shell command that removes an exercise's namespace and waits until it is gone. */
export function end(site: Site, name: string): string {
  return kubectl(site, "delete", "namespace", name, "--ignore-not-found", "--wait", "--timeout=90s");
}

/**
 * A shell command that runs `script` in each of an exercise's server pods, with `$node` set to the node's name outside of
 * it; what it prints is prefixed with that name. `$peers` holds all pods as `node=address` words.
 */
export function inEachPod(site: Site, name: string, app: string, script: string): string {
  const pods = `${kubectl(site, "-n", name, "get", "pods", "-l", `app=${app}`)} --no-headers`;
  const columns = `-o custom-columns=POD:.metadata.name,NODE:.spec.nodeName,IP:.status.podIP`;
  return [
    `pods=$(${pods} ${columns})`,
    `peers=$(echo "$pods" | awk '{print $2 "=" $3}')`,
    `echo "$pods" | while read -r pod node address; do`,
    `  ${kubectl(site, "-n", name, "exec")} "$pod" -- sh -c '${script}' sh $peers </dev/null | sed "s/^/$node /"`,
    `done`,
  ].join("\n");
}
