import type { Surroundings } from "./context.ts";
import { isRed, type Item, itemId } from "./item.ts";

/** Most of what one collector may keep, in characters. */
const mostKept = 64 * 1024;
/** Time that one collector may take, in milliseconds. */
const limitMs = 15_000;

/** Runs the `onFail` commands of red items and keeps their output with the run. A collector that fails says so in its file. */
export async function diagnose(items: readonly Item[], around: Surroundings): Promise<void> {
  for (const item of items.filter(isRed)) {
    for (const host of item.hosts) {
      for (const command of item.assertion.onFail ?? []) {
        const output = await collect(item, host.name, command, around);
        item.diagnostics.push(await around.keep(itemId(item), host.name, output));
      }
    }
  }
}

async function collect(item: Item, hostName: string, command: string, around: Surroundings): Promise<string> {
  const host = item.hosts.find((h) => h.name === hostName)!;
  const header = `# ${hostName}: ${command}\n`;
  try {
    const signal = AbortSignal.any([around.signal, AbortSignal.timeout(limitMs)]);
    const { code, output } = await around.observer.act(host, command, signal);
    const cut = output.length > mostKept
      ? `[cut to the last ${mostKept} characters]\n${output.slice(-mostKept)}`
      : output;
    return `${header}# exit code ${code}\n${cut}`;
  } catch (error) {
    return `${header}# could not collect: ${error instanceof Error ? error.message : String(error)}\n`;
  }
}
