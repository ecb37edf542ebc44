import process from "node:process";
import { projectRoot } from "../project.ts";
import type { Shell } from "./batch.ts";

/** A shell on the runner, in the project's folder. */
export const localShell: Shell = {
  folder: projectRoot,
  async run(script, onData, signal) {
    signal.throwIfAborted();
    const child = new Deno.Command("sh", {
      args: ["-s"],
      detached: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    // Its own process group, so that what the commands started ends with them and lets go of the pipe.
    const end = () => process.kill(-child.pid, "SIGKILL");
    signal.addEventListener("abort", end, { once: true });
    try {
      const writer = child.stdin.getWriter();
      const written = writer.write(new TextEncoder().encode(script)).then(() => writer.close());
      for await (const chunk of child.stdout) onData(chunk);
      await written;
      const { code } = await child.status;
      signal.throwIfAborted();
      return code;
    } finally {
      signal.removeEventListener("abort", end);
    }
  },
};
