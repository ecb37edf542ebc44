/**
 * Renders one chart by hand: `deno run -A kubernetes/library/render.ts CHART [--lint] [HELM FLAGS]`.
 *
 * @module
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { explain } from "../schema/explain.ts";
import { helm } from "./helm.ts";
import { chartsDir, libraryDir, prepare } from "./prepare.ts";

/** Renders or lints a chart of `kubernetes/charts`, given by name, or of any folder, given by path; gives Helm's exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [chart, ...flags] = args;
  if (!chart || chart.startsWith("-")) {
    console.error("usage: deno run -A kubernetes/library/render.ts CHART [--lint] [HELM FLAGS]");
    return 2;
  }
  const from = chart.includes("/") ? resolve(chart) : join(chartsDir, chart);
  const into = await mkdtemp(join(tmpdir(), "plumb-render-"));
  try {
    const [dir] = await prepare([from], into);
    const rest = flags.filter((flag) => flag !== "--lint");
    const verb = flags.includes("--lint") ? ["lint", "--strict", dir] : ["template", basename(from), dir];
    const { code, stdout, stderr } = await helm([...verb, ...rest]);
    const schema = JSON.parse(await readFile(join(libraryDir, "values.schema.json"), "utf8"));
    if (stdout) console.log(explain(stdout.trimEnd(), schema));
    if (stderr) console.error(explain(stderr.trimEnd(), schema));
    return code;
  } finally {
    await rm(into, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
