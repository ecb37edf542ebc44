import type { Site } from "../../harness/model/site.ts";

/** The answer of `/access/permissions`: privileges by path; 1 if they hold below it too, 0 if on the path alone. */
export type Permissions = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What of the site says where privileges are needed. */
type Places = Pick<NonNullable<Site["proxmox"]>, "node" | "bridge" | "storage" | "image_storage">;

/** Privileges on one path. */
type Grant = readonly [path: string, ...privileges: string[]];

/** What must be granted; one of several grants is enough. */
type Need = readonly Grant[];

/** For the machines and their template. */
const onMachines = [
  "VM.Allocate",
  "VM.Audit",
  "VM.Clone",
  "VM.Config.CPU",
  "VM.Config.Cloudinit",
  "VM.Config.Disk",
  "VM.Config.HWType",
  "VM.Config.Memory",
  "VM.Config.Network",
  "VM.Config.Options",
  "VM.GuestAgent.FileRead",
  "VM.PowerMgmt",
];

/** What the calls of the role `proxmox`, of its modules, of the spec and of its steps are checked for by Proxmox VE 9. */
function needs({ node, bridge, storage, image_storage }: Places): Need[] {
  return [
    ...onMachines.map((name): Need => [["/vms", name]]),
    [[`/storage/${storage}`, "Datastore.AllocateSpace"]],
    [[`/storage/${image_storage}`, "Datastore.AllocateTemplate"]],
    // To list the images that are there, and to import one.
    [[`/storage/${image_storage}`, "Datastore.AllocateSpace"], [`/storage/${image_storage}`, "Datastore.Audit"]],
    [[`/sdn/zones/localnetwork/${bridge}`, "SDN.Use"]],
    // To download an image.
    [["/", "Sys.Audit", "Sys.Modify"], [`/nodes/${node}`, "Sys.AccessNetwork"]],
  ];
}

function words(need: Need): string {
  return need.map(([path, ...privileges]) => `${privileges.join(" and ")} on ${path}`).join(" or ");
}

/** True if the token has the privilege on the path: from the path's own entry, or handed down by the nearest above it. */
function has(permissions: Permissions, path: string, privilege: string): boolean {
  for (let at = path;; at = at.slice(0, at.lastIndexOf("/")) || "/") {
    const entry = permissions[at];
    if (entry) return at === path ? privilege in entry : entry[privilege] === 1;
    if (at === "/") return false;
  }
}

/** All that deployments need of the API token, as `PRIVILEGE on PATH`. */
export function neededPrivileges(places: Places): string[] {
  return needs(places).map(words);
}

/** What of {@linkcode neededPrivileges} the token has. */
export function heldPrivileges(permissions: Permissions, places: Places): string[] {
  const met = (need: Need) =>
    need.some(([path, ...privileges]) => privileges.every((name) => has(permissions, path, name)));
  return needs(places).filter(met).map(words);
}
