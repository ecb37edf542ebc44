import { type KubeObject, nameOf } from "./kube.ts";

/** What a matcher says of a value: whether it holds, and the value in words. */
export interface Judgement {
  readonly holds: boolean;
  /** The value found, short enough to print; adds the difference where there is one. */
  readonly found: string;
  /** Why what does not hold is accepted for now, with the last day; the result is `waived` then. */
  readonly excuse?: string;
  /** Why there was nothing to judge; the result is `skipped` then. */
  readonly inapplicable?: string;
}

/** What to expect of a value, as data: the words for people and the test for the machine. */
export interface Matcher<T> {
  /** Completes "expected: ...", for example `"root 600"` or `at least 2048`. */
  readonly words: string;
  readonly judge: (value: T) => Judgement;
}

/** A value in words: strings bare, everything else as JSON. */
export function show(value: unknown): string {
  if (value === "") return "(nothing)";
  return typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
}

function matcher<T>(words: string, holds: (value: T) => boolean): Matcher<T> {
  return { words, judge: (value) => ({ holds: holds(value), found: show(value) }) };
}

/** The literal type's general type, so that a matcher of a constant fits a probe of any value. */
type Widened<T> = T extends string ? string : T extends number ? number : boolean;

/** Exactly this value. */
export function equal<T extends string | number | boolean>(wanted: T): Matcher<Widened<T>> {
  return matcher(show(wanted), (value) => value as unknown === wanted);
}

/** One of these values. */
export function oneOf<T extends string | number>(...wanted: T[]): Matcher<Widened<T>> {
  return matcher(`one of ${wanted.map(show).join(", ")}`, (value) => (wanted as unknown[]).includes(value));
}

/** Text with this in it. */
export function contain(part: string): Matcher<string> {
  return matcher(`text containing ${show(part)}`, (value) => value.includes(part));
}

/** Text that fits a regular expression; `words` says in prose what it stands for. */
export function match(pattern: RegExp, words = `text like ${pattern}`): Matcher<string> {
  return matcher(words, (value) => pattern.test(value));
}

/** The command ended with exit code 0; what it printed does not matter. */
export function succeed(): Matcher<string> {
  return matcher("exit code 0", () => true);
}

/** A number, or text that is one, of at least this much. */
export function atLeast(limit: number, unit = ""): Matcher<number | string> {
  return matcher(`at least ${limit}${unit}`, (value) => value !== "" && Number(value) >= limit);
}

/** A number, or text that is one, of at most this much. */
export function atMost(limit: number, unit = ""): Matcher<number | string> {
  return matcher(`at most ${limit}${unit}`, (value) => value !== "" && Number(value) <= limit);
}

/** A number no further than this from zero. */
export function within(limit: number, unit = ""): Matcher<number> {
  return {
    words: `within ${limit}${unit}`,
    judge: (value) => ({ holds: Math.abs(value) <= limit, found: `${value.toFixed(2)}${unit}` }),
  };
}

/** The same members in any order; the difference is part of what was found. */
export function sameSet(wanted: readonly string[]): Matcher<string[]> {
  return {
    words: wanted.length ? `exactly ${[...wanted].sort().join(", ")}` : "nothing",
    judge: (value) => {
      const missing = wanted.filter((w) => !value.includes(w));
      const extra = value.filter((v) => !wanted.includes(v));
      const notes = [
        ...(missing.length ? [`missing ${missing.join(", ")}`] : []),
        ...(extra.length ? [`undeclared ${extra.join(", ")}`] : []),
      ];
      const found = value.length ? [...value].sort().join(", ") : "(nothing)";
      return { holds: notes.length === 0, found: notes.length ? `${found} (${notes.join("; ")})` : found };
    },
  };
}

/** All of these are among the values; others may be there too. */
export function include(...wanted: string[]): Matcher<string[]> {
  return {
    words: wanted.length ? `${wanted.join(", ")} among them` : "anything",
    judge: (value) => {
      const missing = wanted.filter((w) => !value.includes(w));
      const found = value.length ? value.join(", ") : "(nothing)";
      return {
        holds: missing.length === 0,
        found: missing.length ? `${found} (missing ${missing.join(", ")})` : found,
      };
    },
  };
}

/** No members at all. */
export function empty(): Matcher<unknown[]> {
  return {
    words: "nothing",
    judge: (value) => ({ holds: value.length === 0, found: value.length ? value.map(show).join(", ") : "(nothing)" }),
  };
}

/** Every member satisfies the inner matcher, and there is at least one member. */
export function every<T>(inner: Matcher<T>): Matcher<T[]> {
  return {
    words: `each ${inner.words}`,
    judge: (value) => {
      const wrong = value.map((v) => inner.judge(v)).filter((j) => !j.holds);
      if (value.length === 0) return { holds: false, found: "(nothing)" };
      return {
        holds: wrong.length === 0,
        found: (wrong.length ? wrong.map((j) => j.found) : value.map(show)).join(", "),
      };
    },
  };
}

/**
 * Every Kubernetes object is as the words say; `wrong` tells what is wrong with one, or null. What was found names each
 * wrong one. No object at all does not hold: nothing was proven.
 */
export function each<T extends KubeObject>(words: string, wrong: (object: T) => string | null): Matcher<T[]> {
  return {
    words: `each ${words}`,
    judge: (objects) => {
      if (objects.length === 0) return { holds: false, found: "no object at all, which proves nothing" };
      const faults = objects.flatMap((object) => {
        const fault = wrong(object);
        return fault === null ? [] : [`${nameOf(object)} ${fault}`];
      });
      const all = objects.length === 1 ? nameOf(objects[0]) : `all ${objects.length} objects`;
      return { holds: faults.length === 0, found: faults.join("; ") || all };
    },
  };
}

/** An object whose named fields satisfy their matchers; other fields are not looked at. */
export function having<T extends object>(fields: { [K in keyof T]?: Matcher<T[K]> }): Matcher<T> {
  const wanted = Object.entries(fields) as [keyof T & string, Matcher<T[keyof T]>][];
  return {
    words: wanted.map(([key, m]) => `${key} ${m.words}`).join(", "),
    judge: (value) => {
      const judged = wanted.map(([key, m]) => ({ key, ...m.judge(value[key]) }));
      return { holds: judged.every((j) => j.holds), found: judged.map((j) => `${j.key} ${j.found}`).join(", ") };
    },
  };
}

/** Over several hosts: no two observed the same non-empty value. Says which hosts share one. */
export function unique(): Matcher<Map<string, string>> {
  return {
    words: "a different, non-empty value on every host",
    judge(values) {
      const sharing = Map.groupBy(values.keys(), (host) => values.get(host)!);
      const wrong = [...sharing].filter(([value, hosts]) => value === "" || hosts.length > 1);
      const found = wrong.map(([value, hosts]) => `${hosts.join(" and ")} have ${show(value)}`).join("; ");
      return { holds: wrong.length === 0, found: found || `${values.size} different values` };
    },
  };
}
