// deno-lint-ignore-file no-dupe-keys -- a duplicate id is one of the mistakes
// What must not compile: `deno check` fails if one of the lines below its @ts-expect-error is accepted.
import assert from "node:assert/strict";
import type { Pod } from "./kube.ts";
import { each, equal, sameSet } from "./matcher.ts";
import { phase } from "./phase.ts";
import { kube, lines, sh } from "./probe.ts";
import { deploy } from "./step.ts";

const good = {
  title: "It holds",
  severity: "major",
  why: "Otherwise it does not.",
  verify: sh("true").should(equal("")),
  remedy: "Mend it.",
} as const;
const { why: _, ...unexplained } = good;

const sound = phase({ title: "Sound", asserts: { one: good, two: { ...good, needs: ["one"] } } });
const run = () => Promise.resolve();

Deno.test("mistakes in specs and deploy files do not compile", () => {
  // @ts-expect-error a missing why
  phase({ title: "Broken", asserts: { one: unexplained } });
  // @ts-expect-error an unknown severity
  phase({ title: "Broken", asserts: { one: { ...good, severity: "terrible" } } });
  // @ts-expect-error a matcher of the wrong type
  sh("true").should(sameSet(["a"]));
  // @ts-expect-error a matcher of the wrong type
  lines("true").should(equal("a"));
  // @ts-expect-error a matcher of another kind of object
  kube("v1/nodes").should(each("here", (pod: Pod) => pod.spec?.nodeName ? null : "is nowhere"));
  // @ts-expect-error a misspelt need
  phase({ title: "Broken", asserts: { one: good, two: { ...good, needs: ["oen"] } } });
  // @ts-expect-error a misspelt makes
  deploy(sound, { does: "Mend it", makes: ["thre"], run });
  // @ts-expect-error a duplicate id
  phase({ title: "Broken", asserts: { one: good, one: good } });
  assert.equal(deploy(sound, { does: "Mend it", makes: ["two"], run }).steps.length, 1);
});
