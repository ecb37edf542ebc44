import assert from "node:assert/strict";
import { parse, parseAllDocuments } from "yaml";
import { helm } from "../../../kubernetes/library/helm.ts";
import { projectRoot } from "../project.ts";
import { readSiteFile } from "../site/load.ts";
import { type PlacedSite, renderEnvironment } from "./environment.ts";
import { loadRegistry } from "./load.ts";
import { hasOwnChart, needsOf, serviceOf } from "./registry.ts";

// Helmfile's templates are Go templates with the functions that Helm has, too: Helm renders them here, as the text of a
// ConfigMap. What Helmfile itself, which is long in the making, then does with the result is seen by
// fixtures/suite/helmfile_lab.ts.

interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly version?: string;
  readonly labels: { readonly tier: string };
  readonly needs?: readonly string[];
  readonly values: readonly unknown[];
}

interface Helmfile {
  readonly helmDefaults: Readonly<Record<string, unknown>>;
  readonly repositories: readonly { readonly name: string; readonly url: string; readonly oci?: boolean }[];
  readonly releases: readonly Release[];
}

const registry = await loadRegistry();
const kubernetes = `${projectRoot}/kubernetes`;

async function site(changes: Partial<PlacedSite> = {}): Promise<PlacedSite> {
  const { file } = await readSiteFile(`${projectRoot}/sites/lab.yaml`);
  return { ...file, path: "sites/lab.yaml", ...changes };
}

/** Renders a template with a site's environment as `.Values`, as Helmfile would. */
async function renderTemplate(path: string, environment: string, name: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const text = (await Deno.readTextFile(path)).replaceAll(".Environment.Name", `"${name}"`);
    await Deno.mkdir(`${folder}/templates`);
    await Deno.writeTextFile(`${folder}/Chart.yaml`, "apiVersion: v2\nname: text\nversion: 0.1.0\n");
    await Deno.writeTextFile(`${folder}/values.yaml`, environment);
    await Deno.writeTextFile(`${folder}/templates/_text.tpl`, `{{- define "text" -}}\n${text}\n{{- end -}}\n`);
    await Deno.writeTextFile(
      `${folder}/templates/text.yaml`,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: text }\ndata: { text: {{ include "text" . | toJson }} }\n',
    );
    const { code, stdout, stderr } = await helm(["template", "text", folder]);
    assert.equal(code, 0, stderr);
    return parse(stdout).data.text;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function renderHelmfile(placed: PlacedSite): Promise<[environments: unknown, helmfile: Helmfile]> {
  const environment = await renderEnvironment(registry, placed);
  const text = await renderTemplate(`${kubernetes}/helmfile.yaml.gotmpl`, environment, placed.name);
  const documents = parseAllDocuments(text);
  assert.equal(documents.length, 2, text);
  return [documents[0].toJS(), documents[1].toJS()];
}

const home = await site({ name: "home", lab: false });
const [environments, { helmDefaults, repositories, releases }] = await renderHelmfile(home);
const idOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}/${name}`;

Deno.test("the environment is the site's file, and must be there", () => {
  assert.deepEqual(environments, {
    environments: { home: { values: ["environments/home.yaml"], missingFileHandler: "Error" } },
  });
});

Deno.test("a site installs every service that can be once, the lab those marked for it", async () => {
  const installable = registry.services.filter(({ upstream }) => !upstream?.by_hand);
  assert.deepEqual(releases.map(({ name }) => name).sort(), installable.map(({ name }) => name).sort());
  const [, lab] = await renderHelmfile(await site());
  assert.deepEqual(
    lab.releases.map(({ name }) => name).sort(),
    registry.services.filter(({ lab }) => lab).map(({ name }) => name).sort(),
  );
});

Deno.test("Helm makes no namespace itself, and waits for pods and jobs", () => {
  assert.equal(helmDefaults.createNamespace, false);
  assert.equal(helmDefaults.wait, true);
  assert.equal(helmDefaults.waitForJobs, true);
});

Deno.test("definitions come first, namespaces second, and everything else needs both", () => {
  const [first, second, ...others] = releases;
  assert.deepEqual([first.name, first.needs], ["crds", undefined]);
  assert.deepEqual([second.name, second.needs], ["namespaces", ["kube-system/crds"]]);
  for (const { name, needs } of others) {
    assert.ok(needs?.includes("kube-system/crds"), `${name} needs crds`);
    assert.ok(needs?.includes("kube-system/namespaces"), `${name} needs namespaces`);
  }
});

Deno.test("every need is the registry's, is defined, and stands before the release that has it", () => {
  for (const [index, release] of releases.entries()) {
    const before = releases.slice(0, index).map(idOf);
    for (const need of release.needs ?? []) assert.ok(before.includes(need), `${release.name} needs ${need}`);
    assert.deepEqual(release.needs?.map((need) => need.split("/")[1]) ?? [], needsOf(registry, release.name));
  }
});

Deno.test("each release carries its tier, and a base release needs no apps", () => {
  const tiers = new Map(releases.map((release) => [idOf(release), release.labels.tier]));
  for (const release of releases) {
    assert.ok(["base", "apps"].includes(release.labels.tier));
    if (release.labels.tier === "apps") continue;
    for (const need of release.needs ?? []) assert.equal(tiers.get(need), "base", `${release.name} needs ${need}`);
  }
});

Deno.test("each chart is a folder of ours, or upstream's with its repository, version and values", async () => {
  for (const { name, chart, version, values } of releases) {
    const { upstream } = serviceOf(registry, name);
    if (!upstream) {
      assert.equal(chart, `./charts/${name}`);
      assert.equal(version, undefined);
      assert.ok((await Deno.stat(`${kubernetes}/charts/${name}/Chart.yaml`)).isFile);
      assert.equal(typeof values[0], "object");
      continue;
    }
    assert.deepEqual([chart, version], [`${name}/${upstream.name}`, upstream.version]);
    assert.equal(repositories.find((repository) => repository.name === name)?.url, upstream.repository);
    assert.deepEqual(values, [`upstream/${name}.yaml.gotmpl`]);
  }
});

Deno.test("each upstream service has a file of values, and each file its service", () => {
  const files = [...Deno.readDirSync(`${kubernetes}/upstream`)].map(({ name }) => name.replace(".yaml.gotmpl", ""));
  const names = registry.services.filter((service) => !hasOwnChart(service)).map(({ name }) => name);
  assert.deepEqual(files.sort(), names.sort());
});

/** Every text in a tree, with the key that it stands under. */
function* texts(tree: unknown, key = ""): Generator<[string, string]> {
  if (typeof tree === "string") yield [key, tree];
  else if (typeof tree === "object" && tree !== null) {
    for (const [name, value] of Object.entries(tree)) yield* texts(value, Array.isArray(tree) ? key : name);
  }
}

for (const { name } of registry.services.filter((service) => !hasOwnChart(service))) {
  Deno.test(`${name}: upstream's values take secrets by reference and name services that exist`, async () => {
    const environment = await renderEnvironment(registry, home);
    const values = parse(await renderTemplate(`${kubernetes}/upstream/${name}.yaml.gotmpl`, environment, "home"));
    const needs = needsOf(registry, name);
    for (const [key, text] of texts(values)) {
      if (/password|secret_?key|token/i.test(key) && !/enabled/i.test(key)) {
        const named = /^(ref\+sops:\/\/\S+#\/services\/\S+|password|root_password|[a-z]+-[a-z]+)$/;
        assert.match(text, named, `${name}.${key} is neither a reference nor a key's or Secret's name`);
      }
      for (const [, service, namespace] of text.matchAll(/\b([a-z][a-z0-9-]*)\.([a-z]+)\.svc\b/g)) {
        assert.equal(serviceOf(registry, service).namespace, namespace, `${name}.${key}: ${text}`);
        assert.ok(needs.includes(service), `${name} names ${service} and does not need it`);
      }
      const reference = /#\/services\/([a-z-]+)\//.exec(text);
      if (reference) assert.equal(reference[1], name, `${name}.${key} reads another's secret`);
    }
  });
}

