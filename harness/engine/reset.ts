import type { Step } from "../model/step.ts";
import { type NamedPhase, SpecError } from "./catalogue.ts";

/**
 * The taking down of a phase, as a phase of the same name: what proves that nothing is left is looked at first, so that
 * nothing is done where nothing is left; then it is taken down, and looked at again.
 * @throws {SpecError} if there is no way to take it down
 */
export function resetOf({ name, phase, teardown }: NamedPhase): NamedPhase {
  if (!teardown) {
    throw new SpecError(`Cannot reset phase '${name}': deploy/${name}.ts says not how; export a teardown() as 'reset'`);
  }
  const gone = {
    title: `Nothing is left of phase ${name}`,
    after: [],
    skippedOn: phase.skippedOn,
    asserts: teardown.proves,
  };
  const step: Step = {
    does: teardown.does,
    makes: Object.keys(teardown.proves),
    run: (tools) => teardown.run(tools),
  };
  return { name, phase: gone, deployment: { phase: gone, steps: [step] }, teardown: null };
}
