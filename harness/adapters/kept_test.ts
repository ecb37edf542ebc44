import assert from "node:assert/strict";
import { keptOrMade, keyOf } from "./kept.ts";

/** Runs `work` with a cache of its own; `entries` are the files of kind `things`. */
async function withCache(work: (entries: () => string[], folder: string) => Promise<void>): Promise<void> {
  const cache = await Deno.makeTempDir({ prefix: "plumb-kept-" });
  const before = Deno.env.get("PLUMB_CACHE");
  Deno.env.set("PLUMB_CACHE", cache);
  try {
    await work(() => [...Deno.readDirSync(`${cache}/things`)].map(({ name }) => name), `${cache}/things`);
  } finally {
    if (before === undefined) Deno.env.delete("PLUMB_CACHE");
    else Deno.env.set("PLUMB_CACHE", before);
    await Deno.remove(cache, { recursive: true });
  }
}

/** A maker that counts. */
function maker() {
  let made = 0;
  const of = (text: string) =>
    keptOrMade("things", new Map([["a", text]]), () => Promise.resolve({ text, made: ++made }));
  return { of, count: () => made };
}

Deno.test("what was made of the same inputs is not made again, other inputs are", () =>
  withCache(async () => {
    const { of, count } = maker();
    assert.deepEqual([await of("x"), await of("x")], [{ text: "x", made: 1 }, { text: "x", made: 1 }]);
    await of("y");
    assert.equal(count(), 2);
  }));

Deno.test("the key knows every name and text, and no order", () => {
  const key = (...pairs: [string, string][]) => keyOf(new Map(pairs));
  assert.equal(key(["a", "1"], ["b", "2"]), key(["b", "2"], ["a", "1"]));
  const keys = [key(["a", "1"]), key(["a", "2"]), key(["b", "1"]), key(["a1", ""]), key(["", "a1"]), key()];
  assert.equal(new Set(keys).size, keys.length);
});

Deno.test("an entry that was changed or cut short is made anew", () =>
  withCache(async (entries, folder) => {
    const { of, count } = maker();
    await of("x");
    const path = `${folder}/${entries()[0]}`;
    const whole = await Deno.readTextFile(path);
    for (const broken of [whole.replace('"x"', '"z"'), whole.slice(0, -3), "", "{}"]) {
      await Deno.writeTextFile(path, broken);
      const before = count();
      assert.equal((await of("x")).text, "x");
      assert.equal(count(), before + 1, `'${broken}' was believed`);
    }
  }));

Deno.test("a failure is not kept", () =>
  withCache(async () => {
    const failing = () => keptOrMade("things", new Map(), () => Promise.reject(new Error("no helm")));
    await assert.rejects(failing(), /no helm/);
    assert.equal(await keptOrMade("things", new Map(), () => Promise.resolve(1)), 1);
  }));

Deno.test("only the entries used last stay", () =>
  withCache(async (entries, folder) => {
    const { of, count } = maker();
    for (let i = 0; i < 8; i++) await of(String(i));
    for (const name of entries()) await Deno.utime(`${folder}/${name}`, new Date(1_000), new Date(1_000));
    await of("0");
    await of("new");
    assert.equal(entries().length, 8);
    const made = count();
    await of("0");
    await of("new");
    assert.equal(count(), made, "what was used last is gone");
  }));
