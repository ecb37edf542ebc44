import type { ChartRule, PlatformRule, VariantRule, Violation } from "../../harness/model/rule.ts";
import { podSetting } from "./excuse.ts";
import { graphOf } from "./graph.ts";
import { settingsOf } from "./references.ts";
import { findLeaks } from "./secret_leak.ts";
import { at, containers, entryOf, installed, nameOf, ofKind, type Pod, pods, under } from "./views.ts";

const agent = "vault.hashicorp.com/agent-inject";
/** The mount of Vault's key-value store, with the part that version 2 puts into every path. */
const mount = "secret/data/";

export const noSecretObjects: VariantRule = {
  title: "No chart renders a Secret with values",
  severity: "critical",
  why: "The values lie in the chart or in Helm's release history, readable for everybody who may list Secrets.",
  remedy: "Declare the path in secrets: the Vault Agent or the deployment fills it in.",
  covers: ["SEC-001", "P6", "P10"],
  expects: "no Secret with data",
  subjects: ({ objects }) => objects,
  check: ({ objects }) =>
    ofKind(objects, "Secret", "").filter((secret) =>
      Object.keys({ ...secret.data as object, ...secret.stringData as object }).length > 0
    ).map((secret) => ({
      object: nameOf(secret),
      path: secret.data ? "data" : "stringData",
      found: `values of ${Object.keys({ ...secret.data as object, ...secret.stringData as object }).join(", ")}`,
      wanted: "a path in Vault",
      values: "plumb-common.secrets",
    })),
};

export const noLiteralSecrets: ChartRule = {
  title: "No setting holds a password, token or key in clear",
  severity: "critical",
  why: "It is in git, in Helm's history and in every description of the pod; the only cure is to rotate it.",
  remedy: "Use secretFileEnv or secretEnv with a path of Vault; a URL with a password in it is a secret as a whole.",
  covers: ["SEC-001", "P10"],
  expects: "no value that is a secret",
  subjects: settingsOf,
  check: (chart) =>
    settingsOf(chart).flatMap(({ pod, object, path, variable, text }): Violation[] => {
      const [leak] = variable === null
        ? findLeaks(path.replace(/^data\./, ""), text)
        : findLeaks("variables.env", `${variable}="${text}"`);
      if (!leak) return [];
      const values = podSetting(pod, variable ? `env.${variable}` : "configFiles");
      // The value itself must not get into a report.
      return [{
        object: nameOf(object),
        path,
        found: leak.what,
        wanted: "a secret's file or reference",
        values,
      }];
    }),
};

/** What a pod takes from Vault: annotation by annotation, the path. */
function injected(pod: Pod): { key: string; path: string }[] {
  return Object.entries(pod.annotations).filter(([key]) => key.startsWith(`${agent}-secret-`))
    .map(([key, path]) => ({ key, path }));
}

export const vaultPathsDeclared: ChartRule = {
  title: "Every Vault path that a pod reads is the service's in the registry",
  severity: "critical",
  why: "Nobody fills the path and no policy allows it: the agent waits, and the pod never starts.",
  remedy: "List path and keys in the registry's secrets; what a database needs is there by itself.",
  covers: ["P6", "SEC-001"],
  expects: "paths and keys that the registry declares for the service",
  subjects: (chart) => pods(installed(chart)).flatMap(injected),
  check(chart, platform) {
    const { secrets } = entryOf(platform, chart.name);
    const known = secrets.map(({ path }) => mount + path);
    return pods(installed(chart)).flatMap((pod) =>
      injected(pod).flatMap(({ key, path }): Violation[] => {
        const violation = (found: string, wanted: string) => [{
          object: nameOf(pod.object),
          path: under(pod.at, `metadata.annotations.${key}`),
          found,
          wanted,
          values: "plumb-common.secrets",
        }];
        const entry = secrets.find((secret) => mount + secret.path === path);
        if (!entry) return violation(path, known.join(" or ") || "no path: the registry has none for it");
        const template = pod.annotations[key.replace("-secret-", "-template-")] ?? "";
        const used = [...template.matchAll(/\.Data\.data(?:\.(\w+)| "(\w+)")/g)].map(([, dotted, quoted]) =>
          dotted ?? quoted
        );
        const unknown = used.filter((name) => !entry.keys.includes(name));
        return unknown.length ? violation(`key ${unknown.join(", ")}`, `one of ${entry.keys.join(", ")}`) : [];
      })
    );
  },
};

