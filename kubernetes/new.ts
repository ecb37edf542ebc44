/**
 * Starts a service: `deno run -A kubernetes/new.ts NAME` copies the template to `kubernetes/charts/NAME` and prints the entry
 * that the registry needs.
 *
 * @module
 */
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chartsDir } from "./library/prepare.ts";
import { expectedReadme } from "./readme.ts";

const template = fileURLToPath(new URL("./template", import.meta.url));

/** The name that stands in the template for that of the service. */
const placeholder = "new-service";

/**
 * Makes the chart of a new service from the template, in a folder of its name below `into`, and gives the entry for the
 * registry as text, indented as it stands there.
 *
 * @throws if the name cannot be one, or if there is such a folder.
 */
export async function startService(name: string, into = chartsDir): Promise<string> {
  if (!/^[a-z][a-z0-9-]{0,29}$/.test(name)) {
    throw new Error(`Cannot start ${name}: a name has 1 to 30 of a-z, 0-9 and -, a letter first; choose another`);
  }
  const dir = join(into, name);
  if (await exists(dir)) {
    throw new Error(`Cannot start ${name}: ${dir} is there already; change that chart, or choose another name`);
  }
  const read = async (file: string) => (await readFile(join(template, file), "utf8")).replaceAll(placeholder, name);
  for (const entry of await readdir(join(template, "chart"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name).slice(template.length);
    const to = join(dir, from.replace(/^\/chart\//, ""));
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, await read(from));
  }
  await writeFile(join(dir, "README.md"), await expectedReadme(dir));
  return (await read("registry.yaml")).replace(/^(?=.)/gm, "  ");
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return false;
    throw error;
  });
}

if (import.meta.main) {
  const [name] = Deno.args;
  if (!name) {
    console.error("usage: deno run -A kubernetes/new.ts NAME");
    Deno.exit(2);
  }
  const entry = await startService(name);
  console.log(`kubernetes/charts/${name} is made: write what the service is into its values.yaml.`);
  console.log(`Add to services in kubernetes/services.yaml:\n\n${entry}`);
}
