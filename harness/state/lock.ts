import { basename, join } from "node:path";
import { hostname } from "node:os";
import process from "node:process";

/** Who holds a site's lock, as written into the lock file for the next one to read. */
export interface Holder {
  readonly verb: string;
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/** A held lock. */
export interface Lock extends AsyncDisposable {
  /** One sentence if the holder before died without releasing it; else null. */
  readonly takenOver: string | null;
  /** Lets the next run in. Safe to call twice. */
  release(): Promise<void>;
}

/** Another run of the same site is at work. */
export class LockedError extends Error {
  override readonly name = "LockedError";

  /** `holder` is null if it could not be told within a second. */
  constructor(verb: string, site: string, readonly holder: Holder | null) {
    const who = holder
      ? `'${holder.verb}' has held it since ${clock(holder.since)} (pid ${holder.pid} on ${holder.host})`
      : "another run holds it";
    super(`Cannot start '${verb}' on ${site}: ${who}; wait for it or stop it`);
  }
}

/**
 * Takes the lock of the site whose state folder is `dir` (`.state/<site>`, made if missing).
 *
 * The lock is the kernel's (`flock`) on `<dir>/lock`, which dies with its process however that ends: a killed run, a
 * reused pid, a restart or a pid of another container cannot be mistaken for a living holder, and of two that take over
 * at once exactly one succeeds. The file's content only names the holder. The file is never removed: removing it would
 * let two processes lock two files of the same name.
 *
 * @throws {LockedError} if another run, or another caller in this process, holds it.
 */
export async function acquireLock(dir: string, { verb }: { verb: string }): Promise<Lock> {
  const path = join(dir, "lock");
  try {
    await Deno.mkdir(dir, { recursive: true, mode: 0o700 });
    const file = await lockFile(path);
    if (!file) throw new LockedError(verb, basename(dir), await livingHolder(path));
    return await own(file, verb, basename(dir));
  } catch (cause) {
    if (cause instanceof LockedError) throw cause;
    throw new Error(
      `Cannot take the lock ${path}: ${reason(cause)}; run as the owner of ${dir}, on a file system that can lock`,
      { cause },
    );
  }
}

/** The locked file, or null if someone else has locked it. */
async function lockFile(path: string): Promise<Deno.FsFile | null> {
  while (true) {
    const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
    try {
      if (!await file.tryLock(true)) {
        file.close();
        return null;
      }
      // A hand that removed the file between open and lock has left this lock guarding nothing.
      if (await isSameFile(file, path)) return file;
      file.close();
    } catch (error) {
      file.close();
      throw error;
    }
  }
}

async function isSameFile(file: Deno.FsFile, path: string): Promise<boolean> {
  const mine = await file.stat();
  try {
    const there = await Deno.stat(path);
    return mine.ino === there.ino && mine.dev === there.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function own(file: Deno.FsFile, verb: string, site: string): Promise<Lock> {
  let held = true;
  const release = async () => {
    if (!held) return;
    held = false;
    try {
      await file.truncate(0);
      // Closing is not enough: a child process that is just being started holds the file open for another moment.
      await file.unlock();
    } finally {
      file.close();
    }
  };
  try {
    const previous = await readAll(file);
    const holder: Holder = { verb, pid: Deno.pid, host: hostname(), since: new Date().toISOString() };
    await file.truncate(0);
    await file.seek(0, Deno.SeekMode.Start);
    await writeAll(file, JSON.stringify(holder) + "\n");
    return { takenOver: previous === "" ? null : note(previous, site), release, [Symbol.asyncDispose]: release };
  } catch (error) {
    file.close();
    throw error;
  }
}

function note(previous: string, site: string): string {
  const dead = parse(previous);
  return dead
    ? `'${dead.verb}' on ${site}, started ${
      clock(dead.since)
    } (pid ${dead.pid} on ${dead.host}), ended without finishing; its lock was taken over`
    : `A run on ${site} ended without finishing; its lock was taken over`;
}

/**
 * Who holds the lock. A holder writes its name a moment after it locks, so until then the file is empty or still names
 * the dead holder before: read on, for at most a second, until it names someone who lives.
 */
async function livingHolder(path: string): Promise<Holder | null> {
  const deadline = performance.now() + 1_000;
  while (true) {
    const holder = parse(await Deno.readTextFile(path));
    if (holder && lives(holder)) return holder;
    if (performance.now() >= deadline) return holder;
    await new Promise((next) => setTimeout(next, 10));
  }
}

/** Only for naming: whether the lock is held is the kernel's word alone. */
function lives(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    return process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function parse(text: string): Holder | null {
  try {
    const { verb, pid, host, since } = JSON.parse(text) ?? {};
    const whole = typeof verb === "string" && Number.isInteger(pid) && typeof host === "string" &&
      !Number.isNaN(Date.parse(since));
    return whole ? { verb, pid, host, since } : null;
  } catch (error) {
    // Half-written or not ours: the file's content is a courtesy, not the lock.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Local time, with the date unless it is today. */
function clock(iso: string): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString("en-GB");
  const day = (date: Date) => date.toLocaleDateString("sv-SE");
  return day(at) === day(new Date()) ? time : `${day(at)} ${time}`;
}

async function readAll(file: Deno.FsFile): Promise<string> {
  const bytes = new Uint8Array((await file.stat()).size);
  let filled = 0;
  while (filled < bytes.length) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return new TextDecoder().decode(bytes.subarray(0, filled));
}

async function writeAll(file: Deno.FsFile, text: string): Promise<void> {
  let left = new TextEncoder().encode(text);
  while (left.length > 0) left = left.subarray(await file.write(left));
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
