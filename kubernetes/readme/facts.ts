import type { Component, Values } from "../schema/values.ts";
import { table } from "./table.ts";

/** What a service is made of, as sections of its README; empty sections are left out. */
export function factsOf(values: Values): string[] {
  const { components, primary = Object.keys(components)[0] } = values;
  const all = Object.entries(components);
  const sections: [string, string][] = [
    ["Components", componentTable(all, primary)],
    ["Addresses", routeTable(values, primary)],
    ["Databases", databaseTable(values)],
    ["Secrets", secretTable(values)],
    ["Traffic", trafficTable(values, primary)],
    ["Permissions", permissionTable(all)],
    ["Exceptions", exceptionTable(all)],
  ];
  return sections.filter(([, body]) => body).map(([title, body]) => `## ${title}\n\n${body}`);
}

function componentTable(all: [string, Component][], primary: string): string {
  const rows = all.map(([name, component]) => [
    name === primary && all.length > 1 ? `**${name}**` : name,
    kindOf(component),
    `\`${component.image.repository}:${component.image.tag}\``,
    Object.entries(component.ports ?? {}).map(([port, { port: number, protocol, metrics }]) =>
      `${port} ${number}${protocol === "UDP" ? "/UDP" : ""}${metrics ? " (metrics)" : ""}`
    ).join(", "),
    Object.entries(component.storage ?? {}).map(([key, { size, existingClaim, path, paths }]) =>
      `${key} ${size ?? existingClaim}: ${path ?? paths?.map((mount) => mount.path).join(", ")}`
    ).join("; "),
    `${component.resources.requests.cpu}, ${component.resources.requests.memory}`,
    component.resources.limits.memory,
  ]);
  return table(["Component", "Kind", "Image", "Ports", "Storage", "Requests", "Memory limit"], rows);
}

function kindOf({ kind = "Deployment", replicas, schedule }: Component): string {
  if (schedule) return `${kind}, \`${schedule}\``;
  return replicas === undefined ? kind : `${kind} × ${replicas}`;
}

function routeTable({ routes = {}, domain = "<domain>" }: Values, primary: string): string {
  const rows = Object.values(routes).flatMap((route) =>
    (route.paths ?? [route]).map(({ path = "/", component = primary, port }) => [
      `\`https://${route.host ? `${route.host}.` : ""}${domain}${path === "/" ? "" : path}\``,
      `${component} ${port}`,
    ])
  );
  return table(["Address", "Leads to"], rows);
}

function databaseTable({ databases = [], components }: Values): string {
  const all = Object.keys(components);
  return table(
    ["Engine", "Name", "User", "Used by"],
    databases.map(({ engine, name = "", user = "", from = all }) => [engine, name, user, from.join(", ")]),
  );
}

function secretTable({ secrets = {}, vault }: Values): string {
  const rows = Object.entries(secrets).map(([name, { path, keys = [], files = {}, via = vault?.via ?? "agent" }]) => [
    name,
    `\`${path}\``,
    keys.join(", "),
    Object.keys(files).join(", "),
    via === "agent" ? "Vault Agent" : "existing Secret",
  ]);
  return table(["Secret", "Path in Vault", "Keys", "Files", "Arrives by"], rows);
}

type Network = NonNullable<Values["network"]>;
type End = NonNullable<Network["egress"]>[number]["to"];

function trafficTable({ network = {} }: Values, primary: string): string {
  const { flows = [], ingress = [], egress = [] } = network;
  const rows = [
    ...flows.map(({ from, to, ports }) => [from.join(", "), to.join(", "), ports.join(", ")]),
    ...ingress.map(({ from, to = [primary], ports }) => [endOf(from), to.join(", "), ports.join(", ")]),
    ...egress.map(({ from = [primary], to, ports = [], udpPorts = [] }) => [
      from.join(", "),
      endOf(to),
      [...ports, ...udpPorts.map((port) => `${port}/UDP`)].join(", "),
    ]),
  ];
  return table(["From", "To", "Ports"], rows);
}

function endOf({ namespace, service, component, cidr, home, internet }: End): string {
  if (internet) return "the internet";
  if (home) return "the home network";
  if (cidr) return `\`${cidr}\``;
  return `${namespace}/${service}${component ? ` (${component})` : ""}`;
}

function permissionTable(all: [string, Component][]): string {
  const rows = all.flatMap(([name, { rbac = [], clusterRbac = [] }]) =>
    [
      ...rbac.map((rule) => [name, "its namespace", rule]),
      ...clusterRbac.map((rule) => [name, "everywhere", rule]),
    ] as [string, string, (typeof clusterRbac)[number]][]
  );
  return table(
    ["Component", "Where", "What", "Why"],
    rows.map(([name, where, { verbs, resources, nonResourceURLs, resourceNames, why }]) => [
      name,
      where,
      `${verbs.join(", ")} ${(resources ?? nonResourceURLs ?? []).join(", ")}${
        resourceNames ? ` (${resourceNames.join(", ")})` : ""
      }`,
      why,
    ]),
  );
}

function exceptionTable(all: [string, Component][]): string {
  const rows = all.flatMap(([name, { exceptions = {} }]) =>
    Object.entries(exceptions).map(([key, exception]) => [name, key, exception?.reason ?? "", exception?.until ?? ""])
  );
  return table(["Component", "Exception", "Reason", "Until"], rows);
}
