import type { SiteFile } from "../../../sites/schema.ts";
import { kubesprayInventory, kubesprayRelease, siteFields } from "../kubespray/inventory.ts";
import { kubesprayMinors, refusals } from "../kubespray/refusals.ts";
import type { Finding, Path } from "./error.ts";
import { type Network, network, overlap } from "./ipv4.ts";
import { readNetwork, soundNetwork } from "./rules_network.ts";
import type { Draft } from "./shape.ts";

type Site = Draft<SiteFile>;
type Section = Draft<NonNullable<SiteFile["kubernetes"]>>;

/** Kubernetes minors that each provisioner can install. */
const minors = { kubespray: kubesprayMinors, kubeadm: ["1.34", "1.35"] } as const;

/** The pods' network is dealt out to the nodes in pieces of this prefix. */
const nodePrefix = 24;
/** Longest prefix of the services' network: 256 services. */
const servicePrefix = 24;

/** Folders that a reset empties, or that must not fill up. */
const reserved = ["/etc", "/var/lib/containerd", "/var/lib/etcd", "/var/lib/kubelet"];

/** The way out of what kubeadm cannot make. */
const kubesprayCan = "use 'provisioner: kubespray'";

const field = (name: string): Path => ["kubernetes", name];

function overlaps(key: string, net: Network, others: readonly (readonly [string, Network | null])[]): Finding[] {
  return others.filter(([, other]) => other !== null && overlap(net, other)).map(([name, other]) => ({
    path: field(key),
    message: `kubernetes.${key} ${net.text} overlaps ${name} ${other!.text}; choose a network that nothing else uses`,
  }));
}

function* networks(site: Site, { pod_cidr, service_cidr }: Section): Generator<Finding> {
  yield* soundNetwork(field("pod_cidr"), pod_cidr);
  yield* soundNetwork(field("service_cidr"), service_cidr);
  const [pods, services] = [readNetwork(pod_cidr), readNetwork(service_cidr)];
  const home = readNetwork(site.networks?.home?.cidr);
  const outside = [["networks.home.cidr", home], ["vpn.network", readNetwork(site.vpn?.network)]] as const;
  if (pods) yield* overlaps("pod_cidr", pods, outside);
  if (services) yield* overlaps("service_cidr", services, [["kubernetes.pod_cidr", pods], ...outside]);
  for (const [name, host] of Object.entries(site.hosts ?? {})) {
    if (host?.address === undefined) continue;
    const address = network(`${host.address}/32`);
    // Hosts at home need no words of their own: their network has been held against these.
    if (home && overlap(home, address)) continue;
    for (const [key, net] of [["pod_cidr", pods], ["service_cidr", services]] as const) {
      if (!net || !overlap(net, address)) continue;
      const message = `kubernetes.${key} ${net.text} holds the address ${host.address} of ${name}; ` +
        "choose a network that nothing else uses";
      yield { path: field(key), message };
    }
  }
  yield* sizes(site, pods, services);
}

function* sizes(site: Site, pods: Network | null, services: Network | null): Generator<Finding> {
  const nodes = kubesprayInventory(site).groups.k8s_cluster.length;
  const pieces = pods ? Math.floor(2 ** (nodePrefix - pods.prefix)) : Infinity;
  if (pods && pieces < nodes) {
    const most = nodePrefix - Math.ceil(Math.log2(nodes));
    const message =
      `kubernetes.pod_cidr ${pods.text} holds ${pieces} of the /${nodePrefix} networks that each node gets one of, ` +
      `and ${nodes} hosts are in the cluster; write a prefix of at most ${most}`;
    yield { path: field("pod_cidr"), message };
  }
  if (services && services.prefix > servicePrefix) {
    const message = `kubernetes.service_cidr ${services.text} has only ${2 ** (32 - services.prefix)} addresses; ` +
      `write a prefix of at most ${servicePrefix}`;
    yield { path: field("service_cidr"), message };
  }
}

function* version({ provisioner = "kubespray", version }: Section): Generator<Finding> {
  if (version === undefined) return;
  const known: readonly string[] = minors[provisioner];
  if (known.some((minor) => version.startsWith(`${minor}.`))) return;
  const maker = provisioner === "kubespray" ? `kubespray ${kubesprayRelease}` : "the provisioner kubeadm";
  const message = `kubernetes.version ${version} is none that ${maker} can install; use a version of ${
    known.join(", ")
  }`;
  yield { path: field("version"), message };
}

