import { execFile } from "node:child_process";
import { env } from "node:process";
import { artifactsFolder, programsFolder } from "../../harness/model/cache.ts";

/** What Helm said. */
export interface HelmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs Helm: the one in Plumb's cache, else `helm` from the PATH.
 *
 * @throws if Helm cannot be started.
 */
export function helm(args: readonly string[], cwd?: string): Promise<HelmResult> {
  const path = `${artifactsFolder((name) => env[name])}/${programsFolder}:${env.PATH ?? ""}`;
  const options = { cwd, env: { ...env, PATH: path }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile("helm", [...args], options, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") {
        const todo = "run 'deno task up --phase charts', which gets it, or install Helm 4";
        reject(new Error(`Cannot run helm: ${error.message}; ${todo}`, { cause: error }));
      } else resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}
