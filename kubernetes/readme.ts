/**
 * Writes the README of every chart from its values: `deno run -A kubernetes/readme.ts`; `--check` writes nothing and says
 * which are out of date.
 *
 * @module
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { chartsDir, libraryDir } from "./library/prepare.ts";
import { readmeOf } from "./readme/page.ts";
import { reference } from "./readme/reference.ts";
import { toJsonSchema } from "./schema/json_schema.ts";
import { valuesSchema } from "./schema/values.ts";

/** Folders of all charts, sorted. */
export async function chartDirs(): Promise<string[]> {
  const entries = await readdir(chartsDir, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(chartsDir, name)).sort();
}

/** What the README of a chart must be. */
export async function expectedReadme(dir: string): Promise<string> {
  const [chart, values] = await Promise.all(
    ["Chart.yaml", "values.yaml"].map((file) => readFile(join(dir, file), "utf8")),
  );
  return readmeOf(chart, values);
}

/** What the library's README must be: its words as they are, its table of keys as the schema has it. */
export async function expectedLibraryReadme(): Promise<string> {
  const text = await readFile(join(dirname(libraryDir), "README.md"), "utf8");
  const keys = reference(toJsonSchema(valuesSchema, "values"));
  return text.replace(
    /(<!-- keys: .* -->\n)[\s\S]*(<!-- \/keys -->)/,
    (_, before, after) => `${before}\n${keys}\n\n${after}`,
  );
}

/** A README that is not what it must be. */
export interface Outdated {
  readonly file: string;
  readonly expected: string;
}

/** The READMEs that are not what they must be, the library's among them. */
export async function outdated(): Promise<Outdated[]> {
  const wanted: Outdated[] = [{
    file: join(dirname(libraryDir), "README.md"),
    expected: await expectedLibraryReadme(),
  }];
  for (const dir of await chartDirs()) {
    wanted.push({ file: join(dir, "README.md"), expected: await expectedReadme(dir) });
  }
  const found = await Promise.all(wanted.map(({ file }) => textOf(file)));
  return wanted.filter(({ expected }, at) => found[at] !== expected);
}

async function textOf(file: string): Promise<string | null> {
  return await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}

if (import.meta.main) {
  const wrong = await outdated();
  if (!Deno.args.includes("--check")) {
    for (const { file, expected } of wrong) await writeFile(file, expected);
    console.log(`${wrong.length} READMEs written`);
  } else if (wrong.length) {
    console.error(wrong.map(({ file }) => `${file} is out of date; run 'deno run -A kubernetes/readme.ts'`).join("\n"));
    Deno.exit(1);
  }
}
