import { parse, stringify } from "yaml";
import { on } from "../fixtures/suite/toolkit.ts";
import { type AuditEvent, readAudit } from "./audit.ts";

const controlPlane = "master";
const name = "plumb-bench";
/** Not one that a control plane uses. */
const port = 6444;
const folder = "/var/log/plumb-bench";
const pki = "/etc/kubernetes/pki";
const policyFile = `${folder}/policy.yaml`;
const logFile = `${folder}/audit.log`;
const ctr = "ctr --namespace k8s.io";
/** Seconds that it may take to start, and to end. */
const limits = { start: 60, end: 20 };

/** Who asks for what, of every request; not what is in it. */
const policy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [{ level: "Metadata" }],
};

/** An API server's static pod, as kubeadm writes it. */
interface PodManifest {
  readonly spec: { readonly containers: readonly { readonly image: string; readonly command: readonly string[] }[] };
}

/**
 * The image and the command of one more API server of the same cluster: the control plane's own, but for its port, with an
 * audit log, and leaving nothing in the cluster that says it is there.
 */
export function auditedServer(manifest: string): { image: string; command: string[] } {
  const [{ image, command }] = (parse(manifest) as PodManifest).spec.containers;
  const own = [
    `--secure-port=${port}`,
    `--audit-policy-file=${policyFile}`,
    `--audit-log-path=${logFile}`,
    "--endpoint-reconciler-type=none",
    "--feature-gates=APIServerIdentity=false",
  ];
  const names = own.map((flag) => `${flag.split("=")[0]}=`);
  return { image, command: [...command.filter((word) => !names.some((name) => word.startsWith(name))), ...own] };
}

/** A kubeconfig with the audited API server in place of the cluster's. */
export function withAuditedServer(kubeconfig: string): string {
  const config = parse(kubeconfig) as { clusters: { cluster: { server: string } }[] };
  for (const { cluster } of config.clusters) {
    const url = new URL(cluster.server);
    url.port = String(port);
    cluster.server = url.href.replace(/\/$/, "");
  }
  return stringify(config);
}

/** Ends what runs and removes what is there; does nothing where there is nothing. */
const remove = [
  `if ${ctr} tasks ls -q | grep -qx ${name}; then ${ctr} tasks kill --signal KILL ${name}; fi`,
  `for i in $(seq ${limits.end * 5}); do systemctl -q is-active ${name} || break; sleep 0.2; done`,
  `if systemctl -q is-active ${name}; then echo "${name} does not end" >&2; exit 1; fi`,
  `if ${ctr} containers ls -q | grep -qx ${name}; then ${ctr} containers rm ${name}; fi`,
  `rm -rf ${folder}`,
].join("\n");

/** One more API server of the lab's cluster that writes down every request, for as long as this is in use. */
export class AuditedServer implements AsyncDisposable {
  readonly #interrupted = () => void this[Symbol.asyncDispose]().finally(() => Deno.exit(130));

  private constructor() {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, this.#interrupted);
  }

  /** Starts it in place of one that a killed run has left. The cluster's own API server is not touched. */
  static async start(): Promise<AuditedServer> {
    await on(controlPlane, remove);
    const { image, command } = auditedServer(
      await on(controlPlane, "cat /etc/kubernetes/manifests/kube-apiserver.yaml"),
    );
    const mounts = [`${pki},dst=${pki},options=rbind:ro`, `${folder},dst=${folder},options=rbind:rw`]
      .map((mount) => `--mount type=bind,src=${mount}`).join(" ");
    const server = new AuditedServer();
    try {
      await on(
        controlPlane,
        [
          `mkdir -m 700 ${folder}`,
          `echo ${btoa(stringify(policy))} | base64 -d > ${policyFile}`,
          `systemd-run --quiet --collect --unit ${name} ${ctr} run --rm --net-host ${mounts} ${image} ${name} ${
            command.join(" ")
          }`,
          `for i in $(seq ${limits.start * 5}); do`,
          `  if curl -skf --max-time 2 https://127.0.0.1:${port}/readyz > /dev/null; then exit 0; fi; sleep 0.2`,
          `done; journalctl --no-pager -n 20 -u ${name} >&2; exit 1`,
        ].join("\n"),
      );
      return server;
    } catch (cause) {
      await server[Symbol.asyncDispose]();
      throw new Error("Cannot count requests: the API server with an audit log does not start", { cause });
    }
  }

  /** What was asked of it so far. */
  async events(): Promise<AuditEvent[]> {
    return readAudit(await on(controlPlane, `cat ${logFile}`));
  }

  /** Ends it and removes its log. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(signal, this.#interrupted);
    await on(controlPlane, remove);
  }
}
