import type { Deployment, Teardown } from "../model/step.ts";
import type { Assertion, Phase } from "../model/phase.ts";
import { nearest } from "../model/nearest.ts";

/** A phase under the name of its file, with its steps if it has any. */
export interface NamedPhase {
  readonly name: string;
  readonly phase: Phase;
  readonly deployment: Deployment | null;
  /** How it is taken down, if there is a way. */
  readonly teardown: Teardown | null;
}

/** The specs contradict themselves, or a phase was asked for that does not exist. Nothing was touched. */
export class SpecError extends Error {
  override readonly name = "SpecError";
}

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** All phases of this project in an order in which each comes after what it stands on. */
export class Catalogue {
  readonly phases: readonly NamedPhase[];

  /** @throws {SpecError} listing every contradiction at once. */
  constructor(phases: readonly NamedPhase[]) {
    const problems = phases.flatMap(problemsOf);
    if (problems.length) throw new SpecError(problems.join("\n"));
    this.phases = sorted(phases);
  }

  /** The name of a phase object. */
  nameOf(phase: Phase): string {
    const named = this.phases.find((p) => p.phase === phase);
    if (!named) throw new SpecError(`Cannot name phase '${phase.title}': it is not a file of specs/; move it there`);
    return named.name;
  }

  /** The named phases, in order; all of them if no name is given. */
  choose(names: readonly string[]): readonly NamedPhase[] {
    for (const name of names) {
      if (!this.phases.some((p) => p.name === name)) throw new SpecError(this.#unknown("phase", name, this.#names()));
    }
    return names.length ? this.phases.filter((p) => names.includes(p.name)) : this.phases;
  }

  /** The assertion `PHASE/ID`; what proves that a phase is gone is found too. */
  find(id: string): { named: NamedPhase; key: string; assertion: Assertion } {
    const [name, key = ""] = id.split("/");
    const named = this.phases.find((p) => p.name === name);
    if (!named) throw new SpecError(this.#unknown("phase", name, this.#names()));
    const known: Record<string, Assertion> = { ...named.phase.asserts, ...named.teardown?.proves };
    const assertion = known[key];
    if (!assertion) {
      throw new SpecError(this.#unknown("assertion", id, Object.keys(known).map((k) => `${name}/${k}`)));
    }
    return { named, key, assertion };
  }

  /** The phases that stand on one, directly or not, in order. */
  standingOn(phase: Phase): readonly NamedPhase[] {
    const stands = (other: Phase): boolean => other.after.some((before) => before === phase || stands(before));
    return this.phases.filter((named) => stands(named.phase));
  }

  /** Every `phase/assertion`. */
  ids(): string[] {
    return this.phases.flatMap(({ name, phase }) => Object.keys(phase.asserts).map((key) => `${name}/${key}`));
  }

  #names(): string[] {
    return this.phases.map((p) => p.name);
  }

  #unknown(kind: string, name: string, known: readonly string[]): string {
    const close = nearest(name, known);
    const hint = close ? `did you mean '${close}'?` : `known are ${known.join(", ")}`;
    return `Cannot find ${kind} '${name}': there is none of that name; ${hint}`;
  }
}

function problemsOf({ name, phase, deployment, teardown }: NamedPhase): string[] {
  const problems = assertionProblems(`specs/${name}.ts`, phase.asserts);
  if (deployment && deployment.phase !== phase) {
    problems.push(`Cannot use deploy/${name}.ts: it deploys '${deployment.phase.title}', not specs/${name}.ts`);
  }
  if (teardown) problems.push(...teardownProblems(name, phase, teardown));
  return problems;
}

function assertionProblems(file: string, asserts: Readonly<Record<string, Assertion>>): string[] {
  const problems: string[] = [];
  const blame = (key: string, why: string) => problems.push(`Cannot use ${file}: '${key}' ${why}`);
  const seen: string[] = [];
  for (const [key, assertion] of Object.entries<Assertion>(asserts)) {
    if (!kebab.test(key)) blame(key, "is not in kebab-case; history and waivers hang on ids, so rename it now");
    if (assertion.why.trim() === "" || assertion.why === assertion.title) {
      blame(key, "has no 'why' of its own; say what follows when it is false");
    }
    for (const need of assertion.needs ?? []) {
      if (!seen.includes(need)) blame(key, `needs '${need}', which is not declared before it; move that one up`);
    }
    if ((assertion.mode === "exercise") !== (assertion.exercise !== undefined)) {
      blame(key, "has only one of mode 'exercise' and exercise; an exercise has both");
    }
    seen.push(key);
  }
  if (seen.length === 0) problems.push(`Cannot use ${file}: it asserts nothing; add an assertion or remove it`);
  return problems;
}

function teardownProblems(name: string, phase: Phase, teardown: Teardown): string[] {
  const problems = assertionProblems(`the reset of deploy/${name}.ts`, teardown.proves);
  if (teardown.phase !== phase) {
    problems.push(`Cannot use deploy/${name}.ts: its reset is of '${teardown.phase.title}', not of specs/${name}.ts`);
  }
  for (const key of Object.keys(teardown.proves).filter((one) => one in phase.asserts)) {
    problems.push(`Cannot use the reset of deploy/${name}.ts: specs/${name}.ts has a '${key}' too; rename one`);
  }
  return problems;
}

function sorted(phases: readonly NamedPhase[]): NamedPhase[] {
  const done: NamedPhase[] = [];
  const visiting = new Set<NamedPhase>();
  const visit = (named: NamedPhase, path: string[]) => {
    if (done.includes(named)) return;
    if (visiting.has(named)) {
      throw new SpecError(
        `Cannot order the phases: ${[...path, named.name].join(" -> ")} is a circle; drop one 'after'`,
      );
    }
    visiting.add(named);
    for (const before of named.phase.after) {
      const other = phases.find((p) => p.phase === before);
      if (!other) {
        throw new SpecError(
          `Cannot order the phases: ${named.name} comes after '${before.title}', which is not a file of specs/`,
        );
      }
      visit(other, [...path, named.name]);
    }
    visiting.delete(named);
    done.push(named);
  };
  for (const named of [...phases].sort((a, b) => a.name.localeCompare(b.name))) visit(named, []);
  return done;
}
