import { readSiteFile } from "../adapters/site/load.ts";
import { enterLab, mustEnterLab, requireLabSystem, sitePath } from "./network.ts";
import type { ObserveFlags } from "./flags.ts";
import { observe } from "./observe.ts";

/** `up`: looks, deploys what is red, looks again. Starts the lab first if the site is the lab. */
export default async function up(flags: ObserveFlags, args: readonly string[]): Promise<number> {
  const path = sitePath(flags.site);
  if (!mustEnterLab(path)) return await observe("up", flags);
  await requireLabSystem("start", path);
  // A wrong file must not cost anyone a lab.
  await readSiteFile(path);
  const { bringUpLab } = await import("./bring_up_lab.ts");
  await bringUpLab();
  return await enterLab(args);
}
