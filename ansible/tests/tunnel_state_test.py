"""Tests of roles/pangolin/library/tunnel_state.py; run with the Python that has ansible: `python -m unittest FILE`."""

import importlib.util
import pathlib
import unittest

path = pathlib.Path(__file__).parent.parent / "roles/pangolin/library/tunnel_state.py"
spec = importlib.util.spec_from_file_location("tunnel_state", path)
tunnel_state = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tunnel_state)

DUMP = (
    "wg1\tsecret\tother\t1\toff\n"
    "wg0\tsecret\town\t51820\toff\n"
    "wg0\tzed\tshared\t192.0.2.7:51820\t198.51.100.7/32,192.0.2.0/24\t1700000000\t1\t2\t25\n"
    "wg0\tann\t(none)\t(none)\t(none)\t0\t0\t0\toff\n"
)


class Tunnel(unittest.TestCase):
    def test_peers_are_sorted_and_complete(self):
        tunnel = tunnel_state.parse_tunnel(DUMP, "wg0")
        self.assertEqual((tunnel["public_key"], tunnel["port"]), ("own", 51820))
        self.assertEqual([peer["public_key"] for peer in tunnel["peers"]], ["ann", "zed"])
        self.assertEqual(tunnel["peers"][0]["allowed_ips"], [])
        self.assertEqual(tunnel["peers"][1]["allowed_ips"], ["192.0.2.0/24", "198.51.100.7/32"])
        self.assertEqual([peer["keepalive"] for peer in tunnel["peers"]], [0, 25])

    def test_no_private_or_shared_key_is_kept(self):
        text = repr(tunnel_state.parse_tunnel(DUMP, "wg0"))
        self.assertNotIn("secret", text)
        self.assertNotIn("shared", text)

    def test_without_the_interface_there_is_no_tunnel(self):
        self.assertEqual(tunnel_state.parse_tunnel(DUMP, "wg2"), {})


class Interface(unittest.TestCase):
    links = [{"ifname": "wg0", "mtu": 1420, "flags": ["UP"], "addr_info": [{"family": "inet", "local": "198.51.100.1"}]}]

    def test_found(self):
        found = tunnel_state.parse_interface(self.links, "wg0")
        self.assertEqual(found, {"mtu": 1420, "up": True, "addresses": ["198.51.100.1"]})

    def test_missing(self):
        self.assertEqual(tunnel_state.parse_interface(self.links, "wg1"), {})


class Table(unittest.TestCase):
    ruleset = "table inet a {\n\tchain x {\n\t}\n}\ntable inet plumb {\n\tchain y {\n\t\taccept\n\t}\n}\n"

    def test_only_the_one_table(self):
        self.assertEqual(tunnel_state.parse_table(self.ruleset, "plumb"), ["table inet plumb {", "chain y {", "accept", "}", "}"])

    def test_missing(self):
        self.assertEqual(tunnel_state.parse_table(self.ruleset, "plum"), [])


if __name__ == "__main__":
    unittest.main()
