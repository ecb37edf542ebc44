import assert from "node:assert/strict";
import type { Pod } from "../../harness/model/kube.ts";
import { controlPlaneVersions, legalSkew } from "./versions.ts";

Deno.test("a kubelet may be three minor versions older than the API server, never newer, and never unknown", () => {
  const holds = (kubelet: string, server: string) => legalSkew().judge({ kubelet, server }).holds;
  assert.equal(holds("v1.35.4", "v1.35.0"), true);
  assert.equal(holds("v1.32.1", "v1.35.4"), true);
  assert.equal(holds("v1.31.9", "v1.35.4"), false);
  assert.equal(holds("v1.35.4", "v1.34.3"), false);
  assert.equal(holds("unknown", "v1.35.4"), false);
  assert.equal(holds("v1.35.4", "unknown"), false);
});

Deno.test("only the control plane's pods tell its version", () => {
  const pod = (component: string | undefined, image: string) =>
    ({
      metadata: { name: "x", labels: component ? { component } : {} },
      spec: { nodeName: "master", containers: [{ name: "x", image }] },
    }) as unknown as Pod;
  assert.deepEqual(
    controlPlaneVersions([
      pod("kube-scheduler", "registry.k8s.io/kube-scheduler:v1.35.4"),
      pod("etcd", "registry.k8s.io/etcd:3.6.6-0"),
      pod(undefined, "docker.io/library/busybox:1.37.0"),
    ]),
    ["kube-scheduler v1.35.4 on master"],
  );
});
