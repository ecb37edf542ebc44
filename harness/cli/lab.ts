import { destroyLab, labDir, type LabStatus, labStatus, sshArguments, stopLab } from "../../fixtures/lab/mod.ts";
import { exitCodes } from "../model/outcome.ts";
import { bringUpLab } from "./bring_up_lab.ts";
import { CommandError } from "./errors.ts";
import { ProgressLine } from "./progress.ts";

const { green, red } = exitCodes;

/** `lab start`. */
export async function start(): Promise<number> {
  await bringUpLab();
  return await status();
}

/** `lab stop`: shuts all machines down; their disks stay. */
export async function stop(): Promise<number> {
  await stopLab(new ProgressLine().show);
  return green.code;
}

/** `lab status`: exits with 0 only if the lab runs. */
export async function status(): Promise<number> {
  const lab = await labStatus();
  console.log(describe(lab));
  return lab.state === "running" ? green.code : red.code;
}

/** `lab destroy`: removes everything but the cache. */
export async function destroy(): Promise<number> {
  await destroyLab(new ProgressLine().show);
  console.log(`Nothing of the lab is left; what it was built from stays in the cache`);
  return green.code;
}

/** `lab ssh HOST [COMMAND...]`: exits as the remote command does. */
export async function ssh(host: string, command: readonly string[]): Promise<number> {
  const [program, ...args] = await sshArguments(host).catch((cause) => {
    throw new CommandError(cause instanceof Error ? cause.message : String(cause), "usage", { cause });
  });
  const child = new Deno.Command(program, { args: [...args, ...command] }).spawn();
  return (await child.status).code;
}

function describe(lab: LabStatus): string {
  const heading = `The lab is ${lab.state}${
    lab.state === "absent" ? "; 'deno task lab start' makes it" : ` (${labDir})`
  }`;
  if (lab.state === "absent") return heading;
  const yes = (up: boolean) => up ? "running" : "stopped";
  const width = Math.max(...lab.machines.map((machine) => machine.hostname.length), "hypervisor API".length);
  const rows = [
    ["network", "", yes(lab.network)],
    ["hypervisor API", "", yes(lab.hypervisor)],
    ["image mirror", "", yes(lab.mirror)],
    ["nameserver", "", yes(lab.nameserver)],
    ...lab.machines.map(({ id, hostname, address, running }) => [hostname || id, address, yes(running)]),
  ];
  return [heading, ...rows.map(([name, address, state]) => `  ${name.padEnd(width)}  ${address.padEnd(15)}  ${state}`)]
    .join("\n");
}
