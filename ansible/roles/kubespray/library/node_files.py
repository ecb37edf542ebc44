#!/usr/bin/python
"""Writes several small files in one visit."""

import os
import tempfile

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: node_files
short_description: Writes several small files in one visit
description:
  - Writes each file that differs, whole or not at all, owned by root. Makes the folders above it.
options:
  files:
    description: The files.
    type: list
    elements: dict
    required: true
    options:
      path:
        description: Absolute path.
        type: str
        required: true
      content:
        description: Text of the file.
        type: str
        required: true
      mode:
        description: Mode in octal digits.
        type: str
        default: "0644"
"""

RETURN = r"""
written:
  description: Paths of the files that differed.
  type: list
"""


def differs(path, content, mode):
    """Whether a file is not there, has another text or another mode."""
    if not os.path.isfile(path) or os.stat(path).st_mode & 0o7777 != mode:
        return True
    with open(path, encoding="utf-8") as file:
        return file.read() != content


def write(path, content, mode):
    """Writes one file whole, with its mode from the start. (The module library's own move would open a new file to all.)"""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o755, exist_ok=True)
    handle, half = tempfile.mkstemp(prefix=".plumb-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
        os.replace(half, path)
    except BaseException:
        os.remove(half)
        raise


def main():
    module = AnsibleModule(
        argument_spec={
            "files": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "path": {"type": "str", "required": True},
                    "content": {"type": "str", "required": True},
                    "mode": {"type": "str", "default": "0644"},
                },
            },
        },
        supports_check_mode=True,
    )
    written = []
    for file in module.params["files"]:
        path, content, mode = file["path"], file["content"], int(file["mode"], 8)
        if not differs(path, content, mode):
            continue
        written.append(path)
        if not module.check_mode:
            write(path, content, mode)
    module.exit_json(changed=bool(written), written=written)


if __name__ == "__main__":
    main()
