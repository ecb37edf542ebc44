import assert from "node:assert/strict";
import { projectRoot } from "../adapters/project.ts";

async function complete(...words: string[]): Promise<string[]> {
  const args = ["run", "-A", `${projectRoot}/main.ts`, "complete", ...words];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

Deno.test("verbs, phases, assertions and sites are completed", async () => {
  assert.deepEqual(await complete("ch"), ["check"]);
  assert.deepEqual(await complete("lab", "st"), ["start", "stop", "status"]);
  assert.deepEqual(await complete("check", "--phase", "pre"), ["preflight"]);
  assert.deepEqual(await complete("explain", "vpn/gateway-p"), ["vpn/gateway-peers"]);
  assert.deepEqual(await complete("plan", "--site", "ex"), ["example"]);
});
