import { atMost, contain, equal, having, sameSet, succeed } from "../harness/model/matcher.ts";
import { phase } from "../harness/model/phase.ts";
import { file, lines, sh, udp } from "../harness/model/probe.ts";
import { type Host, select, type Site } from "../harness/model/site.ts";
import { restart } from "./kubernetes/restart.ts";
import machines from "./machines.ts";

/** Bytes of IPv4 and ICMP headers around a ping's payload. */
const pingOverhead = 28;
/** Seconds after which a handshake is too old: WireGuard makes one every two minutes while there is traffic. */
const handshakeLimit = 180;

const gatewayOf = (site: Site): Host => select(site, "gateway")[0];

function publicKey(site: Site, name: string): string {
  const key = site.publicKeys[name];
  if (!key) {
    throw new Error(
      `the secrets file has no wireguard public key for '${name}'; add one (see sites/example.secrets.yaml)`,
    );
  }
  return key;
}

/** Ports without those of DHCP clients, of IPv4 and IPv6 (RFC 2131, RFC 8415): they take answers only. */
export function served(ports: readonly string[]): string[] {
  return ports.filter((port) => !["68/udp", "546/udp"].includes(port));
}

const ping = (address: string) => sh(`ping -n -c 1 -W 2 ${address}`).should(succeed());
const fullPing = (site: Site, address: string) =>
  sh(`ping -n -c 1 -W 2 -M do -s ${site.vpn.mtu - pingOverhead} ${address}`).should(succeed());

/** Rules that let in what was asked for from inside, or what is no port at all. */
const harmless = /^(ct state established,related|iif "lo"|iifname "wg0"|meta l4proto \{ icmp, ipv6-icmp \}) accept$/;

/** What a firewall's rules let in from the internet: ports as `22/tcp`, and in words whatever else they should not. */
function openings(rules: readonly string[]): string[] {
  const closed = /^iifname "\w+" drop$/.test(rules.at(-1) ?? "");
  return [
    ...rules.filter((rule) => rule.endsWith("accept") && !harmless.test(rule)).map((rule) =>
      rule.replace(/^(tcp|udp) dport (\d+) accept$/, "$2/$1")
    ),
    ...(closed ? [] : ["everything, as the last rule does not drop"]),
  ];
}

