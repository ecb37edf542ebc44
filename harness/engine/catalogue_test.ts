import assert from "node:assert/strict";
import { equal } from "../model/matcher.ts";
import { type Assertion, type Phase, phase } from "../model/phase.ts";
import { sh } from "../model/probe.ts";
import { teardown } from "../model/step.ts";
import { Catalogue, type NamedPhase, SpecError } from "./catalogue.ts";

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
  teardown: null,
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

Deno.test("a reset is of its own phase and proves something under ids of its own; explain finds these", () => {
  const base = named("base", { a: good });
  const proving = (proves: Record<string, Assertion>, of: Phase = base.phase) => ({
    ...base,
    teardown: teardown(of, { does: "Remove it", run: () => Promise.resolve(), proves }),
  });
  const refuses = (one: NamedPhase, message: RegExp) => assert.throws(() => new Catalogue([one]), message);
  refuses(proving({}), /reset of deploy\/base\.ts: it asserts nothing/);
  refuses(proving({ a: good }), /specs\/base\.ts has a 'a' too; rename one/);
  refuses(
    proving({ gone: good }, named("other", { a: good }).phase),
    /its reset is of 'other', not of specs\/base\.ts/,
  );
  assert.equal(new Catalogue([proving({ gone: good })]).find("base/gone").key, "gone");
});

Deno.test("what stands on a phase is known, however far", () => {
  const base = named("base", { a: good });
  const middle = named("middle", { a: good }, [base.phase]);
  const top = named("top", { a: good }, [middle.phase]);
  const catalogue = new Catalogue([top, middle, base]);
  assert.deepEqual(catalogue.standingOn(base.phase).map((p) => p.name), ["middle", "top"]);
  assert.deepEqual(catalogue.standingOn(top.phase), []);
});
