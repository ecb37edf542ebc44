import type { KubeObject } from "../../../model/kube.ts";
import type { Answer } from "../../../model/observer.ts";
import type { ProbeSpec } from "../../../model/probe.ts";
import type { KubeClient, ListQuery } from "./client.ts";
import { KubeError } from "./error.ts";
import { fieldFilter, labelFilter } from "./selector.ts";

/** A question for the objects of a resource. */
export type KubeProbe = Extract<ProbeSpec, { kind: "kube" }>;

const narrowings = ["namespace", "selector", "fields"] as const;

/** What the server can narrow one list down by, so that it still answers every question: what they have in common. */
export function commonQuery(probes: readonly KubeProbe[]): ListQuery {
  const shared = narrowings.filter((key) => probes.every((probe) => probe[key] === probes[0][key]));
  return Object.fromEntries(shared.map((key) => [key, probes[0][key]]));
}

/** Those of a list's objects that a question is about; what the server narrowed down already is not looked at again. */
export function chosen(objects: readonly KubeObject[], probe: KubeProbe, served: ListQuery): KubeObject[] {
  const filters = [
    ...(probe.namespace !== served.namespace ? [(o: KubeObject) => o.metadata.namespace === probe.namespace] : []),
    ...(probe.selector !== served.selector ? [labelFilter(probe.selector!)] : []),
    ...(probe.fields !== served.fields ? [fieldFilter(probe.resource, probe.fields!)] : []),
  ];
  return objects.filter((object) => filters.every((filter) => filter(object)));
}

/** Answers all questions about one resource with one list, in order. Rejects only when aborted. */
export async function askList(
  client: KubeClient,
  probes: readonly KubeProbe[],
  signal: AbortSignal,
): Promise<Answer[]> {
  const query = commonQuery(probes);
  const timeoutMs = Math.max(...probes.map((probe) => probe.timeoutMs));
  const [first] = probes;
  const list = await answering(signal, () => client.list(first.resource, query, timeoutMs, signal));
  if (!list.ok) return probes.map(() => list);
  return await Promise.all(
    probes.map((probe) => answering(signal, () => chosen(list.raw as KubeObject[], probe, query))),
  );
}

/** Answers what a path of the API server has to say. Rejects only when aborted. */
export function askPath(
  client: KubeClient,
  { path, timeoutMs }: Extract<ProbeSpec, { kind: "kube-get" }>,
  signal: AbortSignal,
): Promise<Answer> {
  return answering(signal, () => client.get(path, timeoutMs, signal));
}

async function answering(signal: AbortSignal, look: () => unknown): Promise<Answer> {
  try {
    return { ok: true, raw: await look() };
  } catch (error) {
    signal.throwIfAborted();
    const fatal = error instanceof KubeError ? error.fatal : error instanceof TypeError;
    return { ok: false, reason: (error as Error).message, fatal, hostDown: false };
  }
}
