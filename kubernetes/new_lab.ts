import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { helm } from "./library/helm.ts";
import { prepare } from "./library/prepare.ts";
import { startService } from "./new.ts";

Deno.test("a service that was started from the template renders with each of its values files", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plumb-new-"));
  try {
    await startService("bookshelf", join(folder, "charts"));
    const [dir] = await prepare([join(folder, "charts", "bookshelf")], folder);
    const lint = await helm(["lint", "--strict", dir]);
    assert.equal(lint.code, 0, lint.stderr);
    for (const values of ["values.yaml", "ci/ingress.yaml"]) {
      const { code, stdout, stderr } = await helm(["template", "bookshelf", dir, "--values", join(dir, values)]);
      assert.equal(code, 0, stderr);
      assert.ok(stdout.includes("bookshelf.home.example"), stdout);
      assert.ok(!stdout.includes("new-service"));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
