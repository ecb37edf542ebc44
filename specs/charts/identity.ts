import type { KubeObject } from "../../harness/model/chart.ts";
import type { VariantRule, Violation } from "../../harness/model/rule.ts";
import { exceptionIn, podSetting, setting } from "./excuse.ts";
import { at, componentLabel, nameOf, ofKind, pods, say, under } from "./views.ts";

const labels = ["name", "instance", "component", "version", "managed-by", "part-of"].map((l) =>
  `app.kubernetes.io/${l}`
);
const roles = ["Role", "ClusterRole"];
/** Kinds whose objects are not of one component. */
const shared = new Set(["Namespace"]);

function componentOf(object: KubeObject): string {
  return object.metadata.labels?.[componentLabel] ?? object.metadata.name;
}

/** A definition is the upstream project's own file: its names and labels are not ours to choose. */
function isLabelled({ kind }: KubeObject): boolean {
  return kind !== "CustomResourceDefinition";
}

export const labelsComplete: VariantRule = {
  title: "Every object and every pod carries the six common labels",
  severity: "major",
  why: "Policies, dashboards and people find things by them; what has none belongs to nobody.",
  remedy: "Leave labels to the library; a template of the chart's own includes the library's labels.",
  covers: ["HELM-003", "P7"],
  expects: labels.join(", "),
  subjects: ({ objects }) => objects.filter(isLabelled),
  check({ objects }) {
    const missing = (has: Readonly<Record<string, string>> | undefined, exempt: boolean) =>
      labels.filter((label) => !has?.[label] && !(exempt && label === componentLabel));
    const violation = (object: KubeObject, path: string, absent: string[]): Violation[] =>
      absent.length === 0 ? [] : [{
        object: nameOf(object),
        path,
        found: `no ${absent.join(", ")}`,
        wanted: "all six",
        values: setting(componentOf(object), ""),
      }];
    return [
      ...objects.filter(isLabelled).flatMap((object) =>
        violation(object, "metadata.labels", missing(object.metadata.labels, shared.has(object.kind)))
      ),
      ...pods(objects).filter((pod) => pod.at !== "").flatMap((pod) =>
        violation(pod.object, under(pod.at, "metadata.labels"), missing(pod.labels, false))
      ),
    ];
  },
};

export const serviceAccounts: VariantRule = {
  title: "Every pod has a service account of its own and no token that it does not use",
  severity: "major",
  why: "With the shared default account every pod has the rights of any other, and a stolen token opens the API.",
  remedy: "Leave the account to the library; list rbac rules for a component that really talks to the API server.",
  covers: ["HELM-004", "P10"],
  expects: "an account that the chart renders, its token mounted only where a role with rules is bound to it",
  subjects: ({ objects }) => pods(objects),
  check({ objects }) {
    const accounts = new Set(ofKind(objects, "ServiceAccount").map(({ metadata }) => metadata.name));
    return pods(objects).flatMap((pod): Violation[] => {
      const object = nameOf(pod.object);
      const name = pod.spec.serviceAccountName;
      if (name === undefined || !accounts.has(name)) {
        const wanted = "the name of an account in this chart";
        const path = under(pod.at, "spec.serviceAccountName");
        return [{ object, path, found: say(name), wanted, values: podSetting(pod, "rbac") }];
      }
      const mounts = pod.spec.automountServiceAccountToken;
      const needs = rulesBoundTo(objects, name).length > 0;
      if (mounts === needs) return [];
      const wanted = needs ? "true, as rules are bound to it" : "false, as it may do nothing";
      const path = under(pod.at, "spec.automountServiceAccountToken");
      return [{ object, path, found: say(mounts), wanted, values: podSetting(pod, "rbac") }];
    });
  },
};

function rulesBoundTo(objects: readonly KubeObject[], account: string): unknown[] {
  const bindings = objects.filter(({ kind }) => kind === "RoleBinding" || kind === "ClusterRoleBinding");
  return bindings.flatMap((binding) => {
    const subjects = (at(binding, "subjects") ?? []) as { kind: string; name: string }[];
    if (!subjects.some(({ kind, name }) => kind === "ServiceAccount" && name === account)) return [];
    const role = objects.find((object) =>
      object.kind === at(binding, "roleRef.kind") && object.metadata.name === at(binding, "roleRef.name")
    );
    // A role from elsewhere has rules that cannot be seen here.
    return role ? (role.rules ?? []) as unknown[] : [binding];
  });
}

