import { suggestion } from "../../harness/model/nearest.ts";
import type { JsonSchema } from "./json_schema.ts";

/**
 * What Helm says about values, completed: it names a key that the schema does not know, but not those that it knows. Lines
 * about anything else stay as they are.
 *
 * @param schema the library's values.schema.json.
 */
export function explain(said: string, schema: JsonSchema): string {
  return said.replace(
    /at '([^']*)': additional properties ((?:'[^']+'(?:, )?)+) not allowed/g,
    (line, pointer: string, names: string) => {
      const known = keysAt(schema, pointer);
      if (!known.length) return line;
      const unknown = [...names.matchAll(/'([^']+)'/g)].map(([, name]) => name);
      return `${line}; ${unknown.map((name) => suggestion(name, known)).join("; ")}`;
    },
  );
}

/** The keys that a schema knows at a JSON pointer; none where any key of a certain form will do. */
function keysAt(schema: JsonSchema, pointer: string): string[] {
  let node: JsonSchema | undefined = schema;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const { properties = {}, patternProperties = {}, items } = node as {
      properties?: Record<string, JsonSchema>;
      patternProperties?: Record<string, JsonSchema>;
      items?: JsonSchema;
    };
    node = items ?? properties[key] ??
      Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern).test(key))?.[1];
    if (!node) return [];
  }
  return Object.keys(node.properties ?? {}).sort();
}
