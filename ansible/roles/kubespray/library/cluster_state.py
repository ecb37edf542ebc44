#!/usr/bin/python
"""What a cluster has, read on its control plane in one visit."""

import datetime
import json
import time

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: cluster_state
short_description: Reads what a cluster has
description:
  - Waits until the API server is ready and reads the nodes, and the objects of kube-system that are asked for. Changes nothing.
options:
  kubeconfig:
    description: Path of an administrator's kubeconfig.
    type: str
    required: true
  kubectl:
    description: Path of kubectl.
    type: str
    required: true
  objects:
    description: Objects of kube-system to look for, each as KIND/NAME.
    type: list
    elements: str
    required: true
  timeout:
    description: Seconds until the API server must be ready.
    type: int
    default: 120
  steady:
    description: Seconds that it must have been ready without a break.
    type: int
    default: 0
  leaders:
    description:
      - Parts of the control plane that must lead since then, each by the name of its lease. One that lost the API server for more
        than ten seconds ends itself some seconds after all looks well, and is started again.
    type: list
    elements: str
    default: []
"""

RETURN = r"""
version:
  description: The API server's version, without C(v).
  type: str
nodes:
  description: By name; version (of the kubelet, without C(v)), address, ready, cordoned, control_plane and
    taints (each as KEY:EFFECT).
  type: dict
objects:
  description: By KIND/NAME, those that are there; replicas, and the image of their first container, where they have any.
  type: dict
"""

KINDS = {"Deployment": "deployment", "DaemonSet": "daemonset", "ConfigMap": "configmap"}


def describe_node(node):
    """One node, as the role looks at it."""
    status = node["status"]
    conditions = {one["type"]: one["status"] for one in status.get("conditions", [])}
    addresses = {one["type"]: one["address"] for one in status.get("addresses", [])}
    return {
        "version": status["nodeInfo"]["kubeletVersion"].lstrip("v"),
        "address": addresses.get("InternalIP", ""),
        "ready": conditions.get("Ready") == "True",
        "cordoned": node["spec"].get("unschedulable", False),
        "taints": ["%s:%s" % (one["key"], one["effect"]) for one in node["spec"].get("taints", [])],
        "control_plane": "node-role.kubernetes.io/control-plane" in node["metadata"].get("labels", {}),
    }


def describe_object(found):
    """The name of one object, and what the role looks at of it."""
    name = "%s/%s" % (KINDS.get(found["kind"], found["kind"].lower()), found["metadata"]["name"])
    spec = found.get("spec", {})
    containers = spec.get("template", {}).get("spec", {}).get("containers", [{}])
    return name, {"replicas": spec.get("replicas", 0), "image": containers[0].get("image", "")}


def await_ready(module, kubectl, timeout, steady):
    """Waits until the API server says that it is ready, and has said so for a while; fails with what it said last."""
    deadline = time.monotonic() + timeout
    since = None
    while True:
        code, out, err = module.run_command([*kubectl, "--request-timeout=5s", "get", "--raw", "/readyz"])
        now = time.monotonic()
        since = (since or now) if code == 0 else None
        if since is not None and now - since >= steady:
            return
        if now > deadline:
            said = " / ".join((err or out).strip().splitlines()[-3:])
            module.fail_json(
                msg="Cannot reach the cluster's API server: not ready within %d s: %s; look at the kubelet's journal "
                "and at the containers of kube-apiserver and etcd" % (timeout, said)
            )
        time.sleep(1)


def not_leading(leases, leaders, since):
    """Those of leaders whose lease has not been renewed since that time."""
    moments = {one["metadata"]["name"]: one.get("spec", {}).get("renewTime") for one in leases}
    renewed = {name: datetime.datetime.fromisoformat(at.replace("Z", "+00:00")) for name, at in moments.items() if at}
    return [name for name in leaders if name not in renewed or renewed[name] <= since]


def await_leaders(module, kubectl, leaders, timeout):
    """Waits until each of leaders has renewed its lease; fails with the names of those that have not."""
    deadline = time.monotonic() + timeout
    since = datetime.datetime.now(datetime.timezone.utc)
    waiting = leaders
    while True:
        args = ["--request-timeout=5s", "--namespace=kube-system", "get", "leases", "--output=json"]
        code, out, _err = module.run_command([*kubectl, *args])
        waiting = not_leading(json.loads(out)["items"], leaders, since) if code == 0 else waiting
        if not waiting:
            return
        if time.monotonic() > deadline:
            module.fail_json(
                msg="Cannot go on with the cluster: %s did not take the lead again within %d s; see the logs of the pods in "
                "kube-system" % (" and ".join(waiting), timeout)
            )
        time.sleep(1)


def main():
    module = AnsibleModule(
        argument_spec={
            "kubeconfig": {"type": "str", "required": True},
            "kubectl": {"type": "str", "required": True},
            "objects": {"type": "list", "elements": "str", "required": True},
            "timeout": {"type": "int", "default": 120},
            "steady": {"type": "int", "default": 0},
            "leaders": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    wanted = module.params
    kubectl = [wanted["kubectl"], "--kubeconfig", wanted["kubeconfig"]]
    await_ready(module, kubectl, wanted["timeout"], wanted["steady"])
    if wanted["leaders"]:
        await_leaders(module, kubectl, wanted["leaders"], wanted["timeout"])

    def get(*args):
        _code, out, _err = module.run_command([*kubectl, "--request-timeout=30s", "get", *args], check_rc=True)
        return json.loads(out or '{"items": []}')

    listed = get("--namespace=kube-system", "--ignore-not-found", "--output=json", *wanted["objects"])
    found = listed.get("items", [listed])
    module.exit_json(
        changed=False,
        version=get("--raw", "/version")["gitVersion"].lstrip("v"),
        nodes={node["metadata"]["name"]: describe_node(node) for node in get("nodes", "--output=json")["items"]},
        objects=dict(describe_object(one) for one in found),
    )


if __name__ == "__main__":
    main()
