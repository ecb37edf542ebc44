#!/usr/bin/python
"""Refuses a kubeconfig that holds another cluster."""

import re

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: own_kubeconfig
short_description: Refuses a kubeconfig that holds another cluster
description:
  - Fails if the file holds a cluster whose server is none of those given. A file that is not there yet is good. Changes nothing.
options:
  path:
    description: Path of the kubeconfig.
    type: path
    required: true
  servers:
    description: The cluster's own servers, as kubeconfigs name them.
    type: list
    elements: str
    required: true
"""

# Not by way of YAML: a file that is broken further down is worth as much to its owner.
SERVER = re.compile(r"""(?:^|[{,])[\s-]*["']?server["']?[ \t]*:[ \t]*["']?([^\s"',}]+)""", re.MULTILINE)


def strangers(text, servers):
    """The servers that a kubeconfig names, but for those given."""
    own = [server.rstrip("/").lower() for server in servers]
    return sorted({found for found in SERVER.findall(text) if found.rstrip("/").lower() not in own})


def main():
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "servers": {"type": "list", "elements": "str", "required": True},
        },
        supports_check_mode=True,
    )
    path, servers = module.params["path"], module.params["servers"]
    try:
        with open(path, encoding="utf-8") as file:
            found = strangers(file.read(), servers)
    except FileNotFoundError:
        found = []
    except (OSError, UnicodeDecodeError) as error:
        module.fail_json(
            msg="Cannot see which clusters %s holds: %s; let Plumb read it, or name another file in kubernetes.kubeconfig of the "
            "site file" % (path, error)
        )
    if found:
        module.fail_json(
            msg="Cannot keep the kubeconfig of this cluster (%s) in %s: the file holds %s, which would be lost with the next "
            "'up' or 'reset'; name a file of this cluster's own in kubernetes.kubeconfig of the site file, or move this one away"
            % (" or ".join(servers), path, " and ".join(found))
        )
    module.exit_json(changed=False)


if __name__ == "__main__":
    main()
