"""Coroutines run from plain code."""

from __future__ import annotations

import errno
import subprocess
import sys

import pytest

NO_MORE_FILES = """
import resource
from mathtune.generation._thread import run_apart

async def work():
    return 1

def run():
    return run_apart(work, halt=lambda: None, tick=lambda: None)

assert run() == 1
resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))  # a loop needs files of its own
try:
    run()
except OSError as error:
    print(error.errno)
"""


@pytest.mark.processes
def test_where_no_loop_can_be_made_nobody_waits_for_one():
    """A process that can open no more files is told so at once."""
    command = [sys.executable, "-c", NO_MORE_FILES]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.stdout.split() == [str(errno.EMFILE)], ended.stderr
