import { eventsOf, podsOf } from "../harness/model/collectors.ts";
import type { Pod } from "../harness/model/kube.ts";
import { atLeast, equal, include, sameSet } from "../harness/model/matcher.ts";
import { phase } from "../harness/model/phase.ts";
import { kube, lines, type Probe } from "../harness/model/probe.ts";
import { type Host, select, type Site } from "../harness/model/site.ts";
import cluster from "./cluster.ts";
import { begin, end, inEachPod, onEveryNode, policy, service } from "./kubernetes/exercises.ts";
import { kubernetesOf, withoutKubernetes } from "./kubernetes/nodes.ts";
import { unsettled } from "./kubernetes/pods.ts";

/** Bytes of a message that fits no single packet, whatever wraps it. */
const messageBytes = 4_000;
const pluginPods = { "calico": "k8s-app=calico-node", "kube-router": "k8s-app=kube-router" } as const;

const plugin = (site: Site) => pluginPods[kubernetesOf(site).cni.plugin];
const nodes = (site: Site) => select(site, "node").map((host) => host.name);

/** The state of a DaemonSet's pod on a host, in words. */
function podOn(host: Host, selector: string): Probe<string> {
  return kube("v1/pods", { namespace: "kube-system", selector }).map((pods: readonly Pod[]) => {
    const own = pods.filter((pod) => pod.spec?.nodeName === host.name);
    return own.length ? own.map((pod) => unsettled(pod) ?? "runs").join(", ") : "no pod";
  });
}

/** Next hops of the routes to other nodes' pods: Calico reaches them over an interface of its own, kube-router directly. */
function nextHops(site: Site): Probe<string[]> {
  const { pod_cidr } = kubernetesOf(site);
  return lines(`ip -4 -o route show root ${pod_cidr} | sed -n 's/.* via \\([0-9.]*\\) .*/\\1/p' | sort -u`);
}

const others = (site: Site, own: Host) => select(site, "node").filter((host) => host.name !== own.name);

/** From each pod to every pod: a message there and back, as `worker-1 worker-2 4000`. */
const exchange = [
  `text=$(head -c ${messageBytes} /dev/zero | tr "\\0" x);`,
  `for peer; do got=$(wget -q -T 5 -O - "http://\${peer#*=}:8080/echo?msg=$text" | wc -c); echo "\${peer%=*} $got"; done`,
].join(" ");

/** What a pod can reach, as `open` or `shut` after the service's name. */
const reach = (...services: string[]) =>
  services.map((name) =>
    `if wget -q -T 3 -O /dev/null http://${name}/hostname; then echo ${name} open; else echo ${name} shut; fi`
  ).join("; ");

