import { build$, type CommandBuilder } from "dax";
import type { Host, Site } from "../../model/site.ts";
import type { StepTools } from "../../model/step.ts";
import { LineReader } from "../lines.ts";
import { projectRoot } from "../project.ts";
import { repin } from "../probes/known_hosts.ts";
import { PveClient } from "../probes/pve.ts";
import { runAnsible } from "./ansible.ts";
import { buildArtifacts } from "./artifacts.ts";
import { readGuestFile } from "./guest_agent.ts";
import { installToolchain } from "./toolchain.ts";

/** What the tools of a step are made from. */
export interface Workshop {
  readonly site: Site;
  readonly signal: AbortSignal;
  /** The value at a dotted path of the site's secrets. */
  secret(path: string): Promise<string>;
  /** All secrets, decrypted. */
  secrets(): Promise<unknown>;
  /** Writes the site's inventory. */
  writeInventory(): Promise<unknown>;
  /** Takes secrets out of a line. */
  redact(line: string): string;
}

/** A step's tools, whose output goes line by line to `logPath` and to `onLine`, secrets taken out. */
export async function equip(workshop: Workshop, logPath: string, onLine: (line: string) => void) {
  const { site, signal } = workshop;
  const file = await Deno.open(logPath, { create: true, append: true, mode: 0o600 });
  const encoder = new TextEncoder();
  const say = (raw: string) => {
    const line = workshop.redact(raw);
    file.writeSync(encoder.encode(`${line}\n`));
    onLine(line);
  };
  const [output, errors] = [new LineReader(say), new LineReader(say)];
  const sink = (reader: LineReader) => new WritableStream<Uint8Array>({ write: (chunk) => reader.push(chunk) });
  const $ = build$({
    commandBuilder: (builder: CommandBuilder) =>
      builder.cwd(projectRoot).stdin("null").signal(signal).stdout(sink(output), { preventClose: true })
        .stderr(sink(errors), { preventClose: true }),
  });
  const api = () => new PveClient(site, () => workshop.secret("proxmox.token_secret"));
  const tools: StepTools<typeof $> = {
    site,
    $,
    ansible: (run) =>
      runAnsible(run, {
        site,
        inventory: `${projectRoot}/${site.inventory.path}`,
        secrets: () => workshop.secrets(),
        onLine: say,
        signal,
      }),
    pve: <T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, form?: Record<string, string>) =>
      api().call<T>(method, path, form, signal),
    installTools: async () => {
      await installToolchain(say, signal, { afresh: true });
    },
    writeInventory: async () => {
      await workshop.writeInventory();
    },
    readGuestFile: ({ name, vm }, file) => {
      if (!site.proxmox || !vm) throw new Error(`Cannot read ${file} of ${name}: it is no VM of the site's hypervisor`);
      const pve = (path: string) => tools.pve<{ content: string }>("GET", path);
      return readGuestFile({ node: site.proxmox.node, name, id: vm.id }, file, { pve, log: say, signal });
    },
    pinHostKeys: (host, keys) => pin(site, host, keys),
    buildArtifacts: (set) => buildArtifacts(site, say, signal, { set }),
    log: say,
  };
  const close = () => {
    output.end();
    errors.end();
    file.close();
    return Promise.resolve();
  };
  return { tools, close };
}

async function pin(site: Site, host: Host, publicKeys: readonly string[]): Promise<void> {
  const path = site.ssh.known_hosts;
  const keys = publicKeys.map((line) => {
    const [type, key] = line.trim().split(/\s+/);
    if (!key) throw new Error(`Cannot pin a host key of ${host.name}: '${line.slice(0, 40)}' is not a public key line`);
    return { type, key };
  });
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  await Deno.writeTextFile(`${path}.new`, repin(text, host.address, site.ssh.port, keys), { mode: 0o600 });
  await Deno.rename(`${path}.new`, path);
}
