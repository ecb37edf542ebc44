import assert from "node:assert/strict";
import { findLeaks } from "./secret_leak.ts";

// Put together at run time, so that this file holds no secret by its own measure.
const random = ["q7Zr", "Lw0x", "B4nT", "e8Yk", "V2mS", "h6Dc"];
const age = `AGE-SECRET-KEY-1${"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".repeat(2).slice(0, 58)}`;
const pem = (kind: string) => `-----BEGIN ${kind} KEY-----\n${"MIIB".repeat(16)}\n-----END ${kind} KEY-----\n`;

const kinds = (path: string, text: string) => findLeaks(path, text).map(({ line, what }) => `${line} ${what}`);

const red: Record<string, readonly [path: string, text: string, found: string]> = {
  "private key": ["notes.md", `a\n${pem("PRIVATE")}`, "2 a private key"],
  "OpenSSH private key": ["id", pem("OPENSSH PRIVATE"), "1 a private key"],
  "age identity": ["keys.txt", `# created\n${age}\n`, "2 an age identity"],
  "GitHub token": ["ci.yml", `run: curl -H ghp_${random.join("")}${random.join("")}`, "1 a GitHub token"],
  "GitLab token": ["ci.yml", `x: glpat-${random.join("")}`, "1 a GitLab token"],
  "AWS access key": ["s3.ts", `const id = "AKIA${"0A1B2C3D".repeat(2)}";`, "1 an AWS access key"],
  "Slack token": ["a.ts", `xoxb-${random.join("")}`, "1 a Slack token"],
  "Google API key": ["a.ts", `AIza${random.join("")}${random.join("").slice(0, 11)}`, "1 a Google API key"],
  "Stripe key": ["a.ts", `sk_live_${random.join("")}`, "1 a Stripe key"],
  "Vault token": ["a.sh", `hvs.${random.join("")}`, "1 a Vault token"],
  "JSON web token": [
    "a.sh",
    `eyJ${random[0].repeat(4)}.eyJ${random[1].repeat(4)}.${random.join("")}`,
    "1 a JSON web token",
  ],
  "Proxmox token": [
    "a.sh",
    `PVEAPIToken=a@pve!b=${"0123abcd-".padEnd(9)}0123-0123-0123-0123456789ab`,
    "1 a Proxmox API token",
  ],
  "password in a URL": ["a.ts", `"postgres://app:${random[0]}@postgres.db.svc/app"`, "1 a password in a URL"],
  "password in values": ["values.yaml", "database:\n  password: hunter22\n", "2 a literal value of password"],
  "quoted password": ["values.yaml", `adminPassword: "hunter22"`, "1 a literal value of adminPassword"],
  "password with signs in it": ["values.yaml", "password: pa$$w*rd{1}\n", "1 a literal value of password"],
  "password of an environment file": [".env", "POSTGRES_PASSWORD=hunter22", "1 a literal value of POSTGRES_PASSWORD"],
  "password in an object": ["a.json", `{"db": {"password": "hunter22"}}`, "1 a literal value of password"],
  "password in a container's env": [
    "values.yaml",
    "env:\n  - name: DB_PASSWORD\n    value: hunter22\n",
    "3 a literal value of DB_PASSWORD",
  ],
  "token in values": ["values.yaml", `api_token: ${random.join("")}`, "1 a literal value of api_token"],
  "key of a kubeconfig": ["config.yaml", `client-key-data: ${random.join("")}`, "1 a literal value of client-key-data"],
  "Secret with values": [
    "templates/secret.yaml",
    "kind: ConfigMap\ndata:\n  a: b\n---\napiVersion: v1\nkind: Secret\nstringData:\n  user: app\n",
    "6 an object of kind Secret with values",
  ],
  "secrets file in clear": ["sites/home.secrets.yaml", "user: ops\n", "1 a secrets file that is not encrypted"],
  "copy of a vault file": ["group_vars/all/vault.yml.bak", "user: ops\n", "1 a secrets file that is not encrypted"],
};

for (const [name, [path, text, found]] of Object.entries(red)) {
  Deno.test(`a leak is found: ${name}`, () => assert.deepEqual(kinds(path, text), [found]));
}

const green: Record<string, readonly [path: string, text: string]> = {
  "a reference to Vault": ["values.yaml", "password: ref+vault://secret/databases/postgres/app#/password\n"],
  "a reference to SOPS": ["values.yaml", `password: "ref+sops://sites/home.sops.yaml#/db/password"\n`],
  "a template": ["all.yaml", "password: {{ .Values.password | quote }}\n"],
  "a variable": ["run.env", "POSTGRES_PASSWORD=${POSTGRES_PASSWORD}\n"],
  "a placeholder": ["sites/example.secrets.yaml", "proxmox:\n  token_secret: REPLACE-with-the-token-secret\n"],
  "an empty value": ["vault.example.yml", `password: ""\ntoken:\n`],
  "a path": ["values.yaml", "secret: databases/postgres/app\nprivate_key: /etc/wireguard/wg0.key\n"],
  "the name of a key": ["values.yaml", "secret: vaultwarden-admin-token\nkeys: [admin_token, smtp_password]\n"],
  "a container's env from a file": ["values.yaml", "- name: DB_PASSWORD_FILE\n  value: /vault/secrets/db\n"],
  "a secret and its key": ["values.yaml", "secretEnv: { DB_PASSWORD: database/password }\n"],
  "a switch": ["values.yaml", "disable_password: true\npassword: null\n"],
  "a comment": ["values.yaml", "# password: hunter22\n"],
  "code": ["a.ts", `const password = "hunter22"; // of a test`],
  "a pattern for private keys": ["a.ts", "/-----BEGIN [A-Z ]*PRIVATE KEY-----/"],
  "a public key": ["a.pem", pem("PUBLIC")],
  "a URL with a port": ["a.ts", "http://vault.service.svc:8200/v1/sys/health and ssh://git@host:22/x"],
  "a URL with a template": ["all.yaml", "postgres://app:{{ $password }}@postgres.db.svc/app"],
  "a Role that names secrets": ["role.yaml", "kind: Role\nrules:\n  - resources: [secrets]\n"],
  "a Secret without values": ["secret.yaml", "kind: Secret\nmetadata:\n  name: token\ntype: Opaque\n"],
  "a file encrypted by SOPS": [
    "sites/home.secrets.yaml",
    "password: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\nsops:\n  mac: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\n",
  ],
  "values of a chart": ["ci/existing-secrets.yaml", "plumb-common:\n  vault: { via: existing }\n"],
  "a file of ansible-vault": ["vault.yml", "$ANSIBLE_VAULT;1.1;AES256\n3132\n"],
  "an excuse with a reason": ["values.yaml", "password: hunter22 # not a secret: what the test types in\n"],
};

for (const [name, [path, text]] of Object.entries(green)) {
  Deno.test(`no leak: ${name}`, () => assert.deepEqual(kinds(path, text), []));
}

Deno.test("an excuse without a reason is none", () => {
  assert.equal(findLeaks("values.yaml", "password: hunter22 # not a secret:\n").length, 1);
});

Deno.test("a leak says where it is and what to do, and not what it is", () => {
  const [leak] = findLeaks("charts/a/values.yaml", "a: b\npassword: hunter22\n");
  assert.equal(`${leak.path}:${leak.line}`, "charts/a/values.yaml:2");
  assert.match(leak.remedy, /Vault/);
  assert.doesNotMatch(JSON.stringify(leak), /hunter22/);
});
