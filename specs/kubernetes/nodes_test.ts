import assert from "node:assert/strict";
import type { Node } from "../../harness/model/kube.ts";
import type { Host, Site } from "../../harness/model/site.ts";
import { dnsAddress, schedulability } from "./nodes.ts";

const site = (provisioner: string, service_cidr: string) => ({ kubernetes: { provisioner, service_cidr } }) as Site;

Deno.test("the DNS service has the tenth address with kubeadm, the third with kubespray", () => {
  assert.equal(dnsAddress(site("kubeadm", "198.19.128.0/20")), "198.19.128.10");
  assert.equal(dnsAddress(site("kubespray", "198.19.128.0/20")), "198.19.128.3");
  assert.equal(dnsAddress(site("kubeadm", "203.0.113.240/28")), "203.0.113.250");
});

Deno.test("a node takes pods unless it is cordoned, short of something, or kept for the control plane against its role", () => {
  const host = (...roles: string[]) => ({ name: "one", roles }) as unknown as Host;
  const tainted = (key: string, effect = "NoSchedule") =>
    ({ metadata: { name: "one" }, spec: { taints: [{ key, effect }] } }) as Node;
  const worker = host("kube_node");
  assert.equal(schedulability({ metadata: { name: "one" } } as Node, worker), "schedulable");
  assert.equal(
    schedulability({ metadata: { name: "one" }, spec: { unschedulable: true } } as Node, worker),
    "cordoned",
  );
  assert.equal(schedulability(tainted("gpu"), worker), "schedulable");
  const pressure = "node.kubernetes.io/disk-pressure";
  assert.equal(schedulability(tainted(pressure), worker), `tainted ${pressure}:NoSchedule`);
  const short = {
    metadata: { name: "one" },
    status: { conditions: [{ type: "DiskPressure", status: "True" }] },
  } as Node;
  assert.equal(schedulability(short, worker), "DiskPressure");
  const own = "node-role.kubernetes.io/control-plane";
  assert.equal(schedulability(tainted(own), host("kube_control_plane")), "schedulable");
  assert.equal(schedulability(tainted(own), host("kube_control_plane", "kube_node")), `tainted ${own}:NoSchedule`);
  assert.equal(schedulability(tainted(own, "PreferNoSchedule"), worker), "schedulable");
});
