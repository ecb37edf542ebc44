import { ensureHostRoot } from "../../fixtures/lab/image/build.ts";
import { labStatus, startLab } from "../../fixtures/lab/mod.ts";
import { ensureRequirements } from "../../fixtures/lab/requirements.ts";
import { installToolchain, toolchainFolder } from "../adapters/steps/toolchain.ts";
import { ProgressLine } from "./progress.ts";

/** Starts the lab unless it runs, after making what it is made of: packages, tools and the hosts' root, side by side. */
export async function bringUpLab(): Promise<void> {
  const { show } = new ProgressLine();
  const signal = new AbortController().signal;
  if ((await labStatus()).state === "running") return await installTools(show, signal);
  await ensureRequirements(show, signal);
  await Promise.all([installTools(show, signal), ensureHostRoot(show, signal)]);
  await startLab({ sops: `${toolchainFolder()}/bin/sops`, progress: show, signal });
}

async function installTools(show: ProgressLine["show"], signal: AbortSignal): Promise<void> {
  const task = "Installing Ansible, the Proxmox client, SOPS and kubectl";
  const installed = await installToolchain((line) => show({ task, detail: line }), signal);
  if (installed) show({ task, fraction: 1 });
}