export const rolesPresent: VariantRule = {
  title: "Every service account is bound to a role of the same chart",
  severity: "major",
  why: "What a pod may do would be written nowhere, or in another chart that changes without a look at this one.",
  remedy: "Leave role and binding to the library; without rbac rules it binds a role that allows nothing.",
  covers: ["HELM-005", "P10"],
  expects: "a RoleBinding for each account, to a Role that the chart renders",
  subjects: ({ objects }) => pods(objects).filter((pod) => pod.at !== ""),
  check: ({ objects }) =>
    pods(objects).filter((pod) => pod.at !== "").flatMap((pod) => {
      const account = pod.spec.serviceAccountName ?? "default";
      // An account that is not the chart's own is condemned elsewhere.
      if (!ofKind(objects, "ServiceAccount").some(({ metadata }) => metadata.name === account)) return [];
      const bound = ofKind(objects, "RoleBinding").some((binding) =>
        ((at(binding, "subjects") ?? []) as { name: string }[]).some(({ name }) => name === account) &&
        ofKind(objects, "Role").some(({ metadata }) => metadata.name === at(binding, "roleRef.name"))
      );
      if (bound) return [];
      const found = `no role bound to account ${account}`;
      return [{
        object: nameOf(pod.object),
        path: "",
        found,
        wanted: "a Role and a RoleBinding",
        values: podSetting(pod, "rbac"),
      }];
    }),
};

export const rolesNarrow: VariantRule = {
  title: "No role reaches beyond its namespace or names everything",
  severity: "critical",
  why: "One pod that is broken into would own the cluster, or every object of a kind.",
  remedy:
    "Name groups, resources and verbs one by one in rbac; what is needed beyond the namespace takes an exception.",
  covers: ["HELM-005"],
  expects: "roles of the namespace that name groups, resources and verbs",
  subjects: ({ objects }) => objects.filter(({ kind }) => roles.includes(kind) || kind === "ClusterRoleBinding"),
  check({ objects }) {
    const roleObjects = objects.filter(({ kind }) => roles.includes(kind));
    const wide = roleObjects.flatMap((role) =>
      ((role.rules ?? []) as Record<string, string[]>[]).flatMap((rule, index) =>
        ["verbs", "resources", "apiGroups"].filter((key) => rule[key]?.includes("*")).map((key) => ({
          object: nameOf(role),
          path: `rules[${index}].${key}`,
          found: "*",
          wanted: "names",
          values: setting(componentOf(role), role.kind === "Role" ? "rbac" : "clusterRbac"),
        }))
      )
    );
    const far = objects.filter(({ kind }) => kind === "ClusterRole" || kind === "ClusterRoleBinding").map((object) => {
      const component = componentOf(object);
      const owner = pods(objects).find((pod) => pod.component === component);
      const claimed = owner && (exceptionIn(owner.object.metadata.annotations, "clusterRole") ??
        exceptionIn(owner.annotations, "clusterRole"));
      const { kind } = object;
      const violation = {
        object: nameOf(object),
        path: "",
        found: kind,
        wanted: "a Role",
        values: setting(component, "clusterRbac"),
      };
      return claimed ? { ...violation, exception: claimed } : violation;
    });
    return [...wide, ...far];
  },
};

export const permissionsExplained: VariantRule = {
  title: "Every permission says what it is for",
  severity: "minor",
  why: "Nobody dares to take back a right whose purpose is not written down.",
  remedy: "Give each rbac rule its 'why'; the library writes it on the role.",
  covers: ["HELM-005"],
  expects: "an annotation plumb/why.<number> for each rule of a role",
  subjects: ({ objects }) =>
    objects.filter(({ kind }) => roles.includes(kind)).flatMap((role) => (role.rules ?? []) as unknown[]),
  check: ({ objects }) =>
    objects.filter(({ kind }) => roles.includes(kind)).flatMap((role) =>
      ((role.rules ?? []) as unknown[]).flatMap((_, index) => {
        if (role.metadata.annotations?.[`plumb/why.${index}`]) return [];
        const values = setting(componentOf(role), role.kind === "Role" ? `rbac.${index}` : `clusterRbac.${index}`);
        return [{ object: nameOf(role), path: `rules[${index}]`, found: "no reason", wanted: "a 'why'", values }];
      })
    ),
};
