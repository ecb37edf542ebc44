import { suggestion } from "../../model/nearest.ts";
import type { KubesprayInventory } from "./inventory.ts";
import { networkRefusals } from "./refusals_network.ts";

/** One reason why kubespray would not start. */
export interface Refusal {
  /** The variables and groups that it is about, the likeliest culprit first. */
  readonly about: readonly string[];
  /** `<why>; <what to do>`. */
  readonly message: string;
}

type Vars = KubesprayInventory["vars"];

/** Kubernetes minors that v2.31.0 has checksums for. */
export const kubesprayMinors = ["1.33", "1.34", "1.35"] as const;

/** Variables that v2.31.0 stops at, or that have lost their meaning with the part that read them. */
const removed: Readonly<Record<string, string>> = {
  loadbalancer_apiserver: "set kube_apiserver_endpoint",
  apiserver_loadbalancer_domain_name: "set kube_apiserver_endpoint",
  kube_apiserver_global_endpoint: "set kube_apiserver_cluster_internal_endpoint",
  kubeadm_config_api_fqdn: "set kube_apiserver_endpoint",
  etcd_kubeadm_enabled: "set etcd_deployment_type: kubeadm",
  dashboard_enabled: "remove it, and deploy a dashboard as a service",
  deploy_netchecker: "remove it; the phase network looks at the same",
  ssh_bastion_confing__name: "set ssh_bastion_config_name",
  ingress_nginx_enabled: "remove it, and deploy an ingress controller as a service",
};

/** Where a text such as "false" would count as true. */
const booleans = [
  "download_run_once",
  "download_always_pull",
  "helm_enabled",
  "openstack_lbaas_enabled",
] as const;

const choices: Readonly<Record<string, readonly string[]>> = {
  kube_network_plugin: [
    ...["calico", "flannel", "cloud", "cilium", "cni", "kube-ovn", "kube-router", "macvlan", "custom_cni", "none"],
  ],
  dns_mode: ["coredns", "coredns_dual", "manual", "none"],
  kube_proxy_mode: ["iptables", "ipvs", "nftables"],
  cert_management: ["script", "none"],
  resolvconf_mode: ["docker_dns", "host_resolvconf", "none"],
  etcd_deployment_type: ["host", "docker", "kubeadm"],
  container_manager: ["docker", "crio", "containerd"],
};

const externalClouds = ["hcloud", "huaweicloud", "oci", "openstack", "vsphere", "manual"];

const isTrue = (value: unknown) => value === true || /^(true|yes|on|1)$/i.test(String(value ?? ""));

function* groupRefusals({ groups, vars }: KubesprayInventory): Generator<Refusal> {
  if (!groups.kube_control_plane?.length) {
    yield {
      about: ["kube_control_plane"],
      message: "the group kube_control_plane is empty; give a host the role 'kube_control_plane'",
    };
  }
  const etcd = groups.etcd ?? [];
  if (etcd.length === 0 && vars.etcd_deployment_type !== "kubeadm") {
    yield { about: ["etcd"], message: "the group etcd is empty; give 1, 3 or 5 hosts the role 'etcd'" };
  }
  if (etcd.length > 0 && etcd.length % 2 === 0) {
    yield {
      about: ["etcd"],
      message: `the group etcd has ${etcd.length} hosts, and an even number cannot outvote a split; use 1, 3 or 5`,
    };
  }
}

function* valueRefusals(vars: Vars): Generator<Refusal> {
  for (const [name, remedy] of Object.entries(removed)) {
    if (name in vars) {
      yield { about: [name], message: `the variable ${name} is one that kubespray has removed; ${remedy}` };
    }
  }
  const version = vars.kube_version;
  if (version !== undefined && !kubesprayMinors.some((minor) => String(version).startsWith(`${minor}.`))) {
    const message = `kube_version ${version} is none that kubespray can install; use a version of ${
      kubesprayMinors.join(", ")
    }`;
    yield { about: ["kube_version"], message };
  }
  for (const name of booleans) {
    if (!(name in vars) || typeof vars[name] === "boolean") continue;
    yield { about: [name], message: `${name} is not a boolean; write true or false, without quotes` };
  }
  for (const [name, allowed] of Object.entries(choices)) {
    const value = vars[name];
    if (value === undefined || allowed.includes(String(value))) continue;
    yield { about: [name], message: `${name} '${value}' is not supported; ${suggestion(String(value), allowed)}` };
  }
}

function* cloudRefusals({ cloud_provider, external_cloud_provider }: Vars): Generator<Refusal> {
  if (!cloud_provider) return;
  if (cloud_provider !== "external") {
    const message = `cloud_provider '${cloud_provider}' is not supported; write external, or remove it`;
    yield { about: ["cloud_provider"], message };
  } else if (!externalClouds.includes(String(external_cloud_provider ?? ""))) {
    const value = String(external_cloud_provider ?? "");
    const message = `external_cloud_provider '${value}' is not supported; ${suggestion(value, externalClouds)}`;
    yield { about: ["external_cloud_provider", "cloud_provider"], message };
  }
}

/** Values that are allowed one by one and not together. */
function* pairRefusals(vars: Vars): Generator<Refusal> {
  const { container_manager = "containerd" } = vars;
  if (vars.etcd_deployment_type === "docker" && container_manager !== "docker") {
    const message = `etcd_deployment_type docker does not go with container_manager ${container_manager}; write host`;
    yield { about: ["etcd_deployment_type"], message };
  }
  if (isTrue(vars.download_localhost) && !isTrue(vars.download_run_once)) {
    const message = "download_localhost needs download_run_once; set download_run_once: true as well";
    yield { about: ["download_localhost", "download_run_once"], message };
  }
  if (isTrue(vars.kata_containers_enabled) && container_manager === "docker") {
    const message = "kata_containers_enabled does not go with container_manager docker; use containerd or crio";
    yield { about: ["kata_containers_enabled", "container_manager"], message };
  }
  if (isTrue(vars.gvisor_enabled) && container_manager !== "containerd") {
    const message = `gvisor_enabled does not go with container_manager ${container_manager}; use containerd`;
    yield { about: ["gvisor_enabled", "container_manager"], message };
  }
  if (isTrue(vars.kube_external_ca_mode) && isTrue(vars.auto_renew_certificates ?? true)) {
    const message =
      "auto_renew_certificates cannot renew what an external authority signs; set auto_renew_certificates: false";
    yield { about: ["auto_renew_certificates", "kube_external_ca_mode"], message };
  }
}

/**
 * Everything that kubespray would refuse this inventory for, with words of its own each. It mirrors what the role
 * `validate_inventory` of v2.31.0 asserts, for IPv4; there it comes after minutes and one at a time.
 */
export function refusals(inventory: KubesprayInventory): Refusal[] {
  return [
    ...groupRefusals(inventory),
    ...valueRefusals(inventory.vars),
    ...networkRefusals(inventory),
    ...cloudRefusals(inventory.vars),
    ...pairRefusals(inventory.vars),
  ];
}
