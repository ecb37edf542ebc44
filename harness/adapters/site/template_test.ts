import assert from "node:assert/strict";
import { parse } from "yaml";
import { loadSite } from "./load.ts";

const sites = new URL("../../../sites/", import.meta.url);
const template = parse(await Deno.readTextFile(new URL("example.secrets.yaml", sites)));

/** Dotted paths of all values; a list counts as one. */
function paths(tree: unknown, above = ""): string[] {
  if (typeof tree !== "object" || tree === null || Array.isArray(tree)) return [above];
  return Object.entries(tree).flatMap(([key, value]) => paths(value, above ? `${above}.${key}` : key));
}

Deno.test("the secrets template has every category of secret", () => {
  const wanted = [
    "proxmox.token_secret",
    "wireguard.plumb.private_key",
    "user.password",
    "root.password",
    "ssh.private_key",
    "domain.primary",
    "domain.public",
    ...["postgresql", "mongodb", "valkey", "minio"].map((name) => `databases.${name}.password`),
    ...["host", "port", "username", "password"].map((name) => `smtp.${name}`),
    "oauth.authentik.bootstrap_password",
    "oauth.authentik.bootstrap_token",
    "oauth.gitlab.root_password",
    "vpn.pangolin.server_private_key",
    "vpn.pangolin.preshared_key",
    "vault.unseal_keys",
    "vault.root_token",
    "monitoring.grafana.password",
    "monitoring.prometheus.password",
    "tls.letsencrypt.email",
  ];
  const missing = wanted.filter((path) => !paths(template).includes(path));
  assert.deepEqual(missing, []);
});

Deno.test("the secrets template has a pair of keys for each host of the example's tunnel", async () => {
  const { hosts } = await loadSite(new URL("example.yaml", sites).pathname);
  const peers = hosts.filter(({ tunnel }) => tunnel).map(({ name }) => name);
  assert.deepEqual(Object.keys(template.wireguard.hosts), peers);
  for (const name of peers) {
    assert.deepEqual(Object.keys(template.wireguard.hosts[name]), ["public_key", "private_key"]);
  }
});
