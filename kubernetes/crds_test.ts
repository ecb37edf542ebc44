import assert from "node:assert/strict";
import { sources, trim, withoutDescriptions } from "./crds.ts";

Deno.test("descriptions go, properties of that name stay", () => {
  const schema = {
    description: "What it is.",
    properties: {
      description: { type: "string", description: "What it says." },
      list: {
        items: { description: "One.", type: "object", properties: { name: { description: "Its.", type: "string" } } },
      },
    },
    required: ["description"],
  };
  assert.deepEqual(withoutDescriptions(schema), {
    properties: {
      description: { type: "string" },
      list: { items: { type: "object", properties: { name: { type: "string" } } } },
    },
    required: ["description"],
  });
});

Deno.test("a default that holds a description keeps it", () => {
  assert.deepEqual(withoutDescriptions({ default: { description: "given" } }), { default: { description: "given" } });
});

Deno.test("of a definition its name, annotations and trimmed spec are carried", () => {
  const definition = {
    metadata: { name: "things.home.example", creationTimestamp: null, annotations: { version: "1" } },
    spec: { group: "home.example", versions: [{ schema: { description: "A thing.", type: "object" } }] },
    status: {},
  };
  assert.deepEqual(trim(definition), {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.home.example", annotations: { version: "1" } },
    spec: { group: "home.example", versions: [{ schema: { type: "object" } }] },
  });
});

Deno.test("each file of the chart is one definition of a source that is still listed", async () => {
  const folder = new URL("./charts/crds/files/", import.meta.url);
  const origins = sources.map(({ module, version }) => `# From ${module} ${version},`);
  for await (const { name } of Deno.readDir(folder)) {
    const [head, ...lines] = (await Deno.readTextFile(new URL(name, folder))).split("\n");
    assert.ok(origins.some((origin) => head.startsWith(origin)), `${name}: ${head}`);
    assert.ok(lines.includes(`  name: ${name.replace(".yaml", "")}`), name);
  }
});
