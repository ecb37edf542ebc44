import assert from "node:assert/strict";
import { join } from "node:path";
import type { Site } from "../../model/site.ts";
import { openSecrets, SecretsError } from "./secrets.ts";
import { loadedSite } from "./testdata.ts";

const encrypted = `proxmox:
  token_secret: ENC[AES256_GCM,data:a,type:str]
wireguard:
  plumb: { public_key: cGx1bWI=, private_key: "ENC[AES256_GCM,data:b,type:str]" }
vault:
  unseal_keys: ["ENC[AES256_GCM,data:c,type:str]", "ENC[AES256_GCM,data:d,type:int]"]
ssh:
  private_key: ENC[AES256_GCM,data:e,type:str]
  public_key: ENC[AES256_GCM,data:g,type:str]
flag: ENC[AES256_GCM,data:f,type:bool]
smtp: { host: mail.home.example, port: 587 }
sops: { version: 3.11.0 }
`;
const clear = {
  proxmox: { token_secret: "hunter2" },
  wireguard: { plumb: { public_key: "cGx1bWI=", private_key: "private-one" } },
  vault: { unseal_keys: ["share-one", 90210] },
  ssh: {
    private_key: "-----BEGIN KEY-----\nfirst-line-of-it\nab\n-----END KEY-----\n",
    public_key: "ssh-ed25519 AAAA",
  },
  flag: true,
  smtp: { host: "mail.home.example", port: 587 },
};

interface Place {
  readonly site: Site;
  readonly sops: string;
  readonly folder: string;
}

