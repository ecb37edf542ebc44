import { relative } from "node:path";
import { useToolchain } from "../adapters/steps/toolchain.ts";
import { projectRoot } from "../adapters/project.ts";
import { openSecrets, type Secrets } from "../adapters/site/secrets.ts";
import { writeInventory } from "../adapters/site/inventory.ts";
import { loadSite } from "../adapters/site/load.ts";
import { WorldObserver } from "../adapters/probes/observer.ts";
import type { Catalogue } from "../engine/catalogue.ts";
import type { Surroundings } from "../engine/context.ts";
import type { Reporter, RunEvent, Unstamped, Verb } from "../model/event.ts";
import type { Answer, Observer, Question } from "../model/observer.ts";
import { renderProbe } from "../model/render.ts";
import type { Site } from "../model/site.ts";
import { type Redactor, truncate } from "../report/redact.ts";
import type { RunFolder } from "../state/run_folder.ts";
import { applyWaivers, dayOf, loadWaivers, type Waiver } from "../state/waivers.ts";
import { discover } from "./discover.ts";
import { sitePath } from "./network.ts";

/** Most characters of an observation that are kept. */
const mostFound = 2_000;
/** A kubelet that is back tells the API server within this time how its pods are; before, all look as they were. */
const steadyMs = 5_000;

/** The secrets of a site, opened when first needed and known to the redactor from then on. */
export class SecretKeeper {
  constructor(private readonly site: Site, private readonly redactor: Redactor) {}

  /** Opens them; rejects if they cannot be had, and tries again when next asked. */
  async open(): Promise<Secrets> {
    const secrets = await openSecrets(this.site, "sops");
    this.redactor.add(secrets.values());
    return secrets;
  }

  /** Opens them if that can be done: what is printed before they are known cannot be redacted by value. */
  async learn(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      // Their absence is an assertion's to report (preflight/secrets-decrypt), not the observer's.
      if ((error as Error).name !== "SecretsError") throw error;
    }
  }
}

/** An observer that hands out nothing before the secrets are known to the redactor. */
export class RedactingObserver implements Observer {
  constructor(private readonly inner: Observer, private readonly keeper: SecretKeeper) {}

  async ask(questions: readonly Question[], signal: AbortSignal): Promise<Answer[]> {
    const [answers] = await Promise.all([this.inner.ask(questions, signal), this.keeper.learn()]);
    return answers;
  }

  act(...args: Parameters<Observer["act"]>): ReturnType<Observer["act"]> {
    return this.inner.act(...args);
  }
}

/** What a run of one site is made of before anything is looked at. */
export interface Session {
  readonly site: Site;
  readonly catalogue: Catalogue;
  readonly waivers: readonly Waiver[];
  readonly today: string;
  /** `.state/<site>`. */
  readonly stateFolder: string;
}

/** Reads site, specs and waivers. Nothing outside the project's files is touched. */
export async function openSession(siteName: string): Promise<Session> {
  const today = dayOf(new Date());
  useToolchain();
  const [site, catalogue] = await Promise.all([loadSite(sitePath(siteName)), discover()]);
  const waivers = site.waivers ? await loadWaivers(site.waivers, today) : [];
  return { site, catalogue, waivers, today, stateFolder: `${projectRoot}/.state/${site.name}` };
}

/** What a run may do. */
export interface Mandate {
  readonly verb: Verb;
  /** Exercises are looked at too. */
  readonly exercise?: boolean;
  /** Steps that take something away may run. */
  readonly allowRemoval?: boolean;
}

/** Wires the engine to the world. */
export function surround(
  session: Session,
  { verb, exercise = false, allowRemoval = false }: Mandate,
  run: { folder: RunFolder; reporter: Reporter; redactor: Redactor; signal: AbortSignal },
): { around: Surroundings; close(): Promise<void> } {
  const { site, catalogue, waivers, today } = session;
  const { folder, redactor, signal } = run;
  const keeper = new SecretKeeper(site, redactor);
  const runPath = relative(projectRoot, folder.path);
  const world = new WorldObserver(site, async (path) => (await keeper.open()).secret(path));
  const valid = waivers.filter((waiver) => waiver.expires >= today);
  const ids = catalogue.ids();
  const around: Surroundings = {
    site,
    verb,
    exercise,
    allowRemoval,
    signal,
    steadyMs,
    observer: new RedactingObserver(world, keeper),
    emit: (event: Unstamped) => run.reporter.on({ at: new Date().toISOString(), ...event } as RunEvent),
    render: (probe, host) => renderProbe(site, probe, host),
    keep: async (id, host, text) => `${runPath}/${await folder.diagnostic(id, host, redactor(text))}`,
    waive: (result) => {
      const cut = { ...result, found: truncate(redactor(result.found), mostFound) };
      return applyWaivers([cut], valid, { today, catalogue: ids }).results[0];
    },
    prepare: async (phase, step, onLine) => {
      const { equip } = await import("../adapters/steps/workshop.ts");
      const log = await folder.stepLog(phase, step.does);
      const workshop = {
        site,
        signal,
        secret: async (path: string) => (await keeper.open()).secret(path),
        secrets: async () => (await keeper.open()).all(),
        writeInventory: () => writeInventory(site),
        redact: redactor,
      };
      return { ...await equip(workshop, `${folder.path}/${log}`, onLine), log: `${runPath}/${log}` };
    },
  };
  return { around, close: () => world.close() };
}
