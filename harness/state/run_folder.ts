import { join } from "node:path";

/** What a run's folder holds besides the two folders. */
const eventsFile = "events.ndjson";

/** `2026-11-25T09-18-33.123Z-up`: sorts by time, and is a file name everywhere. */
const runName = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-[a-z]+$/;

/** Where a run writes: `.state/<site>/runs/<time>-<verb>/`. Folders are for their owner only (700), files too (600). */
export interface RunFolder {
  /** The folder's name; also the run's id. */
  readonly id: string;
  readonly path: string;
  /** The events file; it exists and is empty. */
  readonly events: string;
  /** One sentence for each old run that could not be removed. */
  readonly warnings: readonly string[];
  /** Makes the empty log of a step and gives its path relative to the folder, such as `logs/01-vpn-install-wireguard.log`. */
  stepLog(phase: string, does: string): Promise<string>;
  /** Keeps `text` about an assertion on a host and gives the file's path relative to the folder. */
  diagnostic(id: string, host: string, text: string): Promise<string>;
}

/**
 * Makes the folder of a new run of the site whose state folder is `dir`, points `runs/latest` to it, and removes all but
 * the newest `keep` runs. Call it while holding the site's lock.
 */
export async function createRunFolder(
  dir: string,
  verb: string,
  { now = new Date(), keep = 30 }: { now?: Date; keep?: number } = {},
): Promise<RunFolder> {
  const runs = join(dir, "runs");
  try {
    await Deno.mkdir(runs, { recursive: true, mode: 0o700 });
    const id = await makeFolder(runs, verb, now);
    const path = join(runs, id);
    for (const inner of ["logs", "diagnostics"]) await Deno.mkdir(join(path, inner), { mode: 0o700 });
    const events = join(path, eventsFile);
    await writeNew(events, "");
    await pointLatest(runs, id);
    return { id, path, events, warnings: await removeOld(runs, keep), ...writers(path) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Cannot make a run folder in ${runs}: ${why}; check the folder's owner and the space on its disk`,
      { cause },
    );
  }
}

/** Two runs can begin within a millisecond; the later one then takes the next. */
async function makeFolder(runs: string, verb: string, now: Date): Promise<string> {
  for (let at = now.getTime();; at++) {
    const id = `${new Date(at).toISOString().replaceAll(":", "-")}-${verb}`;
    try {
      await Deno.mkdir(join(runs, id), { mode: 0o700 });
      return id;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** Replaces the link in one step, so that a reader always finds one. */
async function pointLatest(runs: string, id: string): Promise<void> {
  const next = join(runs, `.latest-${id}`);
  await Deno.symlink(id, next);
  await Deno.rename(next, join(runs, "latest"));
}

async function removeOld(runs: string, keep: number): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(runs)) {
    if (entry.isDirectory && runName.test(entry.name)) names.push(entry.name);
  }
  const old = names.sort().reverse().slice(keep);
  const warnings = await Promise.all(old.map(async (name) => {
    try {
      await Deno.remove(join(runs, name), { recursive: true });
      return [];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return [`Cannot remove the old run ${join(runs, name)}: ${why}; remove it by hand`];
    }
  }));
  return warnings.flat();
}

function writers(path: string): Pick<RunFolder, "stepLog" | "diagnostic"> {
  let steps = 0;
  let diagnostics = 0;
  return {
    async stepLog(phase, does) {
      const relative = `logs/${numbered(++steps)}-${slug(`${phase} ${does}`)}.log`;
      await writeNew(join(path, relative), "");
      return relative;
    },
    async diagnostic(id, host, text) {
      const relative = `diagnostics/${numbered(++diagnostics)}-${slug(`${id} ${host}`)}.txt`;
      await writeNew(join(path, relative), text);
      return relative;
    },
  };
}

const numbered = (n: number) => String(n).padStart(2, "0");

/** Letters, digits and hyphens, at most 60 of them. */
function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").slice(0, 60).replaceAll(/^-|-$/g, "");
}

async function writeNew(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text, { createNew: true, mode: 0o600 });
}
