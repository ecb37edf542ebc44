import type { Chart, KubeObject, Platform } from "../../harness/model/chart.ts";
import type { ChartRule, PlatformRule, Violation } from "../../harness/model/rule.ts";
import { letsNetwork } from "./addresses.ts";
import { backendsOf, type Endpoint, type Graph, graphOf, portsOf, targetOf } from "./graph.ts";
import { registryViolation } from "./registry.ts";
import { at, installed, nameOf, ofKind, type Pod } from "./views.ts";

/** A container port that something on a node calls: the API server, or what passes on requests to a node port. */
interface Called {
  /** What makes it be called. */
  readonly by: string;
  readonly endpoint: Endpoint;
  readonly port: number;
}

/**
 * Networks that a call from a node may come from: the nodes' own, and that of the pods. Where packets between nodes are
 * wrapped, as Calico does with VXLAN and IPIP, a node that calls a pod of another node has the address of its tunnel.
 */
function unheard(graph: Graph, { nodeNetwork, podNetwork }: Platform, { endpoint, port }: Called): string[] {
  return [nodeNetwork, podNetwork].filter((network) => !letsNetwork(graph, "ingress", { endpoint, network, port }));
}

function calledAt(graph: Graph, by: string, service: KubeObject | undefined, number: number): Called[] {
  const port = service && portsOf(service).find((one) => one.port === number);
  return service && port
    ? backendsOf(graph, service).flatMap((endpoint) => {
      const target = targetOf(port, endpoint);
      return target === null ? [] : [{ by, endpoint, port: target }];
    })
    : [];
}

interface Webhook {
  readonly clientConfig?: { readonly service?: { name: string; namespace: string; port?: number } };
}

function calledOf(chart: Chart, graph: Graph): Called[] {
  const objects = installed(chart);
  const configurations = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"].flatMap((kind) =>
    ofKind(objects, kind)
  );
  const webhooks = configurations.flatMap((configuration) =>
    ((configuration.webhooks ?? []) as Webhook[]).flatMap(({ clientConfig }) => {
      const { name, namespace, port = 443 } = clientConfig?.service ?? {};
      return calledAt(graph, nameOf(configuration), graph.services.get(`${namespace}/${name}`)?.object, port);
    })
  );
  const nodePorts = ofKind(objects, "Service", "").filter((service) => at(service, "spec.type") === "NodePort")
    .flatMap((service) =>
      portsOf(service).filter(({ protocol = "TCP", nodePort }) => protocol === "TCP" && nodePort !== undefined)
        .flatMap(({ port }) => calledAt(graph, nameOf(service), service, port))
    );
  return [...webhooks, ...nodePorts];
}

export const nodesLetIn: ChartRule = {
  title: "What a node calls lets it in, under each address that it may have",
  severity: "critical",
  why: "Between nodes packets are wrapped, and the caller has an address of the pods' network: webhooks time out.",
  remedy: "Let in the nodes' network and the pods' at that port: releaseValues gives both where it knows of the call.",
  covers: ["HELM-006", "P6", "P7"],
  expects: "ingress from the nodes' network and from the pods' to what webhooks and node ports lead to",
  subjects: (chart, platform) => calledOf(chart, graphOf(platform)),
  check(chart, platform) {
    const graph = graphOf(platform);
    return calledOf(chart, graph).flatMap((called) =>
      unheard(graph, platform, called).map((network): Violation => ({
        object: called.by,
        path: "",
        found: `${nameOf(called.endpoint.pod!.object)} does not let ${network} in at port ${called.port}`,
        wanted: "ingress from it",
        values: "plumb-common.network.ingress",
      }))
    );
  },
};

export const nodesLetInUpstream: PlatformRule = {
  title: "Upstream's pods let a node in at their webhooks and node ports, under each address that it may have",
  severity: "critical",
  why: "Nobody sees what upstream's charts render: a webhook that no node reaches refuses every object of its kind.",
  remedy:
    "List the container ports as webhooks or entrance of the service's upstream; the chart namespaces opens them.",
  covers: ["HELM-006", "P6", "P7"],
  expects: "policies that let in the nodes' network and the pods' at the registry's webhooks and entrance",
  check(platform) {
    const graph = graphOf(platform);
    return platform.services.filter(({ upstream }) => upstream !== null).flatMap((service) => {
      const { name, namespace, podLabels: labels } = service;
      const endpoint: Endpoint = { service: name, namespace, labels, pod: null };
      return [...service.webhooks, ...service.entrance].flatMap((port) =>
        unheard(graph, platform, { by: name, endpoint, port }).map((network) =>
          registryViolation(
            `service ${name}`,
            `no policy that lets ${network} in at port ${port}`,
            "one of the chart namespaces",
            `services.${name}.upstream`,
          )
        )
      );
    });
  },
};

/** True if a role that allows anything is bound to the pod's account: it is meant to talk to the API server. */
function mayAsk(objects: readonly KubeObject[], { namespace, spec }: Pod): boolean {
  const empty = ["Role", "ClusterRole"].flatMap((kind) => ofKind(objects, kind))
    .filter(({ rules }) => ((rules ?? []) as unknown[]).length === 0).map(({ kind, metadata }) =>
      `${kind} ${metadata.name}`
    );
  return ["RoleBinding", "ClusterRoleBinding"].flatMap((kind) => ofKind(objects, kind)).some((binding) => {
    const subjects = (binding.subjects ?? []) as { name: string; namespace?: string }[];
    return !empty.includes(`${at(binding, "roleRef.kind")} ${at(binding, "roleRef.name")}`) &&
      subjects.some((subject) =>
        subject.name === spec.serviceAccountName && (subject.namespace ?? namespace) === namespace
      );
  });
}

/** The chart's pods that are meant to talk to the API server. */
function askers(chart: Chart, platform: Platform): Endpoint[] {
  return graphOf(platform).endpoints.filter(({ service, pod }) =>
    service === chart.name && pod !== null && mayAsk(installed(chart), pod)
  );
}

export const apiReached: ChartRule = {
  title: "Every pod with a role reaches the API server, at the port that the site gives it",
  severity: "critical",
  why: "A policy sees the API server's own port, not that of its Service: with another one the pod is cut off from it.",
  remedy: "Leave peers.kubeApi to the site: it takes network and port from the site's file.",
  covers: ["HELM-006", "P9"],
  expects: "egress to the nodes' network at the site's api_port",
  subjects: askers,
  check(chart, platform) {
    const graph = graphOf(platform);
    const { nodeNetwork: network, apiPort: port } = platform;
    return askers(chart, platform).flatMap((endpoint): Violation[] => {
      if (letsNetwork(graph, "egress", { endpoint, network, port })) return [];
      return [{
        object: nameOf(endpoint.pod!.object),
        path: "",
        found: `no way to ${network} port ${port}`,
        wanted: "egress to it",
        values: "plumb-common.peers.kubeApi",
      }];
    });
  },
};
