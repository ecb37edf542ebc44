import type { ChartRule, VariantRule } from "../../harness/model/rule.ts";
import { podSetting } from "./excuse.ts";
import { at, installed, nameOf, ofKind, pods, say, type Selector, selectorWords, selects } from "./views.ts";

/** Kinds whose pods a drain evicts one by one. */
const evicted = new Set(["Deployment", "StatefulSet"]);

export const disruptionBudgets: VariantRule = {
  title: "Every workload that a drain would evict has a disruption budget",
  severity: "major",
  why: "A drain may stop all replicas of a service at the same moment.",
  remedy: "Leave the budget to the library; pdb changes its number.",
  covers: ["HELM-009", "P10"],
  expects: "one PodDisruptionBudget for each Deployment and StatefulSet",
  subjects: ({ objects }) => pods(objects).filter(({ object }) => evicted.has(object.kind)),
  check: ({ objects }) =>
    pods(objects).filter(({ object }) => evicted.has(object.kind)).flatMap((pod) => {
      const budgets = ofKind(objects, "PodDisruptionBudget").filter((budget) =>
        selects(at(budget, "spec.selector") as Selector, pod.labels)
      );
      if (budgets.length === 1) return [];
      const found = budgets.length ? budgets.map(nameOf).join(" and ") : "no budget";
      return [{ object: nameOf(pod.object), path: "", found, wanted: "one budget", values: podSetting(pod, "pdb") }];
    }),
};

/** Pods that may be gone at the same time; a share is of all replicas. */
function allowed(budget: unknown, replicas: number): number {
  const amount = (value: unknown, round: (n: number) => number) =>
    typeof value === "string" && value.endsWith("%") ? round((replicas * parseFloat(value)) / 100) : Number(value);
  const most = at(budget, "spec.maxUnavailable");
  if (most !== undefined) return amount(most, Math.ceil);
  const least = at(budget, "spec.minAvailable");
  return replicas - (least === undefined ? 0 : amount(least, Math.ceil));
}

export const drainPossible: VariantRule = {
  title: "Every disruption budget lets a drain evict one pod",
  severity: "critical",
  why: "The drain of a node waits for ever, and so does the upgrade that asked for it.",
  remedy: "Use pdb.maxUnavailable 1; ask for minAvailable only with more replicas than that.",
  covers: ["HELM-009", "P24"],
  expects: "at least one pod that may go",
  subjects: ({ objects }) => ofKind(objects, "PodDisruptionBudget"),
  check: ({ objects }) =>
    ofKind(objects, "PodDisruptionBudget").flatMap((budget) => {
      const pod = pods(objects).find(({ object, labels }) =>
        evicted.has(object.kind) && selects(at(budget, "spec.selector") as Selector, labels)
      );
      if (!pod) return [];
      const replicas = Number(at(pod.object, "spec.replicas") ?? 1);
      if (replicas === 0 || allowed(budget, replicas) >= 1) return [];
      return [{
        object: nameOf(budget),
        path: "spec",
        found: say({
          minAvailable: at(budget, "spec.minAvailable"),
          maxUnavailable: at(budget, "spec.maxUnavailable"),
          replicas,
        }),
        wanted: "room for one pod to go",
        values: podSetting(pod, "pdb"),
      }];
    }),
};

export const testPresent: ChartRule = {
  title: "The chart brings a test that Helm can run",
  severity: "major",
  why: "After an upgrade nobody knows whether the service answers until somebody misses it.",
  remedy: "Leave the test to the library; test.component, test.port and test.path choose what it asks.",
  covers: ["HELM-010", "P10"],
  expects: "a pod with the hook 'test'",
  subjects: (chart) => pods(installed(chart)).filter((pod) => pod.lasting),
  check(chart) {
    const all = pods(installed(chart));
    if (!all.some((pod) => pod.lasting) || all.some((pod) => pod.test)) return [];
    const object = `chart ${chart.name}`;
    return [{ object, path: "", found: "no test pod", wanted: "one", values: "plumb-common.test" }];
  },
};

export const testApart: VariantRule = {
  title: "Nothing takes a test pod for a pod of the service",
  severity: "major",
  why: "A Service would send users to the test, and a budget or a monitor would count it.",
  remedy: "Give the test pod labels of its own; the library's has component 'test'.",
  covers: ["P24"],
  expects: "test pods that no Service, budget or workload selects",
  subjects: ({ objects }) => pods(objects).filter((pod) => pod.test),
  check: ({ objects }) =>
    pods(objects).filter((pod) => pod.test).flatMap((pod) =>
      objects.flatMap((object) => {
        const path = selectorOf(object.kind);
        if (path === null) return [];
        const raw = at(object, path);
        const selector = object.kind === "Service" ? raw && { matchLabels: raw as Record<string, string> } : raw;
        if (!selector || !selects(selector as Selector, pod.labels)) return [];
        const found = `selected by ${nameOf(object)} (${selectorWords(selector as Selector)})`;
        return [{
          object: nameOf(pod.object),
          path: "metadata.labels",
          found,
          wanted: "selected by nothing",
          values: "plumb-common.test",
        }];
      })
    ),
};

function selectorOf(kind: string): string | null {
  if (kind === "Service") return "spec.selector";
  return evicted.has(kind) || kind === "DaemonSet" || kind === "PodDisruptionBudget" ? "spec.selector" : null;
}

export const testKnown: VariantRule = {
  title: "A test pod ends, and is removed before the next one",
  severity: "minor",
  why: "The next test fails because the last one's pod is still there.",
  remedy: "Leave the hook's annotations to the library.",
  covers: ["HELM-010"],
  expects: "restartPolicy Never and the delete policy before-hook-creation",
  subjects: ({ objects }) => pods(objects).filter((pod) => pod.test),
  check: ({ objects }) =>
    pods(objects).filter((pod) => pod.test).flatMap((pod) => {
      const policy = pod.object.metadata.annotations?.["helm.sh/hook-delete-policy"] ?? "";
      const restart = at(pod.object, "spec.restartPolicy");
      if (policy.includes("before-hook-creation") && restart === "Never") return [];
      return [{
        object: nameOf(pod.object),
        path: "metadata.annotations",
        found: `restartPolicy ${say(restart)}, delete policy ${say(policy)}`,
        wanted: "Never, before-hook-creation",
        values: "plumb-common.test",
      }];
    }),
};
