import assert from "node:assert/strict";
import { type AuditEvent, listsPerKind, readAudit, requestsOf } from "./audit.ts";

const event = (verb: string, requestURI: string, seconds = 0, userAgent = "plumb"): AuditEvent => {
  const [, apiGroup, apiVersion, resource] = /^\/(?:api|apis\/([^/]+))\/([^/]+)\/([a-z]+)/.exec(requestURI)!;
  return {
    verb,
    requestURI,
    userAgent,
    objectRef: { resource, apiVersion, ...(apiGroup && { apiGroup }) },
    requestReceivedTimestamp: new Date(seconds * 1_000).toISOString(),
  };
};

Deno.test("lists are counted by kind, and nothing else is", () => {
  const counts = listsPerKind([
    event("list", "/api/v1/pods?limit=500"),
    event("list", "/apis/apps/v1/deployments?limit=500"),
    event("get", "/api/v1/nodes/master"),
    event("watch", "/api/v1/nodes?watch=true"),
  ]);
  assert.deepEqual([...counts], [["v1/pods", 1], ["apps/v1/deployments", 1]]);
});

Deno.test("two questions that do not share a list are counted as two", () => {
  const counts = listsPerKind([
    event("list", "/api/v1/pods?limit=500"),
    event("list", "/api/v1/pods?labelSelector=k8s-app%3Dkube-dns&limit=500"),
  ]);
  assert.deepEqual([...counts], [["v1/pods", 2]]);
});

Deno.test("the further pages of a list are no lists of their own", () => {
  const counts = listsPerKind([
    event("list", "/api/v1/pods?limit=500"),
    event("list", "/api/v1/pods?limit=500&continue=abc"),
  ]);
  assert.deepEqual([...counts], [["v1/pods", 1]]);
});

Deno.test("only the client's requests within the span are counted", () => {
  const all = [
    event("list", "/api/v1/pods", 1),
    event("list", "/api/v1/pods", 2),
    event("list", "/api/v1/pods", 3),
    event("list", "/api/v1/pods", 2, "kubectl/v1.36.4 (linux/amd64)"),
  ];
  assert.deepEqual(requestsOf(all, "plumb", { from: 1_500, to: 2_500 }), [all[1]]);
  assert.deepEqual(requestsOf(all, "kubectl", { from: 0, to: 9_000 }), [all[3]]);
});

Deno.test("a log is read up to the line that is being written", () => {
  const line = JSON.stringify(event("list", "/api/v1/pods"));
  assert.equal(readAudit(`${line}\n${line}\n{"verb":"li`).length, 2);
  assert.deepEqual(readAudit(""), []);
  assert.throws(() => readAudit("no JSON\n"), SyntaxError);
});
