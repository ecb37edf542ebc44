/**
 * Writes the library chart's values.schema.json from the zod schema; `--check` only says whether it is current.
 *
 * @module
 */
import { toJsonSchema } from "./json_schema.ts";
import { valuesSchema } from "./values.ts";

/** Where Helm looks for it. */
export const schemaFile = new URL("../library/plumb-common/values.schema.json", import.meta.url);

/** The file's text. */
export function schemaText(): string {
  return JSON.stringify(toJsonSchema(valuesSchema, "Values of a chart, below plumb-common"), null, 2) + "\n";
}

if (import.meta.main) {
  if (!Deno.args.includes("--check")) Deno.writeTextFileSync(schemaFile, schemaText());
  else if (Deno.readTextFileSync(schemaFile) !== schemaText()) {
    console.error("values.schema.json is not current; run 'deno run -A kubernetes/schema/write.ts'");
    Deno.exit(1);
  }
}
