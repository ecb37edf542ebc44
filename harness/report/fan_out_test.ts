import assert from "node:assert/strict";
import type { Reporter, RunEvent } from "../model/event.ts";
import { fanOut } from "./fan_out.ts";
import { recorded } from "./recording.ts";
import { makeRedactor } from "./redact.ts";

const at = "2026-11-25T02:00:00.000Z";

class Collector implements Reporter {
  readonly events: RunEvent[] = [];
  closed = false;
  on(event: RunEvent): void {
    this.events.push(event);
  }
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

function output(line: string): RunEvent {
  return { at, type: "step-output", phase: "vpn", step: "Write the key", line };
}

Deno.test("every event reaches every reporter, in order and unchanged where nothing is secret", async () => {
  const [one, two] = [new Collector(), new Collector()];
  const all = fanOut([one, two], { redact: makeRedactor(["never-there"]) });
  const events = recorded("up_red");
  events.forEach((event) => all.on(event));
  await all.close();
  assert.deepEqual(one.events, events);
  assert.deepEqual(two.events, events);
  assert.ok(one.closed && two.closed);
});

Deno.test("a secret planted in any text of any event reaches no reporter", () => {
  const secret = "correct-horse-battery";
  const texts = new Set([
    "title",
    "found",
    "expected",
    "command",
    "remedy",
    "why",
    "note",
    "line",
    "failure",
    "message",
  ]);
  const collector = new Collector();
  const all = fanOut([collector], { redact: makeRedactor([secret]) });
  let planted = 0;
  for (const event of recorded("up_red")) {
    const text = JSON.stringify(event, (key, value) => {
      if (!texts.has(key) || typeof value !== "string") return value;
      planted++;
      return `${value} ${secret}`;
    });
    all.on(JSON.parse(text));
  }
  assert.ok(planted > 100);
  assert.ok(!JSON.stringify(collector.events).includes(secret));
});

Deno.test("names that history hangs on stay, though a password is the same word", () => {
  const collector = new Collector();
  const all = fanOut([collector], { redact: makeRedactor(["worker-1", "postgres/ready", "looked"]) });
  const red = [{ id: "postgres/ready", host: "worker-1" }];
  const event: RunEvent = { at, type: "looked", phase: "postgres", attempt: 1, red, total: 1 };
  all.on(event);
  all.on({ at, type: "warning", message: "worker-1 is slow" });
  assert.deepEqual(collector.events, [event, { at, type: "warning", message: "[redacted] is slow" }]);
});

Deno.test("a private key that comes line by line is redacted whole", () => {
  const collector = new Collector();
  const all = fanOut([collector], { redact: makeRedactor() });
  const key = ["-----BEGIN PRIVATE KEY-----", "MC4CAQAwBQYDK2Vw", "BCIEIHRoaXM=", "-----END PRIVATE KEY-----"];
  ["before", ...key, "after"].forEach((line) => all.on(output(line)));
  const lines = collector.events.map((event) => event.type === "step-output" && event.line);
  assert.deepEqual(lines, ["before", "[redacted]", "[redacted]", "[redacted]", "[redacted]", "after"]);
});

Deno.test("a failing reporter does not disturb the others; close says why", async () => {
  const good = new Collector();
  let calls = 0;
  const bad: Reporter = {
    on: () => {
      calls++;
      throw new Error("disk full");
    },
    close: () => Promise.reject(new Error("still full")),
  };
  const all = fanOut([bad, good], { redact: (text) => text });
  [output("a"), output("b")].forEach((event) => all.on(event));
  await assert.rejects(all.close(), (error: unknown) => {
    assert.ok(error instanceof AggregateError);
    assert.deepEqual(error.errors.map((e: Error) => e.message), ["disk full", "still full"]);
    assert.match(error.message, /^Cannot finish 1 report: disk full, still full; the other reports are complete$/);
    return true;
  });
  assert.equal(calls, 1);
  assert.equal(good.events.length, 2);
  assert.ok(good.closed);
});
