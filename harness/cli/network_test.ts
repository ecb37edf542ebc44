import assert from "node:assert/strict";
import { labRefusal } from "./network.ts";

Deno.test("who can have no lab is told what a site of one's own needs", () => {
  const otherwise = "or name your own site, which needs Linux and no root: --site NAME";
  assert.equal(labRefusal("check", "linux", 0), null);
  assert.equal(
    labRefusal("check", "linux", 1000),
    `Cannot check the lab: it needs Linux and root; become root, ${otherwise}`,
  );
  assert.equal(
    labRefusal("start", "darwin", 0),
    `Cannot start the lab: it needs Linux and root; go to a Linux machine, ${otherwise}`,
  );
});
