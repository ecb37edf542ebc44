import assert from "node:assert/strict";
import { allPrivileges } from "../../fixtures/lab/hypervisor/state.ts";
import { heldPrivileges, neededPrivileges, type Permissions } from "./privileges.ts";

const proxmox = { node: "pve", bridge: "vmbr0", storage: "local-lvm", image_storage: "local" };

const example = await Deno.readTextFile(new URL("../../sites/example.yaml", import.meta.url));
/** What the commands in the example's comments give the token, on `/`. */
const all = /pveum role add \w+ --privs "([^"]+)"/.exec(example)![1].split(/[\s#\\]+/);

/** Privileges as the API tells them: 1 where they hold below the path too. */
const granted = (names: readonly string[], below = 1) => Object.fromEntries(names.map((name) => [name, below]));
const without = (...names: string[]) => all.filter((one) => !names.includes(one));

function missing(permissions: Permissions): string[] {
  const held = heldPrivileges(permissions, proxmox);
  return neededPrivileges(proxmox).filter((need) => !held.includes(need));
}

const network = "Sys.Audit and Sys.Modify on / or Sys.AccessNetwork on /nodes/pve";

Deno.test("the tokens of the example and of the lab lack nothing, and one without permissions has nothing", () => {
  for (const names of [all, allPrivileges]) assert.deepEqual(missing({ "/": granted(names) }), []);
  assert.deepEqual(heldPrivileges({}, proxmox), []);
});

Deno.test("a privilege that is taken away is missed, with the path where it is needed", () => {
  const lacks = (...names: string[]) => missing({ "/": granted(without(...names)) });
  assert.deepEqual(lacks("VM.Clone"), ["VM.Clone on /vms"]);
  assert.deepEqual(lacks("SDN.Use"), ["SDN.Use on /sdn/zones/localnetwork/vmbr0"]);
  assert.deepEqual(lacks("Datastore.AllocateTemplate"), ["Datastore.AllocateTemplate on /storage/local"]);
  assert.deepEqual(lacks("Datastore.Audit"), []);
  for (const name of ["Sys.Audit", "Sys.Modify"]) assert.deepEqual(lacks(name), [network], name);
});

Deno.test("to download an image, access to the node's network does instead", () => {
  const others = without("Sys.Audit", "Sys.Modify");
  assert.deepEqual(missing({ "/": granted([...others, "Sys.AccessNetwork"]) }), []);
  // An entry of its own stands in place of what is handed down.
  assert.deepEqual(missing({ "/": granted(others), "/nodes/pve": { "Sys.AccessNetwork": 0 } }), []);
  assert.deepEqual(missing({ "/": granted(others), "/nodes/other": { "Sys.AccessNetwork": 1 } }), [network]);
});

Deno.test("what is granted on the paths themselves is enough", () => {
  const named = (prefix: string) => all.filter((name) => name.startsWith(prefix));
  const narrow: Permissions = {
    "/": granted(["Sys.Audit", "Sys.Modify"], 0),
    "/vms": granted(named("VM.")),
    "/sdn/zones/localnetwork": granted(["SDN.Use"]),
    "/storage/local-lvm": { "Datastore.AllocateSpace": 0 },
  };
  assert.deepEqual(missing({ ...narrow, "/storage": granted(named("Datastore.")) }), []);
  const template = { "Datastore.AllocateTemplate": 0 };
  assert.deepEqual(missing({ ...narrow, "/storage/local": { ...template, "Datastore.Audit": 0 } }), []);
  assert.deepEqual(missing({ ...narrow, "/storage/local": template }), [
    "Datastore.AllocateSpace on /storage/local or Datastore.Audit on /storage/local",
  ]);
});

Deno.test("a path has what the nearest one above it hands down, not what is granted on that alone, nor higher up", () => {
  assert.ok(missing({ "/": granted(all, 0) }).includes("VM.Clone on /vms"));
  assert.ok(missing({ "/": granted(all), "/vms": granted(["VM.Audit"]) }).includes("VM.Clone on /vms"));
});
