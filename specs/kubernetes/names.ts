import { eventsOf, podsOf } from "../../harness/model/collectors.ts";
import { atLeast, having, sameSet } from "../../harness/model/matcher.ts";
import type { Assertion } from "../../harness/model/phase.ts";
import { kube, lines } from "../../harness/model/probe.ts";
import { select, type Site } from "../../harness/model/site.ts";
import { begin, end, inEachPod, onEveryNode } from "./exercises.ts";
import { dnsAddress, kubernetesOf } from "./nodes.ts";

/** Pods of the cluster's DNS, by kubeadm's and kubespray's convention. */
const dnsPods = "k8s-app=kube-dns";

const nodes = (site: Site) => select(site, "node").map((host) => host.name);
const insideName = (site: Site) => `kubernetes.default.svc.${kubernetesOf(site).dns_domain}`;
const dig = (site: Site, name: string) => lines(`dig +short +time=2 +tries=2 @${dnsAddress(site)} ${name} A`);

/** Replicas of CoreDNS: two of them on one node would fall together, and kubespray lets no two be on one. */
const replicas = (site: Site) => Math.min(2, nodes(site).length);

export const corednsAvailable: Assertion<"node-ready"> = {
  title: "CoreDNS has two replicas that are available, or one where there is one node",
  severity: "critical",
  why: "With none, no pod finds any other; with one, a restart of its node stops all names.",
  needs: ["node-ready"],
  within: "120s",
  verify: (site) =>
    kube("apps/v1/deployments", { namespace: "kube-system", selector: dnsPods })
      .map((all) => all[0]?.status?.availableReplicas ?? 0).should(atLeast(replicas(site))),
  remedy: "Run `deno task up --phase cluster`.",
  onFail: (site) => [...podsOf(site, "kube-system", dnsPods), ...eventsOf(site, "kube-system")],
};

export const namesInside: Assertion<"nodes-joined" | "coredns-available"> = {
  title: "Every node resolves the names of services through CoreDNS",
  severity: "critical",
  why: "Services call each other by name.",
  on: "node",
  needs: ["nodes-joined", "coredns-available"],
  within: "60s",
  verify: (site) => dig(site, insideName(site)).should(having({ length: atLeast(1) })),
  remedy:
    "See that kube-proxy and the network plugin run on this node, then CoreDNS's log. `dig` itself is installed by " +
    "`deno task up --phase cluster`.",
  onFail: (site) => podsOf(site, "kube-system", dnsPods),
};

export const namesOutside: Assertion<"names-inside"> = {
  title: "Every node resolves a name of the outside world through CoreDNS",
  severity: "major",
  why: "Services that send mail, fetch images or renew certificates stop, each with an error of its own.",
  on: "node",
  needs: ["names-inside"],
  verify: (site) => dig(site, kubernetesOf(site).outside_name).should(having({ length: atLeast(1) })),
  remedy:
    "See that the node's own nameserver answers and that CoreDNS forwards to it (`kubectl -n kube-system get cm coredns`).",
  onFail: (site) => ["cat /etc/resolv.conf", ...podsOf(site, "kube-system", dnsPods)],
};

export const namesInPods: Assertion<never> = {
  title: "A pod on every node resolves names, inside and out",
  severity: "critical",
  why: "A node can resolve what its pods cannot, as they take another way through the network.",
  mode: "exercise",
  exercise: {
    act: (site) => begin(site, "plumb-names", [onEveryNode(site, "server")]),
    undo: (site) => end(site, "plumb-names"),
    limit: "120s",
  },
  within: "60s",
  verify: (site) => {
    const wanted = [insideName(site), kubernetesOf(site).outside_name];
    const ask = wanted.map((name) => `timeout 3 nslookup ${name}. >/dev/null && echo ${name};`).join(" ");
    return lines(inEachPod(site, "plumb-names", "server", `${ask} true`), { timeoutMs: 60_000 })
      .should(sameSet(nodes(site).flatMap((node) => wanted.map((name) => `${node} ${name}`))));
  },
  remedy:
    "See what stands between the pods of the missing node and CoreDNS: the plugin's routes, a firewall on the node.",
  onFail: (site) => [...podsOf(site, "plumb-names"), ...podsOf(site, "kube-system", dnsPods)],
};
