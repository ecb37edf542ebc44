// Holds the secrets adapter and the template against sops and age themselves:
// `deno test -A harness/adapters/site/secrets_lab.ts`. sops is taken from $PLUMB_VENV/bin, or from the PATH, age-keygen
// from the PATH; without them these tests fail.
import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "yaml";
import type { Site } from "../../model/site.ts";
import { openSecrets, SecretsError } from "./secrets.ts";
import { loadedSite } from "./testdata.ts";

const venv = Deno.env.get("PLUMB_VENV");
const sops = venv ? join(venv, "bin", "sops") : "sops";
const template = new URL("../../../sites/example.secrets.yaml", import.meta.url).pathname;

async function run(program: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

/** Encrypts the template by the rule that it recommends, for a key of its own. */
async function withEncryptedTemplate(body: (site: Site, folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    const age_key = join(folder, "age.key");
    const file = join(folder, "home.sops.yaml");
    await run("age-keygen", "-o", age_key);
    const rule = /--unencrypted-regex '([^']+)'/.exec(await Deno.readTextFile(template))![1];
    const recipient = await run("age-keygen", "-y", age_key);
    const text = await run(sops, "encrypt", "--age", recipient, "--unencrypted-regex", rule, template);
    await Deno.writeTextFile(file, text + "\n");
    await body({ ...loadedSite("/etc/site/home.yaml"), secrets: { file, age_key } }, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refusal(site: Site): Promise<string> {
  const error = await openSecrets(site, sops).then(() => null, (error) => error);
  assert.ok(error instanceof SecretsError, `not refused: ${error}`);
  assert.doesNotMatch(Deno.inspect(error), /hunter2/);
  return error.message;
}

Deno.test("the template, encrypted as it recommends, opens; only its secrets are redacted", async () => {
  await withEncryptedTemplate(async (site) => {
    const { secret, values } = await openSecrets(site, sops);
    assert.equal(secret("proxmox.token_secret"), "REPLACE-with-the-token-secret");
    assert.equal(secret("wireguard.plumb.private_key"), "REPLACE-with-the-private-key");
    assert.equal(secret("vault.unseal_keys.4"), "REPLACE-with-share-5");
    assert.equal(secret("smtp.port"), "587");
    assert.deepEqual(values().filter((value) => !value.startsWith("REPLACE-")), []);
    assert.ok(!values().includes("REPLACE-with-the-public-key"));
    const raw = parse(await Deno.readTextFile(site.secrets.file));
    assert.equal(raw.wireguard.hosts.vps.public_key, "REPLACE-with-the-public-key");
    assert.match(raw.wireguard.hosts.vps.private_key, /^ENC\[/);
  });
});

Deno.test("another key does not open it", async () => {
  await withEncryptedTemplate(async (site, folder) => {
    const age_key = join(folder, "other.key");
    await run("age-keygen", "-o", age_key);
    assert.match(await refusal({ ...site, secrets: { ...site.secrets, age_key } }), /the age key does not fit it;/);
  });
});

Deno.test("a value edited by hand is refused and not repeated", async () => {
  await withEncryptedTemplate(async (site) => {
    const text = await Deno.readTextFile(site.secrets.file);
    await Deno.writeTextFile(site.secrets.file, text.replace(/token_secret: ENC\[.*\]/, "token_secret: hunter2"));
    assert.match(await refusal(site), /a value in it was changed by hand;/);
    await Deno.writeTextFile(site.secrets.file, text.replace("port: 587", "port: 588"));
    assert.match(await refusal(site), /its checksum differs/);
  });
});
