import assert from "node:assert/strict";
import { clientsOf, databasesOf, hostNames, installLevels, needsOf, secretsOf, serviceOf } from "./registry.ts";
import { loadedRegistry } from "./testdata.ts";

const registry = loadedRegistry();

Deno.test("needs are what is written, and what databases, calls and secrets imply", () => {
  assert.deepEqual(needsOf(registry, "crds"), []);
  assert.deepEqual(needsOf(registry, "namespaces"), ["crds"]);
  assert.deepEqual(needsOf(registry, "vault"), ["crds", "namespaces"]);
  assert.deepEqual(needsOf(registry, "postgres"), ["crds", "namespaces", "vault"]);
  assert.deepEqual(needsOf(registry, "wiki"), ["crds", "namespaces", "postgres", "valkey", "vault"]);
  assert.deepEqual(needsOf(registry, "blog"), ["crds", "gate", "namespaces", "postgres", "vault", "wiki"]);
});

Deno.test("a call that can wait opens the way and implies no need", () => {
  const { calls } = serviceOf(registry, "blog");
  assert.deepEqual(calls.map(({ service, needed }) => [service, needed]), [["wiki", true], ["gate", false]]);
  assert.deepEqual(needsOf({ ...registry, services: registry.services.map((s) => ({ ...s, needs: [] })) }, "blog"), [
    "crds",
    "namespaces",
    "postgres",
    "vault",
    "wiki",
  ]);
});

Deno.test("levels of installation begin with crds, then namespaces, and hold every service once", () => {
  const levels = installLevels(registry);
  assert.deepEqual(levels, [["crds"], ["namespaces"], ["gate", "vault"], ["postgres", "valkey"], ["wiki"], ["blog"]]);
});

Deno.test("a data service knows its databases and its users' secrets", () => {
  assert.deepEqual(databasesOf(registry, "postgres"), [
    { engine: "postgres", name: "wiki", user: "wiki", extensions: [], service: "wiki" },
    { engine: "postgres", name: "blog", user: "blog", extensions: ["vector"], service: "blog" },
  ]);
  assert.deepEqual(secretsOf(registry, "postgres"), [
    { path: "postgres/root", keys: ["password"] },
    { path: "wiki/postgres", keys: ["password"] },
    { path: "blog/postgres", keys: ["password"] },
  ]);
  assert.deepEqual(secretsOf(registry, "wiki"), [
    { path: "wiki/app", keys: ["token"] },
    { path: "wiki/postgres", keys: ["password", "url"] },
    { path: "wiki/valkey", keys: ["password", "url"] },
  ]);
});

Deno.test("clients are those that call and those that have a database", () => {
  const names = (of: string) => clientsOf(registry, of).map(({ name }) => name);
  assert.deepEqual([names("postgres"), names("wiki"), names("gate"), names("blog")], [
    ["blog", "wiki"],
    ["blog"],
    ["blog"],
    [],
  ]);
});

Deno.test("host names lie below the domain, the main one first", () => {
  assert.deepEqual(hostNames(serviceOf(registry, "blog"), "lab.example"), ["blog.lab.example", "news.lab.example"]);
});

Deno.test("a name that no service has is refused with the registry's file", () => {
  assert.throws(() => serviceOf(registry, "bolg"), /Cannot find service bolg: services.yaml has none of that name/);
});
