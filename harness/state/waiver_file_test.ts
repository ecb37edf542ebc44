import assert from "node:assert/strict";
import { tempState } from "./testing.ts";
import { loadWaivers, parseWaivers, WaiverFileError } from "./waiver_file.ts";

const today = "2026-11-25";

function problems(source: string): readonly string[] {
  try {
    parseWaivers(source, "w.yaml", today);
  } catch (error) {
    assert.ok(error instanceof WaiverFileError, String(error));
    return error.problems;
  }
  return [];
}

/** A sound entry with some lines replaced or, where the value is null, left out. */
function entry(changed: Record<string, string | null> = {}): string {
  const fields = { id: "vpn/key-private", reason: "Moving house", owner: "ops", expires: "2026-12-31", ...changed };
  const lines = Object.entries(fields).filter(([, value]) => value !== null).map(([key, value]) => `${key}: ${value}`);
  return `- ${lines.join("\n  ")}\n`;
}

Deno.test("a sound file gives its waivers with their lines", () => {
  const source = `# Known reds\n${entry()}\n${entry({ id: "vpn/handshake-*", host: "worker-?" })}`;
  assert.deepEqual(parseWaivers(source, "w.yaml", today), [
    { id: "vpn/key-private", reason: "Moving house", owner: "ops", expires: "2026-12-31", file: "w.yaml", line: 2 },
    {
      id: "vpn/handshake-*",
      host: "worker-?",
      reason: "Moving house",
      owner: "ops",
      expires: "2026-12-31",
      file: "w.yaml",
      line: 7,
    },
  ]);
});

Deno.test("a file without entries has no waivers", () => {
  for (const source of ["", "# none\n", "[]\n", "~\n"]) assert.deepEqual(parseWaivers(source, "w.yaml", today), []);
});

Deno.test("each fault is told with its line, what is there and what to write", () => {
  const faults: [string, string][] = [
    ["id: x", "w.yaml:1: the file is a map; write a list, '- id: ...' for each waiver, or [] for none"],
    ["- vpn/key", 'w.yaml:1: this entry is "vpn/key"; write id, reason, owner and expires'],
    [
      "- [",
      "w.yaml:1: Flow sequence in block collection must be sufficiently indented and end with a ]; write valid YAML",
    ],
    [
      entry({ id: null }),
      "w.yaml:1: 'id' is missing; write PHASE/ASSERTION, such as vpn/key-private or vpn/handshake-*",
    ],
    [
      entry({ id: "vpn" }),
      "w.yaml:1: 'id' is \"vpn\"; write PHASE/ASSERTION, such as vpn/key-private or vpn/handshake-*",
    ],
    [
      entry({ id: '"*/*"' }),
      "w.yaml:1: 'id' is \"*/*\"; write at least a part of a name: a waiver of everything would hide everything",
    ],
    [entry({ reason: null }), "w.yaml:1: 'reason' is missing; write some text"],
    [entry({ reason: '" "' }), "w.yaml:2: 'reason' is \" \"; write some text"],
    [entry({ owner: "7" }), "w.yaml:3: 'owner' is 7; write some text"],
    [entry({ owner: "[a, b]" }), "w.yaml:3: 'owner' is a list; write some text"],
    [entry({ expires: "soon" }), "w.yaml:4: 'expires' is \"soon\"; write a date, such as 2026-12-31"],
    [entry({ expires: "2026-02-30" }), "w.yaml:4: 'expires' is \"2026-02-30\"; write a day that exists"],
    [entry({ expires: "2026-13-01" }), "w.yaml:4: 'expires' is \"2026-13-01\"; write a day that exists"],
    [
      entry({ expires: "2027-11-26" }),
      "w.yaml:4: 'expires' is \"2027-11-26\"; write 2027-11-25 or earlier: a waiver holds for a year at most",
    ],
    [entry({ host: "Worker 1" }), "w.yaml:5: 'host' is \"Worker 1\"; write a host name or a pattern, such as worker-*"],
    [entry({ reson: "x" }), "w.yaml:5: 'reson' is not a field of a waiver; write 'reason'"],
    [
      entry({ colour: "x" }),
      "w.yaml:5: 'colour' is not a field of a waiver; the fields are id, host, reason, owner, expires",
    ],
    [entry() + entry(), "w.yaml:5: vpn/key-private is waived above; keep one"],
    [entry() + entry({ host: '"-"' }), "w.yaml:5: vpn/key-private is waived above; keep one"],
  ];
  for (const [source, expected] of faults) assert.deepEqual(problems(source), [expected], source);
});

Deno.test("all faults are told at once, in the order of the file", () => {
  const source = entry({ expires: "soon", owner: null }) + entry({ id: "vpn/up" }) + entry({ id: "x", reson: "y" }) +
    entry({ id: "vpn/up" });
  assert.deepEqual(problems(source).map((problem) => problem.slice(0, 24)), [
    "w.yaml:1: 'owner' is mis",
    "w.yaml:3: 'expires' is \"",
    "w.yaml:8: 'id' is \"x\"; w",
    "w.yaml:12: 'reson' is no",
    "w.yaml:13: vpn/up is wai",
  ]);
});

Deno.test("an expired waiver is read, and a year from today is not too far", () => {
  assert.equal(parseWaivers(entry({ expires: "2020-01-01" }), "w.yaml", today).length, 1);
  assert.equal(parseWaivers(entry({ expires: "2027-11-25" }), "w.yaml", today).length, 1);
});

Deno.test("a file is read from disk, and one that is not there is an error in the same form", async () => {
  await using state = await tempState("lab");
  await Deno.writeTextFile(`${state.dir}/w.yaml`, entry());
  assert.equal((await loadWaivers(`${state.dir}/w.yaml`, today)).length, 1);
  await Deno.writeTextFile(`${state.dir}/w.yaml`, entry({ owner: null }));
  await assert.rejects(loadWaivers(`${state.dir}/w.yaml`, today), (error: Error) => {
    assert.match(
      error.message,
      /^Cannot use the waivers in .*w\.yaml: 1 problem; correct it\n {2}.*w\.yaml:1: 'owner'/,
    );
    return true;
  });
  await assert.rejects(loadWaivers(`${state.dir}/none.yaml`, today), (error: Error) => {
    assert.match(error.message, /none\.yaml: there is no such file; make it, or take 'waivers' out/);
    assert.ok(error.cause instanceof Deno.errors.NotFound);
    return true;
  });
});
