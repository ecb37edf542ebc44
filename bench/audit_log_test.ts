import assert from "node:assert/strict";
import { parse } from "yaml";
import { withAudit } from "./audit_log.ts";

const manifest = `
apiVersion: v1
kind: Pod
metadata: { name: kube-apiserver, namespace: kube-system }
spec:
  containers:
  - name: kube-apiserver
    image: registry.k8s.io/kube-apiserver:v1.35.4
    command: [kube-apiserver, --secure-port=6443]
    volumeMounts:
    - { mountPath: /etc/kubernetes/pki, name: k8s-certs, readOnly: true }
  volumes:
  - { name: k8s-certs, hostPath: { path: /etc/kubernetes/pki, type: DirectoryOrCreate } }
`;

Deno.test("the audit log is added to the API server's manifest, and nothing is taken away", () => {
  const [before, after] = [parse(manifest), parse(withAudit(manifest))];
  const [server] = after.spec.containers;
  assert.deepEqual(server.command.slice(0, 2), before.spec.containers[0].command);
  assert.deepEqual(server.command.slice(2).map((flag: string) => flag.split("=")[0]), [
    "--audit-policy-file",
    "--audit-log-path",
  ]);
  assert.equal(server.volumeMounts.length, 2);
  assert.equal(after.spec.volumes.length, 2);
  assert.equal(server.volumeMounts[1].mountPath, after.spec.volumes[1].hostPath.path);
  for (const flag of server.command.slice(2)) {
    assert.ok(flag.split("=")[1].startsWith(server.volumeMounts[1].mountPath));
  }
  assert.equal(server.image, before.spec.containers[0].image);
});
