import assert from "node:assert/strict";
import { parse } from "yaml";
import { readFolder } from "../folder.ts";
import { projectRoot } from "../project.ts";
import { chartsFolder, ownValues } from "./environment.ts";
import { loadRegistry } from "./load.ts";
import { engines } from "../../../kubernetes/services_schema.ts";
import { hasOwnChart, type Service, serviceOf } from "./registry.ts";
import { enginePorts } from "./upstream.ts";
import { releaseValues } from "./values.ts";

interface Component {
  readonly ports?: Readonly<Record<string, { readonly port: number }>>;
}

const registry = await loadRegistry();
const own = registry.services.filter(hasOwnChart);

async function componentsOf({ name }: Service): Promise<Record<string, Component>> {
  const values = await ownValues(name) as { "plumb-common": { components: Record<string, Component> } };
  return values["plumb-common"].components;
}

Deno.test("each service with a chart of ours has its folder, and each folder its service", () => {
  const folders = [...Deno.readDirSync(chartsFolder)].filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  assert.deepEqual(folders.sort(), own.map(({ name }) => name).sort());
});

for (const service of own.filter(({ pods }) => pods)) {
  Deno.test(`${service.name}: the registry's health and calls name components and ports that charts have`, async () => {
    const { component, port } = service.health!;
    const components = await componentsOf(service);
    assert.ok(components[component]?.ports?.[port], `${service.name} has no port ${port} in component ${component}`);
    for (const call of service.calls) {
      const target = serviceOf(registry, call.service);
      if (!hasOwnChart(target)) continue;
      const ports = (await componentsOf(target))[call.component]?.ports ?? {};
      assert.ok(
        ports[call.port],
        `${service.name} calls ${call.service}/${call.component}, which has no port ${call.port}`,
      );
    }
  });
}

Deno.test("what a chart lets out to another service, the registry knows as a call of it, and the page of flows with it", async () => {
  for (const { name, calls, databases } of own.filter(({ pods }) => pods)) {
    const values = await ownValues(name) as {
      "plumb-common": { network?: { egress?: { to: { service?: string } }[] } };
    };
    const known = [name, ...calls.map(({ service }) => service), ...databases.map(({ engine }) => engine)];
    const targets = (values["plumb-common"].network?.egress ?? []).flatMap(({ to }) => to.service ?? []);
    for (const target of targets.filter((target) => registry.services.some((service) => service.name === target))) {
      assert.ok(known.includes(target), `${name} is let out to ${target}: add the call to its entry`);
    }
  }
});

for (const engine of engines) {
  Deno.test(`${engine}: its chart listens where the registry sends others, and makes databases`, async () => {
    const { name, port } = enginePorts[engine];
    const components = await componentsOf(serviceOf(registry, engine));
    assert.equal(components.server.ports?.[name]?.port, port);
    assert.ok("databases" in components, `${engine} makes no databases`);
  });
}

Deno.test("no chart of ours asks for an application of authentik, which a person can only make when both are installed", async () => {
  for (const { name } of own) {
    // JSON: what comments say of it is no question.
    const values = JSON.stringify(await ownValues(name));
    assert.ok(!values.includes("/application/o/"), `${name} does not start before authentik knows it`);
  }
  const coder = serviceOf(registry, "coder");
  assert.deepEqual([coder.needs, coder.secrets], [[], []], "coder needs nothing for a sign-in that is off");
});

Deno.test("no values of charts of ours guess a home's addresses: they stand in the site's file", async () => {
  const isValues = (path: string) => /(^|\/)(values|ci\/[^/]+)\.yaml$/.test(path);
  const files = await readFolder(projectRoot, "kubernetes/charts", isValues);
  assert.ok(files.length > own.length, `only ${files.length} files`);
  const privateOne = /\b(10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2})\/\d+/;
  const guesses = files.flatMap(([path, text]) => privateOne.exec(text)?.[0].concat(" in ", path) ?? []);
  assert.deepEqual(guesses, []);
});

