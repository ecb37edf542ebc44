/**
 * Renders charts as the phase `charts` sees them, to look at by hand:
 *
 *   deno run -A harness/adapters/charts/main.ts SITE-FILE [SERVICE]
 *
 * With a service its objects are printed, as they are installed; without one a line for each service.
 */
import { stringify } from "yaml";
import type { Chart } from "../../model/chart.ts";
import { nearest } from "../../model/nearest.ts";
import { loadSite } from "../site/load.ts";
import { useToolchain } from "../steps/toolchain.ts";
import { observePlatform } from "./platform.ts";

function line({ name, variants }: Chart): string {
  const said = variants.map(({ values, failure, objects, faults }) =>
    failure === null ? `${values}: ${objects.length} objects, ${faults.length} faults` : `${values}: ${failure}`
  );
  return `${name}: ${said.join("; ")}`;
}

async function main([path, service]: readonly string[]): Promise<number> {
  if (path === undefined) {
    console.error("usage: deno run -A harness/adapters/charts/main.ts SITE-FILE [SERVICE]");
    return 2;
  }
  useToolchain();
  const site = await loadSite(path);
  const { charts, services } = await observePlatform(site, new AbortController().signal, service);
  if (service === undefined) {
    charts.forEach((chart) => console.log(line(chart)));
    return 0;
  }
  const [chart] = charts;
  if (!chart) {
    const own = services.filter(({ upstream }) => upstream === null).map(({ name }) => name);
    const near = nearest(service, own);
    const hint = near ? `did you mean '${near}'?` : `known are ${own.join(", ")}`;
    console.error(`Cannot render ${service}: the registry has no chart of that name; ${hint}`);
    return 2;
  }
  console.log(chart.variants[0].objects.map((object) => stringify(object)).join("---\n"));
  console.error(line(chart));
  return chart.variants.some(({ failure }) => failure !== null) ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
