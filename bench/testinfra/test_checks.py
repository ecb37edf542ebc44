"""The checks of the benchmark, one test per command and host."""

import json
import os
import pathlib

import pytest

COMMANDS = json.loads(pathlib.Path(os.environ["BENCH_COMMANDS"]).read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", COMMANDS)
def test_command(host, command):
    assert host.run(command).rc == 0
