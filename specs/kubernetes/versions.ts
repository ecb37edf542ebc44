import type { Pod } from "../../harness/model/kube.ts";
import type { Matcher } from "../../harness/model/matcher.ts";
import { type Probe, sh } from "../../harness/model/probe.ts";
import { select, type Site } from "../../harness/model/site.ts";
import { kubernetesOf } from "./nodes.ts";

/** How many minor versions a kubelet may be older than the API server (Kubernetes' version skew policy). */
const oldestKubelet = 3;

/** The programs of the control plane, each a pod with this label `component`. */
export const controlPlane = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/** Versions that must fit together, such as `v1.35.4`. */
export interface VersionPair {
  readonly kubelet: string;
  readonly server: string;
}

/** The version of a node's kubelet and of the API server, asked on the node; `/version` is public in every cluster. */
export function versionPair(site: Site): Probe<VersionPair> {
  const [first] = select(site, "kube_control_plane");
  const server = `https://${first.address}:${kubernetesOf(site).api_port}/version`;
  return sh(`kubelet --version && curl -sS --max-time 5 --cacert /etc/kubernetes/pki/ca.crt ${server}`).map((text) => ({
    kubelet: /^Kubernetes (v\S+)/.exec(text)?.[1] ?? "unknown",
    server: /"gitVersion": *"([^"]+)"/.exec(text)?.[1] ?? "unknown",
  }));
}

/** A pair of versions that Kubernetes supports together. */
export function legalSkew(): Matcher<VersionPair> {
  return {
    words: `a kubelet 0 to ${oldestKubelet} minor versions older than the API server`,
    judge: ({ kubelet, server }) => {
      const behind = minorOf(server) - minorOf(kubelet);
      return {
        holds: behind >= 0 && behind <= oldestKubelet,
        found: `kubelet ${kubelet} with API server ${server}`,
      };
    },
  };
}

/** The versions of the control plane's pods, as `kube-apiserver v1.35.4 on master`. */
export function controlPlaneVersions(pods: readonly Pod[]): string[] {
  return pods.flatMap((pod) => {
    const component = pod.metadata.labels?.component ?? "";
    if (!controlPlane.includes(component)) return [];
    const tag = pod.spec?.containers?.[0]?.image?.split(":").at(-1) ?? "without an image";
    return [`${component} ${tag} on ${pod.spec?.nodeName}`];
  });
}

/** Minor version of `v1.35.4`; NaN if it is none, which no comparison holds for. */
function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}
