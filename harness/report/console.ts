import type { Reporter } from "../model/event.ts";
import { consolePlain } from "./console_plain.ts";
import { consoleTree } from "./console_tree.ts";
import { writeAllSync } from "./file.ts";
import { wantsColor } from "./style.ts";

/** The stream that the console writes to, as Deno's own are. */
export interface ConsoleStream {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/** What the console needs to know of the process. */
export interface ConsoleOptions {
  readonly stream: ConsoleStream;
  readonly env: { get(name: string): string | undefined };
  /** Names of the reports to list at the end. */
  readonly reports?: readonly string[];
}

/**
 * The reporter that fits the stream: a live tree on a terminal that can draw one, plain lines without any escape code
 * elsewhere.
 */
export function consoleReporter({ stream, env, reports }: ConsoleOptions): Reporter {
  const write = (text: string) => writeAllSync(stream, text);
  const terminal = stream.isTerminal();
  const color = terminal && wantsColor(env);
  if (!terminal || env.get("TERM") === "dumb") return consolePlain({ write, color, reports });
  return consoleTree({
    write,
    color,
    reports,
    // Terminals made by programs may say 0.
    columns: () => Deno.consoleSize().columns || 80,
    rows: () => Deno.consoleSize().rows || 24,
    now: () => performance.now(),
  });
}
