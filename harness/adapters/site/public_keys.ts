import { displayPath, type Finding, type Path, SiteError } from "./error.ts";
import { parseSource } from "./source.ts";

/** What `wg pubkey` prints: 32 bytes in base64. */
const publicKey = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** What keeps a value from being a public key; nothing if it is one. */
function fault(value: unknown): string | undefined {
  if (typeof value === "string" && value.startsWith("ENC[")) {
    return "is encrypted; keep it clear: rotate the file with public_key in its --unencrypted-regex";
  }
  if (typeof value !== "string" || !publicKey.test(value)) {
    return "is not a WireGuard public key; write what 'wg pubkey' prints for the private key beside it";
  }
}

/**
 * The WireGuard public keys of a SOPS file, by host name, and `plumb` for the runner's own peer. Only the clear part is
 * read: nothing is decrypted. A file that is not there has none (an assertion misses them).
 * @throws {SiteError} if the file cannot be parsed, or what stands for a key is none.
 */
export async function readPublicKeys(path: string): Promise<Record<string, string>> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return {};
    const message = `${(cause as Error).message}; make it readable for the user who runs this`;
    throw new SiteError([{ file: displayPath(path), line: null, path: "", message }], { cause });
  }
  const source = parseSource(path, text, "start from sites/example.secrets.yaml");
  const wireguard = member(source.data, "wireguard");
  const hosts = Object.entries(member(wireguard, "hosts") ?? {});
  const entries: [string, Path, unknown][] = hosts.map(([name, entry]) => [name, ["wireguard", "hosts", name], entry]);
  entries.push(["plumb", ["wireguard", "plumb"], member(wireguard, "plumb")]);

  const keys: Record<string, string> = {};
  const findings: Finding[] = [];
  for (const [name, path, entry] of entries) {
    const value = member(entry, "public_key");
    if (value === undefined) continue;
    const found = fault(value);
    if (found) findings.push({ path: [...path, "public_key"], message: `the public_key of ${name} ${found}` });
    else keys[name] = value as string;
  }
  const problems = [...source.problems, ...findings.map(source.locate)];
  if (problems.length) throw new SiteError(problems);
  return keys;
}
