import type { KubeObject, ServiceEntry } from "../../harness/model/chart.ts";
import type { ChartRule, VariantRule, Violation } from "../../harness/model/rule.ts";
import { excusing, podSetting } from "./excuse.ts";
import {
  type Container,
  type ContainerProbe,
  containers,
  entryOf,
  installed,
  nameOf,
  type Pod,
  pods,
  say,
} from "./views.ts";

const probes = ["liveness", "readiness", "startup"] as const;

export const probesPresent: VariantRule = {
  title: "Every container that stays has all three probes",
  severity: "major",
  why: "Without them a hung program stays in service, and a slow start is taken for a crash.",
  remedy: "Give the component's probes: liveness, readiness and startup, one kind each.",
  covers: ["HELM-007"],
  expects: "a liveness, a readiness and a startup probe",
  subjects: ({ objects }) => pods(objects).filter((pod) => pod.lasting),
  check: ({ objects }) =>
    pods(objects).filter((pod) => pod.lasting).flatMap((pod) =>
      containers(pod).filter(({ init }) => !init).flatMap(({ container, path }) =>
        probes.filter((probe) => container[`${probe}Probe`] === undefined).map((probe) =>
          excusing(pod, "probes", {
            object: nameOf(pod.object),
            path: `${path}.${probe}Probe`,
            found: "nothing",
            wanted: "a probe",
            values: podSetting(pod, `probes.${probe}`),
          })
        )
      )
    ),
};

export const resourcesSet: VariantRule = {
  title: "Every container says what it needs and has a limit of memory",
  severity: "major",
  why: "The scheduler puts pods where there is no room, and one leak takes the whole node down.",
  remedy: "Measure what it takes and fill in the component's resources.",
  covers: ["HELM-007", "QA-002"],
  expects: "requests for cpu and memory, a limit for memory",
  subjects: ({ objects }) => pods(objects),
  check: ({ objects }) =>
    pods(objects).flatMap((pod) =>
      containers(pod).flatMap(({ container: { resources }, path }) => {
        const wanted: [string, unknown][] = [
          ["requests.cpu", resources?.requests?.cpu],
          ["requests.memory", resources?.requests?.memory],
          ["limits.memory", resources?.limits?.memory],
        ];
        return wanted.filter(([, value]) => value === undefined).map(([key]) => ({
          object: nameOf(pod.object),
          path: `${path}.resources.${key}`,
          found: "nothing",
          wanted: "an amount",
          values: podSetting(pod, `resources.${key}`),
        }));
      })
    ),
};

/** The number of a container's port, given by name or number. */
export function portNumber({ ports }: Container, port: string | number): number | undefined {
  if (typeof port === "number") return port;
  return ports?.find(({ name }) => name === port)?.containerPort;
}

function probePort({ httpGet, tcpSocket }: ContainerProbe): string | number | undefined {
  return (httpGet ?? tcpSocket)?.port;
}

export const probePorts: VariantRule = {
  title: "Every probe knocks at a port that its container has",
  severity: "major",
  why: "The pod never becomes ready, and its liveness probe restarts it for ever.",
  remedy: "Name one of the component's ports in the probe.",
  covers: ["HELM-007", "P24"],
  expects: "probes of ports that the container declares",
  subjects: ({ objects }) => knocks(objects),
  check: ({ objects }) =>
    knocks(objects).flatMap(({ pod, container, path, kind, port }) => {
      const number = portNumber(container, port);
      if (container.ports?.some(({ containerPort }) => containerPort === number)) return [];
      return [{
        object: nameOf(pod.object),
        path: `${path}.${kind}Probe`,
        found: `port ${port}`,
        wanted: `one of ${(container.ports ?? []).map((p) => p.name ?? p.containerPort).join(", ") || "its ports"}`,
        values: podSetting(pod, `probes.${kind}`),
      }];
    }),
};

/** Every probe of a port. */
function knocks(objects: readonly KubeObject[]) {
  return pods(objects).filter((pod) => pod.lasting).flatMap((pod) =>
    containers(pod).flatMap(({ container, path }) =>
      probes.flatMap((kind) => {
        const probe = container[`${kind}Probe`];
        const port = probe && probePort(probe);
        return port === undefined ? [] : [{ pod, container, path, kind, port }];
      })
    )
  );
}

/** Last parts of paths that tell a program's states apart: `/health/live` beside `/health/ready`. */
const states = /\/(live|livez|liveness|alive|healthy|ready|readyz|readiness|started|startup)$/;

/** True if a path asks for the health that the registry has: the same with its query, or another state beside it. */
export function asksFor(path: string, health: string): boolean {
  const beside = path.split("?")[0];
  return path === health ||
    (states.test(beside) && states.test(health) && beside.replace(states, "") === health.replace(states, ""));
}

/** Probes besides readiness by which a container of this name is asked over HTTP for something else than the health. */
function strayProbes(pod: Pod, name: string, { path: health }: NonNullable<ServiceEntry["health"]>): Violation[] {
  if (health === undefined) return [];
  return containers(pod).filter(({ container }) => container.name === name).flatMap(({ container, path }) =>
    (["liveness", "startup"] as const).flatMap((kind) => {
      const asked = container[`${kind}Probe`]?.httpGet?.path;
      if (asked === undefined || asksFor(asked, health)) return [];
      const values = podSetting(pod, `probes.${kind}`);
      return [{ object: nameOf(pod.object), path: `${path}.${kind}Probe`, found: asked, wanted: health, values }];
    })
  );
}

export const healthAgrees: ChartRule = {
  title: "Every probe asks for what the registry calls health",
  severity: "major",
  why:
    "A generic path answers 404 or, worse, 200 from a login page: the pod is in service and does not work. A path without its query takes a sealed Vault for a dead one.",
  remedy: "Take the program's real health path from its documentation; write the same into registry and values.",
  covers: ["P24", "P3"],
  expects: "the registry's health component, port and path, its query too; a state beside it such as /live",
  subjects: (chart, platform) => [
    ...pods(installed(chart)).filter((pod) => pod.lasting),
    ...(entryOf(platform, chart.name).health ? ["health"] : []),
  ],
  check(chart, platform) {
    const { health } = entryOf(platform, chart.name);
    const all = pods(installed(chart)).filter((pod) => pod.lasting);
    const wrong = (found: string, wanted: string, component: string, object = `chart ${chart.name}`): Violation[] => [
      {
        object,
        path: "readinessProbe",
        found,
        wanted,
        values: `plumb-common.components.${component}.probes.readiness`,
      },
    ];
    if (!health) return all.length ? wrong("no health in the registry", "an entry", all[0].component) : [];
    const pod = all.find(({ component }) => component === health.component);
    if (!pod) {
      const components = [...new Set(all.map(({ component }) => component))].join(", ") || "none";
      return wrong(`components ${components}`, `component ${health.component}`, health.component);
    }
    const said = pod.spec.containers.map(({ readinessProbe }) => readinessProbe);
    const agreeing = pod.spec.containers.find((container) => {
      const probe = container.readinessProbe;
      const port = probe && probePort(probe);
      // A command of the program's own says more than an open port.
      if (probe && port === undefined) return health.path === undefined;
      if (!probe || portNumber(container, port!) !== portNumber(container, health.port)) return false;
      return health.path === undefined || probe.httpGet?.path === health.path;
    });
    if (agreeing) return strayProbes(pod, agreeing.name, health);
    return wrong(
      say(said.map((probe) => probe?.httpGet ?? probe)),
      `${health.port}${health.path ?? ""}`,
      pod.component,
      nameOf(pod.object),
    );
  },
};
