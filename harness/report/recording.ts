/** What the tests of this folder share: recorded runs, golden files, and a terminal to look at. */

import assert from "node:assert/strict";
import type { Reporter, Result, RunEvent } from "../model/event.ts";
import { RunRecord } from "./record.ts";

/** The recorded runs in `testdata`. */
export type Recording = "up_red" | "up_green" | "drift_blind" | "plan";

const testdata = new URL("testdata/", import.meta.url);

/** The events of a recorded run. */
export function recorded(name: Recording): RunEvent[] {
  const text = Deno.readTextFileSync(new URL(`${name}.ndjson`, testdata));
  return text.trim().split("\n").map((line) => JSON.parse(line) as RunEvent);
}

/** A recorded run, folded. */
export function recordOf(name: Recording): RunRecord {
  const record = new RunRecord();
  recorded(name).forEach((event) => record.on(event));
  return record;
}

/** A result of the recorded red run. */
export function resultNamed(id: string, host: string): Result {
  const found = recordOf("up_red").results.find((result) => result.id === id && result.host === host);
  assert.ok(found, `${id}@${host} is in the recording`);
  return found;
}

/** Compares with a golden file; `deno test -A harness/report -- --update` writes them anew. */
export function assertGolden(name: string, actual: string): void {
  const path = new URL(name, testdata);
  if (Deno.args.includes("--update")) Deno.writeTextFileSync(path, actual);
  assert.equal(actual, Deno.readTextFileSync(path));
}

/** A clock that recordings set: milliseconds since the first event. */
export class Clock {
  time = 0;
  readonly now = (): number => this.time;
}

/** Hands events on with the clock at their time, ticking every `frameMs` in between. */
export function play(
  events: readonly RunEvent[],
  reporter: Reporter,
  clock: Clock,
  tick: () => void,
  frameMs = 83,
): void {
  const start = Date.parse(events[0].at);
  for (const event of events) {
    const due = Date.parse(event.at) - start;
    for (; clock.time + frameMs <= due; tick()) clock.time += frameMs;
    clock.time = due;
    reporter.on(event);
  }
}

/** Understands the few escape codes that the painter writes, and shows what a person would see. */
export class FakeTerminal {
  readonly writes: string[] = [];
  cursorShown = true;
  private lines: string[] = [""];
  private row = 0;

  constructor(public columns = 120) {}

  /** What is on the screen, trailing blank lines aside. */
  get screen(): string {
    return this.lines.map((line) => line.trimEnd()).join("\n").trimEnd() + "\n";
  }

  write(text: string): void {
    this.writes.push(text);
    // deno-lint-ignore no-control-regex
    for (const [token] of text.matchAll(/\x1b\[\??\d*[A-Za-z]|[^\x1b\n\r]+|[\n\r]|\x1b/g)) this.take(token);
  }

  /** Columns are told from characters one to one: the recordings' screens have no wide ones in the live region. */
  private take(token: string): void {
    // deno-lint-ignore no-control-regex
    const [, count, code] = /^\x1b\[\??(\d*)([A-Za-z])$/.exec(token) ?? [];
    if (token === "\n") this.lines[++this.row] ??= "";
    else if (token === "\r" || code === "m" || code === "K" && count === "") return;
    else if (code === "A") this.row = Math.max(0, this.row - Number(count));
    else if (code === "K") this.lines[this.row] = "";
    else if (code === "l" || code === "h") this.cursorShown = code === "h";
    else if (code === undefined && token !== "\x1b") this.lines[this.row] = token;
    else throw new Error(`Cannot show ${JSON.stringify(token)}: this terminal does not know it`);
  }
}
