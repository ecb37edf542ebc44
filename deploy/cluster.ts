import { empty, equal } from "../harness/model/matcher.ts";
import { lines, sh } from "../harness/model/probe.ts";
import { quote } from "../harness/model/render.ts";
import { deploy, teardown } from "../harness/model/step.ts";
import cluster from "../specs/cluster.ts";

export default deploy(cluster, {
  does: "Make the cluster of the declared version and join its nodes",
  makes: [
    "runtime-answers",
    "kubelet-running",
    "starts-at-boot",
    "etcd-healthy",
    "etcd-snapshot",
    "certificates-valid",
    "kubeconfig-private",
    "kubeconfig-lasts",
    "api-healthy",
    "nodes-joined",
    "node-schedulable",
    "skew-legal",
    "node-version",
    "control-plane-version",
    "coredns-available",
    // It brings `dig`, too.
    "names-inside",
  ],
  run: ({ ansible }) => ansible({ tags: ["kubespray"] }),
}, {
  does: "Take a snapshot of etcd",
  makes: ["etcd-snapshot"],
  run: ({ ansible }) => ansible({ tags: ["kubespray_upkeep"], extra: { kubespray_snapshot_max_age: 0 } }),
}, {
  does: "Install the network plugin, without which no node is Ready",
  makes: ["node-ready", "coredns-available", "names-inside"],
  run: ({ ansible }) => ansible({ tags: ["cni"] }),
}, {
  does: "Drain and remove the nodes that the site does not declare",
  makes: ["nodes-known"],
  removes: true,
  run: ({ ansible }) => ansible({ tags: ["kubespray_remove"] }),
}, {
  does: "Delete what exercises left behind",
  makes: ["nothing-left-over"],
  run: async ({ $, site }) => {
    const selector = "plumb.exercise";
    await $`kubectl --kubeconfig ${
      site.kubernetes!.kubeconfig
    } delete namespaces --selector ${selector} --timeout=120s`;
  },
});

/** What Kubernetes, of either provisioner, puts on a node's disk besides images. */
const folders = [
  "/etc/kubernetes",
  "/var/lib/kubelet/pki",
  "/var/lib/etcd/member",
  "/etc/ssl/etcd",
  "/etc/etcd.env",
  "/etc/cni/net.d/10-kuberouter.conflist",
  "/etc/cni/net.d/10-calico.conflist",
];

/** Ends a look that needs a program which is not there: what nobody could look for is not gone. */
const need = (program: string) =>
  `command -v ${program} >/dev/null || { echo "Cannot look: ${program} is not installed" >&2; exit 1; }`;

/**
 * Prints what is left of kube-proxy and the network plugins: chains and tables in either of the kernel's firewalls, routes
 * (17 is kube-router's protocol, 12 BIRD's, 80 Felix's) and interfaces. `tunl0` comes with its module and cannot go without it:
 * only an address on it is Calico's.
 */
const networkLeft = [
  need("ip"),
  "looked=",
  "if command -v nft >/dev/null; then nft=$(nft list ruleset) || exit 1; looked=1; fi",
  "if command -v iptables-save >/dev/null; then tables=$(iptables-save && ip6tables-save) || exit 1; looked=1; fi",
  '[ "$looked" ] || { echo "Cannot look: neither nft nor iptables-save is installed" >&2; exit 1; }',
  `printf '%s\\n' "$nft" "$tables" | sed -nE 's/.*(kube-proxy|KUBE-[A-Z0-9-]+|cali-[A-Za-z0-9_-]+).*/\\1/p' | sort -u`,
  "for protocol in 17 12 80; do ip -4 route show proto $protocol || exit 1; done",
  "find /sys/class/net -name 'kube*' -o -name 'cali*' -o -name 'vxlan.calico' -o -name nodelocaldns",
  "if [ -e /sys/class/net/tunl0 ]; then ip -4 -oneline address show dev tunl0; fi",
].join("\n");

export const reset = teardown(cluster, {
  does: "Reset every node: the cluster and all that it stored are gone for good",
  run: ({ ansible }) => ansible({ tags: ["kubespray_reset"], extra: { reset_confirmation: "yes" } }),
  proves: {
    "processes-gone": {
      title: "No process of Kubernetes runs on the host",
      severity: "critical",
      why: "A kubelet that was left would start the old pods again.",
      on: "node",
      verify: lines(
        `${need("pgrep")}\npgrep -l '^(kubelet|etcd|kube-|containerd-shim)' | cut -d ' ' -f 2 | sort -u`,
      ).should(empty()),
      remedy: "See `systemctl status kubelet` and `ctr -n k8s.io tasks list` on the host.",
    },
    "files-gone": {
      title: "No certificate, configuration or database of the cluster is left on the host",
      severity: "critical",
      why: "A new cluster would trust the old one's certificates, or start with its data.",
      on: "node",
      verify: lines(`for path in ${folders.join(" ")}; do if [ -e "$path" ]; then echo "$path"; fi; done`).should(
        empty(),
      ),
      remedy: "Remove the folder that was found.",
    },
    "network-gone": {
      title: "No rule and no interface of Kubernetes is left on the host",
      severity: "major",
      why: "Old rules send traffic for addresses that are used again to where nothing listens.",
      on: "node",
      verify: lines(networkLeft).should(empty()),
      remedy: "Restart the host: rules and interfaces do not survive that.",
    },
    "kubeconfig-gone": {
      title: "The runner has no kubeconfig of the cluster",
      severity: "minor",
      why: "It would look as if there were a cluster.",
      verify: (site) =>
        sh(`test -e ${quote(site.kubernetes!.kubeconfig)} && echo there || echo gone`).should(equal("gone")),
      remedy: "Remove the file.",
    },
  },
});
