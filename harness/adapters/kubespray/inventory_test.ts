import assert from "node:assert/strict";
import { loadSite } from "../site/load.ts";
import { projectRoot } from "../project.ts";
import { parse } from "yaml";
import { kubesprayInventory, kubesprayRelease, siteFields } from "./inventory.ts";
import { goldenInventory } from "./testdata.ts";

const example = await loadSite(`${projectRoot}/sites/example.yaml`);
const hosts = Object.fromEntries(example.hosts.map(({ name, ...host }) => [name, host]));

Deno.test("a site means for kubespray what the role renders for it", () => {
  const golden = goldenInventory();
  const { groups, vars } = kubesprayInventory({ hosts, kubernetes: example.kubernetes });
  assert.deepEqual(groups, golden.groups);
  assert.ok(Object.keys(vars).length >= 5);
  for (const [name, value] of Object.entries(vars)) assert.equal(golden.vars[name], value, name);
});

Deno.test("every variable that the site has a field for is rendered; an empty site means nothing", () => {
  const rendered = Object.keys(goldenInventory().vars);
  for (const name of Object.keys(siteFields)) assert.ok(rendered.includes(name), name);
  assert.deepEqual(kubesprayInventory({}), {
    groups: { kube_control_plane: [], kube_node: [], etcd: [], k8s_cluster: [] },
    vars: {},
  });
});

Deno.test("a host that is control plane and node counts once", () => {
  const both = { one: { roles: ["kube_control_plane", "kube_node", "etcd"] as const } };
  assert.deepEqual(kubesprayInventory({ hosts: both }).groups.k8s_cluster, ["one"]);
});

Deno.test("the release is the one that the playbooks pin", () => {
  const { versions } = parse(Deno.readTextFileSync(`${projectRoot}/ansible/group_vars/all/vars.yml`));
  assert.equal(versions.kubespray, kubesprayRelease);
});
