import assert from "node:assert/strict";
import { parse } from "yaml";
import type { KubesprayInventory } from "./inventory.ts";
import { refusals } from "./refusals.ts";
import { goldenInventory } from "./testdata.ts";

const folder = new URL("../../../fixtures/invalid/kubespray/", import.meta.url);
const read = (name: string) => parse(Deno.readTextFileSync(new URL(name, folder)));
const expected = read("expected.yaml") as Record<string, string[]>;
const files = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name !== "expected.yaml").sort();

Deno.test("what is rendered for the example is refused for nothing", () => {
  const inventory = goldenInventory();
  assert.ok(Object.keys(inventory.vars).length > 30, "the golden files were read");
  assert.deepEqual(refusals(inventory), []);
});

Deno.test("every invalid inventory has an expectation and every expectation a file", () => {
  assert.deepEqual(files, Object.keys(expected));
  assert.ok(files.length >= 10, `only ${files.length} mistakes`);
  assert.equal(new Set(Object.values(expected).map(([why]) => why)).size, files.length, "each has words of its own");
});

for (const name of files) {
  Deno.test(`kubespray inventory ${name} is refused with its own words, and with nothing else`, () => {
    const golden = goldenInventory();
    const change = read(name) as Partial<KubesprayInventory>;
    const changed = { groups: { ...golden.groups, ...change.groups }, vars: { ...golden.vars, ...change.vars } };
    const messages = refusals(changed).map(({ message }) => message);
    assert.equal(messages.length, 1, messages.join("\n"));
    for (const part of expected[name]) {
      assert.ok(messages[0].includes(part), `${name} says "${messages[0]}", not "${part}"`);
    }
    assert.equal(messages[0].match(/; /g)?.length, 1, `"${messages[0]}" is not '<why>; <what to do>'`);
  });
}

Deno.test("a refusal names the variables and groups that it is about", () => {
  const { groups, vars } = goldenInventory();
  const about = (change: Record<string, unknown>) => refusals({ groups, vars: { ...vars, ...change } })[0].about;
  assert.deepEqual(about({ helm_enabled: "yes" }), ["helm_enabled"]);
  assert.deepEqual(about({ cloud_provider: "external" }), ["external_cloud_provider", "cloud_provider"]);
  assert.deepEqual(refusals({ groups: { ...groups, etcd: [] }, vars })[0].about, ["etcd"]);
});

Deno.test("kubeadm's own etcd needs no etcd group", () => {
  const { groups, vars } = goldenInventory();
  const changed = { groups: { ...groups, etcd: [] }, vars: { ...vars, etcd_deployment_type: "kubeadm" } };
  assert.deepEqual(refusals(changed), []);
});
