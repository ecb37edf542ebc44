import assert from "node:assert/strict";
import { removeOrphans, secretFile } from "./secret_file.ts";

Deno.test("a secret file is for its owner alone, and gone when its time is over", async () => {
  const folder = await Deno.makeTempDir();
  const names = () => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  try {
    {
      await using file = await secretFile("the secret", folder);
      assert.equal(await Deno.readTextFile(file.path), "the secret");
      assert.equal((await Deno.stat(file.path)).mode! & 0o777, 0o600);
      assert.equal(names().length, 1);
    }
    assert.deepEqual(names(), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what a killed run has left is removed, what a living one uses or others own is not", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const dead = new Deno.Command("true").spawn();
    await dead.status;
    const kept = [`plumb-${Deno.ppid}-a.secret.json`, "plumb-notes.json", "other-1.secret.json"];
    for (const name of [...kept, `plumb-${dead.pid}-b.secret.json`]) await Deno.writeTextFile(`${folder}/${name}`, "x");
    await using file = await secretFile("the secret", folder);
    await removeOrphans(folder);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(names, [...kept, file.path.slice(folder.length + 1)].sort());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
