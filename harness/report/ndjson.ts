import type { Reporter } from "../model/event.ts";
import type { ReportFile } from "./file.ts";

/** Appends each event as one line of JSON, as it happens: what a killed run got to know is in the file. */
export function ndjson(file: ReportFile): Reporter {
  return {
    on: (event) => file.write(`${JSON.stringify(event)}\n`),
    close: async () => {
      await Promise.resolve();
      file.close();
    },
  };
}
