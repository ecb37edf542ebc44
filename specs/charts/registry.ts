import type { Violation } from "../../harness/model/rule.ts";

/** A violation whose remedy is a line of the registry, which `values` names. */
export function registryViolation(object: string, found: string, wanted: string, values: string): Violation {
  return { object, path: "", found, wanted, values };
}
