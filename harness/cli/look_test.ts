import assert from "node:assert/strict";
import { fromFileUrl } from "../adapters/project.ts";
import { discover } from "./discover.ts";
import { lookWith, needNoNetwork } from "./look.ts";

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

Deno.test("the lab is neither started nor entered for phases that need no network, by 'up' either", async () => {
  // Invalid, so that the run ends as soon as it has begun.
  const site = fromFileUrl(new URL("../../fixtures/invalid/sites/lab-with-another-name.yaml", import.meta.url));
  for (const verb of ["up", "check"] as const) {
    const asked: string[] = [];
    const ready = (path: string) => {
      asked.push(path);
      return Promise.reject(new Error("no lab here"));
    };
    await assert.rejects(lookWith(verb, { site, phase: ["charts"] }, [], ready), { name: "SiteError" });
    assert.deepEqual(asked, []);
    await assert.rejects(lookWith(verb, { site, phase: ["charts", "vpn"] }, [], ready), /no lab here/);
    await assert.rejects(lookWith(verb, { site }, [], ready), /no lab here/);
    assert.deepEqual(asked, [site, site]);
  }
});
