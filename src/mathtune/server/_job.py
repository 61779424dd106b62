"""The training process: `python -m mathtune.server._job FOLDER` carries out the order in a job's folder.

Writes what happens as JSON lines; its last line says how the job ended, unless something killed it.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._job_folder import JobFolder
from ._lease import DeviceLease, FileLock
from ._parent import end_with_parent
from ._reports import Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO


def main(path: str) -> None:
    """Train, once no other process does so for this job."""
    folder = JobFolder(Path(path))
    with FileLock(folder.pid_file):
        folder.pid_file.write_text(str(os.getpid()))
        end_with_parent()
        order = json.loads(folder.order.read_text(encoding="utf-8"))
        with Path(order.pop("log")).open("a", encoding="utf-8") as log:
            _carry_out(order, DeviceLease(folder.path.parent.parent), log)


def _carry_out(order: Mapping[str, Any], lease: DeviceLease, log: TextIO) -> None:
    def write(report: Mapping[str, Any]) -> None:
        log.write(json.dumps(dict(report)) + "\n")
        log.flush()

    def report(said: dict[str, Any]) -> None:
        write(said)
        lease.give_way()  # between two steps: who waits for an answer does not wait for the job

    with lease:
        fault = _train(order, report)
    if fault is not None:
        write({"type": "failed", "code": fault.code, "message": fault.message, "param": fault.param})


def _train(order: Mapping[str, Any], report: Callable[[dict[str, Any]], None]) -> Failed | None:
    """Train; give why that failed, or None."""
    from ._training import TrainingError

    try:
        _train_by_method(order, report)
    except TrainingError as error:
        return Failed(code=error.code, message=str(error), param=error.param)
    except Exception as error:  # noqa: BLE001  (whatever it is, the job must say why it failed)
        traceback.print_exc()
        return Failed(code="internal_error", message=f"Training failed: {type(error).__name__}: {error}")
    return None


def _train_by_method(order: Mapping[str, Any], report: Callable[[dict[str, Any]], None]) -> None:
    from ._training import TrainingJob, train

    method, job = order["method"], TrainingJob(**{**order, "method": "supervised"})
    if method["type"] == "dpo":
        from ._preference import train_preferences

        train_preferences(job, report)
    elif method["type"] == "reinforcement":
        from ._reinforcement import train_reinforcement

        train_reinforcement(job, report, grader=method["grader"])
    else:
        train(job, report)


if __name__ == "__main__":
    main(sys.argv[1])
