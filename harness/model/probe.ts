import type { Platform } from "./chart.ts";
import type { CommandOutput, FileFacts, HttpFacts, KubeAnswer, TcpFacts, UdpFacts } from "./facts.ts";
import { type KubeObject, type KubeResources, resourceName } from "./kube.ts";
import type { Judgement, Matcher } from "./matcher.ts";

export type { CommandOutput, FileFacts, HttpFacts, KubeAnswer, TcpFacts, UdpFacts } from "./facts.ts";

/** A WireGuard responder to greet: its public key, and the secret that holds the greeting peer's private key. */
export interface WireGuardGreeting {
  readonly publicKey: string;
  /** Dotted path in the site's secrets. */
  readonly privateKeySecret: string;
}

/** Which of a Kubernetes resource's objects to list, and what shows them to a person. */
export interface KubeQuery {
  /** All namespaces if absent. */
  readonly namespace?: string;
  /** Label selector, as `kubectl -l` takes it. */
  readonly selector?: string;
  /** Field selector, as `kubectl --field-selector` takes it. */
  readonly fields?: string;
  /** What `kubectl -o` shows a person; `wide` if absent. */
  readonly show?: string;
}

/** What to observe, as plain data. Adapters know how; `renderProbe` knows how a person would. */
export type ProbeSpec =
  | { readonly kind: "sh"; readonly command: string; readonly timeoutMs: number }
  | { readonly kind: "lines"; readonly command: string; readonly timeoutMs: number }
  | { readonly kind: "file"; readonly path: string; readonly timeoutMs: number }
  | { readonly kind: "http"; readonly url: string; readonly ca?: string; readonly timeoutMs: number }
  | { readonly kind: "tcp"; readonly address: string; readonly port: number; readonly timeoutMs: number }
  | {
    readonly kind: "udp";
    readonly address: string;
    readonly port: number;
    readonly greeting: WireGuardGreeting;
    readonly timeoutMs: number;
  }
  | {
    readonly kind: "dns";
    readonly name: string;
    readonly type: "A" | "AAAA" | "CNAME" | "MX" | "TXT" | "NS";
    readonly server?: string;
    readonly timeoutMs: number;
  }
  | {
    readonly kind: "pve";
    readonly path: string;
    /** Asked for every entry of the list at `path`, with `{vmid}` filled in; its answer becomes the entry's `detail`. */
    readonly each?: string;
    readonly timeoutMs: number;
  }
  | KubeQuery & { readonly kind: "kube"; readonly resource: string; readonly timeoutMs: number }
  | { readonly kind: "kube-get"; readonly path: string; readonly timeoutMs: number }
  | {
    readonly kind: "helm";
    /** The service that it is about; all charts are rendered whichever it is, once for all that ask. */
    readonly service: string | null;
    readonly timeoutMs: number;
  };

/** A probe with its expectation, types erased: what the engine runs. */
export interface Expectation {
  readonly probe: ProbeSpec;
  /** The matcher's words. */
  readonly expected: string;
  /** True if one judgement is made over all hosts together. */
  readonly across: boolean;
  /** Judges what one host's observation gave (see {@linkcode RawValue}). */
  judge(raw: unknown): Judgement;
  /** Judges all hosts' observations; only where `across` is true. */
  judgeAll(raw: ReadonlyMap<string, unknown>): Judgement;
}

/** Reads an adapter's raw value as the probe's type, or says why the promise is already false. */
type Reader<T> = (raw: unknown) => { value: T } | { false: string };

/** A question that can be asked of the world, typed by what it observes. */
export class Probe<T> {
  constructor(readonly spec: ProbeSpec, private readonly read: Reader<T> = (raw) => ({ value: raw as T })) {}

  /** The same probe, observing something derived: `pve("/version").map((v) => v.release)`. */
  map<U>(derive: (value: T) => U): Probe<U> {
    return new Probe(this.spec, (raw) => {
      const inner = this.read(raw);
      return "false" in inner ? inner : { value: derive(inner.value) };
    });
  }

  /** Expects something of each host's observation. */
  should(matcher: Matcher<T>): Expectation {
    return {
      probe: this.spec,
      expected: matcher.words,
      across: false,
      judge: (raw) => {
        const inner = this.read(raw);
        return "false" in inner ? { holds: false, found: inner.false } : matcher.judge(inner.value);
      },
      judgeAll: () => {
        throw new TypeError("Cannot judge all hosts together: this expectation is per host; use across()");
      },
    };
  }

  /** Expects something of all hosts' observations together, such as `unique()`. */
  across(matcher: Matcher<Map<string, T>>): Expectation {
    return {
      ...this.should({ words: matcher.words, judge: () => ({ holds: true, found: "" }) }),
      across: true,
      judgeAll: (raw) => {
        const values = new Map<string, T>();
        for (const [host, one] of raw) {
          const inner = this.read(one);
          if ("false" in inner) return { holds: false, found: `${host}: ${inner.false}` };
          values.set(host, inner.value);
        }
        return matcher.judge(values);
      },
    };
  }
}

const defaults = { timeoutMs: 10_000 };

/** Options that every probe takes. */
export interface ProbeOptions {
  /** How long one look may take, in milliseconds; 10 000 if not given. */
  readonly timeoutMs?: number;
}