/** A site whose secrets a stand-in for sops decrypts; `script` is what the stand-in does. */
async function withSops(script: string, body: (place: Place) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    const [sops, file, age_key] = ["sops", "home.sops.yaml", "age.key"].map((name) => join(folder, name));
    await Deno.writeTextFile(join(folder, "clear.json"), JSON.stringify(clear));
    await Deno.writeTextFile(sops, `#!/bin/sh\ncd ${folder}\necho run >> runs\n${script}\n`, { mode: 0o755 });
    await Deno.writeTextFile(file, encrypted);
    await Deno.writeTextFile(age_key, "AGE-SECRET-KEY-1");
    await body({ folder, sops, site: { ...loadedSite("/etc/site/home.yaml"), secrets: { file, age_key } } });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refusal({ site, sops }: Place): Promise<SecretsError> {
  const error = await openSecrets(site, sops).then(() => null, (error) => error);
  assert.ok(error instanceof SecretsError, `not refused: ${error}`);
  assert.match(error.message, /^Cannot [^;]+: [^;]+; [^;]+$/);
  assert.ok(!Deno.inspect(error).includes("hunter2"));
  return error;
}

Deno.test("a secret is found by its dotted path", async () => {
  await withSops("cat clear.json", async ({ site, sops }) => {
    const { secret, all } = await openSecrets(site, sops);
    assert.deepEqual(all(), clear);
    assert.equal(secret("proxmox.token_secret"), "hunter2");
    assert.equal(secret("vault.unseal_keys.1"), "90210");
    assert.equal(secret("smtp.host"), "mail.home.example");
    for (const path of ["proxmox.tokn", "proxmox", "proxmox.token_secret.length", "toString", ""]) {
      assert.throws(() => secret(path), /^SecretsError: Cannot read secret '.*' of .*; add it with 'sops edit'$/, path);
    }
  });
});

Deno.test("values are what the file encrypts, and the lines of what has several", async () => {
  await withSops("cat clear.json", async ({ site, sops }) => {
    assert.deepEqual((await openSecrets(site, sops)).values(), [
      "hunter2",
      "private-one",
      "share-one",
      "90210",
      clear.ssh.private_key,
      "first-line-of-it",
    ]);
  });
});

Deno.test("sops is told the key's file in its environment, and nothing else of ours", async () => {
  await withSops('echo "$*" > args; env > env; cat clear.json', async ({ site, sops, folder }) => {
    Deno.env.set("SOPS_AGE_KEY", "not-this-one");
    try {
      await openSecrets(site, sops);
    } finally {
      Deno.env.delete("SOPS_AGE_KEY");
    }
    const [args, env] = ["args", "env"].map((name) => Deno.readTextFileSync(join(folder, name)));
    assert.equal(args.trim(), `decrypt --input-type yaml --output-type json ${site.secrets.file}`);
    assert.ok(env.includes(`SOPS_AGE_KEY_FILE=${site.secrets.age_key}\n`));
    assert.doesNotMatch(env, /SOPS_AGE_KEY=|HOME=/);
  });
});

Deno.test("sops runs once while the file stays the same, and again when it changed", async () => {
  await withSops("cat clear.json", async ({ site, sops, folder }) => {
    const runs = () => Deno.readTextFileSync(join(folder, "runs")).trim().split("\n").length;
    await Promise.all([openSecrets(site, sops), openSecrets(site, sops)]);
    await openSecrets(site, sops);
    assert.equal(runs(), 1);
    await Deno.writeTextFile(site.secrets.file, `${encrypted}# changed\n`);
    await openSecrets(site, sops);
    assert.equal(runs(), 2);
  });
});

Deno.test("a failure is not remembered", async () => {
  await withSops("test -e fixed && cat clear.json || exit 128", async (place) => {
    await refusal(place);
    await Deno.writeTextFile(join(place.folder, "fixed"), "");
    assert.equal((await openSecrets(place.site, place.sops)).secret("proxmox.token_secret"), "hunter2");
  });
});

for (
  const [code, words] of [
    [128, /the age key does not fit it; set secrets\.age_key/],
    [51, /it was changed by hand .*; undo that/],
    [25, /a value in it was changed by hand; undo that/],
    [1, /sops failed with exit code 1; run 'sops decrypt /],
  ] as const
) {
  Deno.test(`sops ending with ${code} is explained, and what it printed is not repeated`, async () => {
    await withSops(`echo "Input string hunter2" >&2; exit ${code}`, async (place) => {
      const error = await refusal(place);
      assert.match(error.message, words);
      assert.equal((error.cause as Error).message, `sops ended with exit code ${code}`);
    });
  });
}

Deno.test("a missing secrets file, key or program is named", async () => {
  await withSops("cat clear.json", async (place) => {
    const without = (secrets: Partial<Site["secrets"]>) => {
      const site = { ...place.site, secrets: { ...place.site.secrets, ...secrets } };
      return refusal({ ...place, site });
    };
    assert.match((await without({ file: "/etc/site/none" })).message, /none does not exist; make it as sites\/example/);
    assert.match((await without({ age_key: "/etc/site/key" })).message, /key does not exist; set secrets\.age_key/);
    const absent = await refusal({ ...place, sops: join(place.folder, "absent") });
    assert.match(absent.message, /^Cannot run .*absent: there is no such program; install sops/);
  });
});

Deno.test("what is no sops is explained, and what it printed is not repeated", async () => {
  await withSops("echo hunter2", async (place) => {
    const error = await refusal(place);
    assert.match(error.message, /sops printed no JSON; install sops 3\.9 or newer$/);
    assert.equal((error.cause as Error).message, "SyntaxError");
  });
});

Deno.test("a file that is not encrypted, or not YAML, is refused before sops runs", async () => {
  await withSops("cat clear.json", async (place) => {
    await Deno.writeTextFile(place.site.secrets.file, "proxmox: { token_secret: hunter2 }\n");
    assert.match((await refusal(place)).message, /it is not encrypted with SOPS; encrypt it/);
    await Deno.writeTextFile(place.site.secrets.file, "proxmox: [hunter2\n");
    assert.match((await refusal(place)).message, /it is not readable YAML; restore it/);
  });
});

Deno.test("a secret that an encrypted file leaves in clear is refused", async () => {
  await withSops("cat clear.json", async (place) => {
    await Deno.writeTextFile(
      place.site.secrets.file,
      encrypted.replace("token_secret: ENC[AES256_GCM,data:a,type:str]", "token_secret: hunter2"),
    );
    assert.match((await refusal(place)).message, /proxmox\.token_secret can be read without the key; replace/);
  });
});
