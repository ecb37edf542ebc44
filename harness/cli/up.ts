import { enterLab, mustEnterLab, sitePath } from "./network.ts";
import type { ObserveFlags } from "./flags.ts";
import { observe } from "./observe.ts";

/** `up`: looks, deploys what is red, looks again. Starts the lab first if the site is the lab. */
export default async function up(flags: ObserveFlags, args: readonly string[]): Promise<number> {
  if (!mustEnterLab(sitePath(flags.site))) return await observe("up", flags);
  const { bringUpLab } = await import("./bring_up_lab.ts");
  await bringUpLab();
  return await enterLab(args);
}
