import type { Chart, KubeObject, Platform } from "../../harness/model/chart.ts";
import { type Graph, graphOf } from "./graph.ts";
import { at, containers, installed, type Pod, pods, under } from "./views.ts";

/** The name of another service in a pod's settings. */
export interface Reference {
  readonly pod: Pod;
  /** The object that holds the text: the pod's, or a ConfigMap that the pod uses. */
  readonly object: KubeObject;
  readonly path: string;
  /** The text as it stands there: `postgres.db.svc:5432`. */
  readonly text: string;
  readonly service: string;
  readonly namespace: string;
  /** Null if the text names none. */
  readonly port: number | null;
}

/** A text of a pod's settings, with where it stands. */
export interface Setting {
  readonly pod: Pod;
  readonly object: KubeObject;
  readonly path: string;
  /** The variable's name, where it is one. */
  readonly variable: string | null;
  readonly text: string;
}

const settings = new WeakMap<Chart, Setting[]>();

/** Every text that a chart's pods are given: environment, command, arguments, files, agent templates. */
export function settingsOf(chart: Chart): Setting[] {
  const known = settings.get(chart);
  if (known) return known;
  const maps = new Map(
    installed(chart).filter(({ kind }) => kind === "ConfigMap").map((object) => [object.metadata.name, object]),
  );
  const found = pods(installed(chart)).flatMap((pod) => [
    ...inContainers(pod),
    ...inFiles(pod, maps),
    ...Object.entries(pod.annotations).filter(([key]) => key.startsWith("vault.hashicorp.com/agent-inject-template"))
      .map(([key, text]) => ({
        pod,
        object: pod.object,
        path: under(pod.at, `metadata.annotations.${key}`),
        variable: null,
        text,
      })),
  ]);
  settings.set(chart, found);
  return found;
}

function inContainers(pod: Pod): Setting[] {
  return containers(pod).flatMap(({ container, path }) => {
    const words = (key: "command" | "args") =>
      ((container as unknown as Record<string, string[] | undefined>)[key] ?? []).map((text, index) => ({
        pod,
        object: pod.object,
        path: `${path}.${key}[${index}]`,
        variable: null,
        text: String(text),
      }));
    const env = (container.env ?? []).filter(({ value }) => value !== undefined).map(({ name, value }) => ({
      pod,
      object: pod.object,
      path: `${path}.env.${name}`,
      variable: name,
      text: String(value),
    }));
    return [...env, ...words("command"), ...words("args")];
  });
}

/** Names of the ConfigMaps that a pod uses. */
export function configMapsOf({ spec, ...pod }: Pod): string[] {
  const mounted = (spec.volumes ?? []).flatMap((volume) => [
    at(volume, "configMap.name"),
    ...((at(volume, "projected.sources") ?? []) as unknown[]).map((source) => at(source, "configMap.name")),
  ]);
  const read = containers({ spec, ...pod }).flatMap(({ container }) => [
    ...(container.envFrom ?? []).map((from) => at(from, "configMapRef.name")),
    ...(container.env ?? []).map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
  ]);
  return [...new Set([...mounted, ...read])].filter((name) => name !== undefined) as string[];
}

function inFiles(pod: Pod, maps: ReadonlyMap<string, KubeObject>): Setting[] {
  return configMapsOf(pod).flatMap((name) => {
    const object = maps.get(name);
    return Object.entries((object?.data ?? {}) as Record<string, string>).map(([key, text]) => ({
      pod,
      object: object!,
      path: `data.${key}`,
      variable: null,
      text,
    }));
  });
}

/** `[pod.]service.namespace.svc[.cluster.domain][:port]`, wherever in a text. */
const full =
  /(?<![\w.-])(?:[a-z0-9-]+\.)?([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?![a-z0-9-])(?:\.[a-z0-9.-]*[a-z0-9])?(?::(\d+))?/g;
/** `[scheme://][user@]service.namespace[:port][/...]` as the whole text. */
const short = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/\s]*@)?([a-z0-9-]+)\.([a-z0-9-]+)(?::(\d+))?(?:\/\S*)?$/;

/** The services that a chart's pods name. */
export function referencesOf(chart: Chart, platform: Platform): Reference[] {
  const { namespaces } = graphOf(platform);
  return settingsOf(chart).flatMap((setting) => {
    const { text, pod, object, path } = setting;
    const make = ([found, service, namespace, port]: RegExpMatchArray | RegExpExecArray): Reference => ({
      pod,
      object,
      path,
      text: found,
      service,
      namespace,
      port: port === undefined ? null : Number(port),
    });
    const whole = short.exec(text);
    if (whole && namespaces.has(whole[2])) return [make(whole)];
    return [...text.matchAll(full)].map(make);
  });
}

/** What a reference stands for: a Service that a chart renders, or one that an upstream release or the cluster brings. */
export type Meaning =
  | { readonly kind: "rendered"; readonly object: KubeObject; readonly owner: string }
  | { readonly kind: "unseen"; readonly owner: string | null }
  | { readonly kind: "unknown" };

/** Services that a cluster has by itself, and those that the Prometheus operator makes. */
const given = new Set(["default/kubernetes", "kube-system/kube-dns", "kube-system/coredns"]);
const operated: Readonly<Record<string, string>> = {
  "prometheus-operated": "Prometheus",
  "alertmanager-operated": "Alertmanager",
};

/** Finds what a reference stands for. An upstream release's Services begin with its name. */
export function meaningOf(
  { service, namespace }: Pick<Reference, "service" | "namespace">,
  graph: Graph,
  platform: Platform,
): Meaning {
  const found = graph.services.get(`${namespace}/${service}`);
  if (found) return { kind: "rendered", ...found };
  if (given.has(`${namespace}/${service}`)) return { kind: "unseen", owner: null };
  const upstream = platform.services.find((entry) =>
    entry.upstream !== null && entry.namespace === namespace &&
    (service === entry.name || service.startsWith(`${entry.name}-`))
  );
  if (upstream) return { kind: "unseen", owner: upstream.name };
  const made = platform.charts.find((chart) =>
    installed(chart).some(({ kind, metadata }) => kind === operated[service] && metadata.namespace === namespace)
  );
  return made ? { kind: "unseen", owner: made.name } : { kind: "unknown" };
}
