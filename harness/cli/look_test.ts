import assert from "node:assert/strict";
import { discover } from "./discover.ts";
import { needNoNetwork } from "./look.ts";

Deno.test("which phases need no network is known before they are loaded", async () => {
  const { phases } = await discover();
  for (const { name, phase } of phases) assert.equal(needNoNetwork([name]), phase.offline ?? false, name);
  assert.ok(phases.some(({ phase }) => phase.offline), "no phase is offline");
});

Deno.test("one phase that needs the network is enough, and so is asking for all or for none that exists", () => {
  assert.ok(!needNoNetwork(["charts", "vpn"]));
  assert.ok(!needNoNetwork([]));
  assert.ok(!needNoNetwork(["no-such-phase"]));
});
