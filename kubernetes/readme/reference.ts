import type { JsonSchema } from "../schema/json_schema.ts";
import { table } from "./table.ts";

/** Every key that a JSON Schema knows, as a table: where it stands, what it takes, what it is. */
export function reference(schema: JsonSchema): string {
  const rows: string[][] = [];
  walk(schema, "", rows);
  return table(["Key", "Takes", "What it is"], rows);
}

function walk(node: JsonSchema, path: string, rows: string[][]): void {
  const { properties = {}, patternProperties = {}, items, required = [] } = node as {
    properties?: Record<string, JsonSchema>;
    patternProperties?: Record<string, JsonSchema>;
    items?: JsonSchema;
    required?: string[];
  };
  for (const [key, value] of Object.entries(properties)) {
    const here = path ? `${path}.${key}` : key;
    const must = required.includes(key) ? " **Required.**" : "";
    rows.push([`\`${here}\``, takes(value), `${value.description ?? ""}${must}`.trim()]);
    walk(value, here, rows);
  }
  for (const value of Object.values(patternProperties)) walk(value, `${path}.*`, rows);
  if (items) walk(items, `${path}[]`, rows);
}

function takes(node: JsonSchema): string {
  if (node.enum) return (node.enum as unknown[]).map((value) => `\`${value}\``).join(", ");
  if (Array.isArray(node.type)) return node.type.join(" or ");
  if (node.type === "array") {
    const items = takes(node.items as JsonSchema);
    return items === "keys" ? "list" : `list of ${items}`;
  }
  if (node.type === "object") return node.patternProperties ? "map" : "keys";
  return node.type === "integer" ? number(node) : String(node.type);
}

function number({ minimum, maximum }: JsonSchema): string {
  if (maximum !== undefined) return `${minimum} to ${maximum}`;
  return minimum === undefined ? "whole number" : `whole number, at least ${minimum}`;
}
