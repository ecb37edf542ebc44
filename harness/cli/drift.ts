import type { ObserveFlags } from "./flags.ts";
import { lookWith } from "./look.ts";

/** `drift`: `check`, compared with the last `drift`; sends a message only if something changed. */
export default function drift(flags: ObserveFlags, args: readonly string[]): Promise<number> {
  return lookWith("drift", flags, args);
}
