import type { KubeObject, Platform } from "../../harness/model/chart.ts";
import type { ChartRule, VariantRule, Violation } from "../../harness/model/rule.ts";
import { excusing, podSetting, setting } from "./excuse.ts";
import { backendsOf, type Endpoint, graphOf, lets, portsOf, targetOf } from "./graph.ts";
import { at, componentLabel, installed, nameOf, ofKind, type Pod, pods, say, type Selector, selects } from "./views.ts";

/** What Prometheus chooses its monitors by. */
const monitorLabel = ["prometheus", "kube-prometheus"] as const;
const monitorKinds = ["ServiceMonitor", "PodMonitor", "Probe", "PrometheusRule"];

export const monitored: VariantRule = {
  title: "Prometheus sees every component that stays",
  severity: "major",
  why: "A service that is down is noticed by its users first.",
  remedy:
    "Give the port that has metrics its 'metrics'; without one the library probes the readiness path from outside.",
  covers: ["HELM-008", "P10"],
  expects: "a ServiceMonitor, a PodMonitor or a Probe for each component",
  subjects: ({ objects }) => pods(objects).filter((pod) => pod.lasting),
  check: ({ objects }) =>
    pods(objects).filter((pod) => pod.lasting).flatMap((pod) => {
      if (servicesOf(objects, pod).some((service) => isMonitored(objects, service, pod))) return [];
      return [excusing(pod, "monitoring", {
        object: nameOf(pod.object),
        path: "",
        found: "no monitor",
        wanted: "a ServiceMonitor or a Probe",
        values: podSetting(pod, "ports"),
      })];
    }),
};

function servicesOf(objects: readonly KubeObject[], pod: Pod): (KubeObject | null)[] {
  const services = ofKind(objects, "Service", "").filter((service) => {
    const labels = at(service, "spec.selector") as Record<string, string> | undefined;
    return labels && selects({ matchLabels: labels }, pod.labels);
  });
  return services.length ? services : [null];
}

function isMonitored(objects: readonly KubeObject[], service: KubeObject | null, pod: Pod): boolean {
  const byLabels = service &&
    ofKind(objects, "ServiceMonitor").some((monitor) =>
      selects(at(monitor, "spec.selector") as Selector, service.metadata.labels ?? {})
    );
  const directly = ofKind(objects, "PodMonitor").some((monitor) =>
    selects(at(monitor, "spec.selector") as Selector, pod.labels)
  );
  const host = service && `${service.metadata.name}.${service.metadata.namespace}.svc`;
  const probed = ofKind(objects, "Probe").some((probe) =>
    ((at(probe, "spec.targets.staticConfig.static") ?? []) as string[]).some((target) =>
      host && new RegExp(`(^|//)${host.replaceAll(".", "\\.")}([.:/]|$)`).test(target)
    )
  );
  return Boolean(byLabels) || directly || probed;
}

function isMonitor({ kind, apiVersion }: KubeObject): boolean {
  return monitorKinds.includes(kind) && apiVersion.startsWith("monitoring.coreos.com/");
}

export const monitorsLabelled: VariantRule = {
  title: "Every monitor carries the label that Prometheus chooses by",
  severity: "major",
  why: "Prometheus passes over a monitor without it, and no error says so.",
  remedy: "Leave monitors to the library; one in a template of the chart's own needs the label as well.",
  covers: ["HELM-008"],
  expects: `the label ${monitorLabel.join(": ")}`,
  subjects: ({ objects }) => objects.filter(isMonitor),
  check: ({ objects }) =>
    objects.filter(isMonitor).filter(({ metadata }) => metadata.labels?.[monitorLabel[0]] !== monitorLabel[1])
      .map((object) => ({
        object: nameOf(object),
        path: `metadata.labels.${monitorLabel[0]}`,
        found: say(object.metadata.labels?.[monitorLabel[0]]),
        wanted: monitorLabel[1],
        values: setting(object.metadata.labels?.[componentLabel] ?? "", "ports"),
      })),
};

export const scrapeAllowed: ChartRule = {
  title: "Prometheus may reach every port that a monitor names",
  severity: "major",
  why: "The target is down in Prometheus for ever, and real failures drown in that.",
  remedy: "Leave the rule to the library: a port with 'metrics' lets Prometheus in.",
  covers: ["HELM-006", "HELM-008", "P10"],
  expects: "ingress from Prometheus's pods to the monitored ports",
  subjects: (chart) => ofKind(installed(chart), "ServiceMonitor"),
  check(chart, platform) {
    const graph = graphOf(platform);
    const found = scrapersOf(platform);
    const sources = found.length ? found : [assumedPrometheus];
    return ofKind(installed(chart), "ServiceMonitor").flatMap((monitor) => {
      const watched = ofKind(installed(chart), "Service", "").filter((service) =>
        selects(at(monitor, "spec.selector") as Selector, service.metadata.labels ?? {})
      );
      const endpoints = (at(monitor, "spec.endpoints") ?? []) as { port?: string }[];
      return endpoints.flatMap(({ port }, index) =>
        watched.flatMap((service): Violation[] => {
          const values = setting(monitor.metadata.labels?.[componentLabel] ?? "", "");
          const at = { object: nameOf(monitor), path: `spec.endpoints[${index}].port`, values };
          const servicePort = portsOf(service).find(({ name }) => name === port);
          if (!servicePort) return [{ ...at, found: String(port), wanted: `the name of a port of ${nameOf(service)}` }];
          const shut = backendsOf(graph, service).find((backend) => {
            const number = targetOf(servicePort, backend);
            return number !== null &&
              !sources.some((source) => lets(graph, "ingress", { source, target: backend, port: number }));
          });
          return shut
            ? [{ ...at, found: `${nameOf(shut.pod!.object)} does not let Prometheus in`, wanted: "ingress from it" }]
            : [];
        })
      );
    });
  },
};

/** The pods that collect metrics: their role lets them read the monitors. */
function scrapersOf(platform: Platform): Endpoint[] {
  const { endpoints } = graphOf(platform);
  return platform.charts.flatMap((chart) => {
    const objects = installed(chart);
    const readers = ofKind(objects, "ClusterRole").filter((role) =>
      ((role.rules ?? []) as { resources?: string[] }[]).some(({ resources }) => resources?.includes("servicemonitors"))
    ).map(({ metadata }) => metadata.name);
    const accounts = ofKind(objects, "ClusterRoleBinding").filter((one) =>
      readers.includes(String(at(one, "roleRef.name")))
    )
      .flatMap((one) => ((one.subjects ?? []) as { name: string }[]).map(({ name }) => name));
    return endpoints.filter(({ service, pod }) =>
      service === chart.name && pod?.lasting && accounts.includes(pod.spec.serviceAccountName ?? "")
    );
  });
}

/** Where Prometheus is if no chart here renders what reads the monitors. */
const assumedPrometheus: Endpoint = {
  service: null,
  namespace: "monitoring",
  labels: { "app.kubernetes.io/name": "prometheus" },
  pod: null,
};
