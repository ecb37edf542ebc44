import assert from "node:assert/strict";
import { conditionOf, nameOf, resourceName } from "./kube.ts";
import { kube, kubeGet } from "./probe.ts";
import { each, equal } from "./matcher.ts";

Deno.test("resources are named by group, version and plural; anything else is refused where it is written", () => {
  assert.deepEqual(resourceName("v1/pods"), { group: "", version: "v1", plural: "pods" });
  assert.deepEqual(resourceName("snapshot.storage.k8s.io/v1beta1/volumesnapshots"), {
    group: "snapshot.storage.k8s.io",
    version: "v1beta1",
    plural: "volumesnapshots",
  });
  for (const wrong of ["pods", "v1/Pod", "apps/daemonsets", "/v1/pods", "v1/pods/x"]) {
    assert.throws(() => kube(wrong), /Cannot ask for Kubernetes resource '.*write it like 'v1\/pods'/);
  }
});

Deno.test("objects say their name and their conditions", () => {
  const node = { metadata: { name: "one" }, status: { conditions: [{ type: "Ready", status: "Unknown" }] } };
  assert.equal(nameOf(node), "one");
  assert.equal(conditionOf(node, "Ready")?.status, "Unknown");
  assert.equal(conditionOf(node, "DiskPressure"), undefined);
});

Deno.test("a path that answers anything but 200 makes the promise false", () => {
  const ready = kubeGet("/readyz").should(equal("ok"));
  assert.deepEqual(ready.judge({ status: 200, body: "ok" }), { holds: true, found: "ok" });
  assert.deepEqual(ready.judge({ status: 500, body: "[-]etcd failed\n" }), {
    holds: false,
    found: "answered 500: [-]etcd failed",
  });
});

Deno.test("no object proves nothing", () => {
  const all = kube("v1/pods").should(each("somewhere", (pod) => pod.spec?.nodeName ? null : "is nowhere"));
  assert.equal(all.judge([]).holds, false);
  assert.equal(all.judge([{ metadata: { name: "x", namespace: "y" } }]).found, "y/x is nowhere");
});
