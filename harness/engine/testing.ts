import type { Result, RunEvent, Unstamped } from "../model/event.ts";
import type { Acted, Answer, Observer, Question } from "../model/observer.ts";
import type { Host, Site } from "../model/site.ts";
import { equal } from "../model/matcher.ts";
import { type Assertion, phase } from "../model/phase.ts";
import { sh } from "../model/probe.ts";
import { deploy, type Step } from "../model/step.ts";
import type { NamedPhase } from "./catalogue.ts";
import type { Surroundings } from "./context.ts";

/** A site of a gateway and two nodes, for tests. */
export function testSite(): Site {
  const host = (name: string, roles: Host["roles"], address: string): Host => ({ name, roles, address, user: "root" });
  return {
    name: "test",
    path: "sites/test.yaml",
    hosts: [
      host("vps", ["gateway"], "203.0.113.10"),
      host("one", ["kube_node"], "198.18.0.11"),
      host("two", ["kube_node"], "198.18.0.12"),
    ],
    publicKeys: {},
    services: ["blog", "mail"],
  } as unknown as Site;
}

/** Answers a question from what the test says the world is like; undefined stands for a host that is down. */
export type World = (question: Question, ask: number) => string | undefined | { error: string; fatal?: boolean };

/** An observer of an invented world; counts how often it was asked. */
export class FakeObserver implements Observer {
  asks = 0;
  readonly acts: string[] = [];
  readonly limits: number[] = [];
  constructor(
    private readonly world: World,
    private readonly acting: (command: string) => Partial<Acted> = () => ({}),
  ) {}

  ask(questions: readonly Question[], signal: AbortSignal): Promise<Answer[]> {
    signal.throwIfAborted();
    const ask = ++this.asks;
    return Promise.resolve(questions.map((question): Answer => {
      const said = this.world(question, ask);
      if (said === undefined) return { ok: false, reason: "no route", fatal: false, hostDown: true };
      if (typeof said === "object") {
        return { ok: false, reason: said.error, fatal: said.fatal ?? false, hostDown: false };
      }
      return { ok: true, raw: { code: 0, stdout: said, stderr: "", at: 0 } };
    }));
  }

  act(host: Host | null, command: string, limitMs: number): Promise<Acted> {
    this.acts.push(`${host?.name ?? "runner"}: ${command}`);
    this.limits.push(limitMs);
    return Promise.resolve({ code: 0, output: "", ...this.acting(command) });
  }
}

/** Surroundings without a world, and the events and diagnostics that they were given. */
export function surroundings(
  observer: Observer,
  given: Partial<Pick<Surroundings, "verb" | "exercise" | "allowRemoval" | "signal" | "waive">> = {},
) {
  const events: RunEvent[] = [];
  const kept: string[] = [];
  const around: Surroundings = {
    site: testSite(),
    verb: "up",
    exercise: false,
    allowRemoval: false,
    signal: new AbortController().signal,
    observer,
    steadyMs: 0,
    emit: (event: Unstamped) => events.push({ at: "", ...event } as RunEvent),
    prepare: (_phase: string, _step: Step, onLine) =>
      Promise.resolve({ tools: { log: onLine } as never, log: "logs/1.log", close: () => Promise.resolve() }),
    waive: (result: Result) => result,
    render: (probe) => probe.kind,
    keep: (id, host, text) => {
      kept.push(text);
      return Promise.resolve(`diagnostics/${kept.length}-${id}-${host}`);
    },
    ...given,
  };
  return { around, events, kept };
}

/** A promise that a command prints `yes`. */
export const promise = (command: string, more: Partial<Assertion> = {}): Assertion => ({
  title: `${command} says yes`,
  severity: "critical",
  why: "The test depends on it.",
  verify: sh(command).should(equal("yes")),
  remedy: "Say yes.",
  within: "2s",
  ...more,
});

/** The command that a question asks. */
export const command = (question: Pick<Question, "probe">): string =>
  (question.probe as unknown as { command: string }).command;

/** No results from elsewhere. */
export const none = (): [] => [];

/** `id@host outcome` of each result. */
export const brief = (results: readonly Result[]): string[] => results.map((r) => `${r.id}@${r.host} ${r.outcome}`);

/** A phase with its steps. */
export function named(
  name: string,
  asserts: Record<string, Assertion>,
  steps: Step[] = [],
  after: NamedPhase[] = [],
): NamedPhase {
  const own = phase({ title: name, after: after.map((p) => p.phase), asserts });
  return { name, phase: own, deployment: steps.length ? deploy(own, ...steps) : null, teardown: null };
}