export default phase({
  title: "Pods reach each other, services and names from every node, and only where policies let them",
  after: [cluster],
  skippedOn: withoutKubernetes,
  asserts: {
    "plugin-running": {
      title: "The network plugin's pod runs on the node",
      severity: "critical",
      why: "New pods on the node get no address, and changed policies are not enforced there.",
      on: "node",
      within: "120s",
      verify: (site, host) => podOn(host, plugin(site)).should(equal("runs")),
      remedy: "Run `deno task up --phase network`; see the pod's log.",
      onFail: (site) => [...podsOf(site, "kube-system", plugin(site)), ...eventsOf(site, "kube-system")],
    },
    "proxy-running": {
      title: "kube-proxy runs on the node",
      severity: "critical",
      why: "Services that change are no longer found from the node.",
      on: "node",
      within: "120s",
      verify: (_, host) => podOn(host, "k8s-app=kube-proxy").should(equal("runs")),
      remedy: "Run `deno task up --phase network`; see the pod's log.",
      onFail: (site) => [...podsOf(site, "kube-system", "k8s-app=kube-proxy"), ...eventsOf(site, "kube-system")],
    },
    "pods-routed": {
      title: "The node has a route to the pods of every other node",
      severity: "critical",
      why: "Some pods answer and some do not, depending on where they happen to run.",
      on: "node",
      needs: ["plugin-running"],
      within: "60s",
      // A node that the site does not declare has routes, too, until it is removed.
      verify: (site, host) =>
        kubernetesOf(site).cni.plugin === "kube-router"
          ? nextHops(site).should(include(...others(site, host).map(({ address }) => address)))
          : nextHops(site).map((hops) => hops.length).should(atLeast(others(site, host).length)),
      remedy: "Run `deno task up --phase network`, which restarts the plugin on the node.",
      onFail: ["ip -4 route", "ip -d link"],
    },
    "pods-exchange": {
      title: "Pods on every pair of nodes exchange a message larger than one packet",
      severity: "critical",
      why: "Small packets pass and large ones vanish where the MTU is wrong: names resolve, pages and databases hang.",
      mode: "exercise",
      exercise: {
        act: (site) => begin(site, "plumb-exchange", [onEveryNode(site, "server")]),
        undo: (site) => end(site, "plumb-exchange"),
        limit: "120s",
      },
      within: "60s",
      verify: (site) =>
        lines(inEachPod(site, "plumb-exchange", "server", exchange), { timeoutMs: 60_000 }).should(sameSet(
          nodes(site).flatMap((from) => nodes(site).map((to) => `${from} ${to} ${messageBytes}`)),
        )),
      remedy: "See the routes of the two nodes and the MTU of the plugin's interfaces (`ip -d link`).",
      onFail: (site) => [...podsOf(site, "plumb-exchange"), { command: "ip -4 route; ip -d link", at: "node" }],
    },
    "service-answers": {
      title: "A service answers on its own address from a pod on every node",
      severity: "critical",
      why: "Pods come and go; everything that calls another service calls this address.",
      mode: "exercise",
      exercise: {
        act: (site) => begin(site, "plumb-service", [onEveryNode(site, "server"), service("server")]),
        undo: (site) => end(site, "plumb-service"),
        limit: "120s",
      },
      within: "60s",
      verify: (site) =>
        lines(
          inEachPod(site, "plumb-service", "server", reach("$SERVER_SERVICE_HOST")).replaceAll(
            "echo $SERVER_SERVICE_HOST",
            "echo service",
          ),
          { timeoutMs: 60_000 },
        ).should(sameSet(nodes(site).map((node) => `${node} service open`))),
      remedy: "See kube-proxy's log on the node that is missing, and its rules (`nft list table ip kube-proxy`).",
      onFail: (site) => podsOf(site, "kube-system", "k8s-app=kube-proxy"),
    },
    "policies-enforced": {
      title: "A network policy that denies denies, and one that allows allows",
      severity: "critical",
      why: "Every service's isolation is written in such policies; not enforced, they are only text.",
      // The pods call each other by their services.
      needs: ["service-answers"],
      mode: "exercise",
      exercise: {
        act: (site) =>
          begin(site, "plumb-policies", [
            onEveryNode(site, "shut"),
            service("shut"),
            onEveryNode(site, "open"),
            service("open"),
            onEveryNode(site, "caller"),
            policy("deny", { podSelector: {}, policyTypes: ["Ingress"] }),
            policy("allow", {
              podSelector: { matchLabels: { app: "open" } },
              policyTypes: ["Ingress"],
              ingress: [{ from: [{ podSelector: { matchLabels: { app: "caller" } } }] }],
            }),
          ]),
        undo: (site) => end(site, "plumb-policies"),
        limit: "120s",
      },
      within: "60s",
      verify: (site) =>
        lines(inEachPod(site, "plumb-policies", "caller", reach("open", "shut")), { timeoutMs: 60_000 })
          .should(sameSet(nodes(site).flatMap((node) => [`${node} open open`, `${node} shut shut`]))),
      remedy: "See that the plugin enforces policies at all (kube-router: `--run-firewall`), and its log.",
      onFail: (site) => podsOf(site, "kube-system", plugin(site)),
    },
    "names-under-deny": {
      title: "Under default deny, a pod whose policy allows DNS resolves names, and one without does not",
      severity: "critical",
      why: "Every service of this platform stands under default deny; without DNS none of them starts.",
      needs: ["policies-enforced"],
      mode: "exercise",
      exercise: {
        act: (site) =>
          begin(site, "plumb-deny", [
            onEveryNode(site, "named"),
            onEveryNode(site, "unnamed"),
            policy("deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
            policy("names", {
              podSelector: { matchLabels: { app: "named" } },
              policyTypes: ["Egress"],
              egress: [{
                to: [
                  {
                    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
                    podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
                  },
                  // NodeLocal DNS answers on the node itself, which no pod selector matches.
                  { ipBlock: { cidr: "169.254.25.10/32" } },
                ],
                ports: [{ protocol: "UDP", port: 53 }, { protocol: "TCP", port: 53 }],
              }],
            }),
          ]),
        undo: (site) => end(site, "plumb-deny"),
        limit: "120s",
      },
      within: "60s",
      verify: (site) => {
        const name = `kubernetes.default.svc.${kubernetesOf(site).dns_domain}.`;
        const ask = `if timeout 3 nslookup ${name} >/dev/null 2>&1; then echo named; else echo nameless; fi`;
        const each = (word: string) => sameSet(nodes(site).map((node) => `${node} ${word}`));
        return [
          lines(inEachPod(site, "plumb-deny", "named", ask), { timeoutMs: 60_000 }).should(each("named")),
          lines(inEachPod(site, "plumb-deny", "unnamed", ask), { timeoutMs: 60_000 }).should(each("nameless")),
        ];
      },
      remedy: "See that CoreDNS's pods carry the label k8s-app=kube-dns, and the plugin's log.",
      onFail: (site) => [...podsOf(site, "plumb-deny"), ...podsOf(site, "kube-system", plugin(site))],
    },
  },
});
