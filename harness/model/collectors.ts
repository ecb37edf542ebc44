import type { Collector } from "./phase.ts";
import { kubectl } from "./render.ts";
import type { Selector, Site } from "./site.ts";

/** Lines that are kept of each log. */
const tail = 300;

/** Runs on the runner, wherever the assertion is looked at. */
function ask(site: Site, ...args: readonly string[]): Collector {
  // A dead API server must not cost the whole time of a collector for each question.
  return { command: kubectl(site, "--request-timeout=8s", ...args), at: "runner" };
}

/** For `onFail`: pods of a namespace, all or those that a label selector means, with their logs, the last containers' too. */
export function podsOf(site: Site, namespace: string, selector?: string): Collector[] {
  const chosen = ["-n", namespace, ...(selector ? ["-l", selector] : [])];
  const logs = selector
    ? [["logs", ...chosen], ["logs", "--previous", ...chosen]].map((args) =>
      ask(site, ...args, "--all-containers", "--prefix", "--ignore-errors", `--tail=${tail}`)
    )
    : [];
  return [ask(site, "get", "pods", ...chosen, "-o", "wide"), ask(site, "describe", "pods", ...chosen), ...logs];
}

/** For `onFail`: nodes, all if none is named, and what Kubernetes has to say of them. */
export function nodesOf(site: Site, ...names: readonly string[]): Collector[] {
  return [ask(site, "get", "nodes", ...names, "-o", "wide"), ask(site, "describe", "nodes", ...names)];
}

/** For `onFail`: events of a namespace, or of all, the latest last. */
export function eventsOf(site: Site, namespace?: string): Collector[] {
  return [ask(site, "get", "events", ...(namespace ? ["-n", namespace] : ["-A"]), "--sort-by=.lastTimestamp")];
}

/**
 * For `onFail`: the journals of the kubelet and of containerd, or of other units. On the hosts that `at` means, or where
 * the assertion is looked at.
 */
export function journals(at?: Selector, ...units: readonly string[]): Collector[] {
  return (units.length ? units : ["kubelet", "containerd"]).map((unit) => {
    const command = `journalctl --no-pager -n ${tail} -o short-iso -u ${unit}`;
    return at ? { command, at } : command;
  });
}
