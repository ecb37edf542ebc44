import { suggestion } from "../../model/nearest.ts";
import type { HostFile, RoleName, SiteFile } from "../../../sites/schema.ts";
import type { Finding } from "./error.ts";
import { hasHost } from "./ipv4.ts";
import { readNetwork } from "./rules_network.ts";

type NamedHost = readonly [name: string, host: HostFile];

function withRole(site: SiteFile, role: RoleName): NamedHost[] {
  return Object.entries(site.hosts).filter(([, host]) => host.roles.includes(role));
}

function* hypervisor(site: SiteFile): Generator<Finding> {
  const vm = Object.entries(site.hosts).find(([, host]) => host.vm)?.[0];
  if (!vm) return;
  if (!site.proxmox) {
    yield {
      path: ["proxmox"],
      message: `the site file has no 'proxmox', which VMs such as ${vm} need; add 'proxmox:'`,
    };
  }
  if (withRole(site, "hypervisor").length === 0) {
    const message = `no host is the hypervisor that VMs such as ${vm} need; give one 'roles: [hypervisor]'`;
    yield { path: ["hosts"], message };
  }
}

function* gateway(site: SiteFile): Generator<Finding> {
  const found = withRole(site, "gateway");
  if (found.length === 0) {
    yield { path: ["hosts"], message: "no host is the gateway; give the VPS 'roles: [gateway]'" };
  }
  for (const [name, host] of found) {
    const path = ["hosts", name];
    if (!host.tunnel) {
      yield {
        path,
        message: `hosts.${name} is the gateway and has no 'tunnel'; add 'tunnel:' with an address in vpn.network`,
      };
    }
    const needed = [`${site.ssh.port}/tcp`, `${site.vpn.port}/udp`];
    if (!host.open_ports) {
      const message = `hosts.${name} is the gateway and has no 'open_ports'; add 'open_ports: [${needed.join(", ")}]'`;
      yield { path, message };
      continue;
    }
    for (const [port, use] of [[needed[0], "ssh.port"], [needed[1], "vpn.port"]]) {
      if (host.open_ports.includes(port)) continue;
      const message = `hosts.${name}.open_ports shuts out ${port} (${use}); add ${port}`;
      yield { path: [...path, "open_ports"], message };
    }
  }
}

function* cluster(site: SiteFile): Generator<Finding> {
  const [planes, workers, members] = (["kube_control_plane", "kube_node", "etcd"] as const)
    .map((role) => withRole(site, role).length);
  if (workers > 0 && planes === 0) {
    const message = "hosts are kube_node and none is kube_control_plane; give one the role 'kube_control_plane'";
    yield { path: ["hosts"], message };
  }
  if (planes > 0 && members === 0) {
    yield { path: ["hosts"], message: "a host is kube_control_plane and none is etcd; give 1, 3 or 5 the role 'etcd'" };
  }
  if (members > 0 && members % 2 === 0) {
    const message = `${members} hosts are etcd, and an even number cannot outvote a split; use 1, 3 or 5`;
    yield { path: ["hosts"], message };
  }
}

function* homeVia(site: SiteFile): Generator<Finding> {
  const { home_via } = site.vpn;
  const home = readNetwork(site.networks.home.cidr);
  const fits = ([, host]: NamedHost) =>
    host.tunnel !== undefined && !host.roles.includes("gateway") &&
    // A VM outside home has been reported for itself.
    (host.vm !== undefined || home === null || hasHost(home, host.address));
  const candidates = Object.entries(site.hosts).filter(fits).map(([name]) => name);
  if (candidates.includes(home_via)) return;

  const host = site.hosts[home_via];
  const why = !host
    ? "is unknown"
    : host.roles.includes("gateway")
    ? "is the gateway"
    : host.tunnel === undefined
    ? "has no tunnel address"
    : `is not in networks.home.cidr (${home?.text})`;
  const remedy = candidates.length
    ? suggestion(host ? "" : home_via, candidates)
    : "give a host at home a 'tunnel:' address and name it here";
  yield { path: ["vpn", "home_via"], message: `vpn.home_via '${home_via}' ${why}; ${remedy}` };
}

/** Parts that a site of this kind needs and this one lacks. */
export function* absences(site: SiteFile): Generator<Finding> {
  yield* hypervisor(site);
  yield* gateway(site);
  yield* cluster(site);
  yield* homeVia(site);
  if (site.vpn.provider === "pangolin" && !site.vpn.pangolin) {
    const message = "vpn.provider is pangolin and vpn has no 'pangolin'; add 'pangolin:' with dashboard_url, " +
      "base_domain and letsencrypt_email";
    yield { path: ["vpn", "provider"], message };
  }
}
