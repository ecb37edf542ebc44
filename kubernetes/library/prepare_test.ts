import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepare } from "./prepare.ts";

async function chart(folder: string, name: string, definition: string): Promise<string> {
  const dir = join(folder, "charts", name);
  await mkdir(join(dir, "charts", "old"), { recursive: true });
  await writeFile(join(dir, "Chart.yaml"), definition);
  await writeFile(join(dir, "Chart.lock"), "old");
  return dir;
}

Deno.test("a chart is copied with the library if it asks for it, and without what an older Helm run left", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plumb-prepare-"));
  try {
    const web = await chart(folder, "web", "name: web\ndependencies: [{ name: plumb-common }]\n");
    const kinds = await chart(folder, "kinds", "name: kinds\n");
    const [first, second] = await prepare([web, kinds], join(folder, "out"));
    assert.deepEqual([first, second], [join(folder, "out", "web"), join(folder, "out", "kinds")]);
    assert.ok(existsSync(join(first, "charts", "plumb-common", "values.schema.json")));
    assert.ok(!existsSync(join(second, "charts")));
    assert.ok(!existsSync(join(first, "Chart.lock")) && !existsSync(join(first, "charts", "old")));
    assert.ok(!existsSync(join(web, "charts", "plumb-common")), "the checkout stays as it was");
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("a folder that is no chart is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plumb-prepare-"));
  try {
    await mkdir(join(folder, "none"));
    await assert.rejects(
      prepare([join(folder, "none")], join(folder, "out")),
      /none: it has no readable Chart\.yaml; name/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
