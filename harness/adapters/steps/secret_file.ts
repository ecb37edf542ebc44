import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** Memory-backed where the system has it, so that secrets do not touch a disk. */
const memory = "/dev/shm";
/** A secret file's name carries the number of the process that made it, which alone can still need it. */
const nameOf = /^plumb-(\d+)-[^/]*\.secret\.json$/;

/** A file with secrets, removed when it goes out of scope. */
export interface SecretFile extends AsyncDisposable {
  readonly path: string;
}

const defaultFolder = () => existsSync(memory) ? memory : tmpdir();

/** Writes `text` into a file that its owner alone can read, for a program that takes secrets as a file. */
export async function secretFile(text: string, folder: string = defaultFolder()): Promise<SecretFile> {
  const options = { dir: folder, prefix: `plumb-${Deno.pid}-`, suffix: ".secret.json" };
  const path = await Deno.makeTempFile(options); // mode 600
  await Deno.writeTextFile(path, text);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

/** Removes the secret files of processes that are gone: a run that was killed could not do it itself. */
export async function removeOrphans(folder: string = defaultFolder()): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const [, pid] = nameOf.exec(name) ?? [];
    if (pid !== undefined && !lives(Number(pid))) await removeOwn(join(folder, name));
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Another user's file is that user's to remove, and one that is gone already needs nothing. */
async function removeOwn(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof Deno.errors.PermissionDenied) return;
    throw error;
  }
}