export default phase({
  title: "Sites reach each other through WireGuard",
  after: [machines],
  skippedOn: ({ vpn }) => vpn.provider === "wireguard" ? null : `provider '${vpn.provider}' has no wg0 to look at`,
  asserts: {
    "gateway-key-private": {
      title: "Only root can read the gateway's private key",
      severity: "critical",
      why: "Whoever reads it can pose as the gateway to every peer.",
      on: "gateway",
      verify: file("/etc/wireguard/wg0.key").should(having({ owner: equal("root"), mode: equal("600") })),
      remedy: "chmod 600 the key; if anyone else could have read it, rotate it.",
    },
    "peer-key-private": {
      title: "Only root can read the node's private key",
      severity: "critical",
      why: "Whoever reads it can pose as the node and read what the tunnel carries to it.",
      on: "peer",
      verify: file("/etc/wireguard/wg0.key").should(having({ owner: equal("root"), mode: equal("600") })),
      remedy: "chmod 600 the key; if anyone else could have read it, rotate it.",
    },
    "gateway-unit-enabled": {
      title: "The gateway brings the tunnel up at boot",
      severity: "major",
      why: "The next restart of the VPS would take every public service down until somebody logs in.",
      on: "gateway",
      verify: sh("systemctl is-enabled wg-quick@wg0").should(equal("enabled")),
      remedy: "Run `deno task up --phase vpn`.",
    },
    "peer-unit-enabled": {
      title: "The node brings the tunnel up at boot",
      severity: "major",
      why: "The next power cut at home would leave the node out of the VPN.",
      on: "peer",
      verify: sh("systemctl is-enabled wg-quick@wg0").should(equal("enabled")),
      remedy: "Run `deno task up --phase vpn`.",
    },
    "gateway-interface-up": {
      title: "The gateway's wg0 is up",
      severity: "critical",
      why: "There is no tunnel without it.",
      on: "gateway",
      verify: sh("ip -o link show dev wg0 up").should(contain("wg0")),
      remedy: "Run `deno task up --phase vpn`; see `journalctl -u wg-quick@wg0` on the gateway.",
      onFail: ["journalctl --no-pager -n 50 -u wg-quick@wg0", "ip address show"],
    },
    "peer-interface-up": {
      title: "The node's wg0 is up",
      severity: "critical",
      why: "The node is not in the VPN without it.",
      on: "peer",
      verify: sh("ip -o link show dev wg0 up").should(contain("wg0")),
      remedy: "Run `deno task up --phase vpn`; see `journalctl -u wg-quick@wg0` on the node.",
      onFail: ["journalctl --no-pager -n 50 -u wg-quick@wg0", "ip address show"],
    },
    "gateway-listening": {
      title: "The gateway listens on the declared port",
      severity: "critical",
      why: "The nodes call that port and no other.",
      on: "gateway",
      needs: ["gateway-interface-up"],
      verify: (site) => sh("wg show wg0 listen-port").should(equal(String(site.vpn.port))),
      remedy: "Run `deno task up --phase vpn`.",
    },
    "gateway-peers": {
      title: "The gateway knows exactly the declared peers",
      severity: "critical",
      why: "A peer that is missing is cut off; one that nobody declared has a way into the home network.",
      on: "gateway",
      needs: ["gateway-interface-up"],
      verify: (site) => {
        const names = [...select(site, "peer").map((host) => host.name), "plumb"];
        return lines("wg show wg0 peers").should(sameSet(names.map((name) => publicKey(site, name))));
      },
      remedy: "Find out who added the undeclared one, then run `deno task up --phase vpn`, which removes it.",
    },
    "peer-peers": {
      title: "The node knows exactly one peer, the gateway",
      severity: "critical",
      why: "Another peer could take over routes of the tunnel.",
      on: "peer",
      needs: ["peer-interface-up"],
      verify: (site) => lines("wg show wg0 peers").should(sameSet([publicKey(site, gatewayOf(site).name)])),
      remedy: "Find out who added the undeclared one, then run `deno task up --phase vpn`, which removes it.",
    },
    "firewall-declared": {
      title: "The gateway's firewall drops all but the declared ports",
      severity: "critical",
      why: "Whatever else listens there, today or tomorrow, would be open to the internet.",
      on: "gateway",
      verify: (_, host) =>
        lines("nft -s list chain inet plumb input | grep -E '(accept|drop)$'").map(openings)
          .should(sameSet(host.open_ports ?? [])),
      remedy: "Run `deno task up --phase vpn`; declare a port in the site file before opening it.",
      onFail: ["nft list ruleset"],
    },
    "ports-declared": {
      title: "Only the declared ports are open on the gateway",
      severity: "major",
      why: "A service that nobody declared is one that nobody updates.",
      on: "gateway",
      needs: ["gateway-interface-up", "gateway-listening"],
      verify: (_, host) =>
        lines(
          'ss -Hlntu | awk \'$5 !~ /^(127\\.|\\[::1\\])/ {n = split($5, part, ":"); print part[n] "/" $1}\' | sort -u',
        ).map(served).should(sameSet(host.open_ports ?? [])),
      remedy: "See `ss -lntup` on the gateway; stop what should not be there, or declare its port in the site file.",
    },
    "handshake-answered": {
      title: "The gateway answers a WireGuard handshake from the internet",
      severity: "critical",
      why: "Nodes that lose their session cannot come back.",
      needs: ["gateway-listening", "gateway-peers", "firewall-declared"],
      verify: (site) => {
        const gateway = gatewayOf(site);
        const greeting = {
          publicKey: publicKey(site, gateway.name),
          privateKeySecret: "wireguard.plumb.private_key",
        };
        return udp(gateway.address, site.vpn.port, greeting).should(having({ answered: equal(true) }));
      },
      remedy:
        "See that the provider's firewall and the way there let UDP through, then run `deno task up --phase vpn`.",
    },
    "handshakes-young": {
      title: "The node's last handshake is younger than 3 minutes",
      severity: "major",
      why: "An older one means that the tunnel is dead, whatever the interface says.",
      on: "peer",
      needs: ["peer-interface-up", "peer-peers", "handshake-answered"],
      verify: sh("echo $(( $(date +%s) - $(wg show wg0 latest-handshakes | cut -f2) ))").should(
        atMost(handshakeLimit, " s"),
      ),
      remedy: "See that UDP gets out of the home network, then restart wg-quick@wg0 on the node.",
      onFail: ["wg show wg0 endpoints", "ip route"],
    },
    "peer-reaches-gateway": {
      title: "The node pings the gateway through the tunnel",
      severity: "critical",
      why: "Nothing else crosses the tunnel if this does not.",
      on: "peer",
      needs: ["gateway-listening", "gateway-peers", "peer-interface-up", "peer-peers", "handshakes-young"],
      verify: (site) => ping(gatewayOf(site).tunnel!),
      remedy: "See `wg show` on both ends: no received bytes means that datagrams do not arrive.",
      onFail: ["ip route", "wg show wg0 transfer"],
    },
    "gateway-reaches-peers": {
      title: "The gateway pings every node through the tunnel",
      severity: "critical",
      why: "Public services end at the gateway if it cannot reach the nodes behind it.",
      on: "gateway",
      needs: ["gateway-interface-up", "gateway-peers", "peer-reaches-gateway"],
      verify: (site) => select(site, "peer").map((peer) => ping(peer.tunnel!)),
      remedy: "See `wg show` on both ends and AllowedIPs on the gateway.",
    },
    "peer-full-size": {
      title: "A full-size packet passes from the node to the gateway unfragmented",
      severity: "major",
      why: "Small packets pass and large ones vanish: logins work, pages and backups hang.",
      on: "peer",
      needs: ["peer-reaches-gateway"],
      verify: (site) => fullPing(site, gatewayOf(site).tunnel!),
      remedy: "Find the hop with the smaller MTU (`tracepath` to the gateway) and lower `vpn.mtu` in the site file.",
      onFail: ["ip -d link show wg0"],
    },
    "gateway-full-size": {
      title: "A full-size packet passes from the gateway to every node unfragmented",
      severity: "major",
      why: "Small packets pass and large ones vanish: logins work, pages and backups hang.",
      on: "gateway",
      needs: ["gateway-reaches-peers", "peer-full-size"],
      verify: (site) => select(site, "peer").map((peer) => fullPing(site, peer.tunnel!)),
      remedy: "Find the hop with the smaller MTU (`tracepath` to a node) and lower `vpn.mtu` in the site file.",
      onFail: ["ip -d link show wg0"],
    },
    "gateway-forwards": {
      title: "The gateway forwards packets",
      severity: "major",
      why: "What arrives from the internet for home would end at the gateway.",
      on: "gateway",
      verify: sh("sysctl -n net.ipv4.ip_forward").should(equal("1")),
      remedy: "Run `deno task up --phase vpn`; see which file in /etc/sysctl.d sets it back.",
    },
    "gateway-masquerades": {
      title: "The gateway masquerades what leaves the tunnel",
      severity: "major",
      why: "Answers to tunnel addresses would never find their way back.",
      on: "gateway",
      verify: (site) =>
        sh("nft -s list table inet plumb | grep masquerade").should(contain(`ip saddr ${site.vpn.network}`)),
      remedy: "Run `deno task up --phase vpn`.",
      onFail: ["nft list ruleset"],
    },
    "gateway-reaches-home": {
      title: "The gateway reaches the home network through the tunnel",
      severity: "major",
      why: "Services at home that are published through the gateway are unreachable.",
      on: "gateway",
      needs: ["gateway-reaches-peers"],
      verify: (site) => ping(site.networks.home.gateway),
      remedy: "See that the `vpn.home_via` host forwards and masquerades, then run `deno task up --phase vpn`.",
      onFail: ["ip route"],
    },
    "survives-reboot": {
      title: "The tunnel is back within a minute of a node's restart",
      severity: "major",
      why: "After a power cut nobody is there to type `wg-quick up`.",
      // Peers may be hypervisors or control planes, which are not restarted to see that a tunnel comes back.
      on: "peer_node",
      mode: "exercise",
      exercise: restart("/run/plumb-reboot"),
      within: "60s",
      verify: (site) =>
        sh(`test ! -e /run/plumb-reboot && ping -n -c 1 -W 1 ${gatewayOf(site).tunnel}`).should(succeed()),
      remedy: "See `systemctl status wg-quick@wg0` after a restart: it must be enabled and wait for the network.",
      onFail: ["systemctl status --no-pager wg-quick@wg0"],
    },
  },
});
