import type { Acted, Answer, Observer, Question } from "../../model/observer.ts";
import type { ProbeSpec } from "../../model/probe.ts";
import { commandOf } from "../../model/render.ts";
import type { Host, Site } from "../../model/site.ts";
import { runBatch, type Shell, ShellError } from "./batch.ts";
import { getHttp } from "./http.ts";
import { askList, askPath, type KubeProbe } from "./kube/ask.ts";
import { KubeClient } from "./kube/client.ts";
import { KubeConfigFile } from "./kube/kubeconfig.ts";
import { localShell } from "./local.ts";
import { greetWireGuard, knockTcp, resolveDns } from "./net.ts";
import { PveClient, PveError } from "./pve.ts";
import { SshPool } from "./ssh.ts";

/** What probes need of the site's secrets: the value at a dotted path. */
export type SecretSource = (path: string) => Promise<string>;

/** Most hosts that are asked at the same time. */
const mostHosts = 16;
/** Statuses of the Proxmox API that asking again does not change. */
const fatalStatuses = new Set([401, 403, 501]);

/** The answer to any question about a cluster on a site that has none. */
const noCluster: Answer = { ok: false, reason: "the site has no 'kubernetes' section", fatal: true, hostDown: false };

/** Looks at the real world: over SSH, in a local shell, over the network, at the Proxmox and the Kubernetes API. */
export class WorldObserver implements Observer {
  readonly #ssh: SshPool;
  readonly #pve: PveClient | null;
  readonly #kube: KubeClient | null;

  constructor(private readonly site: Site, private readonly secret: SecretSource) {
    this.#ssh = new SshPool(site);
    this.#pve = site.proxmox ? new PveClient(site, () => secret("proxmox.token_secret")) : null;
    this.#kube = site.kubernetes ? new KubeClient(new KubeConfigFile(site.kubernetes.kubeconfig)) : null;
  }

  async ask(questions: readonly Question[], signal: AbortSignal): Promise<Answer[]> {
    this.#ssh.forget();
    const distinct = new Map<string, { question: Question; answer?: Answer }>();
    const keys = questions.map(({ host, probe }) =>
      // One rendering answers whatever is asked about charts.
      probe.kind === "helm" ? probe.kind : `${isShell(probe) ? host?.name ?? "" : ""} ${JSON.stringify(probe)}`
    );
    keys.forEach((key, i) => distinct.set(key, distinct.get(key) ?? { question: questions[i] }));
    const entries = [...distinct.values()];
    const shells = Map.groupBy(entries.filter((e) => isShell(e.question.probe)), (e) => e.question.host?.name ?? "");
    const lists = Map.groupBy(
      entries.filter((e) => e.question.probe.kind === "kube"),
      (e) => (e.question.probe as KubeProbe).resource,
    );
    const direct = entries.filter((e) => !isShell(e.question.probe) && e.question.probe.kind !== "kube");
    await Promise.all([
      eachOf([...shells.values()], mostHosts, async (group) => {
        const answers = await this.#askShell(group[0].question.host, group.map((e) => e.question.probe), signal);
        group.forEach((entry, i) => entry.answer = answers[i]);
      }),
      eachOf([...lists.values()], mostHosts, async (group) => {
        const answers = await this.#askKube(group.map((e) => e.question.probe as KubeProbe), signal);
        group.forEach((entry, i) => entry.answer = answers[i]);
      }),
      eachOf(direct, mostHosts, async (entry) => {
        entry.answer = await this.#askDirect(entry.question.probe, signal);
      }),
    ]);
    signal.throwIfAborted();
    return keys.map((key) => distinct.get(key)!.answer!);
  }

