import type { SiteFile } from "../../../sites/schema.ts";
import type { Draft } from "../site/shape.ts";

/** The kubespray release that Plumb renders for; `versions.kubespray` of the playbooks is the same. */
export const kubesprayRelease = "v2.31.0";

/** What kubespray is told: hosts by group, and variables that hold for the whole cluster. */
export interface KubesprayInventory {
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly vars: Readonly<Record<string, unknown>>;
}

/** The groups that a site gives hosts to; `k8s_cluster` is made of the first two. */
export const clusterGroups = ["kube_control_plane", "kube_node", "etcd"] as const;

/** The variables whose value the site file has in a field of its own, with that field. */
export const siteFields: Readonly<Record<string, string>> = {
  kube_version: "kubernetes.version",
  kube_pods_subnet: "kubernetes.pod_cidr",
  kube_service_addresses: "kubernetes.service_cidr",
  kube_network_plugin: "kubernetes.cni.plugin",
  cluster_name: "kubernetes.dns_domain",
  dns_domain: "kubernetes.dns_domain",
  kube_apiserver_port: "kubernetes.api_port",
  dl_k8s_io_url: "kubernetes.release_url",
  containerd_registries_mirrors: "kubernetes.registry_mirrors",
  upstream_dns_servers: "networks.home.nameservers",
  calico_network_backend: "kubernetes.cni.encapsulation",
  calico_vxlan_mode: "kubernetes.cni.encapsulation",
  calico_ipip_mode: "kubernetes.cni.encapsulation",
  calico_pool_cidr: "kubernetes.pod_cidr",
};

/** What a site means for kubespray: its groups, and those variables that its own validation reads. */
export function kubesprayInventory(site: Draft<Pick<SiteFile, "hosts" | "kubernetes">>): KubesprayInventory {
  const { kubernetes } = site;
  const hosts = Object.entries(site.hosts ?? {});
  const members = (group: typeof clusterGroups[number]) =>
    hosts.filter(([, host]) => host?.roles?.includes(group)).map(([name]) => name);
  const [planes, nodes, etcd] = clusterGroups.map(members);
  const known = {
    kube_version: kubernetes?.version,
    kube_pods_subnet: kubernetes?.pod_cidr,
    kube_service_addresses: kubernetes?.service_cidr,
    kube_network_plugin: kubernetes?.cni?.plugin,
  };
  return {
    groups: {
      kube_control_plane: planes,
      kube_node: nodes,
      etcd,
      k8s_cluster: [...new Set([...planes, ...nodes])],
    },
    vars: {
      ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
      ...kubernetes?.kubespray?.vars,
    },
  };
}
