import assert from "node:assert/strict";
import * as m from "./matcher.ts";

function holds<T>(matcher: m.Matcher<T>, value: T, found?: string): void {
  const judgement = matcher.judge(value);
  assert.ok(judgement.holds, `${matcher.words}: ${judgement.found}`);
  if (found !== undefined) assert.equal(judgement.found, found);
}
function fails<T>(matcher: m.Matcher<T>, value: T, found?: string): void {
  const judgement = matcher.judge(value);
  assert.ok(!judgement.holds, `${matcher.words} held for ${judgement.found}`);
  if (found !== undefined) assert.equal(judgement.found, found);
}

Deno.test("single values", () => {
  holds(m.equal("root 600"), "root 600");
  fails(m.equal("root 600"), "root 644", "root 644");
  fails(m.equal("x"), "", "(nothing)");
  holds(m.oneOf("600", "400"), "400");
  fails(m.oneOf("600", "400"), "640");
  holds(m.contain("wg0"), "2: wg0: <UP>");
  fails(m.contain("wg0"), "eth0");
  holds(m.match(/^9\./), "9.1.3");
  fails(m.match(/^9\./), "8.4");
});

Deno.test("numbers: nothing is not zero", () => {
  holds(m.atMost(180, " s"), "12");
  fails(m.atMost(180, " s"), "");
  fails(m.atMost(180), "181");
  holds(m.atLeast(2), 2);
  fails(m.atLeast(2), "");
  holds(m.within(2, " s"), -1.5, "-1.50 s");
  fails(m.within(2, " s"), -2.5);
});

Deno.test("sets name what is missing and what nobody declared", () => {
  holds(m.sameSet(["a", "b"]), ["b", "a"]);
  fails(m.sameSet(["a", "b"]), ["a", "c"], "a, c (missing b; undeclared c)");
  fails(m.sameSet(["a"]), [], "(nothing) (missing a)");
  holds(m.include("a"), ["a", "b"]);
  fails(m.include("a", "c"), ["a", "b"], "a, b (missing c)");
  holds(m.empty(), []);
  fails(m.empty(), ["x"], "x");
  fails(m.every(m.equal(1)), []);
  fails(m.every(m.equal(1)), [1, 2], "2");
});

Deno.test("fields and values over several hosts", () => {
  holds(m.having({ mode: m.equal("600") }), { mode: "600", owner: "root" });
  fails(
    m.having({ mode: m.equal("600"), owner: m.equal("root") }),
    { mode: "644", owner: "root" },
    "mode 644, owner root",
  );
  holds(m.unique(), new Map([["one", "a"], ["two", "b"]]));
  fails(m.unique(), new Map([["one", "a"], ["two", "a"], ["three", "b"]]), "one and two have a");
  fails(m.unique(), new Map([["one", ""], ["two", "b"]]));
});

Deno.test("each object, and never none", () => {
  const running = m.each<{ metadata: { name: string; namespace?: string }; phase: string }>(
    "Running",
    ({ phase }) => phase === "Running" ? null : `is ${phase}`,
  );
  const one = { metadata: { name: "one" }, phase: "Running" };
  const two = { metadata: { name: "two", namespace: "shop" }, phase: "Pending" };
  assert.equal(running.words, "each Running");
  holds(running, [one], "one");
  holds(running, [one, one], "all 2 objects");
  fails(running, [one, two], "shop/two is Pending");
  fails(running, [], "no object at all, which proves nothing");
});
