import { z } from "zod";

/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  [keyword: string]: unknown;
}

/**
 * The JSON Schema (2020-12) of a zod schema in the words that Helm reports best.
 *
 * Maps become `patternProperties`: Helm's validator names the wrong place for a key that `propertyNames` refuses.
 * Unions of plain types become one `type` list, which fails in one line instead of a tree.
 */
export function toJsonSchema(schema: z.ZodType, title: string): JsonSchema {
  const made = z.toJSONSchema(schema, {
    io: "input",
    reused: "inline",
    override: ({ jsonSchema }) => reword(jsonSchema as JsonSchema),
  }) as JsonSchema;
  const { $schema, ...rest } = made;
  return { $schema, title, ...rest };
}

function reword(node: JsonSchema): void {
  const names = node.propertyNames as JsonSchema | undefined;
  if (names) {
    node.patternProperties = { [String(names.pattern ?? ".*")]: node.additionalProperties };
    node.additionalProperties = false;
    delete node.propertyNames;
  }
  if (node.type === "integer" && node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
  const choices = node.anyOf as JsonSchema[] | undefined;
  if (choices) {
    node.type = choices.map(({ type }) => type);
    const pattern = choices.find((choice) => choice.pattern)?.pattern;
    if (pattern) node.pattern = pattern;
    delete node.anyOf;
  }
}
