import assert from "node:assert/strict";
import { projectRoot } from "../project.ts";
import { dashboardFolder, dashboardOf, dashboards } from "./dashboards.ts";
import { loadRegistry } from "./load.ts";

const registry = await loadRegistry();
const monitoring = await Deno.readTextFile(`${projectRoot}/kubernetes/charts/monitoring/values.yaml`);

Deno.test("every service that runs pods has a dashboard of its own, and no other has", () => {
  const files = Object.entries(dashboards(registry.services));
  const named = files.map(([, text]) => JSON.parse(text).title);
  const running = registry.services.filter(({ pods, upstream }) => pods && !upstream?.by_hand);
  assert.deepEqual(named, running.map(({ name }) => name));
  assert.ok(named.length > 30 && !named.includes("crds"), named.join(", "));
  assert.equal(new Set(files.map(([, text]) => JSON.parse(text).uid)).size, files.length);
});

Deno.test("a dashboard asks for the pods of its service alone", () => {
  const { panels } = JSON.parse(dashboardOf({ name: "hub", namespace: "code" }));
  const asked = panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr));
  assert.equal(asked.length, 4);
  for (const expr of asked) assert.ok(expr.includes(`namespace="code",pod=~"hub(-.*)?"`), expr);
});

Deno.test("Grafana reads the dashboards' folder, has their data sources and lists them by their tag", () => {
  assert.ok(monitoring.includes(`options: { path: ${dashboardFolder} }`));
  const { panels, tags } = JSON.parse(dashboardOf({ name: "hub", namespace: "code" }));
  for (const { datasource } of panels) assert.ok(monitoring.includes(`uid: ${datasource.uid},`), datasource.uid);
  assert.ok(monitoring.includes(`"tags": ${JSON.stringify(tags)}`));
});
