import { parse } from "yaml";
import type { Site } from "../../model/site.ts";
import { displayPath } from "./error.ts";

/** Secrets that cannot be had. Its message and causes never hold a value. */
export class SecretsError extends Error {
  override readonly name = "SecretsError";
  /** How a run ends on it; a key of `exitCodes`. */
  readonly ending = "usage";
}

/** A site's decrypted secrets. */
export interface Secrets {
  /** The value at a dotted path such as `proxmox.token_secret` or `vault.unseal_keys.0`; throws if there is none. */
  secret(path: string): string;
  /** Everything, decrypted; for a program that takes the secrets as a whole. */
  all(): unknown;
  /**
   * What must be redacted: every value that the file encrypts, public keys and truth values left out; of values of
   * several lines also each line, because output is read by lines.
   */
  values(): string[];
}

type Tree = Readonly<Record<string, unknown>>;

/**
 * What sops' exit codes mean here (its cmd/sops/codes/codes.go). Its standard error is never passed on: for a value
 * that was edited in clear it prints that value.
 */
const exitWords: Record<number, string> = {
  25: "a value in it was changed by hand; undo that and change it with 'sops edit'",
  51: "it was changed by hand (its checksum differs); undo that and change it with 'sops edit'",
  128: "the age key does not fit it; set secrets.age_key to a key that it was encrypted for",
};

async function stat(path: string, file: string, remedy: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? `${displayPath(path)} does not exist`
      : (cause as Error).message;
    throw new SecretsError(`Cannot decrypt ${file}: ${why}; ${remedy}`, { cause });
  }
}

/** Runs sops with nothing in its environment but the site's key, so that no other key of the user can stand in. */
async function runSops(sops: string, site: Site, file: string): Promise<string> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(sops, {
      args: ["decrypt", "--input-type", "yaml", "--output-type", "json", site.secrets.file],
      env: { PATH: Deno.env.get("PATH") ?? "", SOPS_AGE_KEY_FILE: site.secrets.age_key },
      clearEnv: true,
      stdin: "null",
    }).output();
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound ? "there is no such program" : (cause as Error).message;
    throw new SecretsError(`Cannot run ${sops}: ${why}; install sops 3.9 or newer`, { cause });
  }
  if (output.code !== 0) {
    const cause = new Error(`sops ended with exit code ${output.code}`);
    const words = exitWords[output.code] ??
      `sops failed with exit code ${output.code}; run 'sops decrypt ${file}' to see why`;
    throw new SecretsError(`Cannot decrypt ${file}: ${words}`, { cause });
  }
  return new TextDecoder().decode(output.stdout);
}

/** Reads the file as it lies there, to know which values it encrypts. */
async function readEncrypted(path: string, file: string): Promise<Tree> {
  let tree: unknown;
  try {
    tree = parse(await Deno.readTextFile(path), { logLevel: "error" });
  } catch (cause) {
    // A parser quotes the line that it fails on, which may be a secret in clear: only the kind of error is kept.
    const kind = new Error((cause as { code?: string }).code ?? (cause as Error).name);
    throw new SecretsError(`Cannot decrypt ${file}: it is not readable YAML; restore it from a copy`, { cause: kind });
  }
  if (typeof tree !== "object" || tree === null || !("sops" in tree)) {
    const how = "encrypt it as sites/example.secrets.yaml explains";
    throw new SecretsError(`Cannot decrypt ${file}: it is not encrypted with SOPS; ${how}`);
  }
  return tree as Tree;
}

interface Leaf {
  /** Dotted, as `secret` takes it. */
  readonly path: string;
  /** The key that names it; for a list's item, the list's key. */
  readonly key: string;
  readonly value: unknown;
  /** True if the file holds it encrypted. */
  readonly encrypted: boolean;
}

