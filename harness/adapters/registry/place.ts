import type { SiteFile } from "../../../sites/schema.ts";

/** What charts have to know of a site. */
export interface Place {
  readonly domain: string;
  /** The class of volumes whose claim names none. */
  readonly storageClass: string;
  /** The home's network, which the nodes are in, and with them the API server. */
  readonly nodes: string;
  /** The network of the pods. Where packets are wrapped, a node that calls a pod of another node has an address of it. */
  readonly pods: string;
  /** The port that the API server listens on. */
  readonly apiPort: number;
}

/** The place that a site's file describes. */
export function describePlace(
  { domain, networks, kubernetes }: Pick<SiteFile, "domain" | "networks"> & {
    readonly kubernetes: NonNullable<SiteFile["kubernetes"]>;
  },
): Place {
  const { storage, pod_cidr, api_port } = kubernetes;
  return { domain, storageClass: storage.class, nodes: networks.home.cidr, pods: pod_cidr, apiPort: api_port };
}

/** Ports that the API server answers at: that of its Service, and its own. */
export function apiPorts({ apiPort }: Place): number[] {
  return [...new Set([443, apiPort])];
}

/** Where a call of the API server, or of any other program of a node, may come from. */
export function nodeRanges({ nodes, pods }: Place): string[] {
  return [...new Set([nodes, pods])];
}
