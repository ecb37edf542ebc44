import { eventsOf, journals, nodesOf, podsOf } from "../harness/model/collectors.ts";
import { conditionOf, nameOf } from "../harness/model/kube.ts";
import { contain, each, empty, equal, include, sameSet } from "../harness/model/matcher.ts";
import { phase } from "../harness/model/phase.ts";
import { kube, kubeGet, sh } from "../harness/model/probe.ts";
import { select, type Site } from "../harness/model/site.ts";
import artifacts from "./artifacts.ts";
import { certificatesValid, kubeconfigLasts, kubeconfigPrivate } from "./kubernetes/certificates.ts";
import { etcdHealthy, etcdMembers, etcdSnapshot } from "./kubernetes/etcd.ts";
import { exerciseLabel } from "./kubernetes/exercises.ts";
import { corednsAvailable, namesInPods, namesInside, namesOutside } from "./kubernetes/names.ts";
import { kubernetesOf, ownNode, schedulability, withoutKubernetes } from "./kubernetes/nodes.ts";
import { undecided, unsettled } from "./kubernetes/pods.ts";
import { controlPlane, controlPlaneVersions, legalSkew, versionPair } from "./kubernetes/versions.ts";
import machines from "./machines.ts";

const names = (site: Site) => select(site, "node").map((host) => host.name);

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
    "etcd-healthy": etcdHealthy,
    "etcd-members": etcdMembers,
    "etcd-snapshot": etcdSnapshot,
    "certificates-valid": certificatesValid,
    "kubeconfig-private": kubeconfigPrivate,
    "kubeconfig-lasts": kubeconfigLasts,
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
      // The kubelet lets go of a pressure only some time after it has passed: a minute where Plumb configures it.
      within: "90s",
      verify: (_, host) => ownNode(host, (node) => schedulability(node, host)).should(equal("schedulable")),
      remedy:
        "Run `deno task up --phase cluster`, or `kubectl uncordon` it; if it is short of disk or memory, see what uses it: " +
        "the taint goes by itself, at most five minutes after there is room again.",
      onFail: (site, host) => nodesOf(site, host.name),
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
      // Longer than a run that counts as short.
      within: "180s",
      verify: kube("v1/pods", { namespace: "kube-system" }).should(each("Running, ready and steady", unsettled)),
      remedy: "See the pod's events and its previous log, which are kept with this run.",
      onFail: (site) => [...podsOf(site, "kube-system"), ...eventsOf(site, "kube-system")],
    },
    "coredns-available": corednsAvailable,
    "names-inside": namesInside,
    "names-outside": namesOutside,
    "nothing-left-over": {
      title: "No exercise has left anything in the cluster",
      severity: "minor",
      why: "Pods that nobody looks after use memory, and the next exercise might take them for its own.",
      needs: ["api-healthy"],
      verify: kube("v1/namespaces", { selector: exerciseLabel }).map((all) => all.map(nameOf)).should(empty()),
      remedy: "Run `deno task up --phase cluster`, which deletes what exercises made.",
    },
    "names-in-pods": namesInPods,
  },
});
