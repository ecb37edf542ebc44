import { storageNamespaces } from "../../../kubernetes/services_schema.ts";
import { suggestion } from "../../model/nearest.ts";
import type { Finding } from "../site/error.ts";
import { type DraftEntry, type DraftRegistry, entriesOf, itemsOf } from "./rules.ts";

/** Namespaces that every cluster has: the only ones that the first releases can live in. */
const builtIn: readonly string[] = ["kube-system", "default"];

function* namespaces(registry: DraftRegistry): Generator<Finding> {
  const known = Object.keys(registry.namespaces ?? {});
  for (const name of known.filter((name) => storageNamespaces.includes(name))) {
    const message = `namespaces.${name} belongs to the phase storage, which makes it before any release; remove it`;
    yield { path: ["namespaces", name], message };
  }
  for (const [name, { namespace }] of entriesOf(registry)) {
    if (namespace === undefined || known.includes(namespace) || builtIn.includes(namespace)) continue;
    yield {
      path: ["services", name, "namespace"],
      message: `services.${name}.namespace '${namespace}' is unknown; ${suggestion(namespace, known)}`,
    };
  }
}

function* needs(name: string, entry: DraftEntry, services: readonly string[]): Generator<Finding> {
  for (const [index, need] of itemsOf(entry.needs)) {
    const path = ["services", name, "needs", index];
    if (need === name) {
      yield { path, message: `services.${name} needs itself; remove '${need}'` };
    } else if (!services.includes(need)) {
      yield { path, message: `service '${need}' in services.${name}.needs is unknown; ${suggestion(need, services)}` };
    } else if (entry.needs?.indexOf(need) !== index) {
      yield { path, message: `services.${name}.needs lists '${need}' twice; keep one` };
    }
  }
}

function* engines(name: string, entry: DraftEntry, services: readonly string[]): Generator<Finding> {
  for (const [index, { engine }] of itemsOf(entry.databases)) {
    if (engine === undefined || services.includes(engine)) continue;
    const message = `services.${name} wants a database of ${engine}, which is no service here; add services.${engine}`;
    yield { path: ["services", name, "databases", index, "engine"], message };
  }
}

function* calls(name: string, entry: DraftEntry, registry: DraftRegistry): Generator<Finding> {
  const services = Object.keys(registry.services ?? {});
  for (const [index, { service, port }] of itemsOf(entry.calls)) {
    if (service === undefined) continue;
    const path = ["services", name, "calls", index];
    const target = registry.services?.[service];
    if (!services.includes(service)) {
      const message = `service '${service}' in services.${name}.calls is unknown; ${suggestion(service, services)}`;
      yield { path: [...path, "service"], message };
    } else if (typeof port === "number" && target && !target.upstream) {
      const message = `services.${name} calls port ${port} of ${service}, whose chart is ours; write the port's name`;
      yield { path: [...path, "port"], message };
    }
  }
}

function* secrets(name: string, entry: DraftEntry, registry: DraftRegistry): Generator<Finding> {
  const services = Object.keys(registry.services ?? {});
  for (const [index, { path: secret }] of itemsOf(entry.secrets)) {
    if (secret === undefined) continue;
    const path = ["services", name, "secrets", index, "path"];
    if (entry.secrets?.findIndex((other) => other?.path === secret) !== index) {
      yield { path, message: `services.${name}.secrets lists the path '${secret}' twice; put its keys together` };
      continue;
    }
    const [owner, group] = secret.split("/");
    if (!services.includes(owner)) {
      const message = `secret path '${secret}' in services.${name} begins with no service; ${
        suggestion(owner, services)
      }`;
      yield { path, message };
    } else if (services.includes(group)) {
      const message = `secret path '${secret}' in services.${name} is where the login to ${group} lies; ` +
        `choose another, such as ${owner}/app`;
      yield { path, message };
    }
  }
}

/** Names that lead to nothing. */
export function* references(registry: DraftRegistry): Generator<Finding> {
  const services = Object.keys(registry.services ?? {});
  yield* namespaces(registry);
  for (const [name, entry] of entriesOf(registry)) {
    yield* needs(name, entry, services);
    yield* engines(name, entry, services);
    yield* calls(name, entry, registry);
    yield* secrets(name, entry, registry);
  }
}
