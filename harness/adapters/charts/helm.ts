import { runTool } from "./process.ts";

/** A chart's folder, ready to be rendered: the library lies in its `charts/`. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly folder: string;
  readonly kubernetesVersion: string;
}

/** What Helm renders with these values files over the chart's own, or what it says against it. */
export async function template(
  { name, namespace, folder, kubernetesVersion }: Release,
  valuesFiles: readonly string[],
  signal: AbortSignal,
): Promise<{ text: string } | { failure: string }> {
  const args = ["template", name, folder, "--namespace", namespace, "--kube-version", kubernetesVersion];
  const { code, stdout, stderr } = await runTool("helm", [...args, ...valuesFiles.flatMap((f) => ["-f", f])], signal);
  return code === 0 ? { text: stdout } : { failure: cleaned(stderr, folder) };
}

/** What `helm lint --strict` says against a chart; nothing if it is clean. */
export async function lint(
  { namespace, folder, kubernetesVersion }: Release,
  valuesFiles: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const args = ["lint", "--strict", "--namespace", namespace, "--kube-version", kubernetesVersion, folder];
  const { code, stdout, stderr } = await runTool("helm", [...args, ...valuesFiles.flatMap((f) => ["-f", f])], signal);
  if (code === 0) return [];
  const said = stdout.split("\n").filter((line) => /^\[(ERROR|WARNING)\]/.test(line)).map((line) =>
    cleaned(line, folder)
  );
  return said.length ? said : [cleaned(stderr || stdout, folder)];
}

/** What Helm said, without the temporary folder and without the name of the function that failed. */
function cleaned(said: string, folder: string): string {
  return said.replaceAll(`${folder}/`, "").replaceAll(folder, "the chart").split("\n").filter((line) =>
    line.trim() !== ""
  )
    .map((line) => line.replace(/^Error: /, "").trim()).join(" ");
}
