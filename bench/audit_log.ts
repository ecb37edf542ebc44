import { parse, stringify } from "yaml";
import { on } from "../fixtures/suite/toolkit.ts";
import { type AuditEvent, readAudit } from "./audit.ts";

const controlPlane = "master";
const manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
/** The manifest as it was, while it is another. Beside the manifests' folder: the kubelet starts all that lies in it. */
const kept = "/etc/kubernetes/plumb-bench-kube-apiserver.yaml";
const folder = "/var/log/plumb-bench";
const policyFile = `${folder}/policy.yaml`;
const logFile = `${folder}/audit.log`;
/** How long the API server may take to come back, and between two looks. */
const limitSeconds = 90;
const pauseSeconds = 0.3;

/** Who asks for what, of every request; not what is in it. */
const policy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [{ level: "Metadata" }],
};

interface PodManifest {
  readonly spec: {
    readonly containers: { readonly command: string[]; readonly volumeMounts: unknown[] }[];
    readonly volumes: unknown[];
  };
}

/** The API server's static pod with its audit log turned on. */
export function withAudit(text: string): string {
  const pod = parse(text) as PodManifest;
  const [server] = pod.spec.containers;
  server.command.push(`--audit-policy-file=${policyFile}`, `--audit-log-path=${logFile}`);
  server.volumeMounts.push({ name: "plumb-bench", mountPath: folder });
  pod.spec.volumes.push({ name: "plumb-bench", hostPath: { path: folder, type: "Directory" } });
  return stringify(pod);
}

/** Writes a file by way of a script, whatever is in the text. */
const write = (text: string, path: string) =>
  `echo ${btoa(text)} | base64 -d > ${path}.new && chmod 600 ${path}.new && mv ${path}.new ${path}`;

/** Puts the manifest back and removes what this benchmark made; does nothing where there is nothing. */
const putBack = `if test -e ${kept}; then mv ${kept} ${manifest}; fi; rm -rf ${folder}`;

/** The audit log of the lab's API server, turned on for as long as this is in use. */
export class AuditLog implements AsyncDisposable {
  #open = true;
  readonly #interrupted: () => void;

  private constructor() {
    this.#interrupted = () => void this[Symbol.asyncDispose]().finally(() => Deno.exit(130));
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, this.#interrupted);
  }

  /** Turns it on, which starts the API server anew. A run that was killed has left it on: then the log begins again. */
  static async open(): Promise<AuditLog> {
    await on(controlPlane, putBack);
    const before = await on(controlPlane, `cat ${manifest}`);
    const log = new AuditLog();
    try {
      await on(
        controlPlane,
        [
          `mkdir -m 700 ${folder}`,
          write(stringify(policy), policyFile),
          `cp -p ${manifest} ${kept}`,
          // Made elsewhere, as the kubelet reads whatever is in the manifests' folder.
          `echo ${btoa(withAudit(before))} | base64 -d > ${folder}/manifest && chmod 600 ${folder}/manifest`,
          `mv ${folder}/manifest ${manifest}`,
        ].join("\n"),
      );
      await serving(true);
      return log;
    } catch (error) {
      await log[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What it says so far. */
  async events(): Promise<AuditEvent[]> {
    return readAudit(await on(controlPlane, `cat ${logFile}`));
  }

  /** Turns it off; the API server is started anew, as it was before. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await on(controlPlane, putBack);
    await serving(false);
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(signal, this.#interrupted);
  }
}

/**
 * Waits until the API server runs with or without its audit log and all pods of kube-system are Ready. What the cluster
 * says of the API server's own pod lags behind: until it is made anew it tells of the one before.
 */
async function serving(audited: boolean): Promise<void> {
  const kubectl = "kubectl --kubeconfig /etc/kubernetes/admin.conf --request-timeout=5s -n kube-system";
  const command = "-l component=kube-apiserver -o jsonpath='{.items[*].spec.containers[0].command}'";
  const script = [
    `end=$(($(date +%s) + ${limitSeconds})); while test $(date +%s) -lt $end; do`,
    `if command=$(${kubectl} get pods ${command} 2>/dev/null); then case "$command" in`,
    `*--audit-log-path*) audited=true;; ?*) audited=false;; *) audited=unknown;; esac;`,
    `if test $audited = ${audited} &&`,
    `${kubectl} wait pod --all --for=condition=Ready --timeout=1s > /dev/null 2>&1; then exit 0; fi; fi;`,
    `sleep ${pauseSeconds}; done; exit 1`,
  ].join(" ");
  try {
    await on(controlPlane, script);
  } catch (cause) {
    throw new Error("Cannot count requests: the API server did not come back; see its log on the control plane", {
      cause,
    });
  }
}
