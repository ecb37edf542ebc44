#!/usr/bin/python
"""What a host's kernel has of a tunnel, read in one visit."""

import json
import re
import shutil

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: tunnel_state
short_description: Reads the live state of a WireGuard tunnel
description:
  - Reads a WireGuard interface, the host's addresses and routes, and one nftables table. Changes nothing.
  - Private and preshared keys never leave the host.
options:
  interface:
    description: The tunnel's interface.
    type: str
    required: true
  table:
    description: The nftables table of the family inet.
    type: str
    required: true
  commands:
    description: Commands to look for.
    type: list
    elements: str
    required: true
"""

RETURN = r"""
commands:
  description: Those of the commands that are there.
  type: list
addresses:
  description: IPv4 addresses by interface.
  type: dict
routes:
  description: IPv4 routes of the main table, each with dst and dev (empty where it has none).
  type: list
interface:
  description: The tunnel's mtu, up and addresses; empty if there is no such interface.
  type: dict
tunnel:
  description: Its public_key, port and peers, sorted by key; empty if there is no such WireGuard interface.
  type: dict
table:
  description: The lines of the table as nft prints them, without indentation; empty if there is no such table.
  type: list
"""


def parse_tunnel(dump, interface):
    """Reads `wg show all dump`: tabs between the fields; an interface has 5, a peer has 9."""
    tunnel = {}
    for line in dump.splitlines():
        name, *fields = line.split("\t")
        if name != interface:
            continue
        if len(fields) == 4:
            tunnel = {"public_key": fields[1], "port": int(fields[2]), "peers": []}
        else:
            tunnel["peers"].append(
                {
                    "public_key": fields[0],
                    "endpoint": fields[2],
                    "allowed_ips": sorted(ip for ip in fields[3].split(",") if ip != "(none)"),
                    "keepalive": 0 if fields[7] == "off" else int(fields[7]),
                }
            )
    if tunnel:
        tunnel["peers"].sort(key=lambda peer: peer["public_key"])
    return tunnel


def parse_interface(links, interface):
    """Reads `ip -json address show`."""
    for link in links:
        if link["ifname"] == interface:
            found = [address["local"] for address in link["addr_info"] if address["family"] == "inet"]
            return {"mtu": link["mtu"], "up": "UP" in link["flags"], "addresses": found}
    return {}


def parse_table(ruleset, table):
    """Cuts one table out of `nft list ruleset`."""
    found = re.search(r"^table inet %s \{$.*?^\}$" % re.escape(table), ruleset, re.MULTILINE | re.DOTALL)
    return [line.strip() for line in found.group().splitlines() if line.strip()] if found else []


def read(module, commands, *argv):
    """Runs a command that must succeed; nothing if the host lacks it."""
    if argv[0] not in commands:
        return ""
    _code, out, _err = module.run_command(list(argv), check_rc=True)
    return out


def main():
    module = AnsibleModule(
        argument_spec={
            "interface": {"type": "str", "required": True},
            "table": {"type": "str", "required": True},
            "commands": {"type": "list", "elements": "str", "required": True},
        },
        supports_check_mode=True,
    )
    wanted = module.params
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    commands = [name for name in [*wanted["commands"], "ip", "wg", "nft"] if shutil.which(name, path=path)]
    links = json.loads(read(module, commands, "ip", "-json", "address", "show") or "[]")
    routes = json.loads(read(module, commands, "ip", "-json", "-4", "route", "show") or "[]")
    module.exit_json(
        changed=False,
        commands=commands,
        addresses={
            link["ifname"]: [address["local"] for address in link["addr_info"] if address["family"] == "inet"]
            for link in links
        },
        routes=[{"dst": route["dst"], "dev": route.get("dev", "")} for route in routes],
        interface=parse_interface(links, wanted["interface"]),
        tunnel=parse_tunnel(read(module, commands, "wg", "show", "all", "dump"), wanted["interface"]),
        table=parse_table(read(module, commands, "nft", "list", "ruleset", "inet"), wanted["table"]),
    )


if __name__ == "__main__":
    main()
