import type { CertificateSigningRequest, Pod } from "../../harness/model/kube.ts";

/** Seconds below which a container's run is a short one, the present one too. */
const shortRun = 120;
/** Restarts from which on short runs are a loop and no accident. */
const fewRestarts = 3;

/** What is wrong with a pod that should run for good, in words; null if nothing is. */
export function unsettled(pod: Pod, now: number = Date.now()): string | null {
  const phase = pod.status?.phase ?? "Unknown";
  if (phase === "Succeeded") return null;
  // What a node's orderly shutdown or an eviction leaves stays for months, and another pod is in its place.
  if (phase === "Failed" && pod.metadata.ownerReferences?.some(({ kind }) => kind === "ReplicaSet")) return null;
  const statuses = pod.status?.containerStatuses ?? [];
  for (const { name, state, lastState, restartCount, ready } of statuses) {
    if (state?.waiting) return `waits in ${name}: ${state.waiting.reason ?? "no reason given"}`;
    // A container that ended with its machine has the reason "Unknown": the runtime finds it dead when it starts again.
    const last = lastState?.terminated?.reason === "Unknown" ? undefined : lastState?.terminated;
    if (last?.startedAt && last.finishedAt && (restartCount ?? 0) >= fewRestarts) {
      const lasted = (Date.parse(last.finishedAt) - Date.parse(last.startedAt)) / 1_000;
      const ago = (now - Date.parse(last.finishedAt)) / 1_000;
      if (lasted < shortRun && ago < shortRun) return `restarts: ${name} has been started ${restartCount} times again`;
    }
    if (!ready) return `is not ready: ${name}`;
  }
  return phase === "Running" ? null : `is ${phase}`;
}

/** True if nobody has decided on the request yet. */
export function undecided(request: CertificateSigningRequest): boolean {
  return !(request.status?.conditions ?? []).some(({ type }) => type === "Approved" || type === "Denied");
}
