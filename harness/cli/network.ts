import { existsSync } from "node:fs";
import { projectRoot } from "../adapters/project.ts";
import { CommandError } from "./errors.ts";

/** The namespace that Plumb runs in when it works on the lab; the lab's own network reaches no further. */
const labNetwork = "/run/netns/plumb-ctl";
/** Set in a process that already runs inside the lab's network. */
const insideMark = "PLUMB_INSIDE_LAB";

/** The path of a site file: a bare name stands for `sites/<name>.yaml` of the project. */
export function sitePath(site: string): string {
  return /^[a-z][a-z0-9-]*$/.test(site) ? `${projectRoot}/sites/${site}.yaml` : site;
}

/** True if the site file at `path` is the embedded lab's; cheaper than reading it as a site. */
export function isLab(path: string): boolean {
  try {
    return /^lab:\s*true\s*$/m.test(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** True if this process must be started again inside the lab's network before it looks at anything. */
export function mustEnterLab(path: string): boolean {
  return !Deno.env.has(insideMark) && isLab(path);
}

/** Throws what is wrong with a site file. Loaded only here: the way into the lab must be short. */
async function checkSiteFile(path: string): Promise<void> {
  const { readSiteFile } = await import("../adapters/site/load.ts");
  await readSiteFile(path);
}

/** Why a system with this user can have no lab, and what to do; null if it can. */
export function labRefusal(verb: string, os: string, uid: number | null): string | null {
  if (os === "linux" && uid === 0) return null;
  const remedy = os === "linux" ? "become root" : "go to a Linux machine";
  return `Cannot ${verb} the lab: it needs Linux and root; ${remedy}, or name your own site, which needs Linux and no root: --site NAME`;
}

/** Fails where there can be no lab; a fault of the site file at `path` is told first. */
export async function requireLabSystem(verb: string, path: string): Promise<void> {
  const refusal = labRefusal(verb, Deno.build.os, Deno.uid());
  if (refusal === null) return;
  await checkSiteFile(path);
  throw new CommandError(refusal);
}

/** Fails unless the lab's network is there; a fault of the site file at `path` is told first. */
export async function requireLab(verb: string, path: string): Promise<void> {
  await requireLabSystem(verb, path);
  if (existsSync(labNetwork)) return;
  await checkSiteFile(path);
  throw new CommandError(
    `Cannot ${verb} the lab: it is not running; start it with 'deno task lab start' or 'deno task up'`,
    "blind",
  );
}

/** Runs the same command inside the lab's network; resolves to its exit code. Signals are passed on. */
export async function enterLab(args: readonly string[]): Promise<number> {
  // The inner process must not outlive this one: it holds the site's lock.
  const command = ["--pdeathsig", "KILL", "nsenter", `--net=${labNetwork}`, Deno.execPath(), "run", "-A"];
  const child = new Deno.Command("setpriv", {
    args: [...command, `${projectRoot}/main.ts`, ...args],
    env: { [insideMark]: "1", PLUMB_UPLINK: `/proc/${Deno.pid}/ns/net` },
    stdin: "null",
  }).spawn();
  const pass = (signal: "SIGINT" | "SIGTERM") => () => child.kill(signal);
  const [onInt, onTerm] = [pass("SIGINT"), pass("SIGTERM")];
  Deno.addSignalListener("SIGINT", onInt);
  Deno.addSignalListener("SIGTERM", onTerm);
  const { code } = await child.status;
  Deno.removeSignalListener("SIGINT", onInt);
  Deno.removeSignalListener("SIGTERM", onTerm);
  return code;
}
