import type { Exception, Violation } from "../../harness/model/rule.ts";
import type { Pod } from "./views.ts";

/** Charts write exceptions as annotations of the workload: `plumb/exception.<key>: until YYYY-MM-DD: <reason>`. */
const prefix = "plumb/exception.";

/** Keys of the exceptions that a chart may claim. */
export type ExceptionKey =
  | "root"
  | "writableRoot"
  | "capabilities"
  | "hostPort"
  | "hostNetwork"
  | "hostPath"
  | "clusterRole"
  | "probes"
  | "monitoring";

/** The exception that annotations claim; undefined if there is none or it names no reason or no day. */
export function exceptionIn(
  annotations: Readonly<Record<string, string>> | undefined,
  key: ExceptionKey,
): Exception | undefined {
  const [, until, reason] = /^until (\d{4}-\d{2}-\d{2}): (.{20,})$/.exec(annotations?.[prefix + key] ?? "") ?? [];
  return reason === undefined ? undefined : { reason, until };
}

/** The violation with the exception that the pod's workload claims for it. */
export function excusing(pod: Pod, key: ExceptionKey, violation: Violation): Violation {
  const exception = exceptionIn(pod.object.metadata.annotations, key) ?? exceptionIn(pod.annotations, key);
  return exception ? { ...violation, exception } : violation;
}

/** Where a component's setting stands in a chart's values. */
export function setting(component: string, key: string): string {
  return key === "" ? `plumb-common.components.${component}` : `plumb-common.components.${component}.${key}`;
}

/** Where a pod's setting stands in the chart's values: a test's settings are not a component's. */
export function podSetting(pod: Pod, key: string): string {
  return pod.test ? "plumb-common.test" : setting(pod.component, key);
}
