/**
 * All benchmarks, one after the other, on the running, green lab. Exits with 1 if one misses a bound.
 *
 * @module
 */

import { benchCharts } from "./charts.ts";
import { benchSshChecks } from "./ssh_checks.ts";
import { benchCluster } from "./cluster.ts";
import { benchStartup } from "./startup.ts";

const codes = [await benchStartup(), await benchSshChecks(), await benchCluster(), await benchCharts()];
Deno.exit(Math.max(...codes));
