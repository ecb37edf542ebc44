import assert from "node:assert/strict";
import { readObjects, readYamlFile } from "./yaml.ts";

Deno.test("a file knows the line and the comment of everything in it", () => {
  const file = readYamlFile(
    "values.yaml",
    `# The first key.
a:
  # Why there is b.
  b: 1
  list:
    - x: 1
    # The second item.
    - y: [1, 2]
`,
  );
  assert.deepEqual(file.data, { a: { b: 1, list: [{ x: 1 }, { y: [1, 2] }] } });
  assert.equal(file.lines["a"], 2);
  assert.equal(file.lines["a.b"], 4);
  assert.equal(file.lines["a.list.0.x"], 6);
  assert.equal(file.lines["a.list.1"], 8);
  assert.equal(file.comments["a.b"], "Why there is b.");
  assert.equal(file.comments["a.list.1"], "The second item.");
});

Deno.test("a file that is not YAML has no data, and still lines", () => {
  const file = readYamlFile("values.yaml", "a: 1\nb: [\n");
  assert.equal(file.data, null);
  assert.equal(file.lines["a"], 1);
});

Deno.test("objects get the release's namespace unless their kind has none", () => {
  const objects = readObjects(
    `---
# Source: x
apiVersion: v1
kind: Service
metadata: { name: a }
---
apiVersion: v1
kind: Service
metadata: { name: b, namespace: other }
---
apiVersion: v1
kind: Namespace
metadata: { name: c }
---
# nothing
`,
    "own",
  );
  assert.deepEqual(objects.map(({ metadata }) => [metadata.name, metadata.namespace]), [
    ["a", "own"],
    ["b", "other"],
    ["c", undefined],
  ]);
});

Deno.test("a definition is read without its schemas, and all else of it", () => {
  const [definition] = readObjects(
    `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.org
spec:
  group: example.org
  names:
    kind: Thing
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          type: object

          properties:
            schema:
              type: string
      served: true
      storage: true
    - name: v2
      served: false
  scope: Namespaced
`,
    "x",
  );
  assert.deepEqual(definition.spec, {
    group: "example.org",
    names: { kind: "Thing" },
    versions: [{ name: "v1", served: true, storage: true }, { name: "v2", served: false }],
    scope: "Namespaced",
  });
  assert.throws(() => readObjects("a: [", "x"));
});
