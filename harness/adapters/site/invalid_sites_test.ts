import assert from "node:assert/strict";
import { parse } from "yaml";
import { loadSite, type Problem, SiteError } from "./load.ts";
import { validSite } from "./testdata.ts";

interface Expectation {
  readonly line: number;
  readonly says: readonly string[];
}

const folder = new URL("../../../fixtures/invalid/sites/", import.meta.url);
const read = (name: string) => Deno.readTextFileSync(new URL(name, folder));
const expected = parse(read("expected.yaml")) as Record<string, Expectation & { also?: Expectation[] }>;
const files = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name !== "expected.yaml").sort();

async function problemsOf(name: string): Promise<readonly Problem[]> {
  try {
    await loadSite(new URL(name, folder).pathname);
  } catch (error) {
    if (error instanceof SiteError) return error.problems;
    throw error;
  }
  return [];
}

Deno.test("every invalid site has an expectation and every expectation a file", () => {
  assert.deepEqual(files, Object.keys(expected).sort());
  assert.ok(files.length >= 34, `only ${files.length} invalid sites`);
});

for (const name of files) {
  Deno.test(`invalid site ${name} is refused with its line and remedy, and with nothing else`, async () => {
    const { also = [], ...first } = expected[name];
    const wanted = [first, ...also].sort((a, b) => a.line - b.line);
    const problems = await problemsOf(name);
    assert.deepEqual(problems.map(({ line }) => line), wanted.map(({ line }) => line), JSON.stringify(problems));
    for (const [index, { says }] of wanted.entries()) {
      assert.ok(says.length >= 2, `${name}: say why and what to do`);
      for (const part of says) {
        const { message } = problems[index];
        assert.ok(message.includes(part), `${name} says "${message}", not "${part}"`);
        assert.equal(message.match(/; /g)?.length, 1, `"${message}" is not '<why>; <what to do>'`);
      }
    }
  });
}

Deno.test("an invalid site is the valid one with a fault, not another site", () => {
  const good = new Set(validSite.split("\n"));
  for (const name of files) {
    const strange = read(name).split("\n").filter((line) => !good.has(line));
    assert.ok(strange.length <= 8, `${name} has ${strange.length} lines that the valid site has not`);
  }
});
