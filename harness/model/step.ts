import type { Assertion, Phase } from "./phase.ts";
import type { Host, Site } from "./site.ts";

/** Arguments of an Ansible run of `ansible/all.yml`. */
export interface AnsibleRun {
  readonly tags: readonly string[];
  /** Host pattern, as `--limit` takes it. */
  readonly limit?: string;
  /** Variables for this run alone, besides those of the inventory; like secrets, they are passed in a file. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/**
 * What a step is handed. All effects go through here, so that `plan` and tests can replace them.
 * `Shell` is dax's `$`, typed by the adapter so that the model needs no library.
 */
// deno-lint-ignore no-explicit-any
export interface StepTools<Shell = any> {
  readonly site: Site;
  /** dax's `$`; its output goes to the step's log. */
  readonly $: Shell;
  /** Runs `ansible/all.yml` against the generated inventory; rejects if a task failed. */
  ansible(run: AnsibleRun): Promise<void>;
  /** GET, POST, PUT, DELETE of the site's Proxmox VE API; rejects on a status other than 200. */
  pve<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, form?: Record<string, string>): Promise<T>;
  /** Installs the pinned tools of `ansible/requirements.txt` into the cache. */
  installTools(): Promise<void>;
  /** Writes the Ansible inventory that the site file stands for. */
  writeInventory(): Promise<void>;
  /** Reads a file of a virtual machine through its guest agent, which one that was just started is given time for. */
  readGuestFile(host: Host, file: string): Promise<string>;
  /** Pins a host's SSH keys, given as the lines of its `ssh_host_*_key.pub` files, in place of those pinned before. */
  pinHostKeys(host: Host, publicKeys: readonly string[]): Promise<void>;
  /**
   * Makes what the lab's cluster is installed from, or with `charts` what the runner looks at charts with, unless it is
   * there. Rejects on a site that is not the lab, `charts` aside.
   */
  buildArtifacts(set?: "charts"): Promise<void>;
  /** One line for the step's log. */
  log(line: string): void;
}

/** One way to make assertions true. */
export interface Step<Id extends string = string> {
  /** Imperative; also the dry-run line. */
  readonly does: string;
  /** The assertions that it makes true; it runs only if one of them is red. */
  readonly makes: readonly Id[];
  /**
   * It takes something away that may be missed: it runs only with `--allow-removal`, and only if what it makes is known to
   * be false, not where that could not be looked at.
   */
  readonly removes?: true;
  /** The sites that it is for; on others it neither runs nor is announced, and what is red stays so. All if left out. */
  readonly only?: (site: Site) => boolean;
  run(tools: StepTools): Promise<void>;
}

/** A phase's steps, in the order in which they run. */
export interface Deployment {
  readonly phase: Phase;
  readonly steps: readonly Step[];
}

/** The steps of a phase that are for a site; none if the phase is not deployed. */
export function stepsFor(deployment: Deployment | null, site: Site): readonly Step[] {
  return deployment?.steps.filter(({ only }) => only === undefined || only(site)) ?? [];
}

/** Declares how a phase is deployed. */
export function deploy<Id extends string>(phase: Phase<Id>, ...steps: Step<NoInfer<Id>>[]): Deployment {
  return { phase: phase as unknown as Phase, steps };
}

/** How a phase is taken down, and what proves that nothing of it is left. */
export interface Teardown {
  readonly phase: Phase;
  /** Imperative. */
  readonly does: string;
  run(tools: StepTools): Promise<void>;
  /** Assertions under ids that the phase itself does not use: they are reported, and explained in its runbook, as its own. */
  readonly proves: Readonly<Record<string, Assertion>>;
}

/** Declares how a phase is taken down; a deploy file exports it as `reset`. */
export function teardown<Id extends string>(
  phase: Phase,
  { does, run, proves }: {
    readonly does: string;
    readonly run: (tools: StepTools) => Promise<void>;
    readonly proves: { readonly [K in Id]: Assertion<NoInfer<Id>> };
  },
): Teardown {
  return { phase, does, run, proves };
}
