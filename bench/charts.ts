/**
 * How the time to render and judge charts grows with their number: 30, 60 and 120 services made from the template of a new
 * one, beside the releases that everything needs. Exits with 1 if a service of 120 takes much longer than one of 30.
 * Needs Helm and kubeconform, as phase `charts` makes them; no lab.
 *
 * @module
 */
import { targetOf } from "../harness/adapters/charts/platform.ts";
import { places, readProject } from "../harness/adapters/charts/project.ts";
import { ChartRenderer } from "../harness/adapters/charts/renderer.ts";
import { loadSite } from "../harness/adapters/site/load.ts";
import { platformWith } from "../fixtures/suite/chart_faults.ts";
import { lookAt } from "../fixtures/suite/chart_look.ts";
import { serviceFromTemplate } from "../fixtures/suite/chart_template.ts";
import { useToolchain } from "../harness/adapters/steps/toolchain.ts";
import { projectRoot } from "../harness/adapters/project.ts";
import { machine } from "./machine.ts";
import { duration, markdownTable, times } from "./table.ts";

const sizes = [30, 60, 120];
/** Most that a service of the largest platform may take, as a multiple of one of the smallest. */
const mostGrowth = 1.3;

interface Measured {
  readonly services: number;
  readonly objects: number;
  readonly render: number;
  readonly judge: number;
}

const site = await loadSite(`${projectRoot}/sites/lab.yaml`);
const project = await readProject(projectRoot);

/** The project with nothing but the foundations and so many services. */
async function synthetic(count: number): Promise<Map<string, string>> {
  const kept = (path: string) => !path.startsWith(`${places.charts}/`) || /\/charts\/(crds|namespaces)\//.test(path);
  const files = new Map([...project].filter(([path]) => kept(path)));
  const entries: string[] = [];
  for (let index = 1; index <= count; index++) {
    const service = await serviceFromTemplate(`service-${index}`);
    service.files.forEach((text, path) => files.set(path, text));
    entries.push(service.entry);
  }
  const foundation = (name: string) =>
    `  ${name}: { does: Foundation, namespace: kube-system, tier: base, lab: true, pods: false }\n`;
  const namespaces =
    "namespaces:\n  utilities: { pod_security: restricted }\n  ingress: { pod_security: restricted }\n";
  return files.set(
    places.registry,
    `${namespaces}services:\n${foundation("crds")}${foundation("namespaces")}${entries.join("")}`,
  );
}

async function measure(services: number): Promise<Measured> {
  const files = await synthetic(services);
  const started = performance.now();
  const platform = await platformWith(null, { files, target: targetOf(site), renderer: new ChartRenderer() });
  const rendered = performance.now();
  await lookAt(platform);
  const judge = performance.now() - rendered;
  const variants = platform.charts.flatMap((chart) => chart.variants);
  const failed = platform.charts.find(({ variants }) => variants.some(({ failure }) => failure !== null));
  if (failed) {
    throw new Error(`Cannot measure: ${failed.name} does not render: ${failed.variants[0].failure}; mend the template`);
  }
  const objects = variants.reduce((sum, { objects }) => sum + objects.length, 0);
  return { services, objects, render: rendered - started, judge };
}

/** Runs the benchmark; resolves to the exit code. */
export async function benchCharts(): Promise<number> {
  useToolchain();
  await measure(2); // fills the caches
  const all: Measured[] = [];
  for (const size of sizes) all.push(await measure(size));
  const perService = ({ services, render, judge }: Measured) => (render + judge) / services;
  const growth = perService(all.at(-1)!) / perService(all[0]);
  console.log(`${machine()}\n`);
  console.log(markdownTable([
    ["services", "objects", "render", "judge", "per service", "times that of the first"],
    ...all.map((one) => [
      String(one.services),
      String(one.objects),
      duration(one.render),
      duration(one.judge),
      duration(perService(one)),
      times(perService(one) / perService(all[0])),
    ]),
  ]));
  console.log(
    `\nA service of ${sizes.at(-1)} takes ${times(growth)} times one of ${sizes[0]} (wanted: at most ${mostGrowth}).`,
  );
  return growth <= mostGrowth ? 0 : 1;
}

if (import.meta.main) Deno.exit(await benchCharts());