function* leavesOf(clear: unknown, raw: unknown, path = "", key = ""): Generator<Leaf> {
  if (typeof clear === "object" && clear !== null) {
    for (const [name, value] of Object.entries(clear)) {
      const below = path ? `${path}.${name}` : name;
      yield* leavesOf(value, (raw as Tree | undefined)?.[name], below, Array.isArray(clear) ? key : name);
    }
  } else yield { path, key, value: clear, encrypted: String(raw).startsWith("ENC[") };
}

const secretKeys = /(?<!public_)(keys?|password|secret|token)$/;

/** Refuses a file that was encrypted with a rule that leaves secrets out, as one that fits a host's name does. */
function refuseClearSecrets(leaves: readonly Leaf[], file: string): void {
  const inClear = leaves.filter(({ key, value, encrypted }) => secretKeys.test(key) && value !== "" && !encrypted);
  if (inClear.length === 0) return;
  const where = inClear.map(({ path }) => path).join(", ");
  const how = "replace these secrets, and encrypt the file as sites/example.secrets.yaml explains";
  throw new SecretsError(`Cannot use ${file}: ${where} can be read without the key; ${how}`);
}

function isRedacted({ key, value, encrypted }: Leaf): boolean {
  return encrypted && key !== "public_key" && value !== null && value !== "" && typeof value !== "boolean";
}

/** The lines of a value of several lines that are long enough to be recognised; none for one line. */
function linesOf(value: string): string[] {
  const lines = value.split("\n").map((line) => line.trim());
  return lines.length > 1 ? lines.filter((line) => line.length >= 8 && !line.startsWith("-----")) : [];
}

function parseDecrypted(text: string, sops: string, file: string): Tree {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser quotes what it fails on, which may be a secret: only the kind of error is kept.
    const why = `${sops} printed no JSON; install sops 3.9 or newer`;
    throw new SecretsError(`Cannot decrypt ${file}: ${why}`, { cause: new Error((cause as Error).name) });
  }
}

async function decrypt(site: Site, sops: string, file: string): Promise<Secrets> {
  const raw = await readEncrypted(site.secrets.file, file);
  const clear = parseDecrypted(await runSops(sops, site, file), sops, file);
  const leaves = [...leavesOf(clear, raw)];
  refuseClearSecrets(leaves, file);
  const secrets = leaves.filter(isRedacted).map(({ value }) => String(value));
  const redacted = [...new Set(secrets.flatMap((secret) => [secret, ...linesOf(secret)]))];
  return {
    values: () => [...redacted],
    all: () => clear,
    secret(path) {
      const own = (tree: unknown, key: string) =>
        typeof tree === "object" && tree !== null && Object.hasOwn(tree, key) ? (tree as Tree)[key] : undefined;
      const value = path.split(".").reduce(own, clear as unknown);
      if (value === undefined || value === null || typeof value === "object") {
        const why = value === undefined || value === null ? "there is no value" : "there is a block, not a value,";
        throw new SecretsError(`Cannot read secret '${path}' of ${file}: ${why} at that path; add it with 'sops edit'`);
      }
      return String(value);
    },
  };
}

const opened = new Map<string, Promise<Secrets>>();

/**
 * Decrypts a site's secrets with the `sops` program at `sopsPath`, once per process while the file does not change.
 * The age key is given to sops as the name of its file.
 * @throws {SecretsError} if the file, its key or sops is missing, or they do not fit together.
 */
export async function openSecrets(site: Site, sopsPath: string): Promise<Secrets> {
  const { file: path, age_key } = site.secrets;
  const file = displayPath(path);
  const { mtime, size } = await stat(path, file, "make it as sites/example.secrets.yaml explains");
  await stat(age_key, file, "set secrets.age_key to the age key file");
  const key = [path, age_key, sopsPath, mtime?.getTime(), size].join("\n");
  const known = opened.get(key);
  if (known) return await known;
  const secrets = decrypt(site, sopsPath, file);
  opened.set(key, secrets);
  try {
    return await secrets;
  } catch (cause) {
    opened.delete(key); // What failed once may work after the person has followed the remedy.
    throw cause;
  }
}
