import { loadSite } from "../adapters/site/load.ts";
import { expand } from "../engine/item.ts";
import { forSite } from "../model/command.ts";
import { commandFor } from "../model/phase.ts";
import { renderProbe } from "../model/render.ts";
import { stepsFor } from "../model/step.ts";
import { discover } from "./discover.ts";
import { sitePath } from "./network.ts";

/** `explain PHASE/ID`: what a promise is, why it is made, how to look by hand and what to do if it is red. */
export default async function explain(flags: { site: string }, id: string): Promise<number> {
  const [site, catalogue] = await Promise.all([loadSite(sitePath(flags.site)), discover()]);
  const { named, key, assertion } = catalogue.find(id);
  const items = expand(named.name, { ...named.phase, asserts: { [key]: assertion } }, site);
  const makers = stepsFor(named.deployment, site).filter((step) => step.makes.includes(key));
  const rows: [string, string][] = [
    ["why", assertion.why],
    ["severity", assertion.severity],
    ["needs", (assertion.needs ?? []).map((need) => `${named.name}/${need}`).join(", ")],
    ["exercise", assertion.exercise ? commandFor(assertion.exercise.act, site, items[0]?.hosts[0]) : ""],
    ["remedy", forSite(assertion.remedy, site)],
    ["made by", makers.map((step) => step.does).join("; ")],
    ["runbook", `runbooks/${named.name}.md#${key}`],
  ];
  console.log(`${id}: ${assertion.title}\n`);
  for (const [label, text] of rows) if (text) console.log(`  ${label.padEnd(9)} ${text}`);
  for (const item of items) {
    console.log(`\n  ${item.host === "-" ? "looks" : `looks at ${item.host}`}`);
    if (item.fault) console.log(`    cannot: ${item.fault}`);
    for (const expectation of item.expectations) {
      console.log(`    $ ${renderProbe(site, expectation.probe, item.hosts[0] ?? null)}`);
      console.log(`    expects ${expectation.expected}`);
    }
  }
  return 0;
}
