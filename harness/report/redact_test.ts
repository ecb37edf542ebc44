import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { makeRedactor, truncate } from "./redact.ts";

const secret = 'p&ss "wörd"/42';
const wireGuardKey = "cHJpdmF0ZWtleXByaXZhdGVrZXlwcml2YXRla2V5MTI=";

Deno.test("a secret is redacted in every form in which it may turn up", () => {
  const redact = makeRedactor([secret]);
  const forms: Record<string, string> = {
    plain: secret,
    json: JSON.stringify(secret).slice(1, -1),
    url: encodeURIComponent(secret),
    "url, lower case": encodeURIComponent(secret).replace(/%../g, (octet) => octet.toLowerCase()),
    form: new URLSearchParams({ "": secret }).toString().slice(1),
    hex: Buffer.from(secret).toString("hex"),
    "hex, upper case": Buffer.from(secret).toString("hex").toUpperCase(),
    base64: Buffer.from(secret).toString("base64"),
    base64url: Buffer.from(secret).toString("base64url"),
  };
  for (const [name, form] of Object.entries(forms)) {
    assert.equal(redact(`before ${form} after`), "before [redacted] after", name);
  }
});

Deno.test("a secret is redacted inside longer base64, at each offset", () => {
  const redact = makeRedactor(["correct-horse"]);
  for (const user of ["a", "ab", "abc"]) {
    const encoded = Buffer.from(`${user}:correct-horse`).toString("base64");
    const left = redact(encoded).replace("[redacted]", "");
    assert.notEqual(redact(encoded), encoded, user);
    assert.ok(left.length <= 8, `${left} is what ${user} alone decides`);
  }
});

Deno.test("a WireGuard key is redacted as hex too", () => {
  const redact = makeRedactor([wireGuardKey]);
  assert.equal(redact(`private_key=${Buffer.from(wireGuardKey, "base64").toString("hex")}`), "private_key=[redacted]");
});

Deno.test("each long line of a secret with several lines is redacted alone; its PEM boundary is not", () => {
  const redact = makeRedactor([
    "-----BEGIN THING-----\nAAAAB3NzaC1yc2EAAAADAQAB\nshort\nCCCCB3NzaC1yc2EAAAADAQAB\n-----END THING-----\n",
  ]);
  assert.equal(redact("got AAAAB3NzaC1yc2EAAAADAQAB."), "got [redacted].");
  assert.equal(redact("short -----BEGIN THING-----"), "short -----BEGIN THING-----");
});

Deno.test("a long secret is redacted in base64 wrapped at 76 columns", () => {
  const long = "0123456789abcdef".repeat(8);
  const wrapped = Buffer.from(long).toString("base64").replace(/.{76}/g, "$&\n");
  assert.equal(makeRedactor([long])(wrapped), wrapped.split("\n").map(() => "[redacted]").join("\n"));
});

Deno.test("the longest secret wins and overlapping ones leave nothing", () => {
  const redact = makeRedactor(["hunter22", "hunter22-extended", "extended-again"]);
  assert.equal(redact("hunter22-extended-again!"), "[redacted]!");
  assert.equal(redact("hunter22, hunter22-extended"), "[redacted], [redacted]");
});

Deno.test("a secret is text, never a pattern; short values are left alone", () => {
  const redact = makeRedactor(["a.*+?^${}()|[]\\b", "$&$1$&", "short", "      "]);
  assert.equal(redact("a.*+?^${}()|[]\\b and $&$1$& in abbbb"), "[redacted] and [redacted] in abbbb");
  assert.equal(redact("short       words"), "short       words");
});

Deno.test("secrets can become known later", () => {
  const redact = makeRedactor();
  assert.equal(redact("token abcdef123"), "token abcdef123");
  redact.add(["abcdef123"]);
  assert.equal(redact("token abcdef123"), "token [redacted]");
});

Deno.test("obvious secrets are redacted without being known", () => {
  const redact = makeRedactor();
  const uuid = "12345678-1234-1234-1234-123456789abc";
  const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----";
  assert.equal(redact(`a\n${key}\nb`), "a\n[redacted]\nb");
  assert.equal(redact(key.slice(0, -20)), "[redacted]");
  assert.equal(redact(`PVEAPIToken=plumb@pve!harness=${uuid}`), "PVEAPIToken=plumb@pve!harness=[redacted]");
  assert.equal(redact("x AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN y"), "x [redacted] y");
  assert.equal(redact("authorization: bearer eyJhbGciOi.J9_-x"), "authorization: bearer [redacted]");
  assert.equal(redact(`PrivateKey = ${wireGuardKey}`), "PrivateKey = [redacted]");
  assert.equal(redact(`{\\"PresharedKey\\":\\"${wireGuardKey}\\"}`), '{\\"PresharedKey\\":\\"[redacted]\\"}');
});

Deno.test("what only looks a little like a secret stays", () => {
  const redact = makeRedactor();
  const harmless =
    `PublicKey = ${wireGuardKey}\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\nroot 600`;
  assert.equal(redact(harmless), harmless);
});

Deno.test("truncate keeps head and tail and says what is missing", () => {
  assert.equal(truncate("short"), "short");
  const cut = truncate(`${"a".repeat(3000)}${"z".repeat(3000)}`, 200);
  assert.ok(cut.length <= 200);
  assert.match(cut, /^a+\n… \d+ characters left out …\nz+$/);
  const left = Number(/(\d+) characters/.exec(cut)?.[1]);
  assert.equal(cut.replace(/\n.*\n/, "").length + left, 6000);
});

Deno.test("truncate does not halve a character", () => {
  assert.equal(truncate("🙂".repeat(2000), 101).isWellFormed(), true);
});
