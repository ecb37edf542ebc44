import assert from "node:assert/strict";
import type { CertificateSigningRequest, Pod } from "../../harness/model/kube.ts";
import { undecided, unsettled } from "./pods.ts";

const now = Date.parse("2026-01-01T12:00:00Z");
const ago = (seconds: number) => new Date(now - seconds * 1_000).toISOString();

/** A pod of one container, as running as can be unless `change` says otherwise. */
function pod(change: object = {}, phase = "Running"): Pod {
  const container = { name: "main", ready: true, restartCount: 0, state: { running: {} }, ...change };
  return { metadata: { name: "some" }, status: { phase, containerStatuses: [container] } } as unknown as Pod;
}

const ended = (startedAgo: number, finishedAgo: number) => ({
  lastState: { terminated: { exitCode: 1, startedAt: ago(startedAgo), finishedAt: ago(finishedAgo) } },
});

Deno.test("a pod that runs, or has done its work, is settled", () => {
  assert.equal(unsettled(pod(), now), null);
  assert.equal(unsettled(pod({ ready: false }, "Succeeded"), now), null);
});

Deno.test("a pod that waits, is not ready or has not started is not", () => {
  const waiting = { ready: false, state: { waiting: { reason: "CrashLoopBackOff" } } };
  assert.equal(unsettled(pod(waiting), now), "waits in main: CrashLoopBackOff");
  assert.equal(unsettled(pod({ ready: false }), now), "is not ready: main");
  assert.equal(unsettled({ metadata: { name: "new" }, status: { phase: "Pending" } } as Pod, now), "is Pending");
});

Deno.test("short runs, one after another and just now, are a loop; a restart after a power cut is none", () => {
  assert.match(unsettled(pod({ restartCount: 3, ...ended(90, 60) }), now)!, /^restarts: main has been started 3 times/);
  assert.equal(unsettled(pod({ restartCount: 2, ...ended(90, 60) }), now), null);
  assert.equal(unsettled(pod({ restartCount: 9, ...ended(4_000, 60) }), now), null);
  assert.equal(unsettled(pod({ restartCount: 5, ...ended(200, 140) }), now), null, "it has run for longer since");
  assert.equal(unsettled(pod({ restartCount: 9, ...ended(4_000, 3_950) }), now), null);
  const { lastState: { terminated } } = ended(90, 60);
  const byRestart = { lastState: { terminated: { ...terminated, exitCode: 255, reason: "Unknown" } } };
  assert.equal(unsettled(pod({ restartCount: 3, ...byRestart }), now), null);
});

Deno.test("what is left of a pod that a ReplicaSet has replaced is settled, and a failed pod of nobody's is not", () => {
  const failed = pod({ ready: false }, "Failed");
  const owned = (kind: string) =>
    ({ ...failed, metadata: { name: "some", ownerReferences: [{ kind, name: "owner", uid: "1" }] } }) as Pod;
  assert.equal(unsettled(owned("ReplicaSet"), now), null);
  assert.equal(unsettled(owned("DaemonSet"), now), "is not ready: main");
  assert.equal(unsettled(failed, now), "is not ready: main");
});

Deno.test("a request is undecided until it is approved or denied", () => {
  const request = (...types: string[]) =>
    ({
      metadata: { name: "csr" },
      status: { conditions: types.map((type) => ({ type, status: "True" })) },
    }) as unknown as CertificateSigningRequest;
  assert.equal(undecided(request()), true);
  assert.equal(undecided(request("Failed")), true);
  assert.equal(undecided(request("Approved")), false);
  assert.equal(undecided(request("Denied")), false);
});
