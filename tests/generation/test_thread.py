"""Coroutines run from plain code."""

from __future__ import annotations

import asyncio
import errno
import subprocess
import sys

import pytest

from mathtune.generation._thread import run_apart

from ..presses import presses

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


def test_ctrl_c_at_any_moment_waits_for_what_has_begun():
    """The work is begun once at most, however early that falls, and it has ended when it is raised."""
    begun, ended = [], []

    async def work():
        begun.append(1)
        await asyncio.sleep(0)
        ended.append(1)

    for _ in presses(lambda: run_apart(work, halt=lambda: None, tick=lambda: None)):
        assert begun == ended
        assert len(begun) <= 1
        begun.clear()
        ended.clear()
    assert begun == ended == [1]
