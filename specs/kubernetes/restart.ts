import type { Exercise } from "../../harness/model/phase.ts";

/** Where a restarted host keeps how many containers ran before; on its disk, as it must outlive the restart. */
const before = "/var/lib/plumb-running-before";

/** Names of pods that a ReplicaSet made. After an orderly shutdown they may run on another node for good. */
const movable = "-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$";

/**
 * Counts what runs of `kube-system` and belongs to this host; nothing on a host without containerd, or one whose containerd is
 * not up yet. A regular expression stands between bars, as it holds a comma.
 */
const count = [
  "running() { systemctl is-active -q containerd || { echo 0; return; };",
  `system='labels."io.kubernetes.pod.namespace"==kube-system';`,
  "ctr -n k8s.io tasks list >/run/plumb-tasks &&",
  'ctr -n k8s.io containers list -q "$system" >/run/plumb-system &&',
  `ctr -n k8s.io containers list -q "$system,labels.\\"io.kubernetes.pod.name\\"~=|${movable}|" >/run/plumb-movable || return;`,
  "awk '$3 == \"RUNNING\" { print $1 }' /run/plumb-tasks |",
  "grep -xFf /run/plumb-system | grep -vxFf /run/plumb-movable | wc -l; };",
].join(" ");

/**
 * Restarts a host. It ends when the node's system containers run again: until its kubelet is back, the API server tells of
 * the pods as they were before the restart, and whoever asks it then is told that all is well. `mark` is a file that the
 * restart removes, by which a look tells a host that is back from one that has not gone yet.
 */
export function restart(mark: string): Exercise {
  return {
    act: `${count} running >${before} && touch ${mark} && systemctl reboot`,
    undo:
      `${count} while test -e ${before}; do { test "$(running)" -ge "$(cat ${before})" && rm ${before}; } || sleep 1; done`,
    limit: "3m",
    sample: "one",
  };
}
