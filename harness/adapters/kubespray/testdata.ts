import { parse } from "yaml";
import type { KubesprayInventory } from "./inventory.ts";

/** The golden files of `sites/example.yaml`, as kubespray would see them. */
export function goldenInventory(): KubesprayInventory {
  const folder = new URL("../../../fixtures/recorded/kubespray/example/", import.meta.url);
  const read = (path: string) => parse(Deno.readTextFileSync(new URL(path, folder)));
  const groupVars = ["all", "k8s_cluster"].flatMap((group) =>
    [...Deno.readDirSync(new URL(`inventory/group_vars/${group}`, folder))]
      .map(({ name }) => read(`inventory/group_vars/${group}/${name}`))
  );
  const { children } = read("inventory/hosts.yml").all;
  const members = (group: string) => Object.keys(children[group].hosts);
  return {
    groups: {
      ...Object.fromEntries(["kube_control_plane", "kube_node", "etcd"].map((group) => [group, members(group)])),
      k8s_cluster: Object.keys(children.k8s_cluster.children).flatMap(members),
    },
    vars: Object.assign({}, ...groupVars, read("overrides.yml")),
  };
}
