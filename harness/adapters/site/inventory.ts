import { createHash } from "node:crypto";
import { dirname, join, relative } from "node:path";
import { stringify } from "yaml";
import type { Host, Site } from "../../model/site.ts";
import { select } from "../../model/site.ts";
import { projectRoot } from "../project.ts";
import { roles } from "../../../sites/schema.ts";

/** A site before its inventory is known. */
type Uninventoried = Omit<Site, "inventory">;

/** A path as an ssh option reads it: `%` is doubled, and a path with blanks is quoted for ssh and for the shell. */
function sshPath(path: string): string {
  const escaped = path.replaceAll("%", "%%");
  return /[\s'"\\]/.test(escaped) ? `'"${escaped.replaceAll("'", `'\\''`)}"'` : escaped;
}

/** Options for every ssh of Ansible: only the site's key and only its pinned host keys count, and nothing asks. */
function sshOptions(site: Uninventoried): string {
  return [
    "StrictHostKeyChecking=yes",
    `UserKnownHostsFile=${sshPath(site.ssh.known_hosts)}`,
    "GlobalKnownHostsFile=/dev/null",
    "IdentitiesOnly=yes",
    "BatchMode=yes",
  ].map((option) => `-o ${option}`).join(" ");
}

function hostVars(site: Uninventoried, host: Host): Record<string, unknown> {
  return {
    ansible_host: host.address,
    ansible_user: host.user,
    ansible_port: site.ssh.port,
    ansible_ssh_private_key_file: site.ssh.key,
    ansible_ssh_common_args: sshOptions(site),
    ...(host.user !== "root" && { ansible_become: true }),
    ansible_python_interpreter: "/usr/bin/python3",
    ...(host.tunnel && { tunnel_address: host.tunnel }),
    ...(host.vm && { vm: host.vm }),
    ...(host.open_ports && { open_ports: host.open_ports }),
  };
}

function proxmoxVars({ proxmox }: Uninventoried, vms: readonly Host[]): Record<string, unknown> {
  if (!proxmox) return {};
  return {
    proxmox,
    proxmox_storage: proxmox.storage,
    proxmox_network_bridge: proxmox.bridge,
    proxmox_template_vmid: proxmox.template.id,
    proxmox_vms: vms.map(({ name, address, vm }) => {
      const { id, ...size } = vm!;
      return { name, vmid: id, ip: address, ...size };
    }),
  };
}

function siteVars(site: Uninventoried): Record<string, unknown> {
  const { home } = site.networks;
  return {
    site_name: site.name,
    domain: site.domain,
    networks: { home: { ...home, prefix: Number(home.cidr.split("/")[1]) } },
    vpn: { ...site.vpn, prefix: Number(site.vpn.network.split("/")[1]) },
    ...proxmoxVars(site, select(site, "vm")),
    ...(site.kubernetes && { kubernetes: site.kubernetes }),
    wireguard_public_keys: site.publicKeys,
  };
}

/**
 * The site as an Ansible inventory in YAML: kubespray's groups, `gateway` and `hypervisor`, each there even if empty.
 * The same site always gives the same text. It holds no secret; the VPN's public keys are none.
 */
export function renderInventory(site: Uninventoried): string {
  const groups = roles.map((role) => [
    role,
    { hosts: Object.fromEntries(select(site, role).map((host) => [host.name, {}])) },
  ]);
  const inventory = {
    all: {
      vars: siteVars(site),
      hosts: Object.fromEntries(site.hosts.map((host) => [host.name, hostVars(site, host)])),
      children: {
        ...Object.fromEntries(groups),
        k8s_cluster: { children: { kube_control_plane: {}, kube_node: {} } },
      },
    },
  };
  const header = `# Generated from ${site.path} by 'deno task up', which writes it anew when it is stale.\n` +
    "# Change the site file, not this one.\n";
  // Ansible reads YAML 1.1, where a bare no, on or 1:30 is not text.
  return header + stringify(inventory, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
}

/** Where the site's inventory lies. */
export function inventoryPath(site: Pick<Site, "name">): string {
  return join(projectRoot, "ansible", "inventory", site.name, "hosts.yml");
}

/** The inventory's path below the project's folder, and the SHA-256 of what the file must hold. */
export function describeInventory(site: Uninventoried): Site["inventory"] {
  const sha256 = createHash("sha256").update(renderInventory(site)).digest("hex");
  return { path: relative(projectRoot, inventoryPath(site)), sha256 };
}

/** Writes the site's inventory in one piece (an interrupted write leaves the old one) and returns its path. */
export async function writeInventory(site: Uninventoried): Promise<string> {
  const path = inventoryPath(site);
  const unfinished = `${path}.${Deno.pid}`;
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(unfinished, renderInventory(site));
  await Deno.rename(unfinished, path);
  return path;
}
