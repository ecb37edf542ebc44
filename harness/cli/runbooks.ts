import { projectRoot } from "../adapters/project.ts";
import { architecturePage } from "../adapters/registry/architecture.ts";
import { loadSite } from "../adapters/site/load.ts";
import type { Catalogue } from "../engine/catalogue.ts";
import type { Site } from "../model/site.ts";
import { exitCodes } from "../model/outcome.ts";
import { exitCodeTable, fillSection } from "../report/exit_codes.ts";
import { renderRunbook } from "../report/runbook.ts";
import { describeRunbook } from "./runbook_sections.ts";
import { discover } from "./discover.ts";
import { sitePath } from "./network.ts";

/**
 * `runbooks`: writes one page for each phase, the README's table of exit codes and the page on the architecture, or with
 * `check` only says which are not current.
 */
export default async function runbooks({ check }: { check?: boolean }): Promise<number> {
  const pages = renderRunbooks(await discover(), await loadSite(sitePath("lab")));
  const readme = await Deno.readTextFile(`${projectRoot}/README.md`);
  pages.set("README.md", fillSection(readme, "exit-codes", exitCodeTable()));
  pages.set(".docs/architecture.md", await architecturePage());
  const stale: string[] = [];
  for (const [path, text] of pages) {
    if (await readIfThere(`${projectRoot}/${path}`) === text) continue;
    stale.push(path);
    if (!check) await Deno.writeTextFile(`${projectRoot}/${path}`, text);
  }
  if (!check) {
    console.log(stale.length ? `Wrote ${stale.join(", ")}` : `${pages.size} pages were current`);
    return exitCodes.green.code;
  }
  if (stale.length === 0) {
    console.log(`${pages.size} pages are current`);
    return exitCodes.green.code;
  }
  console.error(
    `Cannot call the runbooks current: ${
      stale.join(", ")
    } differ from what they are made of; run 'deno task runbooks' and commit`,
  );
  return exitCodes.red.code;
}

/** The runbooks' texts by path. Written for the lab, whose commands can be run; keys that differ from lab to lab have a name instead. */
export function renderRunbooks(catalogue: Catalogue, lab: Site): Map<string, string> {
  const names = [...lab.hosts.map((host) => host.name), "plumb"];
  const site: Site = {
    ...lab,
    publicKeys: Object.fromEntries(names.map((name) => [name, `<public key of ${name}>`])),
    // The pages are read, and their commands run, from the project's folder.
    ...(lab.kubernetes && { kubernetes: { ...lab.kubernetes, kubeconfig: `.state/${lab.name}/kubeconfig` } }),
    inventory: { ...lab.inventory, sha256: "<hash of the inventory that the site file stands for>" },
  };
  return new Map(
    catalogue.phases.map((
      named,
    ) => [`runbooks/${named.name}.md`, renderRunbook(describeRunbook(named, catalogue, site))]),
  );
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
