import assert from "node:assert/strict";
import type { Site } from "../../harness/model/site.ts";
import { dnsAddress } from "./nodes.ts";

const site = (provisioner: string, service_cidr: string) => ({ kubernetes: { provisioner, service_cidr } }) as Site;

Deno.test("the DNS service has the tenth address with kubeadm, the third with kubespray", () => {
  assert.equal(dnsAddress(site("kubeadm", "198.19.128.0/20")), "198.19.128.10");
  assert.equal(dnsAddress(site("kubespray", "198.19.128.0/20")), "198.19.128.3");
  assert.equal(dnsAddress(site("kubeadm", "203.0.113.240/28")), "203.0.113.250");
});
