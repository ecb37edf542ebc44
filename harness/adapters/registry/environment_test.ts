import assert from "node:assert/strict";
import { SiteError } from "../site/error.ts";
import { enabledServices } from "./environment.ts";
import { loadedRegistry } from "./testdata.ts";

const registry = loadedRegistry();

/** Names of what a site with these wishes installs. */
function installed(services?: string[], lab = false): string[] {
  const kubernetes = { services } as Parameters<typeof enabledServices>[1]["kubernetes"];
  return enabledServices(registry, { lab, kubernetes, path: "sites/home.yaml" }).map(({ name }) => name);
}

Deno.test("a site without a list installs everything, the lab what is marked for it", () => {
  assert.deepEqual(installed(), registry.services.map(({ name }) => name));
  assert.deepEqual(installed(undefined, true), ["crds", "namespaces", "vault", "postgres", "valkey", "wiki"]);
});

Deno.test("a list brings in what its services need, and what everything needs", () => {
  assert.deepEqual(installed(["valkey"]), ["crds", "namespaces", "vault", "valkey"]);
  assert.deepEqual(installed(["gate"], true), ["crds", "namespaces", "gate"]);
  assert.deepEqual(installed(["blog"]), registry.services.map(({ name }) => name));
});

Deno.test("names that the registry has not are all refused, with the nearest that it has", () => {
  assert.throws(() => installed(["wikki", "vault", "bolg"]), (error: unknown) => {
    assert.ok(error instanceof SiteError);
    assert.deepEqual(error.problems.map(({ path }) => path), ["kubernetes.services", "kubernetes.services"]);
    assert.match(error.problems[0].message, /service 'wikki' in kubernetes.services is unknown; did you mean 'wiki'\?/);
    assert.match(error.problems[1].message, /did you mean 'blog'\?/);
    return true;
  });
});
