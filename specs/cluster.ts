import { eventsOf, journals, nodesOf, podsOf } from "../harness/model/collectors.ts";
import { conditionOf, nameOf } from "../harness/model/kube.ts";
import { atLeast, atMost, contain, each, empty, equal, having, include, sameSet } from "../harness/model/matcher.ts";
import { phase } from "../harness/model/phase.ts";
import { file, kube, kubeGet, lines, sh } from "../harness/model/probe.ts";
import { select, type Site } from "../harness/model/site.ts";
import artifacts from "./artifacts.ts";
import { etcdctl, newestSnapshotHours, snapshotFolder } from "./kubernetes/etcd.ts";
import { begin, end, exerciseLabel, inEachPod, onEveryNode } from "./kubernetes/exercises.ts";
import { dnsAddress, kubernetesOf, ownNode, withoutKubernetes } from "./kubernetes/nodes.ts";
import { undecided, unsettled } from "./kubernetes/pods.ts";
import { controlPlane, controlPlaneVersions, legalSkew, versionPair } from "./kubernetes/versions.ts";
import machines from "./machines.ts";

/** Days that every certificate must still be valid. */
const certificateDays = 30;
/** Hours after which the newest etcd snapshot is too old: one a day, and an hour's grace. */
const snapshotHours = 25;
/** Pods of the cluster's DNS, by kubeadm's and kubespray's convention. */
const dnsPods = "k8s-app=kube-dns";

const names = (site: Site) => select(site, "node").map((host) => host.name);
const insideName = (site: Site) => `kubernetes.default.svc.${kubernetesOf(site).dns_domain}`;
const dig = (site: Site, name: string) => lines(`dig +short +time=2 +tries=2 @${dnsAddress(site)} ${name} A`);

/** Days left of the certificate that ends first, below the folders where kubeadm and the kubelet keep theirs. */
const daysLeft = [
  "find /etc/kubernetes/ssl /etc/kubernetes/pki /var/lib/kubelet/pki /etc/ssl/etcd -name '*.crt' -o -name '*.pem' ! -name '*key*' 2>/dev/null",
  "| while read -r file; do",
  'end=$(openssl x509 -noout -enddate -in "$file" | cut -d= -f2) && echo $((($(date -d "$end" +%s) - $(date +%s)) / 86400));',
  "done | sort -n | head -n 1",
].join(" ");