export const injectorPresent: PlatformRule = {
  title: "What injects secrets into pods is installed",
  severity: "critical",
  why: "Annotations alone do nothing: every pod would start without its secrets, and say so in words of its own.",
  remedy: "Let the vault chart render the injector: its Deployment, its Service and the webhook that calls it.",
  covers: ["P6"],
  expects: "a webhook for pods whose Service leads to pods, wherever a pod asks for injection",
  check(platform) {
    const asking = platform.charts.flatMap((chart) => pods(installed(chart))).find((pod) =>
      pod.annotations[agent] === "true"
    );
    if (!asking) return [];
    const graph = graphOf(platform);
    const hooks = platform.charts.flatMap((chart) => ofKind(installed(chart), "MutatingWebhookConfiguration"));
    const calls = hooks.flatMap((hook) =>
      ((hook.webhooks ?? []) as unknown[]).filter(handlesPods).map((one) => ({ hook, one }))
    );
    const working = calls.some(({ one }) => {
      const name = `${at(one, "clientConfig.service.namespace")}/${at(one, "clientConfig.service.name")}`;
      const service = graph.services.get(name)?.object;
      const labels = service && at(service, "spec.selector") as Record<string, string> | undefined;
      return graph.endpoints.some(({ pod, namespace, labels: own }) =>
        pod?.lasting && labels && `${namespace}/${service!.metadata.name}` === name &&
        Object.entries(labels).every(([key, value]) => own[key] === value)
      );
    });
    if (working) return [];
    const found = calls.length ? `${nameOf(calls[0].hook)} leads to no pod` : "no webhook for pods";
    const wanted = `an injector, as ${nameOf(asking.object)} asks for injection`;
    return [{ object: "the platform", path: "", found, wanted, values: "services.vault" }];
  },
};

function handlesPods(webhook: unknown): boolean {
  const rules = (at(webhook, "rules") ?? []) as { resources?: string[] }[];
  return rules.some(({ resources }) => resources?.includes("pods"));
}

export const objectsExist: ChartRule = {
  title: "Every ConfigMap, Secret and claim that a pod uses is there",
  severity: "critical",
  why: "The pod waits for it for ever, in ContainerCreating or CreateContainerConfigError.",
  remedy: "Render it (configFiles, storage) or declare it (secrets with via: existing).",
  covers: ["P11"],
  expects: "names that the chart renders, or Secrets that it declares",
  subjects: (chart) => pods(installed(chart)).flatMap(used),
  check(chart) {
    const objects = installed(chart);
    const names = (kind: string) => new Set(ofKind(objects, kind).map(({ metadata }) => metadata.name));
    const secrets = new Set([...names("Secret"), ...declaredSecrets(chart.name, chart.values.data)]);
    const issued = ofKind(objects, "Certificate").map((certificate) => String(at(certificate, "spec.secretName")));
    issued.forEach((name) => secrets.add(name));
    const known: Readonly<Record<string, ReadonlySet<string>>> = {
      ConfigMap: names("ConfigMap"),
      Secret: secrets,
      PersistentVolumeClaim: names("PersistentVolumeClaim"),
    };
    return pods(objects).flatMap((pod) =>
      used(pod).filter(({ kind, name }) => !known[kind].has(name)).map(({ kind, name, path }) => ({
        object: nameOf(pod.object),
        path,
        found: `${kind} ${name}`,
        wanted: [...known[kind]].join(" or ") || `a ${kind} of this chart`,
        values: kind === "Secret" ? "plumb-common.secrets" : podSetting(pod, "volumes"),
      }))
    );
  },
};

/** Names of Secrets that are filled from elsewhere, as values declare them. */
function declaredSecrets(release: string, values: unknown): string[] {
  const secrets = (at(values, "plumb-common.secrets") ?? {}) as Record<string, { existing?: string } | null>;
  return Object.entries(secrets).map(([name, secret]) => secret?.existing ?? `${release}-${name}`);
}

function used(pod: Pod): { kind: string; name: string; path: string }[] {
  const found: { kind: string; name: string; path: string }[] = [];
  const note = (kind: string, from: unknown, key: string, path: string) => {
    const name = at(from, key);
    if (typeof name === "string" && at(from, "optional") !== true) found.push({ kind, name, path });
  };
  (pod.spec.volumes ?? []).forEach((volume, index) => {
    const path = under(pod.at, `spec.volumes[${index}]`);
    note("ConfigMap", volume.configMap, "name", path);
    note("Secret", volume.secret, "secretName", path);
    note("PersistentVolumeClaim", volume.persistentVolumeClaim, "claimName", path);
    for (const source of (at(volume, "projected.sources") ?? []) as Record<string, unknown>[]) {
      note("ConfigMap", source.configMap, "name", path);
      note("Secret", source.secret, "name", path);
    }
  });
  for (const { container, path } of containers(pod)) {
    for (const { name, valueFrom } of container.env ?? []) {
      note("Secret", valueFrom?.secretKeyRef, "name", `${path}.env.${name}`);
      note("ConfigMap", valueFrom?.configMapKeyRef, "name", `${path}.env.${name}`);
    }
    for (const from of container.envFrom ?? []) {
      note("Secret", from.secretRef, "name", `${path}.envFrom`);
      note("ConfigMap", from.configMapRef, "name", `${path}.envFrom`);
    }
  }
  return found;
}
