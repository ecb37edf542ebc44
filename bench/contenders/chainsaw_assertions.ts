import { type Host, select, type Site } from "../../harness/model/site.ts";

/** What must be of a resource: fields, and JMESPath expressions in parentheses, each with its value. */
export type Tree = Readonly<Record<string, unknown>>;

/**
 * One operation of a chainsaw step. `assert`: a resource of this kind (and name, namespace, labels) is as the tree says.
 * `error`: none is. `command`: what a program prints is as the check says.
 */
export type Operation =
  | { readonly assert: { readonly resource: Tree } }
  | { readonly error: { readonly resource: Tree } }
  | { readonly command: { readonly entrypoint: string; readonly args: readonly string[]; readonly check: Tree } };

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

const namespace = "kube-system";
const nodes: Kind = { apiVersion: "v1", kind: "Node" };
const pods: Kind = { apiVersion: "v1", kind: "Pod" };
const claims: Kind = { apiVersion: "v1", kind: "PersistentVolumeClaim" };
const classes: Kind = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass" };
const configurations: Kind = { apiVersion: "v1", kind: "ConfigMap" };
const deployments: Kind = { apiVersion: "apps/v1", kind: "Deployment" };

const one = (kind: Kind, tree: Tree): Operation => ({ assert: { resource: { ...kind, ...tree } } });
const none = (kind: Kind, tree: Tree): Operation => ({ error: { resource: { ...kind, ...tree } } });

/** What `path` gives of a list is as `wanted` says; an `assert` of a resource would be content with one of the list. */
function all({ apiVersion, kind }: Kind, where: string | null, path: string, wanted: unknown): Operation {
  const words = [apiVersion, kind, ...(where === null ? [] : [where])].map((word) => `'${word}'`);
  return { assert: { resource: { [`(x_k8s_list($client, ${words.join(", ")}).${path})`]: wanted } } };
}

/** The declared nodes' names as a literal of JMESPath. */
const declared = (site: Site) => `\`${JSON.stringify(select(site, "node").map(({ name }) => name))}\``;

const node = (host: Host, tree: Tree) => one(nodes, { metadata: { name: host.name }, ...tree });
const isTrue = (condition: string) => ({ [`(conditions[?type == '${condition}'].status)`]: ["True"] });

/** The pod of a DaemonSet on a host. */
const podOn = (host: Host, app: string) =>
  one(pods, {
    metadata: { namespace, labels: { "k8s-app": app } },
    spec: { nodeName: host.name },
    status: isTrue("Ready"),
  });

/** How chainsaw's user asserts each fact of the lab, by the assertion's id: one operation for each fact and host. */
export const assertions: Readonly<Record<string, (site: Site, host: Host) => Operation>> = {
  // No resource says it: chainsaw has kubectl ask.
  "cluster/api-healthy": () => ({
    command: {
      entrypoint: "kubectl",
      args: ["get", "--raw", "/readyz"],
      check: { "($error == null)": true, "($stdout)": "ok" },
    },
  }),
  "cluster/nodes-joined": (site) =>
    all(nodes, null, "items[].metadata.name", {
      [`(length([?contains(${declared(site)}, @)]))`]: select(site, "node").length,
    }),
  "cluster/nodes-known": (site) => none(nodes, { [`(contains(${declared(site)}, metadata.name))`]: false }),
  "cluster/node-ready": (_, host) => node(host, { status: isTrue("Ready") }),
  "cluster/node-schedulable": (_, host) => node(host, { spec: { "(unschedulable || `false`)": false } }),
  "cluster/node-version": (site, host) =>
    node(host, { status: { nodeInfo: { kubeletVersion: `v${site.kubernetes!.version}` } } }),
  "cluster/control-plane-version": (site) =>
    all(
      pods,
      namespace,
      "items[?metadata.labels.tier == 'control-plane'].spec.containers[0].image | [?!contains(@, '/etcd:')]",
      { "(length(@))": 3, [`(length([?ends_with(@, ':v${site.kubernetes!.version}')]))`]: 3 },
    ),
  "cluster/requests-decided": () =>
    none({ apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest" }, {
      "(length((status.conditions || `[]`)[?type == 'Approved' || type == 'Denied']))": 0,
    }),
  "cluster/system-pods-running": () =>
    all(pods, namespace, "items", {
      "(length(@) > `0`)": true,
      "([?!(status.conditions[?type == 'Ready' && status == 'True'])].metadata.name)": [],
    }),
  "cluster/coredns-available": () =>
    one(deployments, { metadata: { namespace, labels: { "k8s-app": "kube-dns" } }, status: { availableReplicas: 2 } }),
  "cluster/nothing-left-over": () =>
    none({ apiVersion: "v1", kind: "Namespace" }, {
      "(contains(keys(metadata.labels || `{}`), 'plumb.exercise'))": true,
    }),
  "network/plugin-running": (_, host) => podOn(host, "kube-router"),
  "network/proxy-running": (_, host) => podOn(host, "kube-proxy"),
  "storage/provisioner-available": () =>
    one(deployments, {
      metadata: { namespace: "local-path-storage", labels: { app: "local-path-provisioner" } },
      status: isTrue("Available"),
    }),
  "storage/class-default": (site) =>
    all(
      classes,
      null,
      `items[?metadata.annotations."storageclass.kubernetes.io/is-default-class" == 'true'].metadata.name`,
      [site.kubernetes!.storage.class],
    ),
  "storage/class-provisioner": (site) =>
    one(classes, { metadata: { name: site.kubernetes!.storage.class }, provisioner: "rancher.io/local-path" }),
  "storage/volumes-local": (site) =>
    one(classes, { metadata: { name: site.kubernetes!.storage.class, annotations: { defaultVolumeType: "local" } } }),
  "storage/volumes-placed": (site) =>
    one(configurations, {
      metadata: { namespace: "local-path-storage", name: "local-path-config" },
      data: { '(parse_json("config.json").nodePathMap[].paths[])': [site.kubernetes!.storage.path] },
    }),
  "storage/claims-bound": () => all(claims, null, "items[?status.phase != 'Bound'].metadata.name", []),
};
