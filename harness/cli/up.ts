import type { ObserveFlags } from "./flags.ts";
import { lookWith } from "./look.ts";
import { requireLabSystem } from "./network.ts";

/** `up`: looks, deploys what is red, looks again. Starts the lab first if the site is the lab and a phase needs it. */
export default function up(flags: ObserveFlags, args: readonly string[]): Promise<number> {
  return lookWith("up", flags, args, async (path) => {
    await requireLabSystem("start", path);
    const { readSiteFile } = await import("../adapters/site/load.ts");
    // A wrong file must not cost anyone a lab.
    await readSiteFile(path);
    const { bringUpLab } = await import("./bring_up_lab.ts");
    await bringUpLab();
  });
}
