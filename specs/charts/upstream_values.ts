import type { Platform, ServiceEntry, UpstreamValues } from "../../harness/model/chart.ts";
import type { PlatformRule, Violation } from "../../harness/model/rule.ts";
import { say } from "./views.ts";

/** A value at the end of a path. */
interface Leaf {
  /** Dotted. */
  readonly path: string;
  readonly key: string;
  readonly value: string;
}

function leavesOf(value: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  }
  return [{ path: path.join("."), key: path.at(-1) ?? "", value: String(value) }];
}

/** Each service of upstream's with its values, where there are any. */
function valuesOf(platform: Platform): (readonly [ServiceEntry, UpstreamValues, readonly Leaf[]])[] {
  return platform.services.flatMap((service) => {
    const values = platform.upstreamValues[service.name];
    return values && values.failure === null ? [[service, values, leavesOf(values.data)] as const] : [];
  });
}

function violation({ name }: ServiceEntry, file: UpstreamValues, what: Omit<Violation, "object" | "file">): Violation {
  return { object: `values of ${name}`, ...what, file };
}

export const upstreamValuesThere: PlatformRule = {
  title: "Every upstream chart is given values, and they render",
  severity: "critical",
  why: "Helmfile stops before the first release, or installs the chart as upstream thinks best.",
  remedy: "Write kubernetes/upstream/SERVICE.yaml.gotmpl; it may use the words of Helmfile's environment.",
  covers: ["HELM-003"],
  expects: "a file of values for each service whose chart is upstream's",
  check(platform) {
    return platform.services.filter(({ upstream }) => upstream !== null).flatMap((service) => {
      const file = platform.upstreamValues[service.name];
      if (file.failure === null) return [];
      return [violation(service, file, { path: "", found: file.failure, wanted: "values that render", values: "" })];
    });
  },
  told: ({ upstreamValues }) => `${Object.keys(upstreamValues).length} files of values`,
};

/** Keys that do not say which database: a user may be called like it. */
const others = /user|access|bucket|password|secret/i;

/** True if a value names a database of this name: by itself, or at the end of a URL. */
function names({ key, value }: Leaf, engine: string, name: string): boolean {
  // The number of a logical database may be that of anything else.
  if (engine === "valkey" && !/db|database|index/i.test(key)) return false;
  return !others.test(key) && (value === name || value.split("?")[0].endsWith(`/${name}`));
}

/** What the values say of buckets, held against those that the registry gives the service. */
function bucketFaults(service: ServiceEntry, values: UpstreamValues, leaves: readonly Leaf[]): Violation[] {
  const given = service.databases.filter(({ engine }) => engine === "minio").map(({ name }) => name);
  if (given.length === 0) return [];
  const buckets = leaves.filter(({ key, value }) => /bucket/i.test(key) && !/^(true|false)$/.test(value));
  const wanted = `bucket ${given.join(" or ")}, as the registry has it`;
  if (buckets.length === 0) {
    return [violation(service, values, { path: "", found: "no bucket", wanted, values: "bucket" })];
  }
  return buckets.filter(({ value }) => !given.includes(value)).map(({ path, value }) =>
    violation(service, values, { path, found: `bucket ${say(value)}`, wanted, values: path })
  );
}

/** What the values say of other data services. */
function databaseFaults(service: ServiceEntry, values: UpstreamValues, leaves: readonly Leaf[]): Violation[] {
  return service.databases.filter(({ engine }) => engine !== "minio")
    .filter(({ engine, name }) => !leaves.some((leaf) => names(leaf, engine, name)))
    .map(({ engine, name }) => {
      const wanted = `database ${name}, as the registry has it`;
      return violation(service, values, { path: "", found: `no ${name} of ${engine}`, wanted, values: engine });
    });
}

export const upstreamDatabasesNamed: PlatformRule = {
  title: "Values of upstream's charts name the buckets and databases that the registry gives them",
  severity: "critical",
  why: "The data service makes what the registry lists: another name is a backup that is refused on its first night.",
  remedy: "Write the registry's name into the values; to have another, change it in the registry first.",
  covers: ["P13", "P22"],
  expects: "each bucket that is named in the registry, and each database of the registry named",
  check: (platform) =>
    valuesOf(platform).flatMap(([service, values, leaves]) => [
      ...bucketFaults(service, values, leaves),
      ...databaseFaults(service, values, leaves),
    ]),
};

/** Each chart writes types of Services in letters of its own: Harbor's knows `nodePort` and `loadBalancer`. */
const types = { loadBalancer: /^loadBalancer$/i, nodePort: /^nodePort$/i };

export const noUpstreamLoadBalancers: PlatformRule = {
  title: "No upstream chart is told, or left, to wait for a load balancer",
  severity: "critical",
  why: "Nobody hands out its address: Helm waits for it until time is up, and the gateway is the first to hang.",
  remedy: "Write type: NodePort for what has node ports in the registry, and ClusterIP for the rest.",
  covers: ["P16"],
  expects: "no LoadBalancer in the values, and NodePort in those of a service with node ports",
  check: (platform) =>
    valuesOf(platform).flatMap(([service, values, leaves]) => {
      const asked = leaves.filter(({ value }) => types.loadBalancer.test(value)).map(({ path, value }) =>
        violation(service, values, { path, found: value, wanted: "NodePort or ClusterIP", values: path })
      );
      // A gateway's own default is a load balancer.
      const left = Object.keys(service.nodePorts).length > 0 && asked.length === 0 &&
        !leaves.some(({ key, value }) => /type$/i.test(key) && types.nodePort.test(value));
      const silent = { path: "", found: "no type: NodePort", wanted: "it, for the registry's node ports" };
      return left ? [violation(service, values, { ...silent, values: "service" })] : asked;
    }),
};
