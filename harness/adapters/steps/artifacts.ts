import type { Site } from "../../model/site.ts";
import { followLines } from "../lines.ts";
import { projectRoot } from "../project.ts";
import { leash } from "./leash.ts";

/** The program that makes artifacts. The harness knows the lab by its commands alone. */
const maker = `${projectRoot}/fixtures/lab/artifacts/main.ts`;
/** Lines of its output that are repeated in an error. */
const tailLines = 3;

/**
 * Makes what the lab's cluster is installed from, release files and images, or another `set`. It runs in a process of its
 * own, which goes out by the launching process's network, as the lab's own leads nowhere, and ends with this one. Its
 * lines tell how far it is. `program` is for tests.
 */
export async function buildArtifacts(
  site: Pick<Site, "name" | "lab">,
  onLine: (line: string) => void,
  signal: AbortSignal,
  { set, program = [Deno.execPath(), "run", "-A", maker] }: { set?: "charts"; program?: readonly string[] } = {},
): Promise<void> {
  if (!site.lab && set !== "charts") {
    throw new Error(
      `Cannot make artifacts for site '${site.name}': only the lab's are made here; see that kubernetes.release_url and registry_mirrors serve them`,
    );
  }
  const uplink = Deno.env.get("PLUMB_UPLINK");
  const child = leash([...(uplink ? ["nsenter", `--net=${uplink}`] : []), ...program, ...(set ? [set] : [])], {
    cwd: projectRoot,
    signal,
  });
  const tail: string[] = [];
  const code = await followLines(child, (line) => {
    onLine(line);
    tail.push(line);
    if (tail.length > tailLines) tail.shift();
  });
  signal.throwIfAborted();
  if (code !== 0) throw new Error(`Cannot make the artifacts: exit code ${code}: ${tail.join(" / ")}`);
}
