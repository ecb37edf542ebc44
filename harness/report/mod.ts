/** Reports: a run's events in, text out. Nothing here decides how a run ends. */

export { type ConsoleOptions, consoleReporter, type ConsoleStream } from "./console.ts";
export { consolePlain, type PlainOptions } from "./console_plain.ts";
export { consoleTree, type TreeOptions } from "./console_tree.ts";
export { fanOut } from "./fan_out.ts";
export { type JsonReport, type JsonResult } from "./json.ts";
export { makeRedactor, redacted, type Redactor, truncate } from "./redact.ts";
export { openReports, ReportError, reportKinds } from "./specification.ts";
