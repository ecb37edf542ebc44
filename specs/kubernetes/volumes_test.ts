import assert from "node:assert/strict";
import type { ConfigMap, PersistentVolumeClaim, StorageClass } from "../../harness/model/kube.ts";
import { awaitsPod, localPathFolders, openebsFolders, volumeType } from "./volumes.ts";

const configuration = (text?: string) =>
  ({ metadata: { name: "local-path-config" }, data: text === undefined ? {} : { "config.json": text } }) as ConfigMap;

Deno.test("local-path's folders are those of every node, each once", () => {
  const map = [{ node: "DEFAULT", paths: ["/a"] }, { node: "one", paths: ["/a", "/b"] }];
  assert.deepEqual(localPathFolders(configuration(JSON.stringify({ nodePathMap: map }))), ["/a", "/b"]);
});

Deno.test("a configuration of local-path that is missing or cannot be read is said", () => {
  assert.deepEqual(localPathFolders(undefined), ["no configuration"]);
  assert.deepEqual(localPathFolders(configuration()), ["no configuration"]);
  assert.match(localPathFolders(configuration("{"))[0], /^a configuration that cannot be read: /);
  assert.match(localPathFolders(configuration("{}"))[0], /^a configuration that cannot be read: /);
});

Deno.test("OpenEBS' folder is the BasePath of the class", () => {
  const storageClass = (config: string) =>
    ({ metadata: { name: "one", annotations: { "cas.openebs.io/config": config } } }) as unknown as StorageClass;
  const config = "- name: StorageType\n  value: hostpath\n- name: BasePath\n  value: /var/volumes\n";
  assert.deepEqual(openebsFolders(storageClass(config)), ["/var/volumes"]);
  assert.deepEqual(openebsFolders(storageClass("- name: StorageType\n  value: hostpath\n")), ["no BasePath"]);
  assert.deepEqual(openebsFolders(undefined), ["no BasePath"]);
});

Deno.test("a claim waits for a pod if it is of the declared class and no pod has asked for it", () => {
  const claim = (phase: string, storageClassName: string, annotations = {}) =>
    ({
      metadata: { name: "one", annotations },
      spec: { storageClassName },
      status: { phase },
    }) as PersistentVolumeClaim;
  assert.equal(awaitsPod(claim("Pending", "own"), "own"), true);
  assert.equal(awaitsPod(claim("Pending", "other"), "own"), false);
  assert.equal(awaitsPod(claim("Lost", "own"), "own"), false);
  assert.equal(awaitsPod(claim("Pending", "own", { "volume.kubernetes.io/selected-node": "worker-1" }), "own"), false);
});

Deno.test("volumes are local if the class or its provisioner says so", () => {
  const storageClass = (provisioner: string, annotations?: Record<string, string>) =>
    ({ metadata: { name: "own", annotations }, provisioner }) as StorageClass;
  assert.equal(volumeType(storageClass("openebs.io/local")), "local");
  assert.equal(volumeType(storageClass("rancher.io/local-path", { defaultVolumeType: "local" })), "local");
  assert.equal(volumeType(storageClass("rancher.io/local-path")), "hostpath");
  assert.equal(volumeType(undefined), "absent");
});
