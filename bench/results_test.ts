import assert from "node:assert/strict";
import { withSection } from "./results.ts";

const page = "# One\n\nold\n\n## Detail\n\nmore\n\n# Two\n\ntext\n";

Deno.test("a benchmark's section replaces the one that it had, and leaves the others", () => {
  assert.equal(withSection(page, "One", "new\n"), "# One\n\nnew\n\n# Two\n\ntext\n");
  assert.equal(withSection(page, "Two", "new"), "# One\n\nold\n\n## Detail\n\nmore\n\n# Two\n\nnew\n");
});

Deno.test("a first section comes last", () => {
  assert.equal(withSection(page, "Three", "new"), `${page}\n# Three\n\nnew\n`);
  assert.equal(withSection("", "One", "new"), "# One\n\nnew\n");
});
