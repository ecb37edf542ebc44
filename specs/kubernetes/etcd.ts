import { journals } from "../../harness/model/collectors.ts";
import { atMost, contain, sameSet } from "../../harness/model/matcher.ts";
import type { Assertion } from "../../harness/model/phase.ts";
import { lines, sh } from "../../harness/model/probe.ts";
import { select, type Site } from "../../harness/model/site.ts";
import { kubernetesOf } from "./nodes.ts";

/** Hours after which the newest etcd snapshot is too old: one a day, and an hour's grace. */
const snapshotHours = 25;
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

/** What etcd says of itself: kubeadm runs it as a pod, kubespray as a service of the host. */
function etcdLog(site: Site): string {
  if (kubernetesOf(site).provisioner === "kubespray") return "journalctl --no-pager -n 100 -o short-iso -u etcd";
  return "tail -n 100 /var/log/pods/kube-system_etcd-*/etcd/*.log";
}

export const etcdHealthy: Assertion<"kubelet-running"> = {
  title: "The etcd member answers and is healthy",
  severity: "critical",
  why: "All that the cluster knows is in etcd; without it the API can neither read nor write.",
  on: "etcd",
  needs: ["kubelet-running"],
  within: "90s",
  verify: (site) => sh(`${etcdctl(site, "endpoint health")} 2>&1`).should(contain("is healthy")),
  remedy: "See the free space of its disk and etcd's log (provisioner kubeadm: below /var/log/pods; kubespray: " +
    "`journalctl -u etcd`), then run `deno task up --phase cluster`.",
  onFail: (site) => [etcdLog(site), "df -h /var/lib/etcd", ...journals()],
};

export const etcdMembers: Assertion<"etcd-healthy"> = {
  title: "etcd has exactly the declared members",
  severity: "critical",
  why: "A member that never answers counts for the quorum: the next one to fail stops the cluster.",
  on: "etcd",
  needs: ["etcd-healthy"],
  verify: (site) =>
    // By address: a member that was added and never started has no name.
    lines(`${etcdctl(site, "member list")} | cut -d, -f4`)
      .should(sameSet(select(site, "etcd").map((host) => `https://${host.address}:2380`))),
  remedy: "Remove an undeclared member with `etcdctl member remove ID`; add a declared one by hand, one at a time.",
  onFail: (site) => [etcdctl(site, "member list --write-out=table")],
};

export const etcdSnapshot: Assertion<"etcd-healthy"> = {
  title: "The newest etcd snapshot is intact and no older than a day",
  severity: "major",
  why: "It is the only way back after a disk that died or a namespace that was deleted by mistake.",
  on: "etcd",
  needs: ["etcd-healthy"],
  verify: sh(newestSnapshotHours).should(atMost(snapshotHours, " h")),
  remedy: "Run `systemctl start plumb-etcd-snapshot` on the etcd host and read its journal.",
  onFail: [
    `ls -l ${snapshotFolder}`,
    "systemctl list-timers --no-pager",
    "journalctl --no-pager -n 50 -u plumb-etcd-snapshot",
  ],
};
