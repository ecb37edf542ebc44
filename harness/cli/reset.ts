import { loadSite } from "../adapters/site/load.ts";
import type { Catalogue, NamedPhase } from "../engine/catalogue.ts";
import { resetOf } from "../engine/reset.ts";
import { discover } from "./discover.ts";
import { CommandError } from "./errors.ts";
import type { ResetFlags } from "./flags.ts";
import { enterLab, mustEnterLab, requireLab, sitePath } from "./network.ts";
import { conduct } from "./observe.ts";
import { openSession } from "./session.ts";

/** `reset`: tears a phase down and proves that nothing is left of it, once the site's name was typed or with `--yes`. */
export default async function reset(flags: ResetFlags, args: readonly string[]): Promise<number> {
  const path = sitePath(flags.site);
  const outside = mustEnterLab(path);
  if (outside) await requireLab("reset", path);
  if (!flags.yes) await ask(path, flags.phase);
  // Inside there is no terminal to be asked at.
  if (outside) return await enterLab(flags.yes ? args : [...args, "--yes"]);
  const session = await openSession(flags.site);
  const [named] = session.catalogue.choose([flags.phase]);
  return await conduct(session, { verb: "reset" }, [resetOf(named)], flags);
}

/** Says what would be lost and waits for the site's name. @throws {CommandError} if it is not typed. */
async function ask(path: string, phaseName: string): Promise<void> {
  const [{ name }, catalogue] = await Promise.all([loadSite(path), discover()]);
  const [named] = catalogue.choose([phaseName]);
  resetOf(named);
  const refuse = (why: string, remedy: string) =>
    new CommandError(`Cannot reset phase '${phaseName}' of site '${name}': ${why}; ${remedy}; nothing was touched`);
  if (!Deno.stdin.isTerminal()) throw refuse("nobody can be asked, as this is no terminal", "add --yes if you mean it");
  console.error(warningOf(name, named, catalogue));
  const typed = prompt(`Type the site's name to go on:`);
  if (typed?.trim() !== name) throw refuse("its name was not typed", "type it exactly");
}

function warningOf(site: string, named: NamedPhase, catalogue: Catalogue): string {
  const dependents = catalogue.standingOn(named.phase).map((other) => other.name);
  const more = dependents.length ? `\nWith it goes what stands on it: ${dependents.join(", ")}.` : "";
  return `This resets phase '${named.name}' of site '${site}': ${named.teardown!.does}.${more}`;
}
