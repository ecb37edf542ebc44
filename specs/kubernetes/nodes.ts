import { conditionOf, type Node } from "../../harness/model/kube.ts";
import { kube, type Probe } from "../../harness/model/probe.ts";
import type { Host, Kubernetes, Site } from "../../harness/model/site.ts";

/** The site's `kubernetes` section; the phases that use it are skipped where there is none. */
export function kubernetesOf(site: Site): Kubernetes {
  return site.kubernetes!;
}

/** Why a phase of the cluster does not apply to a site, or null. */
export function withoutKubernetes(site: Site): string | null {
  return site.kubernetes ? null : "the site has no 'kubernetes' section";
}

/** Something about the host's own Node object; `absent` if the cluster has no such node. */
export function ownNode(host: Host, derive: (node: Node) => string, show?: string): Probe<string> {
  return kube("v1/nodes", show === undefined ? {} : { show }).map((nodes) => {
    const own = nodes.find((node) => node.metadata.name === host.name);
    return own ? derive(own) : "absent";
  });
}

/** What a node says of itself that runs out of something and refuses new pods; its taint comes later and goes later. */
const shortages = ["MemoryPressure", "DiskPressure", "PIDPressure"];
const pressures = ["memory-pressure", "disk-pressure", "pid-pressure"].map((what) => `node.kubernetes.io/${what}`);
const controlPlaneTaint = "node-role.kubernetes.io/control-plane";

/** What keeps pods from the host's node that should take them, in words; `schedulable` if nothing does. */
export function schedulability(node: Node, host: Host): string {
  const { spec } = node;
  if (spec?.unschedulable) return "cordoned";
  const shortage = shortages.find((type) => conditionOf(node, type)?.status === "True");
  if (shortage) return shortage;
  const wrong = host.roles.includes("kube_node") ? [...pressures, controlPlaneTaint] : pressures;
  const taint = spec?.taints?.find(({ key, effect }) => wrong.includes(key) && effect !== "PreferNoSchedule");
  return taint ? `tainted ${taint.key}:${taint.effect}` : "schedulable";
}

/** The `n`th address of an IPv4 network. */
function addressIn(network: string, n: number): string {
  const bytes = network.split("/")[0].split(".").map(Number);
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0) + n;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** Address of the cluster's DNS service: the tenth of the service network with kubeadm, the third with kubespray. */
export function dnsAddress(site: Site): string {
  const { provisioner, service_cidr } = kubernetesOf(site);
  return addressIn(service_cidr, provisioner === "kubeadm" ? 10 : 3);
}
