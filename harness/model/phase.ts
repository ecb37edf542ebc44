import type { Duration } from "./duration.ts";
import type { Severity } from "./outcome.ts";
import type { Expectation } from "./probe.ts";
import type { Host, Selector, Site } from "./site.ts";

/** What an assertion verifies: one expectation, or several that must all hold. */
export type Verification = Expectation | readonly Expectation[];

/** An assertion whose observation changes the world, for a while and only where it may. */
export interface Exercise {
  /** Shell command on the assertion's host that starts the change. */
  readonly act: string;
  /** Shell command on the same host that undoes it, run whatever happened; absent where the change undoes itself. */
  readonly undo?: string;
  /** One host is enough as a sample; otherwise each host in turn, never two at once. */
  readonly sample?: "one";
}

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
  /** Shell commands on the same host whose output is kept when it is red. */
  readonly onFail?: readonly string[];
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
