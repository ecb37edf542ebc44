/** A place where a file holds what looks like a secret in clear. It never carries the secret itself. */
export interface Leak {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What it looks like. */
  readonly what: string;
  /** What to do about this kind of leak. */
  readonly remedy: string;
}

/** Written in a comment on the same line, with a reason: `# not a secret: the name of a key in Vault`. */
const excuse = /not a secret: *\S/;

const rotate = "take it out, put it into the site's SOPS file or into Vault, and rotate it: git remembers";
const refer = "refer to Vault (secrets: in the chart's values) or to the site's SOPS file (ref+sops://) instead";
const encrypt = "encrypt it with sops, or delete it, and rotate what was in it: git remembers";

/** Secrets that are known by their looks, wherever they stand; group 1, where there is one, is what must be random. */
const shapes: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\s+(?:[\w-]+: .*\s+)*[A-Za-z0-9+/=]{40}/g],
  ["an age identity", /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/g],
  ["a GitHub token", /\b(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_\w{60,})/g],
  ["a GitLab token", /\bglpat-[\w-]{20,}/g],
  ["an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ["a Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g],
  ["a Google API key", /\bAIza[\w-]{35}\b/g],
  ["a Stripe key", /\b[rs]k_live_[A-Za-z0-9]{16,}/g],
  ["a Vault token", /\bhv[bs]\.[\w-]{24,}/g],
  ["a JSON web token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/g],
  ["a Proxmox API token", /\bPVEAPIToken=[^\s=]+=[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/'"`<>{}$()[\]]+:([^\s@/'"`<>{}$()[\]%*]{3,})@[\w.-]+/gi],
];

const words = "password|passwd|passphrase|pwd";
const opaque = "secret|token|api_?key|private_?key|secret_?key|access_?key|client-key-data|psk|preshared_?key";
/** `key: value` or `key = value` with a key that says password; anything written there is one. */
const passwordLine = assignment(words, "Password|Passphrase");
/** The same with a key that says secret, token or key; what is written there may also be a name. */
const secretLine = assignment(opaque, "Secret|Token|ApiKey|PrivateKey|SecretKey|AccessKey");
/** The two lines of an entry in a container's `env`. */
const envName = /^\s*-?\s*name:\s*["']?(\w+)["']?\s*$/;
const envValue = /^\s*value:\s*(.+?)\s*$/;

/** Matches a key that is or ends with one of `snake`, or ends with one of `camel`, and what is assigned to it. */
function assignment(snake: string, camel: string): RegExp {
  const key = String.raw`["']?((?:[\w.-]*[_.-])?(?:${snake})|\w+(?:${camel}))["']?`;
  return new RegExp(String.raw`(?:^|[\s{,])${key}\s*[:=]\s*(?:"([^"]*)"|'([^']*)'|([^\s#,}]+))`, "i");
}

/** Files in which `key: value` is configuration, not code or prose. */
const configuration =
  /\.(ya?ml|json|toml|env|ini|cfg|conf|properties|gotmpl|tpl|j2|xml|tf|tfvars)(\.[\w-]+)?$|(^|\/)\.env/;
/** Files that hold secrets by their name, and copies of such files. */
const secretsFile = /(^|[/._-])(secrets?|vault)\.(sops\.)?(ya?ml|json|env)([.~-][\w.~-]*)?$/;

/**
 * What looks like a secret in clear in one text file: keys and tokens that are known by their looks, passwords in URLs,
 * literal values of keys that say password, secret or token, `kind: Secret` with values, and secrets files that are not
 * encrypted. Placeholders, references and templates are none.
 */
export function findLeaks(path: string, text: string): Leak[] {
  const lines = text.split("\n");
  const leaks = shapes.flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)].filter((found) => found[1] === undefined || isLiteral(found[1])).map((found) => ({
      path,
      line: text.slice(0, found.index).split("\n").length,
      what,
      remedy: rotate,
    }))
  );
  const encrypted = isEncrypted(text);
  if (configuration.test(path) && !encrypted) leaks.push(...assignments(path, lines), ...secretObjects(path, lines));
  if (secretsFile.test(path) && !/example/.test(path) && !encrypted && holdsData(text)) {
    leaks.push({ path, line: 1, what: "a secrets file that is not encrypted", remedy: encrypt });
  }
  const excused = leaks.filter(({ line }) => !excuse.test(lines[line - 1]));
  return unique(excused).sort((a, b) => a.line - b.line);
}

