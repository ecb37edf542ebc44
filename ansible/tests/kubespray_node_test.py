"""Tests of the modules in roles/kubespray/library; run with the Python that has ansible: `python -m unittest FILE`."""

import datetime
import importlib.util
import os
import pathlib
import tempfile
import unittest


def load(name):
    """A module of the role."""
    path = pathlib.Path(__file__).parent.parent / "roles/kubespray/library" / (name + ".py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


node_state = load("node_state")
node_files = load("node_files")
node_clear = load("node_clear")
cluster_state = load("cluster_state")

UNITS = """Id=containerd.service
LoadState=loaded
ActiveState=active
UnitFileState=enabled
ActiveEnterTimestamp=@1700000000

Id=kubelet.service
LoadState=loaded
ActiveState=activating
UnitFileState=enabled
ActiveEnterTimestamp=@1700000000

Id=missing.service
LoadState=not-found
ActiveState=inactive
UnitFileState=
ActiveEnterTimestamp=

Id=etcd.service
LoadState=masked
ActiveState=inactive
UnitFileState=masked
ActiveEnterTimestamp=
"""


class NodeState(unittest.TestCase):
    """What is read of a node."""

    def test_units(self):
        """Units that are not there are left out, masked ones are not; one that does not run has not started."""
        found = node_state.parse_units(UNITS)
        self.assertEqual(found["containerd.service"], {"active": "active", "enabled": "enabled", "started": 1700000000})
        self.assertEqual(found["kubelet.service"]["started"], 0)
        self.assertNotIn("missing.service", found)
        self.assertEqual(found["etcd.service"], {"active": "inactive", "enabled": "masked", "started": 0})

    def test_swaps(self):
        """The heading is no device."""
        heading = "Filename\tType\tSize\tUsed\tPriority\n"
        self.assertEqual(node_state.parse_swaps(heading), [])
        self.assertEqual(node_state.parse_swaps(heading + "/dev/sda2\tpartition\t1\t0\t-2\n"), ["/dev/sda2"])

    def test_capability(self):
        """The bounding set of the first process decides."""
        self.assertTrue(node_state.may("CapBnd:\t000001ffffffffff\n", node_state.CAP_SYS_RESOURCE))
        self.assertFalse(node_state.may("CapBnd:\t000001fffeffffff\n", node_state.CAP_SYS_RESOURCE))

    def test_files(self):
        """A file by its checksum, a link by its target, nothing by nothing."""
        with tempfile.TemporaryDirectory() as folder:
            path, link = os.path.join(folder, "file"), os.path.join(folder, "link")
            pathlib.Path(path).write_text("x", encoding="utf-8")
            os.chmod(path, 0o640)
            os.symlink("file", link)
            self.assertEqual(node_state.describe(path)["mode"], "0640")
            self.assertEqual(len(node_state.describe(path)["sha256"]), 64)
            self.assertEqual(node_state.describe(link)["link"], "file")
            self.assertIsNone(node_state.describe(os.path.join(folder, "none")))


class NodeFiles(unittest.TestCase):
    """Files that are written."""

    def test_write(self):
        """A new file has its mode, what differs by text or mode is written, what does not is left."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a/b/file")
            self.assertTrue(node_files.differs(path, "one", 0o600))
            node_files.write(path, "one", 0o600)
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
            self.assertFalse(node_files.differs(path, "one", 0o600))
            self.assertTrue(node_files.differs(path, "two", 0o600))
            self.assertTrue(node_files.differs(path, "one", 0o644))
            node_files.write(path, "two", 0o644)
            self.assertFalse(node_files.differs(path, "two", 0o644))
            self.assertEqual(os.listdir(os.path.dirname(path)), ["file"])


class NodeClear(unittest.TestCase):
    """What counts as a cluster's, and what must be left alone."""

    def test_rules(self):
        """Only rules of the cluster go."""
        ours = ["-A FORWARD -j KUBE-FORWARD", "-A POSTROUTING -m set --match-set kube-router-pod-subnets src -j MASQUERADE"]
        ours += ["-A FORWARD -o kube-bridge -j ACCEPT", ":cali-INPUT - [0:0]"]
        for rule in ours:
            self.assertTrue(node_clear.RULES.search(rule), rule)
        for rule in ["-A FORWARD -i wg0 -j ACCEPT", ":FORWARD ACCEPT [0:0]", "-A INPUT -i eth0 -p tcp --dport 22 -j ACCEPT"]:
            self.assertFalse(node_clear.RULES.search(rule), rule)

    def test_tables(self):
        """The VPN's table stays."""
        text = "table inet plumb\ntable ip kube-proxy\ntable ip6 kube-proxy\ntable ip filter\n"
        self.assertEqual(node_clear.TABLES.findall(text), [("ip", "kube-proxy"), ("ip6", "kube-proxy")])

    def test_interfaces(self):
        """The machine's own cards and the tunnel stay."""
        for name in ["kube-bridge", "cni0", "veth1a2b3c4d", "vxlan.calico", "cali0123456789a", "nodelocaldns"]:
            self.assertTrue(node_clear.INTERFACES.match(name), name)
        for name in ["lo", "eth0", "wg0", "br0", "docker0", "tunl0"]:
            self.assertFalse(node_clear.INTERFACES.match(name), name)


    def test_what_kubespray_leaves(self):
        """Chains that were only emptied go, so do Calico's routes and the address on its tunnel; the rest stays."""
        saved = "*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n:cali-nat-outgoing - [0:0]\n:OWN - [0:0]\nCOMMIT\n"
        prints = {
            ("iptables-save",): saved,
            ("ip", "route", "show", "proto", "80"): "blackhole 10.233.70.0/26\n",
            ("ip", "-oneline", "link", "show"): "1: lo: <UP>\n2: tunl0@NONE: <NOARP,UP>\n",
            ("ip", "-4", "-oneline", "address", "show", "dev", "tunl0"): "2: tunl0 inet 10.233.70.0/32\n",
            ("ip", "rule", "show"): "0:\tfrom all lookup local\n",
        }
        module = Recorder(prints, ["iptables"])
        clearing = node_clear.Clearing(module)
        clearing.clear_firewall()
        clearing.clear_routes()
        acts = [(argv, data) for argv, data in module.runs if tuple(argv) not in prints and argv[1:3] != ["route", "show"]]
        kept = "*nat\n:PREROUTING ACCEPT [0:0]\n:OWN - [0:0]\nCOMMIT\n"
        self.assertEqual(
            acts,
            [
                (["iptables-restore"], kept),
                (["ip", "route", "flush", "proto", "80"], None),
                (["ip", "address", "flush", "dev", "tunl0"], None),
                (["ip", "link", "set", "tunl0", "down"], None),
            ],
        )


class Recorder:
    """A module that runs nothing: it writes down what it is told, and prints what a host would."""

    check_mode = False

    def __init__(self, prints, programs):
        self.prints = prints
        self.programs = programs
        self.runs = []

    def run_command(self, argv, data=None, check_rc=False):
        """Notes a command."""
        self.runs.append((argv, data))
        return 0, self.prints.get(tuple(argv), ""), ""

    def get_bin_path(self, program):
        """Where a program is, if it is."""
        return program if program in self.programs else None


class ClusterState(unittest.TestCase):
    """What is read of a cluster."""

    def test_node(self):
        """A node that says nothing of being ready is not."""
        node = {
            "metadata": {"name": "n"},
            "spec": {"taints": [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]},
            "status": {
                "nodeInfo": {"kubeletVersion": "v1.35.4"},
                "addresses": [{"type": "Hostname", "address": "n"}, {"type": "InternalIP", "address": "192.0.2.1"}],
            },
        }
        self.assertEqual(
            cluster_state.describe_node(node),
            {
                "version": "1.35.4",
                "address": "192.0.2.1",
                "ready": False,
                "cordoned": False,
                "taints": ["node-role.kubernetes.io/control-plane:NoSchedule"],
                "control_plane": False,
            },
        )

    def test_control_plane(self):
        """The label tells it, which a control plane has that is a worker, too."""
        node = {
            "metadata": {"name": "n", "labels": {"node-role.kubernetes.io/control-plane": ""}},
            "spec": {},
            "status": {"nodeInfo": {"kubeletVersion": "v1.35.4"}},
        }
        self.assertTrue(cluster_state.describe_node(node)["control_plane"])

    def test_object(self):
        """By kind and name, with its size and image."""
        containers = [{"name": "c", "image": "registry.example/c:1"}]
        deployment = {
            "kind": "Deployment",
            "metadata": {"name": "coredns"},
            "spec": {"replicas": 2, "template": {"spec": {"containers": containers}}},
        }
        expected = ("deployment/coredns", {"replicas": 2, "image": "registry.example/c:1"})
        self.assertEqual(cluster_state.describe_object(deployment), expected)

    def test_not_leading(self):
        """Whoever has renewed its lease before, or never, does not lead."""
        since = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
        leases = [
            {"metadata": {"name": "before"}, "spec": {"renewTime": "2026-01-02T03:04:04.999999Z"}},
            {"metadata": {"name": "after"}, "spec": {"renewTime": "2026-01-02T03:04:05.000001Z"}},
            {"metadata": {"name": "never"}, "spec": {}},
        ]
        leaders = ["before", "after", "never", "missing"]
        self.assertEqual(cluster_state.not_leading(leases, leaders, since), ["before", "never", "missing"])


if __name__ == "__main__":
    unittest.main()
