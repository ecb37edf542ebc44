import assert from "node:assert/strict";
import { type Host, select, type Selector } from "../harness/model/site.ts";
import vpn, { served } from "./vpn.ts";

const host = (name: string, roles: Host["roles"], tunnel?: string): Host => ({
  name,
  roles,
  address: "192.0.2.1",
  user: "ops",
  tunnel,
});

Deno.test("only a worker with a tunnel is restarted to see that its tunnel comes back", () => {
  const hosts = [
    host("home-server", ["hypervisor"], "10.88.0.9"),
    host("vps", ["gateway"], "10.88.0.1"),
    host("master", ["kube_control_plane", "etcd"], "10.88.0.10"),
    host("worker-1", ["kube_node"]),
    host("worker-2", ["kube_node"], "10.88.0.12"),
  ];
  const on: Selector | undefined = vpn.asserts["survives-reboot"].on;
  assert.ok(on);
  assert.deepEqual(select({ hosts }, on).map(({ name }) => name), ["worker-2"]);
});

Deno.test("a gateway that gets its address by DHCP serves nothing by that", () => {
  assert.deepEqual(served(["22/tcp", "546/udp", "68/tcp", "68/udp"]), ["22/tcp", "68/tcp"]);
});
