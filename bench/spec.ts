/** The phase that Plumb looks at in the benchmark. It is copied into the `specs/` of a project of its own. */

import { commands } from "../bench/commands.ts";
import { succeed } from "../harness/model/matcher.ts";
import { type Assertion, phase } from "../harness/model/phase.ts";
import { sh } from "../harness/model/probe.ts";

const check = (command: string): Assertion => ({
  title: `'${command}' exits with 0`,
  severity: "critical",
  why: "A contender that may let a check fail would be measured against others that may not.",
  on: "host",
  verify: sh(command).should(succeed()),
  remedy: "Bring the lab to green first.",
});

export default phase({
  title: "The checks of the benchmark pass",
  asserts: Object.fromEntries(commands.map((command, i) => [`check-${i + 1}`, check(command)])),
});
