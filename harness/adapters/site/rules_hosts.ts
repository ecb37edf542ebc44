import { roles as groups, type SiteFile } from "../../../sites/schema.ts";
import type { Finding } from "./error.ts";
import type { Draft } from "./shape.ts";

type Site = Draft<SiteFile>;
type Host = Draft<SiteFile["hosts"][string]>;

/** Names that mean something else: Ansible's, the inventory's groups, and `plumb`, the runner's own VPN peer. */
const reserved: readonly string[] = [...groups, "all", "ungrouped", "localhost", "plumb"];

function hostsOf(site: Site): [string, Host][] {
  return Object.entries(site.hosts ?? {}).filter((entry): entry is [string, Host] => entry[1] !== undefined);
}

function* repeatedItems(host: string, key: "roles" | "open_ports", items: Host["roles" | "open_ports"] = []) {
  for (const [index, item] of items.entries()) {
    if (item === undefined || (items as readonly unknown[]).indexOf(item) === index) continue;
    yield { path: ["hosts", host, key, index], message: `hosts.${host}.${key} lists '${item}' twice; keep one` };
  }
}

function* portNumbers(host: string, ports: Host["open_ports"] = []): Generator<Finding> {
  for (const [index, port] of ports.entries()) {
    if (port === undefined) continue;
    const number = Number(port.split("/")[0]);
    if (number >= 1 && number <= 65_535) continue;
    const message = `hosts.${host}.open_ports has no port ${number} to open; write a port from 1 to 65535`;
    yield { path: ["hosts", host, "open_ports", index], message };
  }
}

function* vmNumbers(site: Site): Generator<Finding> {
  const owners = new Map<number, string>();
  const template = site.proxmox?.template?.id;
  for (const [name, { vm }] of hostsOf(site)) {
    if (vm?.id === undefined) continue;
    const path = ["hosts", name, "vm", "id"];
    const owner = owners.get(vm.id);
    if (vm.id === template) {
      yield { path, message: `hosts.${name}.vm.id ${vm.id} is proxmox.template.id; give the VM its own` };
    } else if (owner) {
      yield { path, message: `hosts.${name}.vm.id ${vm.id} is already used by ${owner}; give every VM its own` };
    } else owners.set(vm.id, name);
  }
}

/** Hosts and roles that cannot be as they are written. */
export function* hostConflicts(site: Site): Generator<Finding> {
  if (site.lab && site.name !== undefined && site.name !== "lab") {
    const message = `lab is true for the site '${site.name}', but only the site 'lab' is embedded; remove the line`;
    yield { path: ["lab"], message };
  }
  let gateway: string | undefined;
  for (const [name, { roles, vm, open_ports }] of hostsOf(site)) {
    if (reserved.includes(name)) {
      yield {
        path: ["hosts", name],
        message: `the host name '${name}' is reserved; write another, such as '${name}-1'`,
      };
    }
    yield* repeatedItems(name, "roles", roles);
    yield* repeatedItems(name, "open_ports", open_ports);
    yield* portNumbers(name, open_ports);
    for (const role of ["hypervisor", "gateway"] as const) {
      if (!vm || !roles?.includes(role)) continue;
      const message = `hosts.${name} is the ${role} and a VM; remove 'vm:' or the role '${role}'`;
      yield { path: ["hosts", name, "vm"], message };
    }
    if (!roles?.includes("gateway")) continue;
    const message = `hosts.${name} is a second gateway beside ${gateway}; keep the role 'gateway' on one host`;
    if (gateway) yield { path: ["hosts", name, "roles"], message };
    else gateway = name;
  }
  yield* vmNumbers(site);
}
