import assert from "node:assert/strict";
import { cacheFolder } from "./cache.ts";

Deno.test("the cache is where the user wants it, else in the user's cache", () => {
  const at = (env: Record<string, string>) => cacheFolder((name) => env[name]);
  assert.equal(at({ PLUMB_CACHE: "/big", XDG_CACHE_HOME: "/x", HOME: "/home/me" }), "/big");
  assert.equal(at({ XDG_CACHE_HOME: "/x", HOME: "/home/me" }), "/x/plumb");
  assert.equal(at({ PLUMB_CACHE: "", XDG_CACHE_HOME: "", HOME: "/home/me" }), "/home/me/.cache/plumb");
  assert.equal(at({}), "/root/.cache/plumb");
});
