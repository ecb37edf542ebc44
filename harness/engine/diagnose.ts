import type { Collector } from "../model/phase.ts";
import { type Host, select } from "../model/site.ts";
import type { Surroundings } from "./context.ts";
import { isRed, type Item, itemId } from "./item.ts";

/** Most of what one collector may keep, in characters. */
const mostKept = 64 * 1024;
/** Time that one collector may take, in milliseconds. */
const limitMs = 15_000;
/** Time that all collectors of a phase may take, in milliseconds; those that are left then say so. */
const budgetMs = 60_000;

/** A command to run, and where: on a host, or on the runner. */
interface Collection {
  readonly host: Host | null;
  readonly command: string;
}

/**
 * Runs what `onFail` of the red items names and keeps the output with the run. The same command at the same place runs
 * once, for all items that want it. A collector that fails says so in its file.
 */
export async function diagnose(items: readonly Item[], around: Surroundings): Promise<void> {
  const until = performance.now() + budgetMs;
  const kept = new Map<string, Promise<string>>();
  for (const item of items.filter(isRed)) {
    const wanted = item.hosts.length ? item.hosts : [null];
    const collections = wanted.flatMap((host) => collectionsOf(item, host, around));
    const files = collections.map((collection) => {
      const key = `${collection.host?.name ?? ""} ${collection.command}`;
      const known = kept.get(key) ?? keep(item, collection, until, around);
      kept.set(key, known);
      return known;
    });
    item.diagnostics.push(...new Set(await Promise.all(files)));
  }
}

function collectionsOf(item: Item, host: Host | null, around: Surroundings): Collection[] {
  const { onFail } = item.assertion;
  try {
    const collectors = typeof onFail === "function" ? onFail(around.site, host as Host) : onFail ?? [];
    return collectors.flatMap((collector) => placesOf(collector, host, around));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    around.emit({ type: "warning", message: `${itemId(item)}: cannot say what to collect: ${why}; mend its onFail` });
    return [];
  }
}

function placesOf(collector: Collector, host: Host | null, around: Surroundings): Collection[] {
  if (typeof collector === "string") return [{ host, command: collector }];
  const { command, at } = collector;
  if (at === "runner") return [{ host: null, command }];
  return select(around.site, at).map((one) => ({ host: one, command }));
}

async function keep(item: Item, collection: Collection, until: number, around: Surroundings): Promise<string> {
  const place = collection.host?.name ?? "runner";
  const text = `# ${place}: ${collection.command}\n${await collect(collection, until, around)}`;
  return await around.keep(itemId(item), place, text);
}

async function collect({ host, command }: Collection, until: number, around: Surroundings): Promise<string> {
  const left = Math.min(limitMs, until - performance.now());
  if (left <= 0) return `# not collected: other collectors took ${budgetMs / 1_000} s\n`;
  try {
    const { code, output } = await around.observer.act(host, command, left, around.signal);
    const cut = output.length > mostKept
      ? `[cut to the last ${mostKept} characters]\n${output.slice(-mostKept)}`
      : output;
    return `# exit code ${code}\n${cut}`;
  } catch (error) {
    return `# could not collect: ${error instanceof Error ? error.message : String(error)}\n`;
  }
}
