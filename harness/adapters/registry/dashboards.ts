import { isByHand } from "./by_hand.ts";
import type { Service } from "./registry.ts";

/** Where Grafana reads dashboards: the folder that its provider in the chart of monitoring names. */
export const dashboardFolder = "/etc/grafana/dashboards";

const half = { w: 12, h: 8 };
const prometheus = { datasource: { uid: "prometheus" } };
const fieldsIn = (unit: string) => ({ fieldConfig: { defaults: { unit } } });

/**
 * Grafana's dashboard of one service, as it is provisioned from a file (schema 41): what does not answer, what its pods use,
 * what they log. Its pods are those of its namespace whose names begin with its own, as every chart calls them.
 */
export function dashboardOf({ name, namespace }: Pick<Service, "name" | "namespace">): string {
  const pods = `namespace="${namespace}",pod=~"${name}(-.*)?"`;
  const container = `${pods},container!=""`;
  const query = (expr: string) => ({ targets: [{ refId: "A", legendFormat: "{{pod}}", expr }] });
  return JSON.stringify({
    uid: `service-${name}`,
    title: name,
    tags: ["service"],
    schemaVersion: 41,
    version: 1,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    panels: [
      {
        ...{ id: 1, type: "stat", title: "Down", gridPos: { x: 0, y: 0, ...half } },
        ...{ ...prometheus, ...query(`count(up{${pods}} == 0) or vector(0)`) },
      },
      {
        ...{ id: 2, type: "timeseries", title: "Memory", gridPos: { x: 12, y: 0, ...half }, ...fieldsIn("bytes") },
        ...{ ...prometheus, ...query(`sum by (pod) (container_memory_working_set_bytes{${container}})`) },
      },
      {
        ...{ id: 3, type: "timeseries", title: "Processor", gridPos: { x: 0, y: 8, ...half } },
        ...{ ...prometheus, ...query(`sum by (pod) (rate(container_cpu_usage_seconds_total{${container}}[5m]))`) },
      },
      {
        ...{ id: 4, type: "logs", title: "Logs", gridPos: { x: 12, y: 8, ...half }, datasource: { uid: "loki" } },
        targets: [{ refId: "A", expr: `{${pods}}` }],
      },
    ],
  });
}

/** The dashboards of services that run pods, as files by path. */
export function dashboards(services: readonly Service[]): Record<string, string> {
  return Object.fromEntries(
    services.filter((service) => service.pods && !isByHand(service))
      .map((service) => [`${dashboardFolder}/${service.name}.service.json`, dashboardOf(service)]),
  );
}
