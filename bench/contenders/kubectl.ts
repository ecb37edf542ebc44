import { toolchainFolder } from "../../harness/adapters/steps/toolchain.ts";
import { type Arena, type Contender, inside } from "../contender.ts";
import type { Fact } from "../kube_facts.ts";
import { launch } from "../process.ts";
import { type Question, questions } from "./kubectl_questions.ts";

/** A question and what it is about. */
interface Asked extends Question {
  readonly about: string;
}

/** kubectl's commands for facts, one for each fact and host. Throws for a fact that no command is known for. */
export function commandsFor({ site }: Pick<Arena, "site">, facts: readonly Fact[]): Asked[] {
  return facts.flatMap(({ id, hosts }) => {
    const question = questions[id];
    if (!question) throw new TypeError(`Cannot compare ${id}: no kubectl command is known for it; add one`);
    // Without a host the question does not use it, as with assertions.
    const targets = hosts.length > 0 ? hosts : [undefined as never];
    return targets.map((host) => ({ ...question(site, host), about: hosts.length > 0 ? `${id} on ${host.name}` : id }));
  });
}

/**
 * kubectl, one process for each fact and host, one after the other as in a script, or `together` all at once. What it has
 * learned of the API stays in its cache between rounds, as it does for its users.
 */
export function kubectl(arena: Arena, facts: readonly Fact[], together: boolean): Contender {
  const asked = commandsFor(arena, facts);
  const program = [`${toolchainFolder()}/bin/kubectl`, "--kubeconfig", arena.site.kubernetes!.kubeconfig];
  const ask = async ({ about, args, holds }: Asked) => {
    const { stdout } = await launch({ command: inside(arena, ...program, ...args) });
    if (!holds(stdout)) {
      throw new Error(`Cannot count this round: ${about} does not hold, kubectl says: ${stdout.trim()}`);
    }
  };
  return {
    name: together ? "kubectl, all at once" : "kubectl",
    async round() {
      const started = performance.now();
      if (together) await Promise.all(asked.map(ask));
      else for (const question of asked) await ask(question);
      return performance.now() - started;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
