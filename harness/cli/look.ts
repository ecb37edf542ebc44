import type { Verb } from "../model/event.ts";
import { discover } from "./discover.ts";
import type { ObserveFlags } from "./flags.ts";
import { enterLab, mustEnterLab, requireLab, sitePath } from "./network.ts";
import { observe } from "./observe.ts";

/** Runs a verb that only looks, inside the lab's network if the site is the lab. */
export async function lookWith(verb: Verb, flags: ObserveFlags, args: readonly string[]): Promise<number> {
  const path = sitePath(flags.site);
  if (!mustEnterLab(path) || await needNoNetwork(flags.phase ?? [])) return await observe(verb, flags);
  await requireLab(verb, path);
  return await enterLab(args);
}

/** True if phases were asked for and none of them looks further than the project's files. */
async function needNoNetwork(names: readonly string[]): Promise<boolean> {
  if (names.length === 0) return false;
  return (await discover()).choose(names).every(({ phase }) => phase.offline);
}
