import type { ObserveFlags } from "./flags.ts";
import { lookWith } from "./look.ts";

/** `check`: looks at everything and changes nothing. */
export default function check(flags: ObserveFlags, args: readonly string[]): Promise<number> {
  return lookWith("check", flags, args);
}
