import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { startService } from "./new.ts";

async function within(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "plumb-new-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

Deno.test("the entry for the registry names the service and its chart's health", () =>
  within(async (folder) => {
    const entry = await startService("bookshelf", folder);
    const { bookshelf } = parse(entry);
    assert.deepEqual(bookshelf.health, { component: "server", port: "http", path: "/healthz" });
    assert.deepEqual(bookshelf.hosts, ["bookshelf"]);
  }));

Deno.test("a service is not started twice, nor under a name that is none", () =>
  within(async (folder) => {
    await startService("bookshelf", folder);
    await assert.rejects(
      startService("bookshelf", folder),
      /Cannot start bookshelf: .* is there already; change that chart/,
    );
    await assert.rejects(startService("Book shelf", folder), /Cannot start Book shelf: a name has 1 to 30/);
  }));
