import type { Verb } from "../model/event.ts";
import type { ObserveFlags } from "./flags.ts";
import { enterLab, mustEnterLab, requireLab, sitePath } from "./network.ts";
import { observe } from "./observe.ts";

/** Runs a verb that only looks, inside the lab's network if the site is the lab. */
export async function lookWith(verb: Verb, flags: ObserveFlags, args: readonly string[]): Promise<number> {
  const path = sitePath(flags.site);
  if (!mustEnterLab(path)) return await observe(verb, flags);
  await requireLab(verb, path);
  return await enterLab(args);
}
