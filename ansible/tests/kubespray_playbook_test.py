"""How the action kubespray_playbook reads its child, and what the child gets to see."""

import importlib.util
import pathlib
import unittest

PATH = pathlib.Path(__file__).parent.parent / "roles/kubespray/action_plugins/kubespray_playbook.py"
SPEC = importlib.util.spec_from_file_location("kubespray_playbook", PATH)
plugin = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(plugin)


def read(*lines):
    reader = plugin.Reader()
    for line in lines:
        reader.read(line)
    return reader


class ReaderTest(unittest.TestCase):
    def test_a_failure_is_named_with_its_task(self):
        said = read("TASK [etcd : Start etcd] ***", 'fatal: [master]: FAILED! => {"msg": "no"}')
        self.assertEqual(said.failure, "'etcd : Start etcd': fatal: [master]: FAILED! => {\"msg\": \"no\"}")

    def test_the_last_failure_counts(self):
        said = read("TASK [one] ***", "fatal: [a]: FAILED!", "TASK [two] ***", "failed: [b] (item=1)")
        self.assertEqual(said.failure, "'two': failed: [b] (item=1)")

    def test_an_ignored_failure_does_not_count(self):
        said = read("TASK [one] ***", "fatal: [a]: FAILED!", "...ignoring", "ok: [a]")
        self.assertEqual(said.failure, "")

    def test_a_failure_before_the_first_task_stands_alone(self):
        self.assertEqual(read("ERROR! the playbook could not be found").failure, "ERROR! the playbook could not be found")

    def test_the_recap_says_what_was_changed(self):
        recap = ["master : ok=2 changed=1 unreachable=0 failed=0", "worker-1   : ok=9    changed=3    unreachable=0"]
        self.assertEqual(read(*recap).changed, 4)
        self.assertEqual(read("master : ok=2 changed=0 unreachable=0").changed, 0)


class EnvironmentTest(unittest.TestCase):
    def test_the_outer_settings_do_not_reach_the_child(self):
        outer = {"PATH": "/bin", "ANSIBLE_CONFIG": "outer.cfg", "ANSIBLE_ROLES_PATH": "roles", "ANSIBLE_NOCOLOR": "1"}
        child = plugin.child_environment(outer, {"ANSIBLE_CONFIG": "inner.cfg"})
        self.assertEqual(child, {"PATH": "/bin", "ANSIBLE_CONFIG": "inner.cfg", "ANSIBLE_NOCOLOR": "1"})


if __name__ == "__main__":
    unittest.main()
