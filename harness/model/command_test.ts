import assert from "node:assert/strict";
import { forSite } from "./command.ts";

const remedy = "Run `deno task up --phase vpn`; see `journalctl`.";

Deno.test("a command of Plumb's own names the site that it is for, unless that is the default", () => {
  assert.equal(forSite(remedy, { path: "sites/lab.yaml" }), remedy);
  assert.equal(
    forSite(remedy, { path: "sites/home.yaml" }),
    "Run `deno task up --site home --phase vpn`; see `journalctl`.",
  );
  assert.equal(
    forSite("Run `deno task up`, or `deno task check`.", { path: "sites/home.yaml" }),
    "Run `deno task up --site home`, or `deno task check --site home`.",
  );
});

Deno.test("a site that lies elsewhere is named by its path", () => {
  assert.equal(forSite("deno task plan", { path: "/srv/home.yaml" }), "deno task plan --site /srv/home.yaml");
  assert.equal(forSite("deno task plan", { path: "sites/Home.yaml" }), "deno task plan --site sites/Home.yaml");
  assert.equal(forSite("deno task plan", { path: "/my sites/a.yaml" }), "deno task plan --site '/my sites/a.yaml'");
});

Deno.test("a command that names its site, or has none, stays as it is", () => {
  for (
    const text of [
      "deno task greet --site sites/home.yaml 203.0.113.10 51820",
      "deno task up --phase vpn --site other",
      "deno task runbooks",
      "deno task lab start",
      "deno task uproot",
    ]
  ) assert.equal(forSite(text, { path: "sites/home.yaml" }), text);
});
