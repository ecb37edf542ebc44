import assert from "node:assert/strict";
import { toJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { ndjson } from "./ndjson.ts";
import { RunRecord } from "./record.ts";
import { assertGolden, recorded, recordOf } from "./recording.ts";

/** Runs a Python program with text on its standard input; what it prints, as JSON. */
async function python(program: string, input: string): Promise<unknown> {
  const child = new Deno.Command("python3", { args: ["-c", program], stdin: "piped", stdout: "piped", stderr: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

const readJunit = `
import json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
def case(c):
    verdict = [e for e in c if e.tag != "properties"]
    return dict(c.attrib, verdict=verdict[0].tag if verdict else "pass",
                message=verdict[0].get("message") if verdict else None, text=verdict[0].text if verdict else None,
                severity=[p.get("value") for p in c.iter("property") if p.get("name") == "severity"])
print(json.dumps({"root": root.tag, "of": root.attrib,
                  "suites": [dict(s.attrib, cases=[case(c) for c in s]) for s in root]}))
`;

interface Case {
  classname: string;
  name: string;
  time: string;
  verdict: string;
  message: string | null;
  text: string | null;
  severity: string[];
}

interface Suites {
  root: string;
  of: Record<string, string>;
  suites: (Record<string, string> & { cases: Case[] })[];
}

Deno.test("JUnit is read by Python's XML parser, every outcome where it belongs", async () => {
  const read = await python(readJunit, renderJunit(recordOf("up_red"))) as Suites;
  assert.equal(read.root, "testsuites");
  assert.deepEqual(read.suites.map((suite) => suite.name), ["preflight", "machines", "vpn", "monitoring", "waivers"]);
  const cases = read.suites.flatMap((suite) => suite.cases);
  const tag = {
    pass: "pass",
    fail: "failure",
    error: "error",
    blocked: "skipped",
    skipped: "skipped",
    waived: "skipped",
  };
  for (const result of recordOf("up_red").results) {
    const name = result.host === "-" ? result.id : `${result.id} [${result.host}]`;
    const found = cases.find((c) => c.name === name);
    assert.equal(found?.verdict, tag[result.outcome], name);
    assert.deepEqual(found?.severity, [result.severity]);
    assert.equal(found?.classname, result.id.split("/")[0]);
  }
});

Deno.test("JUnit's totals are the sums of what is in it", async () => {
  const { of, suites } = await python(readJunit, renderJunit(recordOf("up_red"))) as Suites;
  const cases = suites.flatMap((suite) => suite.cases);
  const count = (verdict: string) => String(cases.filter((c) => c.verdict === verdict).length);
  const { tests, failures, errors, skipped } = of;
  assert.deepEqual([tests, failures, errors, skipped], [
    String(cases.length),
    count("failure"),
    count("error"),
    count("skipped"),
  ]);
});

Deno.test("JUnit tells reasons, failed steps and hostile text", async () => {
  const { suites } = await python(readJunit, renderJunit(recordOf("up_red"))) as Suites;
  const cases = suites.flatMap((suite) => suite.cases);
  const named = (name: string) => cases.find((c) => c.name === name)!;
  assert.equal(named("vpn/ping [worker-2]").message, "blocked by machines/running on worker-2");
  assert.equal(named("preflight/runner-online").message, "waived: the lab has no uplink (until 2027-01-31, ops)");
  assert.equal(named("step: Clone and start the virtual machines").verdict, "failure");
  const banner = named("vpn/banner [vps]");
  assert.ok(
    banner.message?.endsWith('found Welcome <b>home</b> & "all" ]]>\nsecond line `tick` | pipe\twith a tab ❤️ 家'),
  );
  assert.match(banner.text ?? "", /remedy {4}Deploy the common role\./);
});

Deno.test("a failed step after which everything holds leaves JUnit as green as the run", () => {
  const record = new RunRecord();
  for (const event of recorded("up_green")) {
    record.on(event.type === "step-finished" ? { ...event, failure: "Cannot restart: timed out; look again" } : event);
  }
  assert.doesNotMatch(renderJunit(record), /<failure/);
  assert.match(renderMarkdown(record), /1 step, 1 of them failed/);
});

Deno.test("NDJSON is read back by Python's JSON parser, event by event", async () => {
  const written: string[] = [];
  const reporter = ndjson({ path: "", write: (text) => written.push(text), close: () => {} });
  const events = recorded("up_red");
  events.forEach((event) => reporter.on(event));
  await reporter.close();
  const read = await python(
    "import json, sys; print(json.dumps([json.loads(line) for line in sys.stdin.buffer]))",
    written.join(""),
  );
  assert.deepEqual(read, events);
  assert.equal(written.length, events.length);
});

Deno.test("the JSON report is the contract, to the member", () => {
  const report = toJson(recordOf("up_red"));
  assert.deepEqual(Object.keys(report), [
    ...["schema", "verb", "site", "startedAt", "durationMs", "exitCode", "counts", "phases", "results"],
  ]);
  assert.deepEqual(report.counts, { pass: 10, fail: 3, error: 1, blocked: 5, skipped: 1, waived: 1 });
  assert.deepEqual(report.phases[1], {
    name: "machines",
    outcome: "fail",
    stepsRun: ["Import the template", "Clone and start the virtual machines"],
  });
  const members = "id host outcome severity attempts seenRed durationMs expected found blockedBy diagnostics".split(
    " ",
  );
  for (const result of report.results) assert.deepEqual(Object.keys(result), members);
  assert.equal(report.results.find((r) => r.id === "vpn/ping")?.blockedBy, "machines/running@worker-2");
  assert.equal(report.results.find((r) => r.id === "vpn/key-private")?.blockedBy, null);
  assert.deepEqual([report.schema, report.verb, report.site, report.exitCode], [1, "up", "lab", 1]);
});

Deno.test("the JSON report of a root without a host names no host", () => {
  const record = recordOf("up_red");
  const blocked = record.results.find((r) => r.outcome === "blocked")!;
  record.on({
    at: "2026-11-25T03:00:00.000Z",
    type: "result",
    phase: "apps",
    result: { ...blocked, id: "apps/up", blockedBy: { id: "vault/sealed", host: "-" } },
  });
  assert.equal(toJson(record).results.find((r) => r.id === "apps/up")?.blockedBy, "vault/sealed");
});

Deno.test("a JSON report without the run's start is refused", () => {
  assert.throws(() => toJson(new RunRecord()), /Cannot report a run: it has no run-started event/);
});

Deno.test("Markdown is as in its golden files", () => {
  assertGolden("markdown_up_red.txt", renderMarkdown(recordOf("up_red")));
  assertGolden("markdown_drift_blind.txt", renderMarkdown(recordOf("drift_blind")));
});
