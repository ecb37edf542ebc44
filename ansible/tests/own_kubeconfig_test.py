"""Tests of the module own_kubeconfig of role kubespray; run with the Python that has ansible: `python -m unittest FILE`."""

import importlib.util
import pathlib
import unittest

PATH = pathlib.Path(__file__).parent.parent / "roles/kubespray/library/own_kubeconfig.py"
spec = importlib.util.spec_from_file_location("own_kubeconfig", PATH)
own_kubeconfig = importlib.util.module_from_spec(spec)
spec.loader.exec_module(own_kubeconfig)

OWN = "https://192.0.2.10:6443"
OTHER = "https://work.example:6443"
MADE = """apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: QQ==
    server: %s
  name: home
contexts:
- context: {cluster: home, user: kubernetes-admin}
  name: kubernetes-admin@home
"""


class OwnKubeconfig(unittest.TestCase):
    """Which clusters a kubeconfig holds besides this one."""

    def strangers(self, text):
        """Servers of others."""
        return own_kubeconfig.strangers(text, [OWN])

    def test_what_plumb_writes(self):
        """This cluster alone, however its server is spelt; nothing at all."""
        for text in [MADE % OWN, MADE % (OWN + "/"), MADE % ('"%s"' % OWN.upper()), "", "clusters: []\n", "clusters: null\n"]:
            self.assertEqual(self.strangers(text), [], text)

    def test_others(self):
        """In whatever form YAML has; also in a file that is broken further down."""
        texts = [
            MADE % OTHER,
            MADE % ("'%s'  # at work" % OTHER),
            MADE % OWN + "- cluster:\n    server: %s\n" % OTHER,
            "clusters:\n- cluster:\n    tls-server-name: x\n    server:   %s\n" % OTHER,
            "clusters:\n  - cluster: {server: %s, insecure-skip-tls-verify: true}\n" % OTHER,
            '{"clusters": [{"cluster": {"certificate-authority-data": "QQ==", "server": "%s"}}]}' % OTHER,
            MADE % OTHER + "users: [\n",
        ]
        for text in texts:
            self.assertEqual(self.strangers(text), [OTHER], text)

    def test_what_is_no_server(self):
        """A remark, a name that ends so, and an argument."""
        text = MADE % OWN + "# server: %s\nusers:\n- name: server\n  user: {exec: {args: [--server, x, --my-server=y]}}\n" % OTHER
        self.assertEqual(self.strangers(text), [])


if __name__ == "__main__":
    unittest.main()
