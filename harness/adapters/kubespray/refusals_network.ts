import { type Network, network, overlap } from "../site/ipv4.ts";
import type { KubesprayInventory } from "./inventory.ts";
import type { Refusal } from "./refusals.ts";

/** kubespray's own values where a variable is not set. */
const standard = { plugin: "calico", maxPods: 110, nodePrefix: 24 };

const cidrPattern = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/;

/** The network that a variable holds; null if it holds none. */
function read(value: unknown): Network | null {
  const text = String(value ?? "");
  if (!cidrPattern.test(text) || text.split(/[./]/).some((part, i) => Number(part) > (i < 4 ? 255 : 32))) return null;
  const net = network(text);
  return net.text === text ? net : null;
}

function* rangeRefusals(vars: KubesprayInventory["vars"]): Generator<Refusal> {
  for (const name of ["kube_service_addresses", "kube_pods_subnet"]) {
    if (vars[name] === undefined || read(vars[name])) continue;
    const message = `${name} '${vars[name]}' is not a network range; write one such as 10.233.0.0/18, host bits zero`;
    yield { about: [name], message };
  }
  const [services, pods] = [read(vars.kube_service_addresses), read(vars.kube_pods_subnet)];
  if (!services || !pods || !overlap(services, pods)) return;
  yield {
    about: ["kube_pods_subnet", "kube_service_addresses"],
    message:
      `kube_pods_subnet ${pods.text} overlaps kube_service_addresses ${services.text}; choose two networks apart`,
  };
}

/** What does not fit into the pods' network. Calico deals out its own blocks, and is not counted. */
export function* networkRefusals({ groups, vars }: KubesprayInventory): Generator<Refusal> {
  yield* rangeRefusals(vars);
  if (["calico", "none"].includes(String(vars.kube_network_plugin ?? standard.plugin))) return;
  const prefix = Number(vars.kube_network_node_prefix ?? standard.nodePrefix);
  const maxPods = Number(vars.kubelet_max_pods ?? standard.maxPods);
  const room = 2 ** (32 - prefix) - 2;
  if (maxPods > room) {
    yield {
      about: ["kubelet_max_pods", "kube_network_node_prefix"],
      message: `kubelet_max_pods ${maxPods} is more than a node's /${prefix} has addresses for; write at most ${room}`,
    };
  }
  const pods = read(vars.kube_pods_subnet);
  const nodes = groups.k8s_cluster?.length ?? 0;
  if (!pods || 2 ** (prefix - pods.prefix) >= nodes) return;
  yield {
    about: ["kube_network_node_prefix", "kube_pods_subnet"],
    message: `kube_pods_subnet ${pods.text} has too few networks of /${prefix} for ${nodes} nodes; ` +
      "choose a wider network, or a longer kube_network_node_prefix",
  };
}