Deno.test("the gateway takes the registry's node ports and asks for no load balancer", async () => {
  const environment = await renderEnvironment(registry, home);
  const values = parse(await renderTemplate(`${kubernetes}/upstream/traefik.yaml.gotmpl`, environment, "home"));
  const { web, websecure } = serviceOf(registry, "traefik").node_ports;
  assert.equal(values.service.type, "NodePort");
  assert.deepEqual([values.ports.web.nodePort, values.ports.websecure.nodePort], [web, websecure]);
});

Deno.test("an Ingress of our charts is served as a route is: by the gateway, with its certificate and no issuer's", async () => {
  const environment = await renderEnvironment(registry, home);
  const gateway = parse(await renderTemplate(`${kubernetes}/upstream/traefik.yaml.gotmpl`, environment, "home"));
  assert.deepEqual(gateway.providers.kubernetesIngress, { enabled: true }, "Traefik does not look at Ingresses");
  assert.deepEqual(gateway.gateway.listeners.websecure.certificateRefs, [{ name: "wildcard" }]);
  const { routing } = parse(await Deno.readTextFile(`${kubernetes}/library/plumb-common/values.yaml`));
  assert.equal(routing.ingressClass, gateway.ingressClass.name, "nobody serves Ingresses of this class");
  assert.ok(gateway.ingressClass.enabled);
  assert.equal(routing.clusterIssuer, undefined, "the platform makes no ClusterIssuer, whatever its name");
});

Deno.test("Vault is ready while it is sealed or not initialised, so that a wait for it ends", async () => {
  const { "plumb-common": values } = parse(await Deno.readTextFile(`${kubernetes}/charts/vault/values.yaml`));
  const { probes, configFiles } = values.components.server;
  for (const probe of [probes.liveness, probes.readiness, probes.startup]) {
    assert.match(probe.http.path, /sealedcode=2\d\d/);
    assert.match(probe.http.path, /uninitcode=2\d\d/);
  }
  const config = configFiles["/etc/vault/vault.hcl"];
  assert.match(config, /^storage "raft"/m);
  assert.doesNotMatch(config, /ha_storage/);
});

Deno.test("the lab's environment holds no secret and nothing of a service that the lab does not install", async () => {
  const text = await renderEnvironment(registry, await site());
  const environment = parse(text);
  const postgres = environment.releases.find(({ name }: Release) => name === "postgres");
  const names = registry.services.filter(({ lab }) => lab).map(({ name }) => name);
  for (
    const line of postgres.values["plumb-common"].components.databases.configFiles["/etc/plumb/databases"].split("\n")
  ) {
    if (line && !line.startsWith("#")) assert.ok(names.includes(line.split(" ")[0]), line);
  }
  assert.equal(text, await renderEnvironment(registry, await site()), "the same input gave another text");
});

Deno.test("a site without a cluster has no releases, and is told what to add", async () => {
  await assert.rejects(renderEnvironment(registry, await site({ kubernetes: undefined })), /add 'kubernetes:'/);
});