/** What is declared and Plumb's own tasks around kubeadm cannot make. */
function* kubeadm(site: Site, { provisioner, cni }: Section): Generator<Finding> {
  if (provisioner !== "kubeadm") return;
  if (cni?.plugin !== undefined && cni.plugin !== "kube-router") {
    const message = `kubernetes.cni.plugin ${cni.plugin} is none that the provisioner kubeadm can install; ` +
      `write 'plugin: kube-router', or ${kubesprayCan}`;
    yield { path: [...field("cni"), "plugin"], message };
  }
  const planes = kubesprayInventory(site).groups.kube_control_plane;
  if (planes.length > 1) {
    const message = `the provisioner kubeadm makes one control plane, and ${planes.length} hosts are ` +
      `kube_control_plane (${planes.join(", ")}); give the role to one host, or ${kubesprayCan}`;
    yield { path: field("provisioner"), message };
  }
}

function* storage({ storage }: Section): Generator<Finding> {
  const folder = storage?.path?.replace(/\/+$/, "");
  if (folder === undefined) return;
  const within = folder === "" ? "/" : reserved.find((path) => folder === path || folder.startsWith(`${path}/`));
  if (!within) return;
  const message = `kubernetes.storage.path ${storage!.path} is ${within === folder || within === "/" ? "" : "in "}` +
    `${within}, which is no place for volumes; choose a folder of its own, such as /var/lib/plumb-volumes`;
  yield { path: [...field("storage"), "path"], message };
}

/** What kubespray would refuse the site's own variables for, and variables that are none of their business. */
function* kubesprayVars(site: Site, { provisioner = "kubespray", kubespray }: Section): Generator<Finding> {
  const vars = kubespray?.vars ?? {};
  const at = (name: string) => [...field("kubespray"), "vars", name];
  if (provisioner !== "kubespray") return;
  for (const [name, value] of Object.entries(vars)) {
    if (name in siteFields) {
      const message = `kubernetes.kubespray.vars.${name} is what ${siteFields[name]} says; remove it here`;
      yield { path: at(name), message };
    } else if (/\{[{%]/.test(JSON.stringify(value) ?? "")) {
      // It would be filled in by Plumb's playbooks, which do not know kubespray's other variables.
      const message = `kubernetes.kubespray.vars.${name} holds a template; write the value out`;
      yield { path: at(name), message };
    }
  }
  for (const { about, message } of refusals(kubesprayInventory(site))) {
    const culprit = about.find((name) => name in vars && !(name in siteFields));
    if (culprit) yield { path: at(culprit), message: `kubernetes.kubespray.vars: ${message}` };
  }
}

/** Parts of the `kubernetes` section that cannot be as they are written. */
export function* kubernetesConflicts(site: Site): Generator<Finding> {
  const section = site.kubernetes;
  if (!section) return;
  yield* networks(site, section);
  yield* version(section);
  yield* kubeadm(site, section);
  yield* storage(section);
  yield* kubesprayVars(site, section);
}

/** Hosts that a site with a `kubernetes` section needs; without a control plane, etcd is missed by another rule. */
export function* kubernetesAbsences(site: SiteFile): Generator<Finding> {
  if (!site.kubernetes) return;
  const { groups } = kubesprayInventory(site);
  if (groups.k8s_cluster.length === 0) {
    const message = "no host is in the cluster that 'kubernetes' describes; give hosts the roles " +
      "'kube_control_plane', 'etcd' and 'kube_node', or remove 'kubernetes:'";
    yield { path: ["kubernetes"], message };
  } else if (groups.kube_node.length === 0) {
    yield { path: ["hosts"], message: "no host is kube_node and runs the workload; give one the role 'kube_node'" };
  }
  const stray = groups.etcd.filter((name) => !groups.kube_control_plane.includes(name));
  if (site.kubernetes.provisioner === "kubeadm" && groups.kube_control_plane.length > 0 && stray.length > 0) {
    const message = `the provisioner kubeadm keeps etcd on the control plane alone, and ${stray.join(", ")} ` +
      `${stray.length === 1 ? "is" : "are"} etcd without being kube_control_plane; ` +
      `give the role 'etcd' to the control plane only, or ${kubesprayCan}`;
    yield { path: field("provisioner"), message };
  }
}
