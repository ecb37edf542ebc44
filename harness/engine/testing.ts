import type { Result, RunEvent, Unstamped } from "../model/event.ts";
import type { Answer, Observer, Question } from "../model/observer.ts";
import type { Host, Site } from "../model/site.ts";
import type { Step } from "../model/step.ts";
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
  constructor(private readonly world: World) {}

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

  act(host: Host, command: string): Promise<{ code: number; output: string }> {
    this.acts.push(`${host.name}: ${command}`);
    return Promise.resolve({ code: 0, output: "" });
  }
}

/** Surroundings without a world, and the events that they were given. */
export function surroundings(
  observer: Observer,
  given: Partial<Pick<Surroundings, "verb" | "exercise" | "signal" | "waive">> = {},
) {
  const events: RunEvent[] = [];
  const around: Surroundings = {
    site: testSite(),
    verb: "up",
    exercise: false,
    signal: new AbortController().signal,
    observer,
    emit: (event: Unstamped) => events.push({ at: "", ...event } as RunEvent),
    prepare: (_phase: string, _step: Step, onLine) =>
      Promise.resolve({ tools: { log: onLine } as never, log: "logs/1.log", close: () => Promise.resolve() }),
    waive: (result: Result) => result,
    render: (probe) => probe.kind,
    keep: (id) => Promise.resolve(`diagnostics/${id}`),
    ...given,
  };
  return { around, events };
}
