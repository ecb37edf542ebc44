import type { PhaseSummary, Result, Root } from "../model/event.ts";
import { forSite } from "../model/command.ts";
import { milliseconds } from "../model/duration.ts";
import { type Step, stepsFor } from "../model/step.ts";
import { Backoff, pause } from "../model/wait.ts";
import type { NamedPhase } from "./catalogue.ts";
import type { Shared, Surroundings } from "./context.ts";
import { runExercises } from "./exercise.ts";
import { diagnose } from "./diagnose.ts";
import { expand, isRed, type Item, rootOf } from "./item.ts";
import { look } from "./look.ts";
import { elaborate, resultOf, summarize } from "./result.ts";

/** What came of a phase. */
export interface PhaseOutcome {
  readonly summary: PhaseSummary;
  readonly results: readonly Result[];
  readonly stepFailed: boolean;
  /** Set if phases that stand on this one are blocked. */
  readonly root: Root | null;
}

/** Looks at one phase and, for `up`, deploys what is red until it is green or nothing more helps. */
export class PhaseRun {
  readonly #items: Item[];
  readonly #probes: Item[];
  readonly #stepsRun: string[] = [];
  /** Ids that a step makes true which ran, and ids whose step was not allowed to. */
  readonly #made = new Set<string>();
  readonly #withheld = new Set<string>();
  /** Ids, with their phase, that a planned step would make. */
  readonly #granted = new Set<string>();
  #stepFailed = false;
  #attempt = 0;

  constructor(
    private readonly named: NamedPhase,
    private readonly around: Surroundings,
    private readonly shared: Shared,
  ) {
    this.#items = expand(named.name, named.phase, around.site);
    this.#probes = this.#items.filter((item) => item.assertion.mode !== "exercise");
  }

  /**
   * Runs the phase; `blockedBy` is the root that keeps it from being looked at, `renewed` that steps ran in a phase that it
   * stands on.
   */
  async run(blockedBy: Root | null, renewed: boolean): Promise<PhaseOutcome> {
    const { around, named } = this;
    const started = performance.now();
    const skipped = named.phase.skippedOn?.(around.site) ?? null;
    around.emit({
      type: "phase-started",
      phase: named.name,
      title: named.phase.title,
      assertions: this.#items.length,
    });
    try {
      if (skipped !== null) this.#settle("skipped", skipped, null);
      else if (blockedBy !== null) this.#settle("blocked", `cannot hold while ${blockedBy.id} is red`, blockedBy);
      else await this.#work(renewed);
    } catch (error) {
      if (!around.signal.aborted) throw error;
    }
    return this.#finish(started);
  }

  #settle(outcome: "skipped" | "blocked", why: string, root: Root | null): void {
    for (const item of this.#items) Object.assign(item, { outcome, found: why, note: why, blockedBy: root });
  }

