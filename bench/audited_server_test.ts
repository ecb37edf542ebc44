import assert from "node:assert/strict";
import { parse } from "yaml";
import { auditedServer, withAuditedServer } from "./audited_server.ts";

const manifest = `
apiVersion: v1
kind: Pod
metadata: { name: kube-apiserver, namespace: kube-system }
spec:
  containers:
  - name: kube-apiserver
    image: registry.k8s.io/kube-apiserver:v1.35.4
    command: [kube-apiserver, --advertise-address=198.18.0.10, --secure-port=6443, --etcd-servers=https://127.0.0.1:2379]
`;

Deno.test("the audited API server is the control plane's own, on another port and with a log", () => {
  const { image, command } = auditedServer(manifest);
  assert.equal(image, "registry.k8s.io/kube-apiserver:v1.35.4");
  assert.deepEqual(command.slice(0, 3), [
    "kube-apiserver",
    "--advertise-address=198.18.0.10",
    "--etcd-servers=https://127.0.0.1:2379",
  ]);
  assert.deepEqual(command.filter((word) => word.startsWith("--secure-port")), ["--secure-port=6444"]);
  assert.ok(command.some((word) => word.startsWith("--audit-log-path=")));
});

Deno.test("its kubeconfig differs in the port alone", () => {
  const kubeconfig =
    "clusters:\n- name: lab\n  cluster: { server: 'https://198.18.0.10:6443', certificate-authority-data: eA== }\n" +
    "users:\n- name: admin\n  user: { client-certificate-data: eQ== }\n";
  const after = parse(withAuditedServer(kubeconfig));
  assert.equal(after.clusters[0].cluster.server, "https://198.18.0.10:6444");
  after.clusters[0].cluster.server = "https://198.18.0.10:6443";
  assert.deepEqual(after, parse(kubeconfig));
});
