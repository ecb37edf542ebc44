// Holds the inventory against Ansible itself: `deno test -A harness/adapters/site/inventory_lab.ts`. Ansible is taken from
// $PLUMB_VENV/bin, or from the PATH; without it these tests fail.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Site } from "../../model/site.ts";
import { renderInventory } from "./inventory.ts";
import { loadedSite } from "./testdata.ts";

const venv = Deno.env.get("PLUMB_VENV");
const program = venv ? join(venv, "bin", "ansible-inventory") : "ansible-inventory";
const site = loadedSite("/etc/site/home.yaml");

interface Listing {
  readonly _meta: { readonly hostvars: Record<string, Record<string, unknown>> };
  readonly [group: string]: unknown;
}

async function list(site: Site): Promise<Listing> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "hosts.yml");
    await Deno.writeTextFile(path, renderInventory(site));
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args: ["-i", path, "--list"],
      env: { ANSIBLE_INVENTORY_ENABLED: "yaml", ANSIBLE_INVENTORY_UNPARSED_FAILED: "true" },
    }).output();
    const said = new TextDecoder().decode(stderr);
    assert.equal(code, 0, said);
    assert.equal(said, "", "ansible-inventory warned");
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("Ansible reads the groups, the hosts and their variables", async () => {
  const listing = await list(site);
  assert.deepEqual(listing.hypervisor, { hosts: ["pve"] });
  assert.deepEqual(listing.gateway, { hosts: ["vps"] });
  assert.deepEqual(listing.kube_control_plane, { hosts: ["master"] });
  assert.deepEqual(listing.kube_node, { hosts: ["worker"] });
  assert.deepEqual(listing.etcd, { hosts: ["master"] });
  assert.deepEqual(listing.k8s_cluster, { children: ["kube_control_plane", "kube_node"] });
  assert.deepEqual(Object.keys(listing._meta.hostvars).sort(), ["master", "pve", "vps", "worker"]);
  const { master } = listing._meta.hostvars;
  assert.equal(master.ansible_host, "192.0.2.10");
  assert.equal(master.ansible_become, true);
  assert.deepEqual(master.wireguard_public_keys, site.publicKeys);
  assert.deepEqual((master.proxmox_vms as { vmid: number }[]).map(({ vmid }) => vmid), [110, 111]);
});

Deno.test("words that YAML 1.1 takes for truth values stay text", async () => {
  const proxmox = { ...site.proxmox!, node: "no", storage: "on" };
  const { vps } = (await list({ ...site, name: "yes", proxmox }))._meta.hostvars;
  assert.deepEqual([vps.site_name, vps.proxmox_storage, (vps.proxmox as { node: string }).node], ["yes", "on", "no"]);
});
