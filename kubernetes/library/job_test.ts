import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";

const read = (path: string) => Deno.readTextFile(new URL(path, import.meta.url));

interface Recorded {
  readonly kind: string;
  readonly spec: { readonly ttlSecondsAfterFinished?: number; readonly jobTemplate?: { readonly spec: object } };
}

Deno.test("a Job that ended outlasts Helm's wait for it, and is gone before a later sync, which runs it anew", async () => {
  const [golden, helmfile] = await Promise.all([
    read("../../fixtures/charts/golden/runs.yaml"),
    read("../helmfile.yaml.gotmpl"),
  ]);
  const objects = parseAllDocuments(golden).map((document) => document.toJS() as Recorded);
  const jobs = objects.filter(({ kind }) => kind === "Job");
  assert.equal(jobs.length, 1);
  const [{ spec: { ttlSecondsAfterFinished: kept } }] = jobs;
  assert.ok(kept, "a Job that failed stays for ever, and Helm finds it again at every sync");
  const waits = Number(/^ {2}timeout: (\d+)$/m.exec(helmfile)?.[1]);
  assert.ok(kept > waits, `Helm waits ${waits} s, and for a Job that is gone in vain`);
  for (const { spec } of objects.filter(({ kind }) => kind === "CronJob")) {
    assert.ok(spec.jobTemplate && !("ttlSecondsAfterFinished" in spec.jobTemplate.spec), "a CronJob keeps a history");
  }
});
