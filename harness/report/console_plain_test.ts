import assert from "node:assert/strict";
import { consoleReporter } from "./console.ts";
import { consolePlain } from "./console_plain.ts";
import { assertGolden, recorded, type Recording } from "./recording.ts";

for (const name of ["up_red", "up_green", "drift_blind", "plan"] satisfies Recording[]) {
  Deno.test(`the plain lines of ${name} are as in its golden file`, async () => {
    const written: string[] = [];
    const reporter = consolePlain({ write: (text) => written.push(text), color: false, reports: ["json:out.json"] });
    recorded(name).forEach((event) => reporter.on(event));
    await reporter.close();
    assertGolden(`plain_${name}.txt`, written.join(""));
  });
}

/** What is written to a stream that says it is a terminal, or not. */
async function writtenTo(terminal: boolean, env: Record<string, string>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  // Three bytes at a time: a system may take only a part of what it is given.
  const writeSync = (bytes: Uint8Array) => {
    text += decoder.decode(bytes.subarray(0, 3), { stream: true });
    return Math.min(3, bytes.length);
  };
  const reporter = consoleReporter({
    stream: { writeSync, isTerminal: () => terminal },
    env: { get: (name) => env[name] },
  });
  recorded("up_red").forEach((event) => reporter.on(event));
  await reporter.close();
  return text;
}

Deno.test("elsewhere than on a terminal, and on a dumb one, nothing but lines is written", async () => {
  for (const text of [await writtenTo(false, { TERM: "xterm" }), await writtenTo(true, { TERM: "dumb" })]) {
    assert.ok(!text.includes("\x1b"));
    assert.match(text, /vpn: step done in 5\.2 s/);
    assert.match(text, /\nRed: .*\(exit 1\)\n$/);
  }
});
