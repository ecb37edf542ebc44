import { createHmac } from "node:crypto";

/** A pinned host key: its type, such as `ssh-ed25519`, and the key in base64. */
export interface PinnedKey {
  readonly type: string;
  readonly key: string;
}

/** The keys that a known_hosts text pins for a host. Understands lists, hashed names and `[address]:port`. */
export function pinnedKeys(text: string, address: string, port: number): PinnedKey[] {
  const name = port === 22 ? address : `[${address}]:${port}`;
  return text.split("\n").flatMap((line) => {
    const [hosts, type, key] = line.trim().split(/\s+/);
    if (!key || hosts.startsWith("#") || hosts.startsWith("@")) return [];
    return hosts.split(",").some((pattern) => isHost(pattern, name)) ? [{ type, key }] : [];
  });
}

function isHost(pattern: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|(.+)$/.exec(pattern) ?? [];
  if (!salt) return pattern === name;
  return createHmac("sha1", new Uint8Array(atob(salt).split("").map((c) => c.charCodeAt(0)))).update(name).digest(
    "base64",
  ) ===
    hash;
}

/** The text with the address's keys replaced by `keys`; other lines stay as they are. */
export function repin(text: string, address: string, port: number, keys: readonly PinnedKey[]): string {
  const name = port === 22 ? address : `[${address}]:${port}`;
  const kept = text.split("\n").filter((line) => line.trim() !== "" && pinnedKeys(line, address, port).length === 0);
  return [...kept, ...keys.map(({ type, key }) => `${name} ${type} ${key}`)].join("\n") + "\n";
}
