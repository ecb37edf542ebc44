import type { SiteFile } from "../../../sites/schema.ts";
import type { Finding } from "./error.ts";
import { absences } from "./rules_absence.ts";
import { hostConflicts } from "./rules_hosts.ts";
import { kubernetesAbsences, kubernetesConflicts } from "./rules_kubernetes.ts";
import { networkConflicts } from "./rules_network.ts";
import type { Draft, Shaped } from "./shape.ts";

/**
 * The rules across fields. What is there is judged even if other parts of the file are wrong, so that a person sees
 * everything at once. What is absent is only missed in a file whose shape is right: else it may just be misspelt.
 */
export function checkRules(shaped: Shaped): Finding[] {
  const present: Draft<SiteFile> = shaped.site ?? shaped.draft;
  return [
    ...networkConflicts(present),
    ...hostConflicts(present),
    ...kubernetesConflicts(present),
    ...(shaped.site ? [...absences(shaped.site), ...kubernetesAbsences(shaped.site)] : []),
  ];
}
