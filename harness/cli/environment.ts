/**
 * Writes what Helmfile reads of a site: `deno task environment SITE`, with the name of a file in `sites` or
 * its path. Exits with 2 if the site file is wrong, before anything is written.
 *
 * @module
 */
import { writeEnvironment } from "../adapters/registry/environment.ts";
import { loadRegistry } from "../adapters/registry/load.ts";
import { loadSite, SiteError } from "../adapters/site/load.ts";
import { sitePath } from "./network.ts";

const [site] = Deno.args;
if (!site) {
  console.error("usage: deno task environment SITE");
  Deno.exit(2);
}
try {
  console.log(await writeEnvironment(await loadRegistry(), await loadSite(sitePath(site))));
} catch (error) {
  if (!(error instanceof SiteError)) throw error;
  console.error(error.message);
  Deno.exit(2);
}
