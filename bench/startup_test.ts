import assert from "node:assert/strict";
import { untilProbing } from "./startup.ts";

const started = '{"type":"run-started","at":"2026-01-01T00:00:00.100Z"}\n';

Deno.test("probing starts with the first phase", () => {
  const events = started + '{"type":"phase-started","at":"2026-01-01T00:00:00.250Z"}\n' +
    '{"type":"phase-started","at":"2026-01-01T00:00:09.000Z"}\n';
  assert.equal(untilProbing(events, Date.parse("2026-01-01T00:00:00.000Z")), 250);
});

Deno.test("a run that never came to a phase is no measurement", () => {
  assert.throws(() => untilProbing(started, 0), /Cannot tell when the run started probing/);
});
