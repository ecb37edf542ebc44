import type { Host, Site } from "../../harness/model/site.ts";

/** A kubectl command, and whether what it printed says that a fact holds; that it ended well is a matter of course. */
export interface Question {
  readonly args: readonly string[];
  readonly holds: (stdout: string) => boolean;
}

const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");
const anything = () => true;
const nothing = (stdout: string) => stdout.trim() === "";
const exactly = (text: string) => (stdout: string) => stdout.trim() === text;
const system = ["-n", "kube-system"];

const nodeNames = (site: Site) =>
  site.hosts.filter(({ roles }) => roles.some((role) => role === "kube_node" || role === "kube_control_plane"))
    .map(({ name }) => `node/${name}`);

/** The pod of a DaemonSet on a host. */
const podOn = (host: Host, selector: string): Question => ({
  args: [
    ...["get", "pods", ...system, "-l", selector, "--field-selector", `spec.nodeName=${host.name}`],
    ...["-o", 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}'],
  ],
  holds: exactly("True"),
});

const isDefault = String.raw`storageclass\.kubernetes\.io/is-default-class`;

/** How kubectl's user asks for each fact of the lab, by the assertion's id: one command for each fact and host. */
export const questions: Readonly<Record<string, (site: Site, host: Host) => Question>> = {
  "cluster/api-healthy": () => ({ args: ["get", "--raw", "/readyz"], holds: exactly("ok") }),
  "cluster/nodes-joined": (site) => ({
    args: ["get", "nodes", "-o", "name"],
    holds: (stdout) => nodeNames(site).every((name) => words(stdout).includes(name)),
  }),
  "cluster/nodes-known": (site) => ({
    args: ["get", "nodes", "-o", "name"],
    holds: (stdout) => words(stdout).every((name) => nodeNames(site).includes(name)),
  }),
  "cluster/node-ready": (_, host) => ({
    args: ["wait", `node/${host.name}`, "--for=condition=Ready", "--timeout=10s"],
    holds: anything,
  }),
  "cluster/node-schedulable": (_, host) => ({
    args: ["get", "node", host.name, "-o", "jsonpath={.spec.unschedulable}"],
    holds: nothing,
  }),
  "cluster/node-version": (site, host) => ({
    args: ["get", "node", host.name, "-o", "jsonpath={.status.nodeInfo.kubeletVersion}"],
    holds: exactly(`v${site.kubernetes!.version}`),
  }),
  "cluster/control-plane-version": (site) => ({
    args: ["get", "pods", ...system, "-l", "tier=control-plane", "-o", "jsonpath={.items[*].spec.containers[0].image}"],
    holds: (stdout) => {
      const images = words(stdout).filter((image) => !image.includes("/etcd:"));
      return images.length === 3 && images.every((image) => image.endsWith(`:v${site.kubernetes!.version}`));
    },
  }),
  "cluster/requests-decided": () => ({
    args: ["get", "csr", "-o", 'jsonpath={range .items[*]}{.status.conditions[0].type}{"\\n"}{end}'],
    holds: (stdout) => stdout.split("\n").slice(0, -1).every((type) => type === "Approved" || type === "Denied"),
  }),
  "cluster/system-pods-running": () => ({
    args: ["wait", "pod", "--all", ...system, "--for=condition=Ready", "--timeout=10s"],
    holds: anything,
  }),
  "cluster/coredns-available": () => ({
    args: [
      ...["wait", "deployment", ...system, "-l", "k8s-app=kube-dns"],
      ...["--for=jsonpath={.status.availableReplicas}=2", "--timeout=10s"],
    ],
    holds: anything,
  }),
  "cluster/nothing-left-over": () => ({
    args: ["get", "namespaces", "-l", "plumb.exercise", "-o", "name"],
    holds: nothing,
  }),
  "network/plugin-running": (_, host) => podOn(host, "k8s-app=kube-router"),
  "network/proxy-running": (_, host) => podOn(host, "k8s-app=kube-proxy"),
  "storage/provisioner-available": () => ({
    args: [
      ...["wait", "deployment", "-n", "local-path-storage", "-l", "app=local-path-provisioner"],
      ...["--for=condition=Available", "--timeout=10s"],
    ],
    holds: anything,
  }),
  "storage/class-default": (site) => ({
    args: [
      "get",
      "storageclasses",
      "-o",
      `jsonpath={.items[?(@.metadata.annotations.${isDefault}=="true")].metadata.name}`,
    ],
    holds: exactly(site.kubernetes!.storage.class),
  }),
  "storage/class-provisioner": (site) => ({
    args: ["get", "storageclass", site.kubernetes!.storage.class, "-o", "jsonpath={.provisioner}"],
    holds: exactly("rancher.io/local-path"),
  }),
  "storage/volumes-local": (site) => ({
    args: [
      ...["get", "storageclass", site.kubernetes!.storage.class],
      ...["-o", "jsonpath={.metadata.annotations.defaultVolumeType}"],
    ],
    holds: exactly("local"),
  }),
  "storage/volumes-placed": (site) => ({
    args: [
      ...["get", "configmap", "-n", "local-path-storage", "local-path-config"],
      ...["-o", String.raw`jsonpath={.data.config\.json}`],
    ],
    holds: (stdout) => stdout.includes(`"paths": ["${site.kubernetes!.storage.path}"]`),
  }),
  "storage/claims-bound": () => ({
    args: ["get", "persistentvolumeclaims", "-A", "-o", 'jsonpath={.items[?(@.status.phase!="Bound")].metadata.name}'],
    holds: nothing,
  }),
};
