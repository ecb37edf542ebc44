import assert from "node:assert/strict";
import { parse } from "yaml";
import { type Problem, SiteError } from "../site/error.ts";
import { loadRegistry } from "./load.ts";
import { validRegistry } from "./testdata.ts";

interface Expectation {
  readonly line: number;
  readonly says: readonly string[];
}

const folder = new URL("../../../fixtures/invalid/registry/", import.meta.url);
const read = (name: string) => Deno.readTextFileSync(new URL(name, folder));
const expected = parse(read("expected.yaml")) as Record<string, Expectation & { also?: Expectation[] }>;
const files = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name !== "expected.yaml").sort();

async function problemsOf(path: string): Promise<readonly Problem[]> {
  try {
    await loadRegistry(path);
  } catch (error) {
    if (error instanceof SiteError) return error.problems;
    throw error;
  }
  return [];
}

Deno.test("a valid registry loads with defaults and in the order of its file", async () => {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeTextFile(path, validRegistry);
    const { services, namespaces } = await loadRegistry(path);
    assert.deepEqual(services.map(({ name }) => name).slice(0, 3), ["crds", "namespaces", "vault"]);
    assert.equal(namespaces.disks.pod_security, "privileged");
    const wiki = services.find(({ name }) => name === "wiki")!;
    assert.deepEqual([wiki.needs, wiki.calls, wiki.node_ports, wiki.databases[0].user], [[], [], {}, "wiki"]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("the project's own registry loads", async () => {
  const { services, namespaces } = await loadRegistry();
  assert.ok(services.length >= 40, `only ${services.length} services`);
  assert.ok(Object.keys(namespaces).length >= 13);
});

Deno.test("a missing registry ends as a usage error that says what to do", async () => {
  const error = await loadRegistry("/nonexistent/services.yaml").then(() => null, (error) => error);
  assert.ok(error instanceof SiteError);
  assert.equal(error.ending, "usage");
  assert.match(error.message, /there is no such file; restore kubernetes\/services\.yaml/);
});

Deno.test("every invalid registry has an expectation and every expectation a file", () => {
  assert.deepEqual(files, Object.keys(expected).sort());
  assert.ok(files.length >= 40, `only ${files.length} invalid registries`);
});

for (const name of files) {
  Deno.test(`invalid registry ${name} is refused with its line and remedy, and with nothing else`, async () => {
    const { also = [], ...first } = expected[name];
    const wanted = [first, ...also];
    const problems = await problemsOf(new URL(name, folder).pathname);
    assert.deepEqual(problems.map(({ line }) => line), wanted.map(({ line }) => line), JSON.stringify(problems));
    for (const [index, { says }] of wanted.entries()) {
      assert.equal(says.length, 2, `${name}: say why and what to do`);
      assert.equal(problems[index].message, says.join("; "));
    }
  });
}

Deno.test("an invalid registry is the valid one with a fault, not another registry", () => {
  const good = new Set(validRegistry.split("\n"));
  for (const name of files) {
    const strange = read(name).split("\n").filter((line) => !good.has(line));
    assert.ok(strange.length <= 8, `${name} has ${strange.length} lines that the valid registry has not`);
  }
});
