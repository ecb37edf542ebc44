import assert from "node:assert/strict";
import { eventsOf, journals, nodesOf, podsOf } from "./collectors.ts";
import type { Site } from "./site.ts";

const site = { kubernetes: { kubeconfig: "/state/kubeconfig" } } as unknown as Site;
const kubectl = "kubectl --kubeconfig /state/kubeconfig --request-timeout=8s";
const runner = (command: string) => ({ command: `${kubectl} ${command}`, at: "runner" });

Deno.test("what is collected of pods, nodes and events is asked from the runner", () => {
  const logs = "--all-containers --prefix --ignore-errors --tail=300";
  assert.deepEqual(podsOf(site, "kube-system", "app in (a,b)"), [
    runner("get pods -n kube-system -l 'app in (a,b)' -o wide"),
    runner("describe pods -n kube-system -l 'app in (a,b)'"),
    runner(`logs -n kube-system -l 'app in (a,b)' ${logs}`),
    runner(`logs --previous -n kube-system -l 'app in (a,b)' ${logs}`),
  ]);
  assert.deepEqual(podsOf(site, "shop"), [runner("get pods -n shop -o wide"), runner("describe pods -n shop")]);
  assert.deepEqual(nodesOf(site, "one"), [runner("get nodes one -o wide"), runner("describe nodes one")]);
  assert.deepEqual(eventsOf(site), [runner("get events -A --sort-by=.lastTimestamp")]);
});

Deno.test("journals are read on the assertion's own host, or on each that is named", () => {
  const journal = (unit: string) => `journalctl --no-pager -n 300 -o short-iso -u ${unit}`;
  assert.deepEqual(journals(), [journal("kubelet"), journal("containerd")]);
  assert.deepEqual(journals("etcd", "etcd"), [{ command: journal("etcd"), at: "etcd" }]);
});
