import type { ObserveFlags } from "./flags.ts";
import { lookWith } from "./look.ts";

/** `plan`: says what `up` would do, changing nothing. */
export default function plan(flags: ObserveFlags, args: readonly string[]): Promise<number> {
  return lookWith("plan", flags, args);
}
