/**
 * Both benchmarks, one after the other, on the running, green lab. Exits with 1 if either misses a bound.
 *
 * @module
 */

import { benchSshChecks } from "./ssh_checks.ts";
import { benchStartup } from "./startup.ts";

const codes = [await benchStartup(), await benchSshChecks()];
Deno.exit(Math.max(...codes));
