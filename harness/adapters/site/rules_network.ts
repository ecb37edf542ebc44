import type { SiteFile } from "../../../sites/schema.ts";
import type { Finding, Path } from "./error.ts";
import { hasHost, type Network, network, overlap } from "./ipv4.ts";
import type { Draft } from "./shape.ts";

type Site = Draft<SiteFile>;

const prefixes = { least: 8, most: 30 };

/** A network with a prefix that can be meant; null if it is absent or its prefix is reported. */
export function readNetwork(cidr: string | undefined): Network | null {
  const read = cidr === undefined ? null : network(cidr);
  return read && read.prefix >= prefixes.least && read.prefix <= prefixes.most ? read : null;
}

/** What is wrong with a network by itself: its prefix, or an address of a host in its place. */
export function* soundNetwork(path: Path, cidr: string | undefined): Generator<Finding> {
  if (cidr === undefined) return;
  const { prefix, text } = network(cidr);
  const label = path.join(".");
  if (prefix < prefixes.least || prefix > prefixes.most) {
    const message = `${label} ${cidr} has a prefix of ${prefix}; write one from ${prefixes.least} to ${prefixes.most}`;
    yield { path, message };
  } else if (text !== cidr) {
    yield { path, message: `${label} ${cidr} is the address of a host, not of a network; write ${text}` };
  }
}

function* inside(path: Path, address: string | undefined, net: Network | null, name: string): Generator<Finding> {
  if (address === undefined || net === null || hasHost(net, address)) return;
  yield {
    path,
    message: `${path.join(".")} ${address} is no host address in ${name} (${net.text}); write one that is`,
  };
}

/** Every value of one field that another host has already. */
function* repeated(site: Site, field: "address" | "tunnel"): Generator<Finding> {
  const owners = new Map<string, string>();
  for (const [host, facts] of Object.entries(site.hosts ?? {})) {
    const value = facts?.[field];
    if (value === undefined) continue;
    const owner = owners.get(value);
    const message = `hosts.${host}.${field} ${value} is already used by ${owner}; give every host its own`;
    if (owner) yield { path: ["hosts", host, field], message };
    else owners.set(value, host);
  }
}

/** Networks and addresses that cannot be as they are written. */
export function* networkConflicts(site: Site): Generator<Finding> {
  const homeFile = site.networks?.home;
  const homePath = ["networks", "home", "cidr"];
  const [home, vpn] = [readNetwork(homeFile?.cidr), readNetwork(site.vpn?.network)];
  yield* soundNetwork(homePath, homeFile?.cidr);
  yield* soundNetwork(["vpn", "network"], site.vpn?.network);
  if (home && vpn && overlap(home, vpn)) {
    yield {
      path: ["vpn", "network"],
      message:
        `vpn.network ${vpn.text} overlaps networks.home.cidr ${home.text}; choose a network that nothing else uses`,
    };
  }
  yield* inside(["networks", "home", "gateway"], homeFile?.gateway, home, homePath.join("."));
  yield* repeated(site, "address");
  yield* repeated(site, "tunnel");
  for (const [name, host] of Object.entries(site.hosts ?? {})) {
    if (host?.vm) {
      const path = ["hosts", name, "address"];
      yield* inside(path, host.address, home, homePath.join("."));
      if (host.address !== undefined && host.address === homeFile?.gateway) {
        yield { path, message: `hosts.${name}.address ${host.address} is the home gateway's; give the VM its own` };
      }
    }
    yield* inside(["hosts", name, "tunnel"], host?.tunnel, vpn, "vpn.network");
  }
  yield* probeAddress(site, vpn);
}

function* probeAddress(site: Site, vpn: Network | null): Generator<Finding> {
  const path = ["vpn", "probe_address"];
  const address = site.vpn?.probe_address;
  yield* inside(path, address, vpn, "vpn.network");
  const owner = Object.entries(site.hosts ?? {}).find(([, host]) => address && host?.tunnel === address)?.[0];
  const message = `vpn.probe_address ${address} is the tunnel address of ${owner}; choose one that no host has`;
  if (owner) yield { path, message };
}
