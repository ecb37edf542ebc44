import { type Site } from "../../harness/model/site.ts";
import { kubernetesOf } from "./nodes.ts";

/** Where the daily snapshots lie on the etcd host. */
export const snapshotFolder = "/var/backups/etcd";

/**
 * An etcdctl command with the member's own certificates, as typed on the etcd host. With kubeadm it is in etcd's image, and
 * the role's `plumb-etcd` runs it from there; kubespray installs it on the host and keeps its settings in /etc/etcd.env.
 */
export function etcdctl(site: Site, command: string): string {
  if (kubernetesOf(site).provisioner === "kubespray") return `set -a; . /etc/etcd.env; etcdctl ${command}`;
  return `plumb-etcd etcdctl ${command}`;
}

/**
 * Prints how many hours old the newest snapshot is, if it is intact: etcd puts the SHA-256 of all before at the end of the
 * file (etcd's `snapshot.Status`), and a snapshot that was cut short lacks it.
 */
export const newestSnapshotHours = [
  `newest=$(ls -t ${snapshotFolder}/*.db | head -n 1)`,
  `sum=$(head -c -32 "$newest" | sha256sum | cut -d ' ' -f 1)`,
  `if [ "$sum" != "$(tail -c 32 "$newest" | od -An -v -tx1 | tr -d ' \\n')" ]; then echo "$newest is damaged"; exit 1; fi`,
  `echo $((($(date +%s) - $(stat -c %Y "$newest")) / 3600))`,
].join("\n");
