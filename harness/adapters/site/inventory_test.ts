import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { parse } from "yaml";
import type { Site } from "../../model/site.ts";
import { describeInventory, inventoryPath, renderInventory, writeInventory } from "./inventory.ts";
import { loadedSite } from "./testdata.ts";

const project = new URL("../../../", import.meta.url).pathname;
const site = loadedSite("sites/home.yaml");

// deno-lint-ignore no-explicit-any -- the reader's view of untyped YAML
const read = (site: Site): any => parse(renderInventory(site));

Deno.test("the inventory of a site is the golden file", () => {
  assert.equal(renderInventory(site), Deno.readTextFileSync(new URL("golden/hosts.yml", import.meta.url)));
});

Deno.test("the same site gives the same inventory, and a change of the site another one", () => {
  assert.equal(renderInventory(site), renderInventory(structuredClone(site)));
  assert.notEqual(renderInventory(site), renderInventory({ ...site, domain: "other.example" }));
});

Deno.test("a word that Ansible's YAML takes for a truth value is quoted", () => {
  assert.match(renderInventory({ ...site, proxmox: { ...site.proxmox!, node: "no" } }), /^ +node: "no"$/m);
});

Deno.test("every group is there, even without hosts", () => {
  const { children } = read({ ...site, hosts: [] }).all;
  assert.deepEqual(Object.keys(children), [
    "hypervisor",
    "gateway",
    "kube_control_plane",
    "kube_node",
    "etcd",
    "k8s_cluster",
  ]);
  assert.deepEqual(children.gateway, { hosts: {} });
});

Deno.test("a site without Proxmox has no Proxmox variables", () => {
  const vars = Object.keys(read({ ...site, proxmox: undefined }).all.vars);
  assert.deepEqual(vars.filter((name) => name.startsWith("proxmox")), []);
});

Deno.test("root does not become root", () => {
  const hosts = site.hosts.map((host) => host.name === "pve" ? { ...host, user: "root" } : host);
  const inventory = read({ ...site, hosts });
  assert.equal(inventory.all.hosts.pve.ansible_become, undefined);
  assert.equal(inventory.all.hosts.vps.ansible_become, true);
});

Deno.test("a known_hosts path with blanks and percent signs stays one path for ssh", () => {
  const ssh = { ...site.ssh, known_hosts: "/home/my files/100%" };
  assert.match(
    read({ ...site, ssh }).all.hosts.vps.ansible_ssh_common_args,
    / -o UserKnownHostsFile='"\/home\/my files\/100%%"' -o /,
  );
});

Deno.test("the file on disk is what the site says it must hash to, until the site changes", async () => {
  const own: Site = { ...site, name: `test-${crypto.randomUUID()}` };
  assert.equal(inventoryPath(own), `${project}ansible/inventory/${own.name}/hosts.yml`);
  try {
    assert.equal(await writeInventory(own), inventoryPath(own));
    const sha256 = createHash("sha256").update(await Deno.readFile(inventoryPath(own))).digest("hex");
    assert.deepEqual(describeInventory(own), { path: `ansible/inventory/${own.name}/hosts.yml`, sha256 });
    assert.notEqual(describeInventory({ ...own, domain: "other.example" }).sha256, sha256);
    assert.deepEqual([...Deno.readDirSync(dirname(inventoryPath(own)))].map(({ name }) => name), ["hosts.yml"]);
  } finally {
    await Deno.remove(dirname(inventoryPath(own)), { recursive: true });
  }
});
