import type { RegistryFile } from "../../../kubernetes/services_schema.ts";
import type { Finding } from "../site/error.ts";
import type { Draft } from "../site/shape.ts";
import { absences } from "./rules_absence.ts";
import { claims } from "./rules_claims.ts";
import { references } from "./rules_references.ts";

/** A registry of which parts may be missing. */
export type DraftRegistry = Draft<RegistryFile>;
/** A service's entry of which parts may be missing. */
export type DraftEntry = Draft<RegistryFile["services"][string]>;

/** The entries that are there, by name. */
export function entriesOf({ services }: DraftRegistry): [string, DraftEntry][] {
  return Object.entries(services ?? {}).filter((entry): entry is [string, DraftEntry] => entry[1] !== undefined);
}

/** The items of a list that are there, with their positions. */
export function itemsOf<T>(list: readonly (T | undefined)[] | undefined): [number, T][] {
  return [...(list ?? []).entries()].filter((item): item is [number, T] => item[1] !== undefined);
}

/**
 * The rules across entries. What is there is judged even if other parts of the file are wrong; what is absent is only
 * missed in a file whose shape is right (`whole`): else it may just be misspelt.
 */
export function checkRegistry(registry: DraftRegistry, whole: boolean): Finding[] {
  return [
    ...references(registry),
    ...claims(registry),
    ...(whole ? absences(registry as RegistryFile) : []),
  ];
}
