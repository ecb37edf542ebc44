import { execFile } from "node:child_process";
import { env } from "node:process";

/** What Helm said. */
export interface HelmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs Helm: `$HELM`, else `helm` from the PATH. Plugins and repositories of the person who runs it play no part.
 *
 * @throws if Helm cannot be started.
 */
export function helm(args: readonly string[], cwd?: string): Promise<HelmResult> {
  const program = env.HELM ?? "helm";
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") {
        const todo = "install Helm 4, or name it in the variable HELM";
        reject(new Error(`Cannot run ${program}: ${error.message}; ${todo}`, { cause: error }));
      } else resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}
