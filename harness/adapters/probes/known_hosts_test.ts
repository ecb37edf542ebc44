import assert from "node:assert/strict";
import { pinnedKeys, repin } from "./known_hosts.ts";

const text = `# comment
192.0.2.1,home ssh-ed25519 AAAA1
[192.0.2.1]:2222 ssh-rsa AAAA2
@revoked 192.0.2.1 ssh-ed25519 AAAA3
|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-ed25519 AAAA4
`;

Deno.test("pinned keys are found by address, by port and by hashed name; revoked ones are not", () => {
  assert.deepEqual(pinnedKeys(text, "192.0.2.1", 22), [{ type: "ssh-ed25519", key: "AAAA1" }]);
  assert.deepEqual(pinnedKeys(text, "192.0.2.1", 2222), [{ type: "ssh-rsa", key: "AAAA2" }]);
  // The hash of OpenBSD's regression tests: salt and HMAC-SHA1 of 192.168.1.61.
  assert.deepEqual(pinnedKeys(text, "192.168.1.61", 22), [{ type: "ssh-ed25519", key: "AAAA4" }]);
  assert.deepEqual(pinnedKeys(text, "192.0.2.2", 22), []);
});

Deno.test("pinning anew replaces a host's keys and leaves all other lines", () => {
  const after = repin(text, "192.0.2.1", 22, [{ type: "ssh-ed25519", key: "BBBB" }]);
  assert.deepEqual(pinnedKeys(after, "192.0.2.1", 22), [{ type: "ssh-ed25519", key: "BBBB" }]);
  assert.deepEqual(pinnedKeys(after, "192.0.2.1", 2222), [{ type: "ssh-rsa", key: "AAAA2" }]);
  assert.ok(after.includes("# comment"));
});
