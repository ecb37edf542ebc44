import assert from "node:assert/strict";
import type { Result } from "../model/event.ts";
import { mergeHosts } from "./failure.ts";

const on = (host: string, found: string) =>
  ({ id: "vpn/up", host, found, diagnostics: [`${host}.txt`] }) as unknown as Result;

Deno.test("one assertion that is red on several hosts is one block", () => {
  const alike = mergeHosts([on("one", "absent"), on("two", "absent")]);
  assert.equal(alike.host, "one, two");
  assert.equal(alike.found, "absent");
  assert.deepEqual(alike.diagnostics, ["one.txt", "two.txt"]);
  assert.equal(mergeHosts([on("one", "1"), on("two", "2")]).found, "one: 1\ntwo: 2");
  assert.deepEqual(mergeHosts([on("one", "1")]), on("one", "1"));
});