function assignments(path: string, lines: readonly string[]): Leak[] {
  return lines.flatMap((text, index) => {
    const what = literalIn(text) ?? literalInEnv(lines[index - 1], text);
    return what ? [{ path, line: index + 1, what, remedy: refer }] : [];
  });
}

/** Says what kind of literal secret a line assigns, if it does. */
function literalIn(line: string): string | null {
  if (/^\s*(#|\/\/|;|\{\{-?\s*\/\*)/.test(line)) return null;
  const password = passwordLine.exec(line);
  if (password && isLiteral(valueOf(password))) return `a literal value of ${password[1]}`;
  const secret = secretLine.exec(line);
  return secret && isLiteral(valueOf(secret)) && isRandom(valueOf(secret)) ? `a literal value of ${secret[1]}` : null;
}

/** The same for `value:` below `name:`. */
function literalInEnv(before: string | undefined, line: string): string | null {
  const name = envName.exec(before ?? "")?.[1];
  const value = envValue.exec(line)?.[1];
  return name && value ? literalIn(`${name}: ${value}`) : null;
}

const valueOf = (found: RegExpExecArray) => found[2] ?? found[3] ?? found[4] ?? "";

/** False for what stands in a secret's place: nothing, a placeholder, a reference, a template, a path, a switch. */
function isLiteral(value: string): boolean {
  return value.length >= 3 &&
    !/^(?:true|false|null|none|yes|no|~|\d{1,4})$/i.test(value) &&
    // `secretEnv: { PASSWORD: database/password }` names a secret and its key.
    !/^[a-z][a-z0-9-]*\/[a-z0-9._-]+$/.test(value) &&
    !/^[{[<*&!|>$%~]|^\.?\/|\{[{%]|\$[({]|^(?:ref\+|vault:|ENC\[|file:)|replace|placeholder|redacted|^x+$|^\.+$/i
      .test(value);
}

/** Whether a value can hardly be a name or a path: long, and of many different characters with digits among them. */
function isRandom(value: string): boolean {
  if (value.length < 16 || /[/\s].*[/\s]|^[a-z0-9]+([-_.][a-z0-9]+)+$/.test(value)) return false;
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  const bits = [...counts.values()].reduce((sum, n) => sum - n / value.length * Math.log2(n / value.length), 0);
  return bits > 3 && /\d/.test(value);
}

/** `kind: Secret` with values; a list of them in a policy or a Role is no object. */
function secretObjects(path: string, lines: readonly string[]): Leak[] {
  const leaks: Leak[] = [];
  let start = 0;
  for (const [index, text] of [...lines.entries(), [lines.length, "---"] as const]) {
    if (!/^---/.test(text)) continue;
    const object = lines.slice(start, index);
    const kind = object.findIndex((line) => /^kind:\s*["']?Secret["']?\s*$/.test(line));
    const data = object.findIndex((line) => /^(string)?data:\s*(\{\s*\S.*)?$/i.test(line));
    if (kind >= 0 && data >= 0 && /^\s+\S/.test(object[data + 1] ?? object[data])) {
      leaks.push({ path, line: start + kind + 1, what: "an object of kind Secret with values", remedy: refer });
    }
    start = index + 1;
  }
  return leaks;
}

/** False for an empty file, and for Kubernetes objects and values of charts: other rules look into these. */
function holdsData(text: string): boolean {
  return text.trim() !== "" && !/^(apiVersion|kind|plumb-common):/m.test(text);
}

/** Encrypted by SOPS or by ansible-vault as a whole. */
function isEncrypted(text: string): boolean {
  return text.startsWith("$ANSIBLE_VAULT;") ||
    (/ENC\[AES256_GCM,/.test(text) && /^\s*"?sops"?:|^sops_mac=/m.test(text));
}

function unique(leaks: readonly Leak[]): Leak[] {
  return [...new Map(leaks.map((leak) => [`${leak.line} ${leak.what}`, leak])).values()];
}
