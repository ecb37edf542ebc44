#!/usr/bin/python
"""Takes everything of a cluster off a machine."""

import glob
import os
import re
import shutil
import time

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: node_clear
short_description: Takes everything of a cluster off a machine
description:
  - Ends the node's pods, units and container runtime, and removes their files, network interfaces and firewall rules.
  - Does nothing on a machine that has none of it. Snapshots of etcd stay.
options:
  units:
    description: systemd units that are stopped and disabled, in this order; those that are not there are passed over.
    type: list
    elements: str
    required: true
  files:
    description: Files and folders that are removed; patterns.
    type: list
    elements: str
    required: true
  folders:
    description: Folders that are emptied and stay, such as mount points.
    type: list
    elements: str
    required: true
"""

RETURN = r"""
removed:
  description: What was there and is no more.
  type: list
"""

# Interfaces, firewall tables and sets that kube-proxy and the network plugins make in the host's network.
INTERFACES = re.compile(r"^(kube-bridge|kube-dummy-if|kube-ipvs0|nodelocaldns|cni0|vxlan\.calico|cali[0-9a-f]+|veth[0-9a-f]+|tun-[0-9a-f]+)$")
TABLES = re.compile(r"^table (\S+) (kube-proxy|kubernetes.*|calico.*)$", re.MULTILINE)
RULES = re.compile(r"KUBE-|CNI-|cali-|kube-bridge|kube-router|node interface with which node ip is associated")
SETS = re.compile(r"^(inet6:)?(kube-router-|KUBE-|cali|TMP-)")
# What routes to pods are marked with: kube-router's, Calico's by BIRD, and those of its Felix.
ROUTE_PROTOCOLS = ["17", "12", "80"]
# kube-router's routing tables: pods' egress, and Services from outside.
ROUTING_TABLES = ["77", "78", "79", "kube-router", "kube-router-dsr", "external_ip"]


class Clearing:
    """One machine being cleared; remembers what it removed."""

    def __init__(self, module):
        self.module = module
        self.removed = []

    def run(self, *argv, data=None):
        """Output of a command that must succeed."""
        _code, out, _err = self.module.run_command(list(argv), data=data, check_rc=True)
        return out

    def has(self, command):
        """Whether a command is there."""
        return self.module.get_bin_path(command) is not None

    def act(self, name, *argv, data=None):
        """Remembers what goes, and makes it go."""
        self.removed.append(name)
        if not self.module.check_mode:
            self.run(*argv, data=data)

    def end_pods(self):
        """Ends the containers and unmounts what they had: kubeadm knows how, if the runtime runs."""
        kubeadm = "/usr/local/bin/kubeadm"
        if os.path.exists(kubeadm) and (os.path.exists("/etc/kubernetes/kubelet.conf") or os.path.exists("/etc/kubernetes/pki")):
            self.run("systemctl", "start", "containerd.service")
            self.act("pods", kubeadm, "reset", "--force")

    def stop_units(self, units):
        """Stops and disables units."""
        for unit in units:
            show = self.run("systemctl", "show", "--property=LoadState,ActiveState,UnitFileState", unit)
            state = dict(line.split("=", 1) for line in show.splitlines())
            if state["LoadState"] == "loaded" and (state["ActiveState"] != "inactive" or state["UnitFileState"] == "enabled"):
                self.act(unit, "systemctl", "disable", "--now", unit)

    def unmount(self, folders):
        """Unmounts what lies below folders, the deepest first."""
        with open("/proc/self/mounts", encoding="utf-8") as mounts:
            points = [line.split()[1] for line in mounts]
        for point in reversed(points):
            if any(point.startswith(folder + "/") for folder in folders):
                self.act("mount %s" % point, "umount", point)

    def remove_files(self, patterns, folders):
        """Removes files, and the contents of folders."""
        paths = [path for pattern in patterns for path in glob.glob(pattern)]
        paths += [os.path.join(folder, name) for folder in folders if os.path.isdir(folder) for name in os.listdir(folder)]
        for path in paths:
            if os.path.basename(path) == "lost+found":
                continue
            self.removed.append(path)
            if self.module.check_mode:
                continue
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.remove(path)

    def clear_firewall(self):
        """Removes the rules and sets of the cluster, and no others."""
        if self.has("nft"):
            for family, table in TABLES.findall(self.run("nft", "list", "tables")):
                self.act("table %s %s" % (family, table), "nft", "delete", "table", family, table)
        for tool in ("iptables", "ip6tables"):
            if not self.has(tool):
                continue
            rules = self.run(tool + "-save")
            kept = [line for line in rules.splitlines() if not RULES.search(line)]
            if len(kept) < len(rules.splitlines()):
                self.act("rules of %s" % tool, tool + "-restore", data="\n".join(kept) + "\n")
        if self.has("ipset"):
            # A set may be a member of another: empty all first.
            sets = [name for name in self.run("ipset", "list", "-name").split() if SETS.match(name)]
            if not self.module.check_mode:
                for name in sets:
                    self.run("ipset", "flush", name)
            for name in sets:
                self.removed.append("set %s" % name)
                if not self.module.check_mode:
                    self.destroy_set(name)

    def destroy_set(self, name):
        """Destroys a set. The kernel lets go of it a moment after the last rule that used it."""
        deadline = time.monotonic() + 10
        while True:
            code, _out, err = self.module.run_command(["ipset", "destroy", name])
            if code == 0:
                return
            if time.monotonic() > deadline:
                self.module.fail_json(msg="Cannot remove the set %s: %s; see what uses it with nft" % (name, err.strip()))
            time.sleep(0.1)

    def clear_routes(self):
        """Removes interfaces, and the routes and policy routing of the network plugin."""
        for protocol in ROUTE_PROTOCOLS:
            if self.run("ip", "route", "show", "proto", protocol).strip():
                self.act("routes", "ip", "route", "flush", "proto", protocol)
        names = [link.split(":")[1].split("@")[0].strip() for link in self.run("ip", "-oneline", "link", "show").splitlines()]
        for name in names:
            # The other end of a pair that has just gone is gone too.
            if INTERFACES.match(name) and os.path.exists("/sys/class/net/%s" % name):
                self.act("interface %s" % name, "ip", "link", "delete", name)
        # It comes with its module and cannot be deleted; the address on it is Calico's.
        if "tunl0" in names and self.run("ip", "-4", "-oneline", "address", "show", "dev", "tunl0").strip():
            self.act("address of tunl0", "ip", "address", "flush", "dev", "tunl0")
            self.act("tunl0", "ip", "link", "set", "tunl0", "down")
        for rule in self.run("ip", "rule", "show").splitlines():
            priority, words = rule.split(":", 1)
            if words.split()[-1] in ROUTING_TABLES:
                self.act("rule%s" % words, "ip", "rule", "delete", "priority", priority)


def main():
    names = {"type": "list", "elements": "str", "required": True}
    module = AnsibleModule(
        argument_spec={"units": names, "files": names, "folders": names},
        supports_check_mode=True,
    )
    wanted = module.params
    clearing = Clearing(module)
    clearing.end_pods()
    clearing.stop_units(wanted["units"])
    clearing.unmount(wanted["folders"])
    clearing.remove_files(wanted["files"], wanted["folders"])
    if clearing.removed and not module.check_mode:
        clearing.run("systemctl", "daemon-reload")
    clearing.clear_firewall()
    clearing.clear_routes()
    module.exit_json(changed=bool(clearing.removed), removed=sorted(set(clearing.removed)))


if __name__ == "__main__":
    main()
