import assert from "node:assert/strict";
import type { Rule } from "../../harness/model/rule.ts";
import charts from "../charts.ts";
import { exceptionIn } from "./excuse.ts";
import { imageFault } from "./images.ts";
import { selects } from "./views.ts";
import { asksFor } from "./workload.ts";

/** What the rules must stand for: requirements, and pitfalls that an earlier platform fell into. */
const wanted = [
  ...Array.from({ length: 10 }, (_, index) => `HELM-${String(index + 1).padStart(3, "0")}`),
  ...[1, 2, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 20, 22, 23, 24, 25].map((number) => `P${number}`),
];

Deno.test("every requirement and every pitfall is covered by a rule, which says so", () => {
  const texts = Object.values(charts.asserts).map(({ why }) => why);
  const uncovered = wanted.filter((one) => !texts.some((why) => new RegExp(`[(, ]${one}[,)]`).test(why)));
  assert.deepEqual(uncovered, []);
});

Deno.test("titles are facts, remedies say what to do, and none repeats another", () => {
  const all = Object.values(charts.asserts) as unknown as Pick<Rule, "title" | "why" | "remedy">[];
  assert.equal(new Set(all.map(({ title }) => title)).size, all.length);
  assert.equal(new Set(all.map(({ why }) => why.replace(/ \([^)]*\)$/, ""))).size, all.length);
  for (const { title, remedy } of all) {
    assert.doesNotMatch(title, /\b(must|should|shall)\b|\.$/, title);
    assert.match(remedy, /\.$/, remedy);
  }
});

Deno.test("an image is one version, with a whole digest or none", () => {
  const digest = `sha256:${"0f".repeat(32)}`;
  for (
    const good of [
      "docker.io/a/b:1.2.3",
      `a:v1.2@${digest}`,
      "localhost:5000/a:1.2.3-alpine",
      "a:sha-4bdf58f",
      "a:4017c18",
      "a:2026.06.28",
      "a:0.8.1-pg17",
      "a:v1.0-beta.32",
      "a:4.1.4-management",
      "a:RELEASE.2025-09-07T16-13-09Z",
    ]
  ) {
    assert.equal(imageFault(good), null, good);
  }
  for (const bad of ["a", `a@${digest}`, "a:1.2.3@sha256:123", "localhost:5000/a"]) {
    assert.notEqual(imageFault(bad), null, bad);
  }
});

Deno.test("a tag that moves is known by any of its parts", () => {
  for (
    const tag of [
      ...["latest", "stable", "17", "v2", "alpine", "stable-alpine", "latest-pg17", "pg17-latest", "17-alpine"],
      ...["main-4017c18", "Nightly-1.2.3", "1.2.3-dev", "3.13-rc", "edge_2026.1.1", "lts-jdk21", "master.1.2.3"],
    ]
  ) {
    assert.equal(imageFault(`a:${tag}`), "a tag of one version, not one that moves", tag);
  }
});

Deno.test("a probe asks for the health with its query, or for a state beside it", () => {
  assert.ok(asksFor("/v1/sys/health?sealedcode=204", "/v1/sys/health?sealedcode=204"));
  assert.ok(asksFor("/minio/health/live", "/minio/health/ready"));
  assert.ok(!asksFor("/v1/sys/health", "/v1/sys/health?sealedcode=204"), "without the query");
  assert.ok(!asksFor("/healthz", "/"), "a generic path");
  assert.ok(!asksFor("/live", "/minio/health/ready"), "a state of something else");
});

Deno.test("selectors select as the API server does", () => {
  const labels = { app: "a", tier: "x" };
  assert.ok(selects({}, labels));
  assert.ok(!selects(undefined, labels));
  assert.ok(selects({ matchLabels: { app: "a" } }, labels));
  assert.ok(!selects({ matchLabels: { app: "a", tier: "y" } }, labels));
  const expression = (operator: string, values?: string[], key = "app") => ({
    matchExpressions: [{ key, operator, values }],
  });
  assert.ok(selects(expression("In", ["a", "b"]), labels));
  assert.ok(!selects(expression("NotIn", ["a"]), labels));
  assert.ok(selects(expression("NotIn", ["a"], "other"), labels));
  assert.ok(selects(expression("Exists"), labels));
  assert.ok(!selects(expression("DoesNotExist"), labels));
});

Deno.test("an exception has a reason and a day, else it is none", () => {
  const read = (text: string) => exceptionIn({ "plumb/exception.root": text }, "root");
  assert.deepEqual(read("until 2030-05-31: The image has no other user."), {
    reason: "The image has no other user.",
    until: "2030-05-31",
  });
  assert.equal(read("until 2030-05-31: short"), undefined);
  assert.equal(read("The image has no other user at all."), undefined);
  assert.equal(exceptionIn({}, "root"), undefined);
});
