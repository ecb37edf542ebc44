"""Runs one of kubespray's playbooks as a child, and passes its lines on while they come."""

import os
import re
import subprocess
import sys

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

ARGUMENTS = {
    "checkout": {"type": "str", "required": True},
    "playbook": {"type": "str", "required": True},
    "arguments": {"type": "list", "elements": "str", "default": []},
    "environment": {"type": "dict", "default": {}},
}

# The outer play's settings must not reach the child; how connections are shared is the same for both.
KEPT = ("ANSIBLE_NOCOLOR", "ANSIBLE_FORCE_COLOR", "ANSIBLE_SSH_CONTROL_PATH_DIR")

MOST_SAID = 1000


class Reader:
    """Remembers the last failure that was not ignored, and the changes of the recap."""

    def __init__(self):
        self.task = ""
        self.failure = ""
        self.changed = 0

    def read(self, line):
        task = re.match(r"(?:TASK|RUNNING HANDLER) \[(.*?)\]", line)
        if task:
            self.task = task.group(1)
        elif re.match(r"(fatal|failed|ERROR|\[ERROR\])", line):
            self.failure = f"'{self.task}': {line}" if self.task else line
        elif line.startswith("...ignoring"):
            self.failure = ""
        else:
            counted = re.match(r"\S+\s+: ok=\d+\s+changed=(\d+)", line)
            self.changed += int(counted.group(1)) if counted else 0


def child_environment(current, wanted):
    """The environment of the child: no setting of the outer Ansible but the harmless ones."""
    rest = {name: value for name, value in current.items() if not name.startswith("ANSIBLE_") or name in KEPT}
    return {**rest, **wanted}


class ActionModule(ActionBase):
    """The action `kubespray_playbook`; it runs where Ansible runs, whatever host the task is for."""

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        _, args = self.validate_argument_spec(argument_spec=ARGUMENTS)
        command = [sys.executable, "-m", "ansible", "playbook", *args["arguments"], args["playbook"]]
        display = Display()
        display.display(f"  $ ansible-playbook {' '.join(command[4:])}")
        reader = Reader()
        # In the same process group: whoever ends the outer Ansible ends this one too.
        with subprocess.Popen(
            command,
            cwd=args["checkout"],
            env=child_environment(os.environ, args["environment"]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as child:
            for line in child.stdout:
                reader.read(line.rstrip("\n"))
                display.display("  " + line.rstrip("\n"))
        result.update(rc=child.returncode, changed=reader.changed > 0)
        if child.returncode != 0:
            said = f": {reader.failure[:MOST_SAID]}" if reader.failure else ""
            result.update(
                failed=True,
                msg=f"Cannot finish kubespray's {args['playbook']}: exit code {child.returncode}{said}; "
                "its lines above have the rest",
            )
        return result
