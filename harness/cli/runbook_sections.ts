import type { Catalogue, NamedPhase } from "../engine/catalogue.ts";
import { expand } from "../engine/item.ts";
import { resetOf } from "../engine/reset.ts";
import { type Assertion, commandFor } from "../model/phase.ts";
import { renderProbe } from "../model/render.ts";
import type { Site } from "../model/site.ts";
import type { Runbook, RunbookSection } from "../report/runbook.ts";

/** A phase's runbook, with commands for the first host that each assertion is looked at on. */
export function describeRunbook(named: NamedPhase, catalogue: Catalogue, site: Site): Runbook {
  const { name, phase, deployment, teardown } = named;
  return {
    name,
    title: phase.title,
    after: phase.after.map((before) => catalogue.nameOf(before)),
    steps: deployment?.steps.map(({ does, makes, removes = false }) => ({ does, makes, removes })) ?? [],
    sections: sectionsOf(named, site),
    reset: teardown && { does: teardown.does, sections: sectionsOf(resetOf(named), site) },
  };
}

function sectionsOf({ name, phase, deployment }: NamedPhase, site: Site): RunbookSection[] {
  const items = expand(name, phase, site);
  return Object.entries<Assertion>(phase.asserts).map(([key, assertion]): RunbookSection => {
    const item = items.find((one) => one.key === key)!;
    const host = item.hosts[0] ?? null;
    const commands = item.expectations.map(({ probe }) => renderProbe(site, probe, host));
    return {
      key,
      assertion,
      host: host?.name ?? null,
      commands: [...new Set(commands)],
      expected: [...new Set(item.expectations.map((expectation) => expectation.expected))],
      steps: deployment?.steps.filter((step) => step.makes.includes(key)).map((step) => step.does) ?? [],
      exercise: assertion.exercise ? commandFor(assertion.exercise.act, site, item.hosts[0]) : null,
      undo: assertion.exercise?.undo ? commandFor(assertion.exercise.undo, site, item.hosts[0]) : null,
    };
  });
}
