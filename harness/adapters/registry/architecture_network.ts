import type { SiteFile } from "../../../sites/schema.ts";
import { type Plan, table } from "./architecture.ts";
import { clientsOf, gateway, hasOwnChart, type Service } from "./registry.ts";

/** The gateway's ports of every node, by name. */
function nodePorts(services: readonly Service[]): Record<string, number> {
  return services.find(({ name }) => name === gateway)?.node_ports ?? {};
}

/** A site's hosts and networks, what the gateway has open, and the way of a request to a pod. */
function drawing(site: SiteFile, services: readonly Service[]): string[] {
  const hosts = Object.entries(site.hosts);
  const withRole = (role: string) => hosts.filter(([, { roles }]) => (roles as readonly string[]).includes(role));
  const named = ([name, { address, tunnel }]: typeof hosts[number]) =>
    `${name}["${name}<br/>${address}${tunnel ? `<br/>tunnel ${tunnel}` : ""}"]`;
  const ports = Object.values(nodePorts(services)).join(", ");
  const tunnel = site.vpn.provider === "wireguard" ? `WireGuard ${site.vpn.network}` : "Pangolin";
  const namespaces = [...new Set(services.filter(({ hosts }) => hosts.length).map(({ namespace }) => namespace))]
    .sort();
  const gateways = withRole("gateway");
  const nodes = [...new Set([...withRole("kube_control_plane"), ...withRole("kube_node")])];
  return [
    "graph LR",
    '  internet(("internet"))',
    ...gateways.map((host) => `  ${named(host)}`),
    `  subgraph home["home ${site.networks.home.cidr}"]`,
    ...withRole("hypervisor").map((host) => `    ${named(host)}`),
    ...nodes.map((host) => `    ${named(host)}`),
    '    devices(("devices"))',
    '    traefik["traefik"]',
    ...namespaces.map((name) => `    ns-${name}["namespace ${name}"]`),
    "  end",
    ...gateways.map(([name, { open_ports = [] }]) => `  internet -- "${open_ports.join(", ")}" --> ${name}`),
    ...gateways.flatMap(([gateway]) => nodes.map(([node]) => `  ${gateway} -- "${tunnel}" --- ${node}`)),
    ...withRole("kube_node").map(([name]) => `  devices -- "${ports}" --> ${name}`),
    ...withRole("kube_node").map(([name]) => `  ${name} --> traefik`),
    ...namespaces.map((name) => `  traefik --> ns-${name}`),
  ];
}

function flows({ registry }: Plan): (string | number)[][] {
  return registry.services.flatMap((target) =>
    clientsOf(registry, target.name).map((client) => {
      const calls = client.calls.filter(({ service }) => service === target.name).map(({ port }) => port);
      return [
        `${client.namespace}/${client.name}`,
        `${target.namespace}/${target.name}`,
        calls.join(", ") || "database",
      ];
    })
  );
}

/** How requests come to a service, in lines. */
function entrances({ name, domain, vpn }: SiteFile, secure: number): string[] {
  const home = [
    `The site \`${name}\`, with every service of the registry, installed there or not. Devices at home, and peers of its VPN, come to`,
    "Traefik at its ports of a node; it hands a request to the service that the host name belongs to. For that the DNS at home answers",
    `\`*.${domain}\`, or each of the names below, with the address of a node; a browser asks for \`https://NAME:${secure}\`, or without the`,
    "port where something at home leads 443 there.",
  ];
  return vpn.provider === "wireguard"
    ? [
      ...home,
      "Nothing leads there from the internet: with the VPN's provider `wireguard` the gateway forwards no port.",
    ]
    : [
      ...home,
      "Requests from the internet end at Pangolin on the gateway, which passes on those that one of its resources is for:",
      "Plumb makes no resource, a person does in its dashboard, and lets it lead to Traefik.",
    ];
}

/** Networks, namespaces, host names, and who may talk to whom. */
export function networkSection(plan: Plan): string {
  const { registry, sites } = plan;
  const site = sites[0];
  const names = registry.services.flatMap((service) =>
    service.hosts.map((host) => [`${host}.${site.domain}`, service.name, `${service.namespace}/${service.name}`])
  );
  const namespaces = Object.entries(registry.namespaces).map(([name, { pod_security, why = "" }]) => [
    name,
    pod_security,
    registry.services.filter((service) => service.namespace === name).map((service) => service.name).join(", "),
    why,
  ]);
  const upstream = registry.services.filter((service) => !hasOwnChart(service)).map(({ name }) => name);
  return [
    "## Network topology",
    "",
    ...entrances(site, nodePorts(registry.services).websecure),
    "",
    "```mermaid",
    ...drawing(site, registry.services),
    "```",
    "",
    table(["host name", "service", "Kubernetes Service"], names),
    "",
    "Each namespace denies everything that no policy allows.",
    "",
    table(["namespace", "Pod Security", "services", "why not restricted"], namespaces),
    "",
    "Flows between services, each allowed at both ends. Besides them, all may ask the cluster's DNS, Traefik may reach what",
    "has a host name, the monitoring may reach what declares metrics or health, and agents may reach Vault. The policies and",
    `routes of ${upstream.join(", ")} are those of the chart \`namespaces\`: their charts bring none.`,
    "",
    table(["from", "to", "port"], flows(plan)),
  ].join("\n");
}
