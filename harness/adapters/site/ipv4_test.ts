import assert from "node:assert/strict";
import { hasHost, network, overlap } from "./ipv4.ts";

Deno.test("network reads the ends and the proper text of a network", () => {
  assert.deepEqual(network("192.0.2.7/24"), { first: 0xc0000200, last: 0xc00002ff, prefix: 24, text: "192.0.2.0/24" });
  assert.equal(network("255.255.255.255/1").text, "128.0.0.0/1");
  assert.equal(network("10.88.3.9/15").text, "10.88.0.0/15");
});

Deno.test("hasHost leaves out the network's own address and the broadcast address", () => {
  const net = network("192.0.2.0/24");
  assert.ok(hasHost(net, "192.0.2.1"));
  assert.ok(hasHost(net, "192.0.2.254"));
  for (const address of ["192.0.2.0", "192.0.2.255", "192.0.3.1", "10.0.0.1"]) {
    assert.ok(!hasHost(net, address), address);
  }
});

Deno.test("overlap holds if one network lies in the other, in either order", () => {
  const [wide, narrow, beside] = ["10.88.0.0/16", "10.88.9.0/24", "10.89.0.0/16"].map(network);
  assert.ok(overlap(wide, narrow) && overlap(narrow, wide));
  assert.ok(!overlap(wide, beside) && !overlap(beside, wide));
});
