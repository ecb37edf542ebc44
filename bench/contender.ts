import { existsSync } from "node:fs";
import { loadSite } from "../harness/adapters/site/load.ts";
import { projectRoot } from "../harness/adapters/project.ts";
import type { Host, Site } from "../harness/model/site.ts";
import { namespacePath, namespaces } from "../fixtures/lab/paths.ts";
import { launch } from "./process.ts";
import { duration, type Measured } from "./table.ts";

/** Something that runs all checks on all hosts. */
export interface Contender extends AsyncDisposable {
  readonly name: string;
  /** Runs them once; resolves to the milliseconds from launch to exit. Rejects unless every check passed on every host. */
  round(): Promise<number>;
}

/** Runs all contenders once to warm up, then `rounds` times in turn. */
export async function measure(contenders: readonly Contender[], rounds: number): Promise<Measured[]> {
  const all = contenders.map(({ name }) => ({ name, rounds: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    const said: string[] = [];
    for (const [i, contender] of contenders.entries()) {
      const ms = await contender.round();
      if (round > 0) all[i].rounds.push(ms);
      said.push(`${contender.name} ${duration(ms)}`);
    }
    console.error(`${round === 0 ? "warm-up" : `round ${round} of ${rounds}`}: ${said.join(", ")}`);
  }
  return all;
}

/** Where the contenders run: the lab, as its site file says, seen from its control network. */
export interface Arena {
  readonly site: Site;
  /** Path of the network namespace from which the hosts can be reached. */
  readonly network: string;
  /** A folder for whatever the contenders write; kept afterwards for whoever wants to see it. */
  readonly folder: string;
}

/** The running lab. Rejects if it does not run. */
export async function openArena(): Promise<Arena> {
  const network = namespacePath(namespaces.control);
  if (!existsSync(network)) {
    throw new Error("Cannot run the benchmark: the lab is not running; bring it to green with 'deno task up'");
  }
  const folder = `${projectRoot}/.state/bench`;
  await Deno.mkdir(folder, { recursive: true });
  return { site: await loadSite(`${projectRoot}/sites/lab.yaml`), network, folder };
}

/** The command, run in the arena's network. */
export function inside({ network }: Arena, ...command: readonly string[]): string[] {
  return ["nsenter", `--net=${network}`, ...command];
}

/** An OpenSSH client configuration that shares one connection per host through sockets in `sockets`. */
export function sshConfig(site: Site, sockets: string): string {
  const entry = (host: Host) => [
    `Host ${host.name}`,
    `  HostName ${host.address}`,
    `  Port ${site.ssh.port}`,
    `  User ${host.user}`,
    `  IdentityFile ${site.ssh.key}`,
    `  IdentitiesOnly yes`,
    `  UserKnownHostsFile ${site.ssh.known_hosts}`,
    `  StrictHostKeyChecking yes`,
    `  BatchMode yes`,
    `  ControlMaster auto`,
    `  ControlPath ${sockets}/%n`,
    `  ControlPersist 60`,
  ];
  return site.hosts.flatMap(entry).join("\n") + "\n";
}

/** Ends the connections that the configuration's `sockets` still lead to, and removes the folder. */
export async function closeConnections(config: string, sockets: string): Promise<void> {
  for await (const { name } of Deno.readDir(sockets)) {
    await launch({ command: ["ssh", "-F", config, "-O", "exit", name] });
  }
  await Deno.remove(sockets, { recursive: true });
}
