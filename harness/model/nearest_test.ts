import assert from "node:assert/strict";
import { nearest, suggestion } from "./nearest.ts";

const roles = ["hypervisor", "gateway", "kube_control_plane", "kube_node", "etcd"];

Deno.test("nearest finds the word that a slip of the finger missed", () => {
  assert.equal(nearest("gatway", roles), "gateway");
  assert.equal(nearest("gatewya", roles), "gateway");
  assert.equal(nearest("kube-node", roles), "kube_node");
  assert.equal(nearest("Gateway", roles), "gateway");
  assert.equal(nearest("ectd", roles), "etcd");
});

Deno.test("nearest keeps quiet when nothing is near", () => {
  assert.equal(nearest("worker", roles), undefined);
  assert.equal(nearest("x", roles), undefined);
  assert.equal(nearest("gateway", []), undefined);
});

Deno.test("nearest prefers the nearer word, then the first", () => {
  assert.equal(nearest("check", ["checks", "check"]), "check");
  assert.equal(nearest("cat", ["bat", "rat"]), "bat");
});

Deno.test("a swap counts as one edit", () => {
  assert.equal(nearest("pu", ["up"]), "up");
  assert.equal(nearest("ab", ["cd"]), undefined);
});

Deno.test("suggestion names the nearest word and all allowed ones", () => {
  assert.equal(suggestion("pla", ["up", "plan"]), "did you mean 'plan'? (allowed: up, plan)");
  assert.equal(suggestion("destroy", ["up", "plan"]), "use one of: up, plan");
  assert.equal(suggestion("x", []), "remove it");
});
