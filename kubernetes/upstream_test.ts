import assert from "node:assert/strict";
import { parse } from "yaml";
import { storageNamespaces } from "./services_schema.ts";

interface Entry {
  readonly namespace: string;
  readonly upstream?: { readonly version: string };
}

const read = async (path: string) => await Deno.readTextFile(new URL(path, import.meta.url));
const { namespaces, services } = parse(await read("services.yaml")) as {
  namespaces: Record<string, { pod_security: string }>;
  services: Record<string, Entry>;
};

/** Where a chart's values keep the contexts of its pods and of their containers. */
interface Contexts {
  readonly pods: readonly string[];
  readonly containers: readonly string[];
  /** What the chart sets where these values are silent, seen in this version of it. */
  readonly itself?: { readonly pods?: Context; readonly containers?: Context };
}

interface Context {
  readonly runAsNonRoot?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[] };
  readonly seccompProfile?: { readonly type: string };
}

const profile = { seccompProfile: { type: "RuntimeDefault" } };
const narrow = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

const known: Readonly<Record<string, Contexts & { readonly version: string }>> = {
  authentik: {
    version: "2024.12.3",
    pods: ["global.securityContext"],
    containers: ["server.containerSecurityContext", "worker.containerSecurityContext"],
  },
  // Its own values are restricted: nothing is left to set.
  "cert-manager": {
    version: "v1.19.1",
    pods: [""],
    containers: [""],
    itself: { pods: { runAsNonRoot: true, ...profile }, containers: narrow },
  },
  consul: {
    version: "1.9.3",
    pods: [""],
    containers: ["server.containerSecurityContext.server"],
    itself: { pods: { runAsNonRoot: true } },
  },
  harbor: { version: "1.16.2", pods: [""], containers: ["containerSecurityContext"] },
  kestra: { version: "1.0.38", pods: ["common.podSecurityContext"], containers: ["common.securityContext"] },
  penpot: {
    version: "1.3.0",
    pods: ["backend", "frontend", "exporter", "mcp"].map((part) => `${part}.podSecurityContext`),
    containers: ["backend", "frontend", "exporter", "mcp"].map((part) => `${part}.containerSecurityContext`),
    itself: { containers: { runAsNonRoot: true, allowPrivilegeEscalation: false } },
  },
  traefik: {
    version: "37.2.0",
    pods: ["podSecurityContext"],
    containers: [""],
    itself: { containers: narrow },
  },
};

/** Charts whose contexts nobody could look at: they cannot be installed. */
const unseen = ["gitlab"];

/** The values that a site gives an upstream chart; what Helmfile fills in is a word. */
async function valuesOf(service: string): Promise<unknown> {
  const text = await read(`upstream/${service}.yaml.gotmpl`);
  return parse(text.replace(/\{\{-?[^}]*-\}\}\s*/g, "").replace(/\{\{[^}]*\}\}/g, "word"));
}

function contextAt(values: unknown, path: string): Context {
  if (path === "") return {};
  return path.split(".").reduce((at, key) => (at as Record<string, unknown>)?.[key], values) as Context ?? {};
}

const restricted = Object.entries(services).filter(([, { upstream, namespace }]) =>
  upstream && namespaces[namespace].pod_security === "restricted"
);

Deno.test("each upstream chart in a restricted namespace is known, in the version that is installed", () => {
  const names = restricted.map(([name]) => name).filter((name) => !unseen.includes(name));
  assert.deepEqual(names.sort(), Object.keys(known).sort());
  for (const name of names) {
    assert.equal(services[name].upstream!.version, known[name].version, `look at the contexts of ${name} again`);
  }
});

for (const [name, { pods, containers, itself }] of Object.entries(known)) {
  Deno.test(`${name}: its pods keep what a restricted namespace asks for`, async () => {
    const values = await valuesOf(name);
    for (const pod of pods) {
      for (const container of containers) {
        const all = {
          ...itself?.pods,
          ...contextAt(values, pod),
          ...itself?.containers,
          ...contextAt(values, container),
        };
        const where = `${pod || "the chart's own"} and ${container || "the chart's own"}`;
        assert.equal(all.runAsNonRoot, true, where);
        assert.equal(all.seccompProfile?.type, "RuntimeDefault", where);
        assert.equal(all.allowPrivilegeEscalation, false, where);
        assert.deepEqual(all.capabilities?.drop, ["ALL"], where);
      }
    }
  });
}

Deno.test("the namespaces of the phase storage are those that its role makes", async () => {
  const { storage_deployments: deployments } = parse(await read("../ansible/roles/storage/vars/main.yml")) as {
    storage_deployments: Record<string, { namespace: string }>;
  };
  const made = Object.values(deployments).map(({ namespace }) => namespace);
  assert.deepEqual([...storageNamespaces].sort(), made.sort());
});
