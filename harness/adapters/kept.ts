import { createHash } from "node:crypto";
import { cacheFolder } from "../model/cache.ts";

/** Most entries of one kind that are kept: those used last. */
const most = 8;

/** What a result depends on: texts under names of their own. */
export type Inputs = ReadonlyMap<string, string>;

/** Names what is made of these inputs, whatever order they come in. */
export function keyOf(inputs: Inputs): string {
  const hash = createHash("sha256");
  for (const [name, text] of [...inputs].sort(([a], [b]) => a < b ? -1 : 1)) {
    hash.update(`${name.length} ${text.length} `).update(name).update(text);
  }
  return hash.digest("hex");
}

/**
 * What `make` makes of `inputs`, as JSON gives it back, from the cache if it has been made of the same inputs before.
 *
 * This is honest only where `make` looks at nothing but the inputs: they must hold every file, option and program that it
 * reads, its own code included. Then making it again would give the same, and what was kept is what would be seen now.
 * Only what was made whole is kept; an entry that does not have its checksum any more is made anew.
 */
export async function keptOrMade<T>(kind: string, inputs: Inputs, make: () => Promise<T>): Promise<T> {
  const folder = `${cacheFolder((name) => Deno.env.get(name))}/${kind}`;
  const path = `${folder}/${keyOf(inputs)}.json`;
  const kept = await read(path);
  if (kept !== null) {
    const now = new Date();
    await unlessClosed(unlessAbsent(Deno.utime(path, now, now)));
    return JSON.parse(kept) as T;
  }
  const text = JSON.stringify(await make());
  await unlessClosed(keep(text, path, folder));
  return JSON.parse(text) as T;
}

async function keep(text: string, path: string, folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const half = await Deno.makeTempFile({ dir: folder, prefix: "half-" });
  await Deno.writeTextFile(half, `${checksum(text)}\n${text}`);
  await Deno.rename(half, path);
  await prune(folder);
}

/** Where the cache cannot be written to, nothing is kept, and the result is the same. */
async function unlessClosed(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const closed = error instanceof Deno.errors.PermissionDenied || (error as { code?: string }).code === "EROFS";
    if (!closed) throw error;
  }
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** An entry's text; null if there is none, or it is not what was written. */
async function read(path: string): Promise<string | null> {
  const whole = await unlessAbsent(Deno.readTextFile(path));
  if (whole === undefined) return null;
  const end = whole.indexOf("\n");
  const text = whole.slice(end + 1);
  return checksum(text) === whole.slice(0, end) ? text : null;
}

/** Removes all entries but those used last, and what a killed run left half written. */
async function prune(folder: string): Promise<void> {
  const entries: { path: string; used: number }[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    const found = await unlessAbsent(Deno.stat(path));
    if (found) entries.push({ path, used: found.mtime?.getTime() ?? 0 });
  }
  entries.sort((a, b) => b.used - a.used);
  for (const { path } of entries.slice(most)) await unlessAbsent(Deno.remove(path));
}

/** Another run may prune, or replace, at the same time. */
async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
