import type { Look } from "../model/event.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Assertion, Phase } from "../model/phase.ts";
import type { Expectation } from "../model/probe.ts";
import type { Root } from "../model/event.ts";
import { type Host, select, type Site } from "../model/site.ts";

/** One assertion on one host, with what is known of it so far in this run. */
export interface Item {
  readonly phase: string;
  /** The id within the phase. */
  readonly key: string;
  readonly assertion: Assertion;
  /** The hosts it is looked at on: one; none if it is asked from the runner; several if judged together. */
  readonly hosts: readonly Host[];
  /** `hosts[0].name`, or the service's name, or `-` where there is not exactly one. */
  readonly host: string;
  /** What must hold; empty if `fault` says why that could not even be said. */
  readonly expectations: readonly Expectation[];
  readonly fault: string | null;
  /** Null until the first look. */
  outcome: Outcome | null;
  found: string;
  /** True if looking again cannot help: a refused key, a missing permission. */
  fatal: boolean;
  blockedBy: Root | null;
  note: string;
  attempts: number;
  seenRed: boolean;
  /** Milliseconds spent from the first look to the last. */
  durationMs: number;
  looks: Look[];
  diagnostics: string[];
}

/** `phase/assertion`. */
export function itemId(item: Item): string {
  return `${item.phase}/${item.key}`;
}

/** The item as what blocks others. */
export function rootOf(item: Item): Root {
  return { id: itemId(item), host: item.host };
}

/** True if the item is known to be false or could not be looked at. */
export function isRed(item: Item): boolean {
  return item.outcome === "fail" || item.outcome === "error";
}

/** Lists a phase's items in the order of the spec, then of the site's hosts. */
export function expand(name: string, phase: Phase, site: Site): Item[] {
  return Object.entries<Assertion>(phase.asserts).flatMap(([key, assertion]) => {
    if (assertion.on === undefined) return [makeItem(name, key, assertion, [], site)];
    if (assertion.on === "service") return perService(name, key, assertion, site);
    const hosts = select(site, assertion.on);
    if (hosts.length === 0) {
      return [makeItem(name, key, assertion, [], site, `no host of site '${site.name}' is a '${assertion.on}'`)];
    }
    const perHost = hosts.map((host) => makeItem(name, key, assertion, [host], site));
    const across = perHost.every((item) => item.expectations.some((e) => e.across));
    return across ? [{ ...perHost[0], hosts, host: "-" }] : perHost;
  });
}

/** One item for each service; there is no host to ask, so only the service's name is handed to `verify`. */
function perService(name: string, key: string, assertion: Assertion, site: Site): Item[] {
  if (site.services.length === 0) {
    return [makeItem(name, key, assertion, [], site, "no service of the registry has a chart of this project")];
  }
  return site.services.map((service) => {
    const named: Host = { name: service, address: "", roles: [], user: "" };
    return { ...makeItem(name, key, assertion, [], site, null, named), host: service };
  });
}

function makeItem(
  phase: string,
  key: string,
  assertion: Assertion,
  hosts: readonly Host[],
  site: Site,
  absent: string | null = null,
  subject: Host | undefined = hosts[0],
): Item {
  const { expectations, fault } = absent === null ? resolve(assertion, site, subject) : noExpectation(absent);
  return {
    phase,
    key,
    assertion,
    hosts,
    host: hosts.length === 1 ? hosts[0].name : "-",
    expectations,
    fault,
    outcome: null,
    found: "",
    fatal: false,
    blockedBy: null,
    note: "",
    attempts: 0,
    seenRed: false,
    durationMs: 0,
    looks: [],
    diagnostics: [],
  };
}

function noExpectation(fault: string) {
  return { expectations: [], fault };
}

function resolve(assertion: Assertion, site: Site, host: Host | undefined) {
  try {
    const said = typeof assertion.verify === "function" ? assertion.verify(site, host as Host) : assertion.verify;
    const expectations = Array.isArray(said) ? said as Expectation[] : [said as Expectation];
    return expectations.length ? { expectations, fault: null } : noExpectation("the spec expects nothing on this site");
  } catch (cause) {
    return noExpectation(cause instanceof Error ? cause.message : String(cause));
  }
}
