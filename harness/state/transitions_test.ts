import assert from "node:assert/strict";
import type { Transition } from "../model/event.ts";
import { type Outcome, outcomes } from "../model/outcome.ts";
import { result } from "./testing.ts";
import { compare, messageFor, type ResultKey } from "./transitions.ts";

/** The change that every pair of outcomes means; a pair that is not here means none. */
const expected: Record<string, Transition["change"]> = {
  "null fail": "new red",
  "null error": "new red",
  "pass fail": "new red",
  "pass error": "new red",
  "waived fail": "new red",
  "waived error": "new red",
  "blocked fail": "new red",
  "blocked error": "new red",
  "skipped fail": "new red",
  "skipped error": "new red",
  "fail fail": "still red",
  "fail error": "still red",
  "error fail": "still red",
  "error error": "still red",
  "fail pass": "fixed",
  "error pass": "fixed",
};

Deno.test("every pair of outcomes gives the change that it should", () => {
  for (const from of [null, ...outcomes]) {
    for (const to of outcomes) {
      const known = new Map<ResultKey, Outcome>(from ? [["vpn/up@vps", from]] : []);
      const changes = compare({ run: "r1", outcomes: known }, [result("vpn/up", to)]);
      const change = expected[`${from} ${to}`];
      assert.deepEqual(changes, change ? [{ id: "vpn/up", host: "vps", change, from, to }] : [], `${from} to ${to}`);
    }
  }
});

Deno.test("a result is compared with its own host, and without a previous run every red is new", () => {
  const outcomes = new Map<ResultKey, Outcome>([["vpn/up@vps", "fail"], ["vpn/up@master", "pass"]]);
  const results = [result("vpn/up", "fail"), result("vpn/up", "fail", { host: "master" })];
  assert.deepEqual(compare({ run: "r1", outcomes }, results).map((t) => t.change), ["still red", "new red"]);
  assert.deepEqual(compare(null, results).map((t) => t.change), ["new red", "new red"]);
});

Deno.test("a minor red is a change too", () => {
  assert.equal(compare(null, [result("vpn/up", "fail", { severity: "minor" })]).length, 1);
});

Deno.test("the message lists what changed, worst first, and what is still red for context", () => {
  const message = messageFor("lab", [
    { id: "vpn/listening", host: "vps", change: "still red", from: "fail", to: "fail" },
    { id: "vpn/key-private", host: "vps", change: "fixed", from: "error", to: "pass" },
    { id: "preflight/tools", host: "-", change: "new red", from: null, to: "fail" },
  ]);
  assert.equal(
    message,
    `Plumb on lab: 1 new red, 1 fixed, 1 still red

New red:
  preflight/tools: not known before -> fail

Fixed:
  vpn/key-private on vps: error -> pass

Still red:
  vpn/listening on vps: fail -> fail
`,
  );
});

Deno.test("nothing new gives no message", () => {
  assert.equal(messageFor("lab", []), null);
  const still: Transition = { id: "a/b", host: "-", change: "still red", from: "fail", to: "error" };
  assert.equal(messageFor("lab", [still]), null);
});
