import assert from "node:assert/strict";
import { creations } from "./namespaces.ts";

const found = (helmfile: string | null) => creations(helmfile).map(({ found }) => found);

Deno.test("a Helmfile says once that Helm makes no namespace, and nowhere that it does", () => {
  assert.deepEqual(found(null), []);
  assert.deepEqual(found("helmDefaults:\n  createNamespace: false\n"), []);
  assert.deepEqual(found("helmDefaults: { createNamespace: false, wait: true }\n# createNamespace: true\n"), []);
  assert.deepEqual(found("helmDefaults:\n  wait: true\n"), ["no createNamespace: false"]);
});

Deno.test("what a release says counts as well, in whatever way it is written", () => {
  const start = "helmDefaults:\n  createNamespace: false\nreleases:\n  - name: a\n    ";
  for (const line of ["createNamespace: true", '"createNamespace": true', "createNamespace: {{ .make }}"]) {
    assert.equal(found(`${start}${line}\n`).length, 1, line);
  }
  assert.equal(found(`${start}createNamespace:\n`).length, 1, "nothing is Helmfile's default, which is true");
});
