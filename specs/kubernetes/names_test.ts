import assert from "node:assert/strict";
import type { Expectation } from "../../harness/model/probe.ts";
import type { Host, Site } from "../../harness/model/site.ts";
import { corednsAvailable } from "./names.ts";

/** Whether so many available replicas are enough on a site of these nodes. */
function enough(available: number, ...nodes: string[]): boolean {
  const hosts = nodes.map((name) => ({ name, roles: ["kube_control_plane"] }) as unknown as Host);
  const site = { hosts } as unknown as Site;
  const { verify } = corednsAvailable;
  const expectation = (typeof verify === "function" ? verify(site, hosts[0]) : verify) as Expectation;
  return expectation.judge([{ status: { availableReplicas: available } }]).holds;
}

Deno.test("one node needs one replica of CoreDNS, more nodes need two", () => {
  assert.equal(enough(1, "only"), true);
  assert.equal(enough(0, "only"), false);
  assert.equal(enough(1, "one", "two"), false);
  assert.equal(enough(2, "one", "two", "three"), true);
});
