import type { Duration } from "./duration.ts";
import type { Severity } from "./outcome.ts";
import type { Expectation } from "./probe.ts";
import type { Host, Selector, Site } from "./site.ts";

/** What an assertion verifies: one expectation, or several that must all hold. */
export type Verification = Expectation | readonly Expectation[];

/** A shell command that may depend on the site and on the host that it is for. */
export type Command = string | ((site: Site, host: Host) => string);

/** The command for a host; without `on` there is none, as for `verify`. */
export function commandFor(command: Command, site: Site, host: Host | undefined): string {
  return typeof command === "function" ? command(site, host as Host) : command;
}

/** An assertion whose observation changes the world, for a while and only where it may. */
export interface Exercise {
  /** Starts the change: on the assertion's host, or on the runner if it has no `on`. */
  readonly act: Command;
  /** Undoes it at the same place, run whatever happened; absent where the change undoes itself. */
  readonly undo?: Command;
  /** How long each of the two may take; `60s` if absent. */
  readonly limit?: Duration;
  /** One host is enough as a sample; otherwise each host in turn, never two at once. */
  readonly sample?: "one";
}

/**
 * A shell command whose output is kept when an assertion is red. A string runs where the assertion is looked at; `at`
 * names another place: the runner, or each host that a selector means.
 */
export type Collector = string | { readonly command: string; readonly at: "runner" | Selector };

/** One promise, executable. `Id` is the set of ids of its phase. */
export interface Assertion<Id extends string = string> {
  /** A fact in the present tense. */
  readonly title: string;
  readonly severity: Severity;
  /** The consequence of its being false; never the title again. */
  readonly why: string;
  /** Which hosts or services it is looked at on; absent: once, from the runner. */
  readonly on?: Selector;
  /** Assertions of the same phase without which this one cannot hold; if one is red, this one is blocked, not red. */
  readonly needs?: readonly Id[];
  /** What to observe and expect; a function where it depends on the site or the host; of a service only `name` is given. */
  readonly verify: Verification | ((site: Site, host: Host) => Verification);
  /** What a person does about it. */
  readonly remedy: string;
  /** Present where looking changes something; see `--exercise`. */
  readonly mode?: "exercise";
  /** The change that an exercise makes before `verify` is awaited. */
  readonly exercise?: Exercise;
  /** How long after a step, or after an exercise began, it may take to become true; `30s` if absent. */
  readonly within?: Duration;
  /** What to keep when it is red. */
  readonly onFail?: readonly Collector[] | ((site: Site, host: Host) => readonly Collector[]);
}

/** A group of promises about one layer of the platform. */
export interface Phase<Id extends string = string> {
  readonly title: string;
  readonly after: readonly Phase[];
  /** Why the phase does not apply to a site, or null if it does; a phase that does not apply is skipped. */
  readonly skippedOn?: (site: Site) => string | null;
  /** It looks at the project's files alone, so no network of the site, nor the lab, needs to be there. */
  readonly offline?: true;
  /** The assertion whose finding, when it holds, is told with the phase: how much was looked at. */
  readonly headline?: Id;
  readonly asserts: Readonly<Record<Id, Assertion<Id>>>;
}

/** Declares a phase. `after` names the phases that it stands on. */
export function phase<Id extends string>(
  definition: {
    readonly title: string;
    readonly after?: readonly Phase[];
    readonly skippedOn?: (site: Site) => string | null;
    readonly offline?: true;
    readonly headline?: NoInfer<Id>;
    readonly asserts: { readonly [K in Id]: Assertion<NoInfer<Id>> };
  },
): Phase<Id> {
  return { after: [], ...definition };
}