Deno.test("the start page shows the services that a site installs, and none that no site can", async () => {
  const place = {
    domain: "home.test",
    storageClass: "any",
    nodes: "192.0.2.0/24",
    pods: "198.51.100.0/24",
    apiPort: 6443,
  };
  const shown = async (services: readonly Service[]) => {
    const glance = releaseValues({ ...registry, services }, "glance", place, await ownValues("glance"));
    const { components } = glance["plumb-common"] as { components: Record<string, { configFiles: object }> };
    const [text] = Object.values(components.server.configFiles);
    return (parse(text) as { title: string; url: string }[]).map(({ title, url }) => `${title} ${url}`);
  };
  const some = ["glance", "postgres", "vaultwarden", "monitoring", "authentik"].map((name) =>
    serviceOf(registry, name)
  );
  assert.deepEqual(await shown(some), [
    "vaultwarden https://pass.home.test",
    "monitoring https://grafana.home.test",
    "authentik https://auth.home.test",
  ]);
  const everything = await shown(registry.services);
  assert.ok(everything.length > 20 && !everything.some((tile) => tile.startsWith("gitlab ")), everything.join("\n"));
  const main = JSON.stringify(await ownValues("glance"));
  assert.match(main, /\$include: services\.yml/);
  assert.ok(!main.includes("https://"), "a tile of its own, whatever the site installs");
});

Deno.test("the README's commands for Vault make what the charts ask it for", async () => {
  const readme = await Deno.readTextFile(`${projectRoot}/README.md`);
  const [commands = ""] = /(?<=## Vault\n).*?(?=\n## )/s.exec(readme) ?? [];
  const vault = JSON.stringify(await ownValues("vault"));
  assert.match(vault, /"AGENT_INJECT_VAULT_AUTH_PATH":"auth\/kubernetes"/);
  assert.match(commands, /^vault auth enable kubernetes$/m);
  assert.match(commands, /^vault secrets enable -path=secret -version=2 kv$/m);
  assert.match(commands, new RegExp(`kubectl -n ${serviceOf(registry, "vault").namespace} port-forward svc/vault`));
  const [, read] = /^ {4}([a-z |]+)\)/m.exec(commands) ?? [];
  assert.deepEqual(
    read?.split(" | ").sort(),
    [...engines].sort(),
    "each data service reads the passwords of its users",
  );
  for (const { name } of own) {
    for (
      const [, mount, owner, last] of JSON.stringify(await ownValues(name)).matchAll(
        /"path":"(\w+)\/data\/([^"/]+)\/([^"]+)"/g,
      )
    ) {
      assert.ok(
        mount === "secret" && (owner === name || last === name),
        `policy ${name} does not let read ${owner}/${last}`,
      );
    }
  }
});

Deno.test("the chart of PostgreSQL lets each user make what it wants in its database", async () => {
  const text = await Deno.readTextFile(`${chartsFolder}/postgres/values.yaml`);
  assert.match(text, /GRANT ALL ON SCHEMA public TO/);
  assert.match(text, /CREATE EXTENSION IF NOT EXISTS :"name"/, "extensions such as uuid-ossp need quotes");
  assert.match(text, /\$\{extensions\/\/,\/ \}/, "a name such as uuid-ossp must not be split at its hyphen");
});

Deno.test("charts of ours carry the definitions of the releases that serve them", async () => {
  const folder = `${chartsFolder}/crds/files`;
  const versions = new Set<string>();
  for await (const { name } of Deno.readDir(folder)) {
    versions.add(/^# From (\S+ v\S+),/.exec(await Deno.readTextFile(`${folder}/${name}`))![1]);
  }
  const { version } = serviceOf(registry, "cert-manager").upstream!;
  assert.ok(versions.has(`github.com/cert-manager/cert-manager ${version}`), [...versions].join(", "));
  const { appVersion } = parse(await Deno.readTextFile(`${chartsFolder}/crds/Chart.yaml`));
  assert.ok(versions.has(`sigs.k8s.io/gateway-api v${appVersion}`));
});
