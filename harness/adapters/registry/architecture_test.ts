import assert from "node:assert/strict";
import { parse } from "yaml";
import { siteSchema } from "../../../sites/schema.ts";
import { projectRoot } from "../project.ts";
import { readSiteFile } from "../site/load.ts";
import { validSite } from "../site/testdata.ts";
import { readComponents, renderArchitecture, table } from "./architecture.ts";
import { loadRegistry } from "./load.ts";
import { componentsOf } from "./makeup.ts";
import { mebibytes, millicores } from "./quantity.ts";
import { loadedRegistry } from "./testdata.ts";

const site = siteSchema.parse(parse(validSite));
const component = (name: string) => ({
  "plumb-common": {
    components: {
      [name]: {
        kind: "StatefulSet",
        replicas: 2,
        image: { repository: "registry.example/wiki", tag: "1.0.0" },
        ports: { http: { port: 8080 }, gossip: { port: 7946, protocol: "UDP" } },
        resources: { requests: { cpu: "500m", memory: "3Gi" } },
        storage: { data: { size: "10Gi" } },
      },
      once: {
        kind: "Job",
        image: { repository: "registry.example/tool", tag: "2.0.0" },
        resources: { requests: { cpu: "4", memory: "8Gi" } },
      },
    },
  },
});

function page(): string {
  const components = new Map([["wiki", componentsOf(component("server"))]]);
  return renderArchitecture({ registry: loadedRegistry(), components, sites: [site] });
}

Deno.test("quantities are read as Kubernetes reads them, and nothing else is one", () => {
  assert.deepEqual([mebibytes("512Mi"), mebibytes("2Gi"), mebibytes(1048576), mebibytes("1M")].map(Math.round), [
    512,
    2048,
    1,
    1,
  ]);
  assert.deepEqual([millicores("100m"), millicores("2"), millicores(0.5)], [100, 2000, 500]);
  assert.throws(() => mebibytes("much"), /Cannot read much as an amount of memory/);
  assert.throws(() => millicores("2GHz"), /Cannot read 2GHz as an amount of processor/);
});

Deno.test("a component counts with all its replicas, and not if it ends by itself", () => {
  const [server, once] = componentsOf(component("server"));
  assert.deepEqual(server, {
    name: "server",
    kind: "StatefulSet",
    image: "registry.example/wiki:1.0.0",
    ports: ["8080/TCP", "7946/UDP"],
    millicores: 1000,
    memory: 6144,
    storage: 20,
  });
  assert.deepEqual([once.millicores, once.memory, once.storage], [0, 0, 0]);
});

Deno.test("the page lists every service, host name, database and flow", () => {
  const text = page();
  for (const { name, hosts } of loadedRegistry().services) {
    assert.ok(text.includes(`| **${name}** |`), name);
    for (const host of hosts) assert.ok(text.includes(`| ${host}.home.example | ${name} |`), host);
  }
  assert.ok(text.includes("| postgres | blog | blog | blog | vector |"));
  assert.ok(text.includes("| apps/blog | apps/wiki | http |"));
  assert.ok(text.includes("| disks | privileged |  | It mounts folders of the nodes. |"));
});

Deno.test("the graph draws needs but not those that everything has", () => {
  const graph = /```mermaid\ngraph LR\n((?: {2}\w+ --> \w+\n)+)```/.exec(page())![1];
  assert.deepEqual(graph.trim().split("\n").map((line) => line.trim()), [
    "wiki --> postgres",
    "wiki --> valkey",
    "blog --> gate",
    "blog --> postgres",
    "blog --> wiki",
  ]);
});

Deno.test("what is set aside is held against the nodes, and too much is marked", () => {
  const text = page();
  assert.ok(text.includes("| home | set aside | 1.00 | 6.00 | 20 |  |"));
  assert.ok(text.includes("| home | its nodes | 2.00 | 4.00 | 32 | **too little**: memory |"));
});

Deno.test("the example site has room for what it chooses", async () => {
  const registry = await loadRegistry();
  const { file } = await readSiteFile(`${projectRoot}/sites/example.yaml`);
  const text = renderArchitecture({ registry, components: await readComponents(registry), sites: [file] });
  assert.match(text, /\| example \| its nodes \| .* \| yes \|/);
});

Deno.test("a way from the internet is drawn only where something leads from there", async () => {
  const registry = await loadRegistry();
  const drawn = (vpn: object) =>
    renderArchitecture({
      registry,
      components: new Map(),
      sites: [{ ...site, vpn: { ...site.vpn, ...vpn } }],
    });
  const [plain, pangolin] = [drawn({}), drawn({ provider: "pangolin" })];
  for (const text of [plain, pangolin]) {
    assert.match(text, / {2}internet -- "22\/tcp, 51820\/udp" --> vps\n/, "it is drawn what the gateway has open");
    assert.match(text, / {2}devices -- "30080, 30443" --> worker\n/);
    assert.doesNotMatch(text, /internet -- 443/);
  }
  assert.match(plain, /Nothing leads there from the internet/);
  assert.match(plain, /vps -- "WireGuard 10\.88\.0\.0\/24" --- worker\n/);
  assert.match(pangolin, /vps -- "Pangolin" --- worker\n/);
  assert.doesNotMatch(pangolin, /Nothing leads there/);
});

Deno.test("a bar in a cell does not break the table", () => {
  assert.equal(table(["a"], [["x|y"]]), "| a |\n| --- |\n| x\\|y |");
});

Deno.test("the project's own page comes out the same twice", async () => {
  const registry = await loadRegistry();
  const render = async () =>
    renderArchitecture({ registry, components: await readComponents(registry), sites: [site] });
  assert.equal(await render(), await render());
});

Deno.test("what no site can install is told, with what is missing", () => {
  const registry = loadedRegistry((text) =>
    text.replace("entrance: [8000] }", "by_hand: { why: it reads a Secret, secrets: { gate-app: [token] } } }")
  );
  const text = renderArchitecture({ registry, components: new Map(), sites: [site] });
  assert.match(text, /No site can install these yet\.\n\n.*\n.*\n\| gate \| it reads a Secret \| gate-app: token \|\n/);
  assert.doesNotMatch(page(), /No site can install/);
});
