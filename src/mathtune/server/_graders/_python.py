"""A client's `grade(sample, item)` in a process of its own: bounded, without network, without our keys.

The process leaves the network by a namespace of its own (Linux). Where the system does not allow that, python
graders are refused: code that can call out is not run.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_SOURCE: Final = 256 * 1024  # bytes, as at OpenAI; so are the limits below
SECONDS: Final = 120
MEMORY: Final = 2 << 30
DISK: Final = 1 << 30

# What the process runs first: it gives up the network, sets its limits, then reads the order from stdin.
HARNESS: Final = """
import ctypes, json, os, resource, sys
NEW_USER, NEW_NET = 0x10000000, 0x40000000
unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
if unshare is None or unshare(NEW_USER | NEW_NET) != 0:
    print(json.dumps({"isolation": os.strerror(ctypes.get_errno() or 38)})); sys.exit()
seconds, memory, disk = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_FSIZE, (disk, disk))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
order = json.loads(sys.stdin.read())
answers, sys.stdout = sys.stdout, sys.stderr
try:
    names = {"__name__": "grader"}
    exec(compile(order["source"], "grader.py", "exec"), names)
    score = names["grade"](order["sample"], order["item"])
    if isinstance(score, bool) or not isinstance(score, (int, float)):
        raise TypeError(f"grade returned {type(score).__name__}, expected a float")
    answer = {"score": float(score)}
except BaseException as error:
    answer = {"error": f"{type(error).__name__}: {error}"}
print(json.dumps(answer), file=answers, flush=True)
"""


class IsolationError(RuntimeError):
    """The system does not let a process leave the network."""


class GraderFailedError(RuntimeError):
    """A client's grader raised, ran over its limits or gave no number."""


def run_python(source: str, *, sample: Mapping[str, Any], item: Mapping[str, Any]) -> float:
    """Run a client's grader.

    Args:
        source: Defines `grade(sample, item) -> float`.
        sample: What the model said.
        item: The row that it was asked about.

    Raises:
        GraderFailedError: It gave no number.
        IsolationError: It was not run.
    """
    order = json.dumps({"source": source, "sample": sample, "item": item})
    limits = (str(SECONDS), str(MEMORY), str(DISK))
    with tempfile.TemporaryDirectory(prefix="mathtune-grader-") as folder:
        process = subprocess.Popen(  # noqa: S603  (our own harness; the client's code is data on stdin)
            [sys.executable, "-I", "-c", HARNESS, *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=folder,
            env={"PATH": os.defpath, "HOME": folder},  # no keys of ours
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(order, timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            raise GraderFailedError(f"no answer within {SECONDS} seconds") from error
        finally:
            with contextlib.suppress(ProcessLookupError):  # and whatever it started
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return _score(output, process.returncode)


def _score(output: str, status: int) -> float:
    lines = output.splitlines()
    try:
        answer = json.loads(lines[-1]) if lines else {}
    except ValueError:
        answer = {}
    if not isinstance(answer, dict) or not answer:
        raise GraderFailedError(f"the process ended with status {status} and no answer")
    if "isolation" in answer:
        raise IsolationError(f"python graders need a network namespace of their own: {answer['isolation']}")
    if "error" in answer:
        raise GraderFailedError(str(answer["error"]))
    score = float(answer["score"])
    if not math.isfinite(score):
        raise GraderFailedError(f"grade returned {score}, expected a finite number")
    return score
