import type { KubeObject } from "../../../model/kube.ts";

/** Whether an object is among those that are meant. */
export type Filter = (object: KubeObject) => boolean;

const operator = /^([^\s=!]+)\s*(==|=|!=)\s*(.*)$/;
const membership = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;

/** Cuts at commas, but for those in parentheses. */
function terms(selector: string): string[] {
  return selector.split(/,(?![^(]*\))/).map((term) => term.trim()).filter((term) => term !== "");
}

function refuse(kind: "label" | "field", term: string): never {
  throw new TypeError(`Cannot select by '${term}': it is no ${kind} selector that kubectl knows; mend the spec`);
}

/** Label selector as `kubectl -l` takes it: `a=b`, `a!=b`, `a in (b, c)`, `a notin (b)`, `a`, `!a`, joined by commas. */
export function labelFilter(selector: string): Filter {
  const filters = terms(selector).map((term): Filter => {
    const label = (object: KubeObject, key: string) => object.metadata.labels?.[key];
    const [, member, how, list] = membership.exec(term) ?? [];
    if (member) {
      const wanted = list.split(",").map((value) => value.trim());
      // As with `!=`, what lacks the label is not in the list.
      return (object) => wanted.includes(label(object, member) ?? "\0") === (how === "in");
    }
    const [, key, sign, value] = operator.exec(term) ?? [];
    if (key) return (object) => (label(object, key) === value) === (sign !== "!=");
    const [, absent, name] = /^(!?)\s*([\w./-]+)$/.exec(term) ?? [];
    if (!name) refuse("label", term);
    return (object) => (label(object, name) === undefined) === (absent === "!");
  });
  return (object) => filters.every((filter) => filter(object));
}

/** Fields that the API server selects by, besides names. Source: each kind's strategy in Kubernetes 1.35's registry. */
const selectable: Readonly<Record<string, string>> = {
  "v1/events": "involvedObject.kind involvedObject.namespace involvedObject.name involvedObject.uid reason type",
  "v1/namespaces": "status.phase",
  "v1/nodes": "spec.unschedulable",
  "v1/pods":
    "spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName spec.hostNetwork status.phase status.podIP",
  "v1/secrets": "type",
  "batch/v1/jobs": "status.successful",
  "apps/v1/replicasets": "status.replicas",
  "certificates.k8s.io/v1/certificatesigningrequests": "spec.signerName",
};

/**
 * Field selector as `kubectl --field-selector` takes it: `status.phase=Running,spec.nodeName!=one`. Refuses a field that
 * the server would refuse: nothing would ever be in a field that is misspelt.
 */
export function fieldFilter(resource: string, selector: string): Filter {
  const known = ["metadata.name", "metadata.namespace", ...selectable[resource]?.split(" ") ?? []];
  const filters = terms(selector).map((term): Filter => {
    const [, path, sign, value] = operator.exec(term) ?? [];
    if (!path || !known.includes(path)) refuse("field", term);
    return (object) => isField(object, path.split("."), value) === (sign !== "!=");
  });
  return (object) => filters.every((filter) => filter(object));
}

function isField(object: KubeObject, path: readonly string[], wanted: string): boolean {
  const found = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], object);
  // The API leaves out what is false, zero or empty, and selects it by that value all the same.
  return found === undefined ? ["", "false", "0"].includes(wanted) : String(found) === wanted;
}
