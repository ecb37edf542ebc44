import type { Chart, KubeObject, Platform, ServiceEntry } from "../../harness/model/chart.ts";

/** A container as far as rules look at it. */
export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: Readonly<Record<string, { readonly name?: string; readonly optional?: boolean }>>;
  }[];
  readonly envFrom?: readonly Readonly<Record<string, unknown>>[];
  readonly ports?: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly hostPort?: number;
    readonly protocol?: string;
  }[];
  readonly resources?: { readonly requests?: Record<string, unknown>; readonly limits?: Record<string, unknown> };
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly privileged?: boolean;
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
    readonly seccompProfile?: { readonly type?: string };
  };
  readonly restartPolicy?: string;
  readonly livenessProbe?: ContainerProbe;
  readonly readinessProbe?: ContainerProbe;
  readonly startupProbe?: ContainerProbe;
}

/** A probe of the kubelet. */
export interface ContainerProbe {
  readonly httpGet?: { readonly path?: string; readonly port: string | number };
  readonly tcpSocket?: { readonly port: string | number };
  readonly exec?: unknown;
  readonly grpc?: unknown;
}

/** A pod's specification as far as rules look at it. */
export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly seccompProfile?: { readonly type?: string };
  };
  readonly volumes?: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
}

/** A pod, or the template that a controller makes pods from. */
export interface Pod {
  /** The pod or its controller. */
  readonly object: KubeObject;
  /** Where the pod's own metadata and spec lie in it: empty, or `spec.template`. */
  readonly at: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  readonly component: string;
  /** It runs until it is stopped. */
  readonly lasting: boolean;
  /** It is a Helm test. */
  readonly test: boolean;
}

/** A selector of labels. */
export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

const templates: Readonly<Record<string, string>> = {
  Pod: "",
  Deployment: "spec.template",
  StatefulSet: "spec.template",
  DaemonSet: "spec.template",
  ReplicaSet: "spec.template",
  Job: "spec.template",
  CronJob: "spec.jobTemplate.spec.template",
};
const lasting = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]);

/** The value at a dotted path; undefined if the path leads nowhere. */
export function at(value: unknown, path: string): unknown {
  if (path === "") return value;
  return path.split(".").reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

/** `path.rest`, or `rest` where there is no path. */
export function under(path: string, rest: string): string {
  return path === "" ? rest : `${path}.${rest}`;
}

/** `Deployment content/ghost`. */
export function nameOf({ kind, metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Objects of a kind; `group` tells apart kinds of one name. */
export function ofKind(objects: readonly KubeObject[], kind: string, group?: string): KubeObject[] {
  return objects.filter((object) => object.kind === kind && (group === undefined || groupOf(object) === group));
}

/** The object's API group; empty for the core group. */
export function groupOf({ apiVersion }: KubeObject): string {
  return apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
}

/** The chart as it is installed. */
export function installed(chart: Chart): readonly KubeObject[] {
  return chart.variants[0]?.objects ?? [];
}

const podsOf = new WeakMap<readonly KubeObject[], Pod[]>();

/** All pods of some objects, tests and jobs too. */
export function pods(objects: readonly KubeObject[]): Pod[] {
  const known = podsOf.get(objects);
  if (known) return known;
  const found = objects.flatMap((object) => {
    const path = templates[object.kind];
    if (path === undefined) return [];
    const template = at(object, path) as Partial<Pick<KubeObject, "metadata">> & { spec?: PodSpec } | undefined;
    if (template?.spec?.containers === undefined) return [];
    return [makePod(object, path, template.metadata, template.spec)];
  });
  podsOf.set(objects, found);
  return found;
}

function makePod(object: KubeObject, path: string, metadata: KubeObject["metadata"] | undefined, spec: PodSpec): Pod {
  const labels = metadata?.labels ?? {};
  return {
    object,
    at: path,
    namespace: object.metadata.namespace ?? "",
    labels,
    annotations: metadata?.annotations ?? {},
    spec,
    component: labels[componentLabel] ?? object.metadata.labels?.[componentLabel] ?? object.metadata.name,
    lasting: lasting.has(object.kind),
    test: (object.metadata.annotations?.["helm.sh/hook"] ?? "").split(",").some((hook) => hook.trim() === "test"),
  };
}

/** The label that names an object's component. */
export const componentLabel = "app.kubernetes.io/component";

/** A pod's containers with where each lies in its object: `spec.template.spec.containers[0]`. */
export function containers(pod: Pod): { container: Container; path: string; init: boolean }[] {
  const listed = (list: readonly Container[] | undefined, key: string, init: boolean) =>
    (list ?? []).map((container, index) => ({ container, path: under(pod.at, `spec.${key}[${index}]`), init }));
  return [
    ...listed(pod.spec.initContainers, "initContainers", true),
    ...listed(pod.spec.containers, "containers", false),
  ];
}

/** True if the labels satisfy the selector; an empty selector takes all, none takes nothing. */
export function selects(selector: Selector | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (selector === undefined) return false;
  const named = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return named && (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    switch (operator) {
      case "In":
        return key in labels && values.includes(labels[key]);
      case "NotIn":
        return !values.includes(labels[key]);
      case "Exists":
        return key in labels;
      case "DoesNotExist":
        return !(key in labels);
      default:
        return false;
    }
  });
}

/** A selector in words: `app.kubernetes.io/name=ghost`; `everything` if it is empty. */
export function selectorWords(selector: Selector | undefined): string {
  const named = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressed = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) =>
    `${key} ${operator}${values.length ? ` ${values.join("|")}` : ""}`
  );
  return [...named, ...expressed].join(",") || "everything";
}

/** A service's entry. @throws {TypeError} if there is none: the loader has seen to the registry's own names. */
export function entryOf(platform: Platform, name: string): ServiceEntry {
  const entry = platform.services.find((service) => service.name === name);
  if (!entry) throw new TypeError(`Cannot find service ${name}: the registry has no such entry; add it`);
  return entry;
}

const reach = new WeakMap<Platform, Map<string, ReadonlySet<string>>>();

/** The service itself and everything that is there before it. */
export function beneath(platform: Platform, name: string): ReadonlySet<string> {
  const known = reach.get(platform) ?? new Map<string, ReadonlySet<string>>();
  reach.set(platform, known);
  const cached = known.get(name);
  if (cached) return cached;
  const all = new Set<string>();
  const visit = (one: string) => {
    if (all.has(one)) return;
    all.add(one);
    platform.services.find((service) => service.name === one)?.needs.forEach(visit);
  };
  visit(name);
  known.set(name, all);
  return all;
}

/** A value in words, short. */
export function say(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text === "" ? "an empty text" : text;
}
