import type { Reporter } from "../model/event.ts";
import type { ReportFile } from "./file.ts";
import { RunRecord } from "./record.ts";

/** A reporter that writes one document from the whole run when it is closed. */
export function atClose(file: ReportFile, document: (record: RunRecord) => string): Reporter {
  const record = new RunRecord();
  return {
    on: (event) => record.on(event),
    close: async () => {
      await Promise.resolve();
      try {
        file.write(document(record));
      } finally {
        file.close();
      }
    },
  };
}
