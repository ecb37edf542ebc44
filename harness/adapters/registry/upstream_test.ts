import assert from "node:assert/strict";
import { loadedRegistry, place } from "./testdata.ts";
import { namespaceValues } from "./upstream.ts";

/** The registry in which `gate` has host names, is called by the API server, and makes pods itself. */
const richer = loadedRegistry((text) =>
  text.replace(
    "entrance: [8000] }",
    "entrance: [8000], webhooks: [10250], backend: { service: gate-web, port: 80, pods: 8080 }, " +
      "more_pods: { helper: { app: helper } } }\n    hosts: [gate, door]",
  ).replace("component: gate, port: 8443", "component: helper, port: 3389")
);

Deno.test("the chart namespaces gets every namespace, the API server's place and what is not the internet", () => {
  const { namespaces, peers, private: ranges } = namespaceValues(loadedRegistry(), place);
  assert.deepEqual(namespaces, {
    apps: { podSecurity: "restricted" },
    db: { podSecurity: "restricted" },
    disks: { podSecurity: "privileged" },
  });
  assert.deepEqual(peers, { nodes: { cidr: "198.18.0.0/24", pods: "198.19.0.0/17", apiPorts: [443, 7443] } });
  assert.ok((ranges as string[]).includes("100.64.0.0/10"));
});

Deno.test("an upstream chart's pods let in who calls them, and everybody where the registry says so", () => {
  assert.deepEqual(namespaceValues(loadedRegistry(), place).upstream, [{
    name: "gate",
    namespace: "apps",
    podLabels: { "app.kubernetes.io/name": "gate" },
    entrance: [8000],
    clients: [{ namespace: "apps", podLabels: { "app.kubernetes.io/name": "blog" }, ports: [8443] }],
    targets: [],
  }]);
});

Deno.test("an upstream chart with host names gets a route, and its pods' ports for gateway and API server", () => {
  const [gate] = namespaceValues(richer, place).upstream as Record<string, unknown>[];
  assert.deepEqual(gate.route, {
    hosts: ["gate.lab.example", "door.lab.example"],
    service: "gate-web",
    port: 80,
    pods: 8080,
  });
  assert.deepEqual(gate.webhooks, [10250]);
});

Deno.test("pods that an upstream program makes are found by their own labels, and reach that program alone", () => {
  const [gate, helper, ...others] = namespaceValues(richer, place).upstream as Record<string, unknown>[];
  assert.deepEqual(others, []);
  assert.deepEqual(helper, {
    name: "gate-helper",
    namespace: "apps",
    podLabels: { app: "helper" },
    confined: true,
    clients: [{ namespace: "apps", podLabels: { "app.kubernetes.io/name": "blog" }, ports: [3389] }],
    targets: [{ name: "gate", namespace: "apps", podLabels: { "app.kubernetes.io/name": "gate" }, ports: [8080] }],
  });
  assert.deepEqual(gate.clients, [{ namespace: "apps", podLabels: { app: "helper" }, ports: [8080] }]);
});
