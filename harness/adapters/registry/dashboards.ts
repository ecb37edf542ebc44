import { isByHand } from "./by_hand.ts";
import type { Service } from "./registry.ts";

/** Where Grafana reads dashboards: the folder that its provider in the chart of monitoring names. */
export const dashboardFolder = "/etc/grafana/dashboards";

type Panel = Readonly<Record<string, unknown>>;

/** A quarter of a dashboard, in the order of reading. */
function panel(id: 1 | 2 | 3 | 4, type: string, title: string, source: string, expr: string): Panel {
  const gridPos = { x: (id - 1) % 2 * 12, y: id < 3 ? 0 : 8, w: 12, h: 8 };
  return {
    id,
    type,
    title,
    gridPos,
    datasource: { uid: source },
    targets: [{ refId: "A", legendFormat: "{{pod}}", expr }],
  };
}

/**
 * Grafana's dashboard of one service, as it is provisioned from a file (schema 41): what does not answer, what its pods use,
 * what they log. Its pods are those of its namespace whose names begin with its own, as every chart calls them.
 */
export function dashboardOf({ name, namespace }: Pick<Service, "name" | "namespace">): string {
  const pods = `namespace="${namespace}",pod=~"${name}(-.*)?"`;
  const container = `${pods},container!=""`;
  const memory = `sum by (pod) (container_memory_working_set_bytes{${container}})`;
  const processor = `sum by (pod) (rate(container_cpu_usage_seconds_total{${container}}[5m]))`;
  return JSON.stringify({
    uid: `service-${name}`,
    title: name,
    tags: ["service"],
    schemaVersion: 41,
    version: 1,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    panels: [
      panel(1, "stat", "Down", "prometheus", `count(up{${pods}} == 0) or vector(0)`),
      {
        ...panel(2, "timeseries", "Memory", "prometheus", memory),
        fieldConfig: { defaults: { unit: "bytes" } },
      },
      panel(3, "timeseries", "Processor", "prometheus", processor),
      panel(4, "logs", "Logs", "loki", `{${pods}}`),
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
