import assert from "node:assert/strict";
import { join } from "node:path";
import { recorded } from "./recording.ts";
import { openReports, ReportError } from "./specification.ts";

async function inFolder(body: (path: (name: string) => string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body((name) => join(folder, name));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function refused(specs: string[], message: RegExp): void {
  assert.throws(() => openReports(specs), (error: unknown) => {
    assert.ok(error instanceof ReportError);
    assert.equal(error.ending, "usage");
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("several reports are written at once, folders included", () =>
  inFolder(async (path) => {
    const names = ["deep/er/out.xml", "out.json", "out.md", "out.ndjson"];
    const specs = ["junit", "json", "md", "ndjson"].map((kind, at) => `${kind}:${path(names[at])}`);
    const reporters = openReports(specs);
    for (const event of recorded("up_red")) reporters.forEach((reporter) => reporter.on(event));
    await Promise.all(reporters.map((reporter) => reporter.close()));
    const heads = await Promise.all(names.map(async (name) => (await Deno.readTextFile(path(name))).slice(0, 6)));
    assert.deepEqual(heads, ["<?xml ", '{\n  "s', "# Plum", '{"at":']);
  }));

Deno.test("NDJSON is in the file as events happen", () =>
  inFolder(async (path) => {
    const [reporter] = openReports([`ndjson:${path("out.ndjson")}`]);
    const events = recorded("up_red").slice(0, 3);
    for (const [at, event] of events.entries()) {
      reporter.on(event);
      assert.equal((await Deno.readTextFile(path("out.ndjson"))).trim().split("\n").length, at + 1);
    }
    await reporter.close();
  }));

Deno.test("an unknown kind is refused with the nearest name; all mistakes are told at once", () => {
  refused(["jnuit:out.xml"], /^Cannot write report 'jnuit:out.xml': there is no kind 'jnuit'; did you mean 'junit'\?/);
  refused(["constructor:x"], /no kind 'constructor'/);
  refused(["out.xml", "pdf:x"], /'out.xml': it names no kind.*\n.*'pdf:x': there is no kind 'pdf'/);
});

Deno.test("a path that cannot be written is refused before the run", () =>
  inFolder((path) => {
    Deno.writeTextFileSync(path("file"), "");
    refused([`json:${path("file/out.json")}`], /Cannot write report .*; name a file that you may write/);
    refused([`json:${path(".")}`], /Cannot write report /);
  }));

Deno.test("a wrong specification leaves an existing report alone; the same path twice is wrong", () =>
  inFolder(async (path) => {
    await Deno.writeTextFile(path("old.json"), "old");
    refused([`json:${path("old.json")}`, "nope:x"], /no kind 'nope'/);
    refused([`json:${path("old.json")}`, `md:${path("old.json")}`], /another report has that path/);
    assert.equal(await Deno.readTextFile(path("old.json")), "old");
  }));

Deno.test("an earlier run's report is emptied at the start", () =>
  inFolder(async (path) => {
    await Deno.writeTextFile(path("out.md"), "green");
    const [reporter] = openReports([`md:${path("out.md")}`]);
    assert.equal(await Deno.readTextFile(path("out.md")), "");
    await reporter.close();
  }));
