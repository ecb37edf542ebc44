import { parse } from "yaml";
import { siteSchema } from "../../../sites/schema.ts";
import type { Site } from "../../model/site.ts";

/** A small valid site file; the files of `fixtures/invalid/sites` are this one with a fault each. */
export const validSite = `name: home
domain: home.example

networks:
  home:
    cidr: 192.0.2.0/24
    gateway: 192.0.2.1
    nameservers: [192.0.2.1]

ssh:
  user: ops
  key: keys/id_ed25519
  known_hosts: known_hosts

secrets:
  file: absent.sops.yaml
  age_key: ~/age.key

proxmox:
  url: https://192.0.2.2:8006
  node: pve
  token_id: plumb@pve!harness
  bridge: vmbr0
  storage: local-lvm
  template:
    id: 9000
    name: debian-13
    image_url: https://images.home.example/debian-13.qcow2
    image_sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

vpn:
  provider: wireguard
  network: 10.88.0.0/24
  home_via: master
  probe_address: 10.88.0.250

hosts:
  pve:
    roles: [hypervisor]
    address: 192.0.2.2
  vps:
    roles: [gateway]
    address: 203.0.113.10
    tunnel: 10.88.0.1
    open_ports: [22/tcp, 51820/udp]
  master:
    roles: [kube_control_plane, etcd]
    address: 192.0.2.10
    tunnel: 10.88.0.10
    vm: { id: 110, cores: 2, memory: 4096, disk: 32 }
  worker:
    roles: [kube_node]
    address: 192.0.2.11
    tunnel: 10.88.0.11
    vm: { id: 111, cores: 2, memory: 4096, disk: 32 }

kubernetes:
  version: 1.35.4
  pod_cidr: 10.244.0.0/16
  service_cidr: 10.96.0.0/16
  cni: { plugin: kube-router }
  storage: { class: openebs-hostpath, path: /var/openebs/local }
  kubespray:
    vars: { kube_proxy_mode: nftables }
`;

/** {@linkcode validSite} as if it had been loaded from `path`, with paths that are the same everywhere. */
export function loadedSite(path: string): Site {
  const { hosts, kubernetes, ...file } = siteSchema.parse(parse(validSite));
  return {
    inventory: { path: "hosts.yml", sha256: "0".repeat(64) },
    ...file,
    path,
    ...(kubernetes && { kubernetes: { kubeconfig: "/etc/site/kubeconfig", ...kubernetes } }),
    ssh: { ...file.ssh, key: "/etc/site/id_ed25519", known_hosts: "/etc/site/known_hosts" },
    secrets: { file: "/etc/site/home.sops.yaml", age_key: "/etc/site/age.key" },
    hosts: Object.entries(hosts).map(([name, host]) => ({ ...host, name, user: host.user ?? file.ssh.user })),
    publicKeys: { vps: "aW5qZWN0ZWQgYnkgdGhlIHRlc3QsIG5vIGtleSBhdCA=" },
    services: [],
  };
}
