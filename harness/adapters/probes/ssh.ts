import { Buffer } from "node:buffer";
import type { NodeSSH } from "node-ssh";
import type { Host, Site } from "../../model/site.ts";
import { type Shell, ShellError } from "./batch.ts";
import { pinnedKeys } from "./known_hosts.ts";

/** How long a host may take to answer and to log in, in milliseconds. */
export const connectDeadlineMs = 5_000;

/** Pause before a refusal is believed: a host that boots lets nobody but root in yet, and says no more than that. */
const doubtMs = 1_000;

/** One connection per host, opened at first use, reopened after it was lost. */
export class SshPool {
  readonly #open = new Map<string, Promise<NodeSSH>>();
  #knownHosts: Promise<string> | null = null;

  constructor(private readonly site: Site) {}

  /** A root shell on the host. */
  shell(host: Host): Shell {
    return { folder: "/", run: (script, onData, signal) => this.#run(host, script, onData, signal) };
  }

  /** Forgets the pinned keys read before, and connections that failed with them. */
  forget(): void {
    this.#knownHosts = null;
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const result of await Promise.allSettled(all)) {
      if (result.status === "fulfilled") result.value.dispose();
    }
  }

  async #run(
    host: Host,
    script: string,
    onData: (chunk: Uint8Array) => void,
    signal: AbortSignal,
  ): Promise<number | null> {
    const connection = await this.#connection(host);
    signal.throwIfAborted();
    const command = host.user === "root" ? "exec setsid -w sh -s" : "exec sudo -n setsid -w sh -s";
    let stderr = "";
    const ended = connection.execCommand(command, {
      stdin: script,
      noTrim: true,
      onStdout: (chunk) => onData(chunk),
      onStderr: (chunk) => stderr += chunk.toString(),
    });
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      const { code } = await Promise.race([ended, aborted.promise]);
      if (code === null) this.#drop(host, connection);
      if (code === 1 && stderr.startsWith("sudo:")) {
        throw new ShellError(`${host.user}@${host.name} may not use sudo without a password: ${stderr.trim()}`, true);
      }
      return code;
    } catch (error) {
      if (!signal.aborted && !(error instanceof ShellError)) this.#drop(host, connection);
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      ended.catch((error) => void error); // after an abort nobody else awaits it
    }
  }

  #drop(host: Host, connection: NodeSSH): void {
    this.#open.delete(host.name);
    connection.dispose();
  }

  #connection(host: Host): Promise<NodeSSH> {
    const known = this.#open.get(host.name);
    if (known) return known;
    const opening = this.#connect(host);
    this.#open.set(host.name, opening);
    opening.then(
      (ssh) => ssh.connection?.once("close", () => this.#forgetIf(host, opening)),
      () => this.#forgetIf(host, opening),
    );
    return opening;
  }

  #forgetIf(host: Host, opening: Promise<NodeSSH>): void {
    if (this.#open.get(host.name) === opening) this.#open.delete(host.name);
  }

  async #connect(host: Host, doubted = false): Promise<NodeSSH> {
    const { ssh } = this.site;
    const pins = pinnedKeys(await this.#readKnownHosts(), host.address, ssh.port);
    if (pins.length === 0) {
      throw new ShellError(
        `no host key of ${host.name} (${host.address}) is pinned in ${ssh.known_hosts}; compare its fingerprint on its console, then add it`,
        true,
      );
    }
    const { NodeSSH } = await import("node-ssh");
    const connection = new NodeSSH();
    let offered: string | null = null;
    try {
      const connecting = connection.connect({
        host: host.address,
        port: ssh.port,
        username: host.user,
        privateKey: await Deno.readTextFile(ssh.key),
        agent: Deno.env.get("SSH_AUTH_SOCK"),
        readyTimeout: connectDeadlineMs,
        keepaliveInterval: 1_000,
        keepaliveCountMax: 3,
        algorithms: { serverHostKey: algorithmsFor(pins.map((pin) => pin.type)) },
        hostVerifier: (key: Buffer) => {
          offered = key.toString("base64");
          return pins.some((pin) => pin.key === offered);
        },
      });
      // Otherwise Nagle's algorithm and the server's delayed acknowledgements add 40 ms to each step of the login.
      connection.connection?.setNoDelay(true);
      return await connecting;
    } catch (cause) {
      if (isRefusal(cause) && !doubted) {
        await new Promise((resolve) => setTimeout(resolve, doubtMs));
        return this.#connect(host, true);
      }
      throw explain(cause, host, ssh.port, offered !== null && !pins.some((pin) => pin.key === offered));
    }
  }

  #readKnownHosts(): Promise<string> {
    return this.#knownHosts ??= Deno.readTextFile(this.site.ssh.known_hosts).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    });
  }
}

// ssh-rsa keys sign with SHA-2 nowadays; the key's type and the algorithm's name differ only there.
// deno-lint-ignore no-explicit-any
function algorithmsFor(types: readonly string[]): any[] {
  return [...new Set(types.flatMap((type) => type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]))];
}

function isRefusal(cause: unknown): boolean {
  return (cause as { level?: string }).level === "client-authentication";
}

function explain(cause: unknown, host: Host, port: number, refused: boolean): ShellError {
  const where = `${host.name} (${host.user}@${host.address}:${port})`;
  const said = cause instanceof Error ? cause.message : String(cause);
  if (refused) {
    return new ShellError(
      `the host key of ${where} is not the pinned one; somebody may be in between, or the machine was rebuilt`,
      true,
      { cause },
    );
  }
  if (isRefusal(cause)) {
    return new ShellError(`${where} refuses the key; add its public half to authorized_keys there`, true, { cause });
  }
  if (cause instanceof Deno.errors.NotFound || said.includes("parse privateKey")) {
    return new ShellError(`the private key for ${where} cannot be read: ${said}`, true, { cause });
  }
  return new ShellError(`no SSH connection to ${where}: ${said}`, false, { cause });
}
