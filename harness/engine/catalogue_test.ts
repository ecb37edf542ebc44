import assert from "node:assert/strict";
import { equal } from "../model/matcher.ts";
import { type Assertion, type Phase, phase } from "../model/phase.ts";
import { sh } from "../model/probe.ts";
import { Catalogue, SpecError } from "./catalogue.ts";

const good: Assertion = {
  title: "It holds",
  severity: "major",
  why: "Otherwise it does not.",
  verify: sh("true").should(equal("")),
  remedy: "Mend it.",
};
const named = (name: string, asserts: Record<string, Assertion>, after: Phase[] = []) => ({
  name,
  phase: phase({ title: name, after, asserts }),
  deployment: null,
});
const refuses = (asserts: Record<string, Assertion>, message: RegExp) =>
  assert.throws(
    () => new Catalogue([named("one", asserts)]),
    (error) => error instanceof SpecError && message.test(error.message),
  );

Deno.test("the catalogue refuses specs that contradict themselves", () => {
  refuses({}, /asserts nothing/);
  refuses({ "Not-Kebab": good }, /kebab-case/);
  refuses({ a: { ...good, why: good.title } }, /no 'why' of its own/);
  refuses({ a: { ...good, needs: ["b"] }, b: good }, /needs 'b', which is not declared before it/);
  refuses({ a: { ...good, mode: "exercise" } }, /only one of mode/);
});

Deno.test("phases come after what they stand on, and a circle is refused", () => {
  const base = named("zoo", { a: good });
  const top = named("ant", { a: good }, [base.phase]);
  assert.deepEqual(new Catalogue([top, base]).phases.map((p) => p.name), ["zoo", "ant"]);
  (base.phase as { after: readonly Phase[] }).after = [top.phase];
  assert.throws(() => new Catalogue([top, base]), /is a circle/);
});

Deno.test("an unknown name gets the nearest one", () => {
  const catalogue = new Catalogue([named("machines", { "vm-exists": good })]);
  assert.throws(() => catalogue.choose(["machnes"]), /did you mean 'machines'/);
  assert.throws(() => catalogue.find("machines/vm-exist"), /did you mean 'machines\/vm-exists'/);
  assert.equal(catalogue.find("machines/vm-exists").key, "vm-exists");
});
