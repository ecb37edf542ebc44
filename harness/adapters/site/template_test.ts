import assert from "node:assert/strict";
import { parse } from "yaml";
import { loadSite } from "./load.ts";

const sites = new URL("../../../sites/", import.meta.url);
const template = parse(await Deno.readTextFile(new URL("example.secrets.yaml", sites)));

/** Dotted paths of all values; a list or an empty block counts as one. */
function paths(tree: unknown, above = ""): string[] {
  const members = typeof tree === "object" && tree !== null && !Array.isArray(tree) ? Object.entries(tree) : [];
  if (members.length === 0) return [above];
  return members.flatMap(([key, value]) => paths(value, above ? `${above}.${key}` : key));
}

/** True if there is a value or a block at a dotted path. */
function has(tree: unknown, path: string): boolean {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], tree) !== undefined;
}

Deno.test("the secrets template has a place for everything that the playbooks know", async () => {
  const known = new URL("../ansible/group_vars/all/vault.example.yml", sites);
  const wanted = paths(parse(await Deno.readTextFile(known)).secrets);
  assert.ok(wanted.length > 20, `only ${wanted.length} secrets are known`);
  assert.deepEqual(wanted.filter((path) => !has(template, path)), []);
});

Deno.test("the secrets template has a pair of keys for each host of the example's tunnel", async () => {
  const { hosts } = await loadSite(new URL("example.yaml", sites).pathname);
  const peers = hosts.filter(({ tunnel }) => tunnel).map(({ name }) => name);
  assert.deepEqual(Object.keys(template.wireguard.hosts), peers);
  for (const name of peers) {
    assert.deepEqual(Object.keys(template.wireguard.hosts[name]), ["public_key", "private_key"]);
  }
});
