#!/usr/bin/python
"""What a Kubernetes node has and what its kernel allows, read in one visit."""

import glob
import hashlib
import os
import shutil

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: node_state
short_description: Reads what a Kubernetes node has and what its kernel allows
description:
  - Reads files, units, commands and certificates, and what the kernel lets this host do. Changes nothing.
  - No content of a file leaves the host, only its checksum.
options:
  files:
    description: Files to look at.
    type: list
    elements: str
    required: true
  units:
    description: systemd units to look at.
    type: list
    elements: str
    required: true
  commands:
    description: Commands to look for.
    type: list
    elements: str
    required: true
  settings:
    description: Kernel settings to read, by their sysctl names.
    type: list
    elements: str
    default: []
  certificates:
    description: Patterns of PEM certificates, and of kubeconfigs that hold one.
    type: list
    elements: str
    default: []
"""

RETURN = r"""
files:
  description: By path, those that are there; sha256 (of regular files), mode, link (its target) and modified (seconds since 1970).
  type: dict
units:
  description: By name; active, enabled (as systemd words it) and started (seconds since 1970, 0 if it does not run).
  type: dict
commands:
  description: Those of the commands that are there.
  type: list
settings:
  description: Values of the kernel settings, by name; those that the kernel lacks are left out.
  type: dict
certificates:
  description: By path, the end of the certificate's life in seconds since 1970.
  type: dict
swap:
  description: Devices and files that the kernel swaps to.
  type: list
cgroup:
  description: Version of the control groups, 1 or 2.
  type: int
may_guard_memory:
  description: True if a process may be kept from the kernel's out-of-memory killer (CAP_SYS_RESOURCE).
  type: bool
may_set_conntrack:
  description: True if the size of the connection table can be set.
  type: bool
"""

CAP_SYS_RESOURCE = 24
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def read(path):
    """Text of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def describe(path):
    """One file; nothing if it is not there."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return None
    found = {"mode": "%04o" % (status.st_mode & 0o7777), "modified": int(status.st_mtime)}
    if os.path.islink(path):
        found["link"] = os.readlink(path)
    elif os.path.isfile(path):
        with open(path, "rb") as file:
            found["sha256"] = hashlib.sha256(file.read()).hexdigest()
    return found


def parse_units(text):
    """Reads `systemctl show`, one block of lines per unit."""
    units = {}
    for block in text.strip().split("\n\n"):
        fields = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        if fields.get("LoadState") not in ("loaded", "masked"):
            continue
        started = fields.get("ActiveEnterTimestamp", "").lstrip("@")
        units[fields["Id"]] = {
            "active": fields["ActiveState"],
            "enabled": fields["UnitFileState"],
            "started": int(started) if started.isdigit() and fields["ActiveState"] == "active" else 0,
        }
    return units


def parse_swaps(text):
    """Reads /proc/swaps, whose first line is a heading."""
    return [line.split()[0] for line in text.splitlines()[1:] if line.strip()]


def may(status, capability):
    """Whether the first process, and so whatever it starts, can have a capability."""
    for line in status.splitlines():
        if line.startswith("CapBnd:"):
            return bool(int(line.split()[1], 16) >> capability & 1)
    return True


def find_certificates(module, patterns):
    """The end of life of each certificate, as openssl tells it. A kubeconfig holds its own in base64."""
    ends = {}
    for path in sorted(name for pattern in patterns for name in glob.glob(pattern)):
        text = read(path)
        if "client-certificate-data: " in text:
            data = text.split("client-certificate-data: ")[1].split()[0]
            _code, text, _err = module.run_command(["base64", "--decode"], data=data, check_rc=True)
        elif "BEGIN CERTIFICATE" not in text:
            continue
        _code, out, _err = module.run_command(["openssl", "x509", "-noout", "-enddate"], data=text, check_rc=True)
        _code, seconds, _err = module.run_command(
            ["date", "--date", out.strip().split("=", 1)[1], "+%s"], check_rc=True
        )
        ends[path] = int(seconds)
    return ends


def main():
    names = {"type": "list", "elements": "str"}
    module = AnsibleModule(
        argument_spec={
            "files": {"required": True, **names},
            "units": {"required": True, **names},
            "commands": {"required": True, **names},
            "settings": {"default": [], **names},
            "certificates": {"default": [], **names},
        },
        supports_check_mode=True,
    )
    wanted = module.params
    properties = "--property=Id,LoadState,ActiveState,UnitFileState,ActiveEnterTimestamp"
    show = ["systemctl", "show", "--timestamp=unix", properties, *wanted["units"]]
    _code, units, _err = module.run_command(show, check_rc=True)
    conntrack = "/proc/sys/net/netfilter/nf_conntrack_max"
    settings = {name: "/proc/sys/" + name.replace(".", "/") for name in wanted["settings"]}
    files = {path: describe(path) for path in wanted["files"]}
    module.exit_json(
        changed=False,
        files={path: found for path, found in files.items() if found},
        units=parse_units(units),
        commands=[name for name in wanted["commands"] if shutil.which(name, path=PATH)],
        settings={name: read(path).strip() for name, path in settings.items() if os.path.exists(path)},
        certificates=find_certificates(module, wanted["certificates"]),
        swap=parse_swaps(read("/proc/swaps")),
        cgroup=2 if os.path.exists("/sys/fs/cgroup/cgroup.controllers") else 1,
        may_guard_memory=may(read("/proc/1/status"), CAP_SYS_RESOURCE),
        # The table of a network namespace that is not the first has the size that the first one's has.
        may_set_conntrack=not os.path.exists(conntrack) or os.access(conntrack, os.W_OK),
    )


if __name__ == "__main__":
    main()