export default phase({
  title: "The Kubernetes cluster is whole, of the declared version, and resolves names",
  after: [machines, artifacts],
  skippedOn: withoutKubernetes,
  asserts: {
    "runtime-answers": {
      title: "containerd answers as the node's container runtime",
      severity: "critical",
      why: "No pod can start on the node, and those that run are no longer looked after.",
      on: "node",
      verify: sh("ctr --connect-timeout 5s version").should(contain("Server:")),
      remedy: "Run `deno task up --phase cluster`; see `journalctl -u containerd` on the node.",
      onFail: journals(undefined, "containerd"),
    },
    "kubelet-running": {
      title: "The kubelet runs",
      severity: "critical",
      why: "After 50 seconds the node counts as lost, and its pods are started elsewhere.",
      on: "node",
      needs: ["runtime-answers"],
      verify: sh("systemctl is-active kubelet").should(equal("active")),
      remedy: "Run `deno task up --phase cluster`; see `journalctl -u kubelet` on the node.",
      onFail: journals(),
    },
    "starts-at-boot": {
      title: "containerd and the kubelet start at boot",
      severity: "major",
      why: "The next power cut would leave the node out of the cluster.",
      on: "node",
      verify: sh("systemctl is-enabled containerd kubelet").should(equal("enabled\nenabled")),
      remedy: "Run `deno task up --phase cluster`.",
    },
    "etcd-healthy": {
      title: "The etcd member answers and is healthy",
      severity: "critical",
      why: "All that the cluster knows is in etcd; without it the API can neither read nor write.",
      on: "etcd",
      needs: ["kubelet-running"],
      within: "90s",
      verify: (site) => sh(`${etcdctl(site, "endpoint health")} 2>&1`).should(contain("is healthy")),
      remedy:
        "See etcd's log (below /var/log/pods) and the free space of its disk, then run `deno task up --phase cluster`.",
      onFail: ["tail -n 100 /var/log/pods/kube-system_etcd-*/etcd/*.log", "df -h /var/lib/etcd", ...journals()],
    },
    "etcd-members": {
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
    },
    "etcd-snapshot": {
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
    },
    "certificates-valid": {
      title: "Every certificate of the node is valid for another 30 days",
      severity: "critical",
      why: "On the day one ends, the API or the kubelet refuses everybody, and kubectl with them.",
      on: "node",
      verify: sh(daysLeft).should(atLeast(certificateDays, " days")),
      remedy: "Run `deno task up --phase cluster`, which renews the control plane's; the kubelet renews its own.",
      onFail: ["kubeadm certs check-expiration", "ls -l /var/lib/kubelet/pki"],
    },
    "kubeconfig-private": {
      title: "Only its owner can read the administrator's kubeconfig",
      severity: "critical",
      why: "Whoever reads it is the cluster's administrator.",
      verify: (site) =>
        file(kubernetesOf(site).kubeconfig).should(having({ type: equal("regular file"), mode: equal("600") })),
      remedy:
        "chmod 600 the file; if anyone else could have read it, renew its certificate (`kubeadm certs renew admin.conf`).",
    },
    "api-healthy": {
      title: "The API server is ready",
      severity: "critical",
      why: "Nothing in the cluster can be seen or changed without it.",
      needs: ["etcd-healthy", "certificates-valid", "kubeconfig-private"],
      within: "90s",
      verify: kubeGet("/readyz?verbose").should(contain("readyz check passed")),
      remedy:
        "See the API server's log on the control plane: `tail /var/log/pods/kube-system_kube-apiserver-*/*/*.log`.",
      onFail: [
        {
          command: "tail -n 100 /var/log/pods/kube-system_kube-apiserver-*/*/*.log",
          at: "kube_control_plane",
        },
        ...journals("kube_control_plane", "kubelet"),
      ],
    },
    "nodes-joined": {
      title: "Every declared node is in the cluster",
      severity: "critical",
      why: "A missing node's share of the work falls to the others, who may not have the room.",
      needs: ["api-healthy"],
      verify: (site) => kube("v1/nodes").map((nodes) => nodes.map(nameOf)).should(include(...names(site))),
      remedy: "Run `deno task up --phase cluster`, which lets it join.",
      onFail: (site) => nodesOf(site),
    },
    "nodes-known": {
      title: "The cluster has no node that the site does not declare",
      severity: "major",
      why: "Nobody looks after it, and the pods that are placed on it can do with their secrets what it likes.",
      needs: ["api-healthy"],
      verify: (site) =>
        kube("v1/nodes").map((nodes) => nodes.map(nameOf).filter((name) => !names(site).includes(name)))
          .should(empty()),
      remedy: "Declare it in the site file, or let `deno task up --phase cluster --allow-removal` drain and remove it.",
      onFail: (site) => nodesOf(site),
    },
    "node-ready": {
      title: "The node is Ready",
      severity: "critical",
      why: "No pod is placed on it, and after five minutes its pods are started elsewhere.",
      on: "node",
      needs: ["kubelet-running", "nodes-joined"],
      within: "120s",
      verify: (_, host) =>
        ownNode(host, (node) => {
          const ready = conditionOf(node, "Ready");
          return ready?.status === "True" ? "Ready" : ready?.message ?? "not Ready";
        }).should(equal("Ready")),
      remedy: "See the message found: the runtime, the network plugin and the disk are the usual reasons.",
      onFail: (site, host) => [...nodesOf(site, host.name), ...journals()],
    },
    "node-schedulable": {
      title: "The node takes pods",
      severity: "major",
      why: "A node that was cordoned for an upgrade and forgotten is capacity that is paid for and not there.",
      on: "node",
      needs: ["nodes-joined"],
      verify: (_, host) =>
        ownNode(host, (node) => node.spec?.unschedulable ? "cordoned" : "schedulable").should(equal("schedulable")),
      remedy: "Run `deno task up --phase cluster`, or `kubectl uncordon` it.",
    },
    "skew-legal": {
      title: "The node's kubelet is not newer than the API server, nor more than three minor versions older",
      severity: "critical",
      why: "Such a pair was never tested together; pods may fail to start in ways that no message explains.",
      on: "node",
      needs: ["api-healthy"],
      verify: (site) => versionPair(site).should(legalSkew()),
      remedy: "Upgrade the control plane first, then the nodes: `deno task up --phase cluster` does it in that order.",
    },
    "node-version": {
      title: "The node's kubelet is of the declared version",
      severity: "major",
      why: "Security fixes that you believe to have are missing there.",
      on: "node",
      needs: ["nodes-joined", "skew-legal"],
      verify: (site, host) =>
        ownNode(host, (node) => node.status?.nodeInfo?.kubeletVersion ?? "unknown")
          .should(equal(`v${kubernetesOf(site).version}`)),
      remedy: "Run `deno task up --phase cluster`, which replaces the kubelet, node by node.",
    },
    "control-plane-version": {
      title: "The control plane is of the declared version",
      severity: "major",
      why: "Security fixes that you believe to have are missing there.",
      needs: ["nodes-joined", "skew-legal"],
      verify: (site) =>
        kube("v1/pods").map(controlPlaneVersions).should(sameSet(
          select(site, "kube_control_plane").flatMap((host) =>
            controlPlane.map((component) => `${component} v${kubernetesOf(site).version} on ${host.name}`)
          ),
        )),
      remedy: "Run `deno task up --phase cluster`, which upgrades it.",
    },
    "requests-decided": {
      title: "No certificate signing request waits for a decision",
      severity: "major",
      why: "It is a kubelet that cannot renew its certificate, or somebody who would like one.",
      needs: ["api-healthy"],
      verify: kube("certificates.k8s.io/v1/certificatesigningrequests")
        .map((requests) => requests.filter(undecided).map(nameOf)).should(empty()),
      remedy: "See who asks (`kubectl describe csr NAME`); then `kubectl certificate approve` or `deny` it.",
    },
    "system-pods-running": {
      title: "Every pod of kube-system runs, is ready, and is not being restarted again and again",
      severity: "major",
      why: "They are the cluster's own organs; one that crashes in a loop fails when it is needed.",
      needs: ["node-ready"],
      within: "120s",
      verify: kube("v1/pods", { namespace: "kube-system" }).should(each("Running, ready and steady", unsettled)),
      remedy: "See the pod's events and its previous log, which are kept with this run.",
      onFail: (site) => [...podsOf(site, "kube-system"), ...eventsOf(site, "kube-system")],
    },
    "coredns-available": {
      title: "CoreDNS has two replicas that are available",
      severity: "critical",
      why: "With none, no pod finds any other; with one, a restart of its node stops all names.",
      needs: ["node-ready"],
      within: "120s",
      verify: kube("apps/v1/deployments", { namespace: "kube-system", selector: dnsPods })
        .map((all) => all[0]?.status?.availableReplicas ?? 0).should(atLeast(2)),
      remedy: "Run `deno task up --phase cluster`.",
      onFail: (site) => [...podsOf(site, "kube-system", dnsPods), ...eventsOf(site, "kube-system")],
    },
    "names-inside": {
      title: "Every node resolves the names of services through CoreDNS",
      severity: "critical",
      why: "Services call each other by name.",
      on: "node",
      needs: ["nodes-joined", "coredns-available"],
      within: "60s",
      verify: (site) => dig(site, insideName(site)).should(having({ length: atLeast(1) })),
      remedy: "See that kube-proxy and the network plugin run on this node, then CoreDNS's log.",
      onFail: (site) => podsOf(site, "kube-system", dnsPods),
    },
    "names-outside": {
      title: "Every node resolves a name of the outside world through CoreDNS",
      severity: "major",
      why: "Services that send mail, fetch images or renew certificates stop, each with an error of its own.",
      on: "node",
      needs: ["names-inside"],
      verify: (site) => dig(site, kubernetesOf(site).outside_name).should(having({ length: atLeast(1) })),
      remedy:
        "See that the node's own nameserver answers and that CoreDNS forwards to it (`kubectl -n kube-system get cm coredns`).",
      onFail: (site) => ["cat /etc/resolv.conf", ...podsOf(site, "kube-system", dnsPods)],
    },
    "nothing-left-over": {
      title: "No exercise has left anything in the cluster",
      severity: "minor",
      why: "Pods that nobody looks after use memory, and the next exercise might take them for its own.",
      needs: ["api-healthy"],
      verify: kube("v1/namespaces", { selector: exerciseLabel }).map((all) => all.map(nameOf)).should(empty()),
      remedy: "Run `deno task up --phase cluster`, which deletes what exercises made.",
    },
    "names-in-pods": {
      title: "A pod on every node resolves names, inside and out",
      severity: "critical",
      why: "A node can resolve what its pods cannot, as they take another way through the network.",
      mode: "exercise",
      exercise: {
        act: (site) => begin(site, "plumb-names", [onEveryNode("server")]),
        undo: (site) => end(site, "plumb-names"),
        limit: "120s",
      },
      within: "60s",
      verify: (site) => {
        const wanted = [insideName(site), kubernetesOf(site).outside_name];
        const ask = wanted.map((name) => `nslookup ${name}. >/dev/null && echo ${name};`).join(" ");
        return lines(inEachPod(site, "plumb-names", "server", `${ask} true`), { timeoutMs: 30_000 })
          .should(sameSet(names(site).flatMap((node) => wanted.map((name) => `${node} ${name}`))));
      },
      remedy:
        "See what stands between the pods of the missing node and CoreDNS: the plugin's routes, a firewall on the node.",
      onFail: (site) => [...podsOf(site, "plumb-names"), ...podsOf(site, "kube-system", dnsPods)],
    },
  },
});