function readOutput<T>(derive: (stdout: string) => T): Reader<T> {
  return (raw) => {
    const { code, stdout, stderr } = raw as CommandOutput;
    if (code === 0) return { value: derive(stdout) };
    const said = (stderr.trim() || stdout.trim()).split("\n").slice(-3).join(" / ");
    return { false: `exit code ${code}${said ? `: ${said}` : ""}` };
  };
}

/** What a shell command prints, without the final line breaks. A non-zero exit code makes the promise false. */
export function sh(command: string, options?: ProbeOptions): Probe<string> {
  return new Probe({ kind: "sh", command, ...defaults, ...options }, readOutput((out) => out.replace(/\n+$/, "")));
}

/** The non-empty lines that a shell command prints, trimmed. */
export function lines(command: string, options?: ProbeOptions): Probe<string[]> {
  const split = (out: string) => out.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return new Probe({ kind: "lines", command, ...defaults, ...options }, readOutput(split));
}

/** How far a host's clock is from the runner's, in seconds; positive if it is ahead. The network's delay is part of it. */
export function clockOffset(options?: ProbeOptions): Probe<number> {
  return new Probe<number>({ kind: "sh", command: "date +%s.%N", ...defaults, ...options }, (raw) => {
    const seconds = Number((raw as CommandOutput).stdout);
    return Number.isNaN(seconds)
      ? { false: "date printed no number" }
      : { value: seconds - (raw as CommandOutput).at / 1_000 };
  });
}

/** A file's type, owner, group, mode and size. */
export function file(path: string, options?: ProbeOptions): Probe<FileFacts> {
  return new Probe(
    { kind: "file", path, ...defaults, ...options },
    readOutput((out) => {
      const [type, owner, group, mode, size] = out.trim().split("|");
      return { type, owner, group, mode, size: Number(size) };
    }),
  );
}

/** What a GET of a URL gets, TLS details included. `ca` is the path of a PEM file to trust besides the system's. */
export function http(url: string, options?: ProbeOptions & { ca?: string }): Probe<HttpFacts> {
  return new Probe<HttpFacts>({ kind: "http", url, ...defaults, ...options });
}

/** Whether a TCP port accepts connections from the runner. */
export function tcp(address: string, port: number, options?: ProbeOptions): Probe<TcpFacts> {
  return new Probe<TcpFacts>({ kind: "tcp", address, port, timeoutMs: 5_000, ...options });
}

/** Whether a WireGuard endpoint answers a handshake from the runner. WireGuard is silent to strangers, so a known peer greets it. */
export function udp(
  address: string,
  port: number,
  greeting: WireGuardGreeting,
  options?: ProbeOptions,
): Probe<UdpFacts> {
  return new Probe<UdpFacts>({ kind: "udp", address, port, greeting, timeoutMs: 3_000, ...options });
}

/** The records of a name, sorted. A name that does not exist has none. */
export function dns(
  name: string,
  options?: ProbeOptions & { type?: "A" | "AAAA" | "CNAME" | "MX" | "TXT" | "NS"; server?: string },
): Probe<string[]> {
  return new Probe<string[]>({ kind: "dns", name, type: "A", ...defaults, ...options });
}

/**
 * What the site's Proxmox VE API answers to a GET (the `data` member); the type is the caller's claim. With `each`, the
 * answer is a list of VMs, and each entry's `detail` is what the API answers for it.
 */
export function pve<T>(path: string, options?: ProbeOptions & { each?: string }): Probe<T> {
  return new Probe<T>({ kind: "pve", path, ...defaults, ...options });
}

/**
 * The objects of a Kubernetes resource, such as `v1/pods` or `storage.k8s.io/v1/storageclasses`. All questions about one
 * resource in one look are answered by one LIST. Types of resources that `KubeResources` lacks are the caller's claim.
 */
export function kube<R extends keyof KubeResources>(
  resource: R,
  options?: ProbeOptions & KubeQuery,
): Probe<KubeResources[R][]>;
export function kube<T extends KubeObject>(resource: string, options?: ProbeOptions & KubeQuery): Probe<T[]>;
export function kube<T extends KubeObject>(resource: string, options?: ProbeOptions & KubeQuery): Probe<T[]> {
  resourceName(resource); // a name that cannot be one is a fault of the spec
  return new Probe<T[]>({ kind: "kube", resource, ...defaults, ...options });
}

/** What the Kubernetes API server answers to a GET of a path such as `/readyz?verbose`. An answer other than 200 makes the promise false. */
export function kubeGet(path: string, options?: ProbeOptions): Probe<string> {
  return new Probe<string>({ kind: "kube-get", path, ...defaults, ...options }, (raw) => {
    const { status, body } = raw as KubeAnswer;
    return status === 200 ? { value: body } : { false: `answered ${status}: ${body.trim()}` };
  });
}

/** All charts of the registry, rendered and held against the schemas; what is expected is about one service or about all. */
export function helm(service: string | null = null, options?: ProbeOptions): Probe<Platform> {
  return new Probe<Platform>({ kind: "helm", service, timeoutMs: 300_000, ...options });
}