  async #work(renewed: boolean): Promise<void> {
    const { around, shared: { held, turns } } = this;
    // What looks at no host cannot be disturbed by an exercise, and may take minutes.
    const onHosts = this.#items.some((item) => item.hosts.length > 0);
    if (onHosts) {
      await turns.shared(() => this.#converge());
      held.push(...this.#probes.filter((item) => item.outcome === "pass"));
    } else await this.#converge();
    const due = around.exercise || this.#stepsRun.length > 0;
    // What was proven on another ground is proven anew, unless that would disturb a host on which nothing was changed here.
    const exercises = this.#items.filter(({ assertion, hosts }) =>
      assertion.exercise !== undefined && (due || (renewed && hosts.length === 0))
    );
    if (exercises.length > 0) {
      await turns.alone(() => runExercises(exercises, this.#items, held, around, this.shared.down));
    }
    await diagnose(this.#probes, around);
  }

  async #converge(): Promise<void> {
    const { around, named } = this;
    await this.#look(this.#probes);
    const steps = stepsFor(named.deployment, around.site);
    if (around.verb === "plan") this.#plan(steps);
    if (around.verb === "up" || around.verb === "reset") await this.#deploy(steps);
  }

  async #look(items: readonly Item[]): Promise<void> {
    const { around, named } = this;
    around.signal.throwIfAborted();
    await look(items, this.#items, around.observer, this.shared.down, around.signal);
    around.signal.throwIfAborted();
    const red = this.#probes.filter(isRed).map(rootOf);
    around.emit({ type: "looked", phase: named.name, attempt: ++this.#attempt, red, total: this.#probes.length });
  }

  #unsatisfied(): Item[] {
    return this.#probes.filter((item) => item.outcome !== "pass");
  }

  /** What makes a step run. Nothing is removed for what could not be looked at. */
  #redOf(step: Step): Item[] {
    const calls = (item: Item) => step.removes ? item.outcome === "fail" : isRed(item);
    return this.#probes.filter((item) => step.makes.includes(item.key) && calls(item));
  }

  #plan(steps: readonly Step[]): void {
    // What would be lost is said before what would be gained.
    for (const step of [...steps.filter((s) => s.removes), ...steps.filter((s) => !s.removes)]) {
      const red = this.#redOf(step);
      if (red.length === 0) continue;
      const removes = step.removes && red.map((item) => item.found);
      const because = red.map(rootOf);
      because.forEach(({ id }) => this.#granted.add(id));
      this.around.emit({ type: "step-planned", phase: this.named.name, step: step.does, because, removes });
    }
  }

  async #deploy(steps: readonly Step[]): Promise<void> {
    await this.#runDue(steps);
    for (let sure = false; !this.#stepFailed;) {
      await this.#await();
      // Waiting may show what was out of sight before.
      const due = steps.filter((step) => this.#isDue(step) && !this.#stepsRun.includes(step.does));
      if (due.length === 0) {
        if (sure || this.#stepsRun.length === 0 || this.#probes.some(isRed)) return;
        // A step may have cost what held before it.
        await this.#look(this.#probes);
      } else await this.#runDue(due);
      sure = due.length === 0;
    }
  }

  /** True if something that the step makes is red, and the step may run. */
  #isDue(step: Step): boolean {
    return this.#redOf(step).length > 0 && (!step.removes || this.around.allowRemoval);
  }

  async #runDue(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (this.#redOf(step).length === 0) continue;
      if (step.removes && !this.around.allowRemoval) {
        this.#withhold(step);
        continue;
      }
      const worked = await this.#runStep(step);
      await this.#look(this.#unsatisfied());
      if (!worked) {
        this.#stepFailed = this.#redOf(step).length > 0;
        if (this.#stepFailed) return;
      }
    }
  }

  #withhold(step: Step): void {
    const red = this.#redOf(step);
    red.forEach((item) => this.#withheld.add(item.key));
    const [because, removes] = [red.map(rootOf), red.map((item) => item.found)];
    this.around.emit({ type: "step-withheld", phase: this.named.name, step: step.does, because, removes });
  }

  async #runStep(step: Step): Promise<boolean> {
    const { around, named } = this;
    const started = performance.now();
    around.emit({ type: "step-started", phase: named.name, step: step.does, makes: step.makes });
    this.#stepsRun.push(step.does);
    step.makes.forEach((key) => this.#made.add(key));
    const prepared = await around.prepare(
      named.name,
      step,
      (line) =>
        around.emit({ type: "step-output", phase: named.name, step: step.does, line: forSite(line, around.site) }),
    );
    let failure: string | null = null;
    try {
      await step.run(prepared.tools);
    } catch (error) {
      failure = forSite(error instanceof Error ? error.message : String(error), around.site);
    } finally {
      await prepared.close();
    }
    const durationMs = Math.round(performance.now() - started);
    around.emit({ type: "step-finished", phase: named.name, step: step.does, durationMs, failure, log: prepared.log });
    around.signal.throwIfAborted();
    return failure === null;
  }

  /**
   * Looks again at what is not satisfied until it is, or its time is over, or looking again cannot help. Where no step ran,
   * only what says itself how long it may take is waited for.
   */
  async #await(): Promise<void> {
    const started = performance.now();
    const backoff = new Backoff();
    const left = (item: Item) => milliseconds(item.assertion.within ?? "30s") - (performance.now() - started);
    const idle = (item: Item) => item.fatal || (this.#withheld.has(item.key) && !this.#made.has(item.key));
    const timed = (item: Item) => this.#stepsRun.length > 0 || item.assertion.within !== undefined;
    const waits = (item: Item) => isRed(item) ? !idle(item) && timed(item) && left(item) > 0 : true;
    const hopeful = () => this.#unsatisfied().filter(waits);
    for (let open = hopeful(); open.some(isRed); open = hopeful()) {
      const leftMs = Math.max(...open.map(left));
      const on = open.filter(isRed).map(rootOf);
      this.around.emit({ type: "waiting", phase: this.named.name, on, leftMs: Math.round(leftMs) });
      await pause(backoff.next(leftMs), this.around.signal);
      await this.#look(open);
    }
  }

  #finish(started: number): PhaseOutcome {
    const { around, named } = this;
    const interrupted = around.signal.aborted;
    for (const item of this.#items) {
      if (item.outcome !== null) continue;
      item.outcome = "skipped";
      item.note = interrupted ? "interrupted" : item.note || "an exercise; add --exercise";
      item.found = item.note;
    }
    const results = this.#items.map((item) => resultOf(item, around));
    for (const result of results) around.emit({ type: "result", phase: named.name, result });
    const bare = summarize(named.name, named.phase.title, results, this.#stepsRun, this.#stepFailed);
    const summary = elaborate(bare, named.phase, results, around.site);
    const durationMs = Math.round(performance.now() - started);
    around.emit({ type: "phase-finished", phase: named.name, summary, durationMs });
    return { summary, results, stepFailed: this.#stepFailed, root: this.#blockingRoot(results) };
  }

  /**
   * The first critical result that is red, or the root that blocked one; an exercise that was not tried says nothing. `plan`
   * takes for granted what a step would make on the runner, else it would never come to what `up` does after that; what is
   * missing on a host hides what is behind it.
   */
  #blockingRoot(results: readonly Result[]): Root | null {
    const granted = (root: Root) => root.host === "-" && this.#granted.has(root.id);
    const roots = results.flatMap((r, i): Root[] => {
      if (r.severity !== "critical") return [];
      if (r.outcome === "fail" || r.outcome === "error") return [{ id: r.id, host: r.host }];
      const tried = this.#items[i].assertion.mode !== "exercise";
      return r.outcome === "blocked" && r.blockedBy && tried ? [r.blockedBy] : [];
    });
    return roots.find((root) => !granted(root)) ?? null;
  }
}
