import { dirname } from "node:path";

/** A report file, opened before the run starts so that a path that cannot be written is known then. */
export interface ReportFile {
  readonly path: string;
  /** Appends text; returns when the system has it. */
  write(text: string): void;
  close(): void;
}

/** Writes all of the text: one call of the system may take only a part. */
export function writeAllSync(target: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(target.writeSync(rest));
}

/**
 * Opens a report's file, its folder too, and empties it: a report of an earlier run must not pass for this one's.
 * Throws the system's error if it cannot.
 */
export function openFile(path: string): ReportFile {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const file = Deno.openSync(path, { write: true, create: true, truncate: true });
  return { path, write: (text) => writeAllSync(file, text), close: () => file.close() };
}
