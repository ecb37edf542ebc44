import { join } from "node:path";
import type { Result } from "../model/event.ts";

/** A state folder of a site in a temporary place, removed when it goes out of scope. */
export async function tempState(site: string): Promise<AsyncDisposable & { readonly dir: string }> {
  const base = await Deno.makeTempDir({ prefix: "plumb-state-" });
  const dir = join(base, site);
  await Deno.mkdir(dir);
  return { dir, [Symbol.asyncDispose]: () => Deno.remove(base, { recursive: true }) };
}

/** A result for tests; only what matters to the test is given. */
export function result(id: string, outcome: Result["outcome"], more: Partial<Result> = {}): Result {
  return {
    id,
    host: "vps",
    title: "It holds",
    outcome,
    severity: "major",
    attempts: 1,
    seenRed: outcome === "fail",
    durationMs: 5,
    expected: "yes",
    found: outcome === "pass" ? "yes" : "no",
    command: "true",
    remedy: "Repair it.",
    why: "It matters.",
    runbook: "",
    blockedBy: null,
    note: "",
    looks: [],
    diagnostics: [],
    ...more,
  };
}
