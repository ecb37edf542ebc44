import type { HostFile, KubernetesFile, RoleName, SiteFile } from "../../sites/schema.ts";

/** A host role of the site file; also an Ansible inventory group. */
export type Role = RoleName;

/**
 * Which hosts an assertion is about: a role, `host` (every host), `vm` (hosts that are virtual machines), `given`
 * (hosts that must exist before Plumb does anything), `peer` (hosts with a tunnel address, the gateway aside), `peer_node`
 * (those of them that run the cluster's workload) or `node` (hosts that are nodes of the cluster, its control plane included). `service` means no host: once for each service whose
 * chart is this project's, asked from the runner.
 */
export type Selector = Role | "host" | "vm" | "given" | "peer" | "peer_node" | "node" | "service";

/** A host of a site, with its name and the SSH user that applies to it. */
export interface Host extends Omit<HostFile, "user"> {
  readonly name: string;
  readonly user: string;
}

/** The `kubernetes` section of a site; where the administrator's kubeconfig lies is always known. */
export type Kubernetes = KubernetesFile & Required<Pick<KubernetesFile, "kubeconfig">>;

/** A validated site with its paths resolved and its hosts listed. */
export interface Site extends Omit<SiteFile, "hosts" | "kubernetes" | "ssh" | "secrets"> {
  /** The site file's path: relative to the project's folder if it lies below it, else absolute. */
  readonly path: string;
  readonly hosts: readonly Host[];
  readonly ssh: Required<SiteFile["ssh"]>;
  readonly secrets: SiteFile["secrets"];
  readonly kubernetes?: Kubernetes;
  /** WireGuard public keys by host name, and `plumb` for the runner's own probing peer; from the secrets file's clear part. */
  readonly publicKeys: Readonly<Record<string, string>>;
  /** The Ansible inventory that the site stands for: its path, and what its file must hash to. */
  readonly inventory: { readonly path: string; readonly sha256: string };
  /** Names of the registry's services whose charts are this project's. */
  readonly services: readonly string[];
}

/** The hosts that a selector means, in the order of the site file. */
export function select(site: Pick<Site, "hosts">, selector: Selector): readonly Host[] {
  return site.hosts.filter((host) => {
    switch (selector) {
      case "host":
        return true;
      case "vm":
        return host.vm !== undefined;
      case "given":
        return host.vm === undefined;
      case "peer":
        return host.tunnel !== undefined && !host.roles.includes("gateway");
      case "peer_node":
        return host.tunnel !== undefined && !host.roles.includes("gateway") && host.roles.includes("kube_node");
      case "node":
        return host.roles.includes("kube_control_plane") || host.roles.includes("kube_node");
      case "service":
        return false;
      default:
        return host.roles.includes(selector);
    }
  });
}