  async act(host: Host | null, command: string, limitMs: number, signal: AbortSignal): Promise<Acted> {
    const [answer] = await runBatch(this.#shell(host), [{ command, timeoutMs: limitMs }], signal);
    if ("failed" in answer) {
      throw new Error(`cannot run a command on ${host?.name ?? "the runner"}: ${answer.failed}`);
    }
    return { code: answer.code, output: answer.stdout + answer.stderr };
  }

  #shell(host: Host | null): Shell {
    return host ? this.#ssh.shell(host) : localShell;
  }

  /** Ends all connections. */
  close(): Promise<void> {
    return this.#ssh.close();
  }

  async #askShell(host: Host | null, probes: readonly ProbeSpec[], signal: AbortSignal): Promise<Answer[]> {
    const shell = this.#shell(host);
    const commands = probes.map((probe) => ({ command: commandOf(probe), timeoutMs: probe.timeoutMs }));
    try {
      const answers = await runBatch(shell, commands, signal);
      return answers.map((answer) =>
        "failed" in answer
          ? { ok: false, reason: answer.failed, fatal: false, hostDown: false }
          : { ok: true, raw: answer }
      );
    } catch (error) {
      signal.throwIfAborted();
      const fatal = error instanceof ShellError && error.fatal;
      return probes.map(() => ({ ok: false, reason: words(error), fatal, hostDown: host !== null }));
    }
  }

  async #askKube(probes: readonly KubeProbe[], signal: AbortSignal): Promise<Answer[]> {
    return this.#kube ? await askList(this.#kube, probes, signal) : probes.map(() => noCluster);
  }

  async #askDirect(probe: ProbeSpec, signal: AbortSignal): Promise<Answer> {
    if (probe.kind === "kube-get") return this.#kube ? await askPath(this.#kube, probe, signal) : noCluster;
    const deadline = AbortSignal.timeout(probe.timeoutMs);
    const limited = AbortSignal.any([signal, deadline]);
    try {
      return { ok: true, raw: await this.#observe(probe, limited) };
    } catch (error) {
      signal.throwIfAborted();
      const reason = deadline.aborted ? `no answer within ${probe.timeoutMs / 1_000} s` : words(error);
      const fatal = error instanceof PveError && fatalStatuses.has(error.status);
      return { ok: false, reason, fatal, hostDown: false };
    }
  }

  async #observe(probe: ProbeSpec, signal: AbortSignal): Promise<unknown> {
    switch (probe.kind) {
      case "http":
        return await getHttp(probe.url, probe.ca, signal);
      case "tcp":
        return await knockTcp(probe.address, probe.port, probe.timeoutMs, signal);
      case "udp": {
        const { publicKey, privateKeySecret } = probe.greeting;
        const greeting = { publicKey, privateKey: await this.secret(privateKeySecret) };
        return await greetWireGuard(probe.address, probe.port, greeting, probe.timeoutMs - 100, signal);
      }
      case "dns":
        return await resolveDns(probe);
      case "pve":
        if (!this.#pve) throw new Error("the site has no 'proxmox' section");
        return await askPve(this.#pve, probe.path, probe.each, signal);
      case "helm": {
        const { observePlatform } = await import("../charts/platform.ts");
        return await observePlatform(this.site, signal);
      }
      default:
        throw new TypeError(`Cannot ask a ${probe.kind} probe from the runner`);
    }
  }
}

async function askPve(pve: PveClient, path: string, each: string | undefined, signal: AbortSignal): Promise<unknown> {
  const answer = await pve.call<unknown>("GET", path, undefined, signal);
  if (each === undefined) return answer;
  return await Promise.all((answer as { vmid: number }[]).map(async (entry) => ({
    ...entry,
    detail: await pve.call("GET", each.replaceAll("{vmid}", String(entry.vmid)), undefined, signal),
  })));
}

function isShell(probe: ProbeSpec): boolean {
  return probe.kind === "sh" || probe.kind === "lines" || probe.kind === "file";
}

function words(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

async function eachOf<T>(all: readonly T[], limit: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const lane = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(limit, all.length) }, lane));
}
