import type { Result, Root, Unstamped, Verb } from "../model/event.ts";
import type { Site } from "../model/site.ts";
import type { Step, StepTools } from "../model/step.ts";
import type { Host } from "../model/site.ts";
import type { ProbeSpec } from "../model/probe.ts";
import type { Observer } from "../model/observer.ts";
import type { Item } from "./item.ts";
import type { Turns } from "./turns.ts";

/** A step's tools and where its output is kept. */
export interface PreparedStep {
  readonly tools: StepTools;
  /** Path of the log, relative to the project's folder. */
  readonly log: string;
  /** Flushes the log. */
  close(): Promise<void>;
}

/** What the engine is given by its composition root: everything that touches the world. */
export interface Surroundings {
  readonly site: Site;
  readonly verb: Verb;
  /** Exercises are looked at too. */
  readonly exercise: boolean;
  /** Steps that take something away may run. */
  readonly allowRemoval: boolean;
  readonly observer: Observer;
  readonly signal: AbortSignal;
  /** Milliseconds after which what came back after an exercise is looked at once more. */
  readonly steadyMs: number;
  emit(event: Unstamped): void;
  prepare(phase: string, step: Step, onLine: (line: string) => void): Promise<PreparedStep>;
  /** Turns an accepted red into `waived`. */
  waive(result: Result): Result;
  /** The probe as a person would type it. */
  render(probe: ProbeSpec, host: Host | null): string;
  /** Keeps diagnostics of an assertion on a host; resolves to the file's path relative to the project's folder. */
  keep(id: string, host: string, text: string): Promise<string>;
}

/** What one phase is told of the others. */
export interface Shared {
  /** Hosts that could not be reached, and the assertion that found out. */
  readonly down: Map<string, Root>;
  /** What phases that look at hosts have found to hold: no exercise may leave it otherwise. */
  readonly held: Item[];
  /** Keeps exercises apart from all work on hosts. */
  readonly turns: Turns;
}
