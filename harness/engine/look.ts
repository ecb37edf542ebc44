import type { Answer, Observer, Question } from "../model/observer.ts";
import type { Expectation, ProbeSpec } from "../model/probe.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Root } from "../model/event.ts";
import type { Host } from "../model/site.ts";
import { isRed, type Item, rootOf } from "./item.ts";

/** Probes that are answered by the host itself; passing one proves that the host can be reached. */
const onHostKinds: ReadonlySet<ProbeSpec["kind"]> = new Set(["sh", "lines", "file"]);

interface Verdict {
  outcome: Outcome;
  found: string;
  fatal: boolean;
  downHost: string | null;
  note?: string;
}

/**
 * Looks once at `items` and writes what was seen into them. `all` has at least the items of their phases: what an item `needs` is
 * found there. `down` remembers across phases which assertion first could not reach a host.
 */
export async function look(
  items: readonly Item[],
  all: readonly Item[],
  observer: Observer,
  down: Map<string, Root>,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const questions = items.flatMap((item) => questionsOf(item).map((question) => ({ item, question })));
  const answers = await observer.ask(questions.map((q) => q.question), signal);
  const answered = new Map<Item, Answer[]>();
  questions.forEach(({ item }, index) => answered.set(item, [...(answered.get(item) ?? []), answers[index]]));
  for (const item of items) {
    record(item, judge(item, answered.get(item) ?? []), down, all);
    item.durationMs += performance.now() - started;
  }
}

function questionsOf(item: Item): Question[] {
  const hosts: (Host | null)[] = item.hosts.length ? [...item.hosts] : [null];
  return item.expectations.flatMap(({ probe }) => hosts.map((host) => ({ host, probe })));
}

function judge(item: Item, answers: readonly Answer[]): Verdict {
  if (item.fault !== null) return { outcome: "error", found: item.fault, fatal: true, downHost: null };
  const width = Math.max(1, item.hosts.length);
  const verdicts = item.expectations.map((expectation, i) =>
    judgeOne(expectation, item, answers.slice(i * width, (i + 1) * width))
  );
  const worst = (["error", "fail", "waived"] as const).map((one) => verdicts.find((v) => v.outcome === one)).find(
    Boolean,
  );
  return worst ?? { ...verdicts[0], found: verdicts.map((v) => v.found).join("; ") };
}

function judgeOne(expectation: Expectation, item: Item, answers: readonly Answer[]): Verdict {
  for (const [index, answer] of answers.entries()) {
    if (answer.ok) continue;
    const host = item.hosts[index]?.name ?? null;
    const where = item.hosts.length > 1 ? `${host}: ` : "";
    return {
      outcome: "error",
      found: `${where}${answer.reason}`,
      fatal: answer.fatal,
      downHost: answer.hostDown ? host : null,
    };
  }
  const raw = answers.map((answer) => (answer as { raw: unknown }).raw);
  const judgement = expectation.across
    ? expectation.judgeAll(new Map(item.hosts.map((host, i) => [host.name, raw[i]])))
    : expectation.judge(raw[0]);
  const { holds, found, excuse, inapplicable } = judgement;
  const green = inapplicable === undefined ? "pass" : "skipped";
  const red = excuse === undefined ? "fail" : "waived";
  return { outcome: holds ? green : red, found, fatal: false, downHost: null, note: excuse ?? inapplicable };
}

function record(item: Item, verdict: Verdict, down: Map<string, Root>, all: readonly Item[]): void {
  item.attempts++;
  item.blockedBy = null;
  Object.assign(item, {
    outcome: verdict.outcome,
    found: verdict.found,
    fatal: verdict.fatal,
    note: verdict.note ?? "",
  });
  if (verdict.outcome === "pass") {
    if (item.expectations.some((e) => onHostKinds.has(e.probe.kind))) {
      item.hosts.forEach((host) => down.delete(host.name));
    }
  } else {
    item.blockedBy = blockerOf(item, all) ?? downRoot(item, verdict.downHost, down);
    if (item.blockedBy) {
      item.outcome = "blocked";
      item.found = `cannot hold while ${item.blockedBy.id} is red${onHost(item.blockedBy)}`;
    }
  }
  if (isRed(item)) item.seenRed = true;
  const last = item.looks.at(-1);
  if (last?.outcome !== item.outcome || last.found !== item.found) {
    item.looks.push({ attempt: item.attempts, outcome: item.outcome!, found: item.found });
  }
}

function onHost(root: Root): string {
  return root.host === "-" ? "" : ` on ${root.host}`;
}

/** The root of what `item` needs and does not have: on its own host if the need is looked at there, else anywhere. */
function blockerOf(item: Item, all: readonly Item[]): Root | null {
  for (const need of item.assertion.needs ?? []) {
    const candidates = all.filter((other) => other.phase === item.phase && other.key === need);
    const names = item.hosts.length ? item.hosts.map((host) => host.name) : [item.host];
    const near = candidates.filter((other) => names.includes(other.host));
    for (const other of near.length ? near : candidates) {
      if (other.outcome === "blocked") return other.blockedBy;
      if (isRed(other)) return rootOf(other);
    }
  }
  return null;
}

function downRoot(item: Item, host: string | null, down: Map<string, Root>): Root | null {
  if (host === null) return null;
  const root = down.get(host);
  if (root === undefined) {
    down.set(host, rootOf(item));
    return null;
  }
  return root.id === rootOf(item).id && root.host === item.host ? null : root;
}
