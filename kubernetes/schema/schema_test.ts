import assert from "node:assert/strict";
import { parse } from "yaml";
import { z } from "zod";
import { explain } from "./explain.ts";
import { type JsonSchema, toJsonSchema } from "./json_schema.ts";
import { valuesSchema } from "./values.ts";
import { schemaFile, schemaText } from "./write.ts";

const library = new URL("../library/plumb-common/values.yaml", import.meta.url);
const sample = new URL("../../fixtures/charts/sample/values.yaml", import.meta.url);

Deno.test("the library's values.schema.json is what the schema says", () => {
  assert.equal(Deno.readTextFileSync(schemaFile), schemaText(), "run 'deno run -A kubernetes/schema/write.ts'");
});

Deno.test("every object of the schema is closed", () => {
  let objects = 0;
  visit(JSON.parse(schemaText()), (node, path) => {
    if (node.type !== "object") return;
    objects++;
    assert.equal(node.additionalProperties, false, `${path} takes any key`);
  });
  assert.ok(objects > 50, `only ${objects} objects`);
});

Deno.test("the library's own values and the least chart's keep to the schema", () => {
  const defaults = parse(Deno.readTextFileSync(library));
  const least = parse(Deno.readTextFileSync(sample))["plumb-common"];
  assert.deepEqual(valuesSchema.parse({ ...defaults, ...least }).components, least.components);
});

Deno.test("maps become patterns, and plain unions one type", () => {
  const schema = toJsonSchema(
    z.strictObject({ env: z.record(z.string().regex(/^[A-Z]+$/), z.union([z.string(), z.number()])) }),
    "x",
  );
  assert.deepEqual(schema.properties, {
    env: {
      type: "object",
      patternProperties: { "^[A-Z]+$": { type: ["string", "number"] } },
      additionalProperties: false,
    },
  });
});

Deno.test("an unknown key is answered with the known ones, the nearest first", () => {
  const schema = JSON.parse(schemaText()) as JsonSchema;
  const said = "- at '/components/web/resources': additional properties 'limit' not allowed\n- at '/x': other";
  assert.equal(
    explain(said, schema),
    "- at '/components/web/resources': additional properties 'limit' not allowed; did you mean 'limits'? (allowed: limits, requests)\n- at '/x': other",
  );
  assert.match(explain("at '/routes': additional properties 'A' not allowed", schema), /not allowed$/);
  assert.match(
    explain("at '/network/flows/0': additional properties 'form' not allowed", schema),
    /did you mean 'from'\?/,
  );
});

function visit(node: unknown, see: (node: JsonSchema, path: string) => void, path = ""): void {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) see(node as JsonSchema, path);
  for (const [key, value] of Object.entries(node)) visit(value, see, `${path}/${key}`);
}
