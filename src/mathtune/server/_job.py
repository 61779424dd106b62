"""The training process: `python -m mathtune.server._job FOLDER` carries out the order in a job's folder.

Writes what happens as JSON lines; its last line says how the job ended, unless something ended it before. On
SIGTERM it saves its state first, so that the job goes on from the very step. Started by torchrun on several
devices, each process trains, and the first of them writes.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ._job_folder import JobFolder
from ._lease import DeviceLease, FileLock
from ._parent import end_with_parent
from ._reports import Failed
from ._runner import NO_ROOM
from ._training_state import Interruption, last_state
from ._wandb import with_runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from ._training_job import Report

NO_ROOM_WORDS: Final = ("No space left", "quota exceeded", "file write failed")  # the last are torch's


def main(path: str) -> None:
    """Train, once no other process does so for this job; on a full disk end with a status that says so."""
    folder = JobFolder(Path(path))
    try:
        _take_part(folder)
    except Exception as error:
        if not _is_no_room(error):
            raise
        with contextlib.suppress(OSError):  # no room for that either
            traceback.print_exc()
        last_state(folder.output)  # removes what was not written whole: others may need the room
        sys.exit(NO_ROOM)


def _take_part(folder: JobFolder) -> None:
    interruption = Interruption()
    listen(interruption)
    if int(os.environ.get("RANK", "0")):
        end_with_parent()
        _assist(_order(folder), interruption)
        return
    with FileLock(folder.pid_file):
        folder.pid_file.write_text(str(os.getpid()))
        end_with_parent()
        order = _order(folder)
        with Path(order.pop("log")).open("a", encoding="utf-8") as log:
            _carry_out(folder, order, log, interruption)


def listen(interruption: Interruption) -> None:
    """Let SIGTERM ask for an interruption; before training looks at that, it ends the process at once."""

    def asked(number: int, _frame: object) -> None:
        interruption.asked = True
        if not interruption.heeded:
            _end_by(number)

    signal.signal(signal.SIGTERM, asked)


def _end_by(number: int) -> None:
    """End as a process does that a signal ends, so that whoever waits for it sees why."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _order(folder: JobFolder) -> dict[str, Any]:
    order: dict[str, Any] = json.loads(folder.order.read_text(encoding="utf-8"))
    return order


def _assist(order: dict[str, Any], interruption: Interruption) -> None:
    """Train as one of several, whose first one tells how it goes."""
    for told in ("log", "integrations"):  # by the first
        order.pop(told, None)
    if _train(order, lambda _: None, interruption) is not None:
        sys.exit(1)


def _carry_out(folder: JobFolder, order: dict[str, Any], log: TextIO, interruption: Interruption) -> None:
    lease = DeviceLease(folder.path.parent.parent)
    integrations = order.pop("integrations", ())

    def write(report: Mapping[str, Any]) -> None:
        log.write(json.dumps(dict(report)) + "\n")
        log.flush()

    facts = {"id": folder.path.name, **{name: order[name] for name in ("method", "seed")}}
    told = with_runs(write, integrations, job=facts, folder=folder.path / "wandb")

    def report(said: dict[str, Any]) -> None:
        told(said)
        lease.give_way()  # between two steps: who waits for an answer does not wait for the job

    with lease:
        fault = _train(order, report, interruption)
    if fault is not None:
        told({"type": "failed", "code": fault.code, "message": fault.message, "param": fault.param})


def _train(order: Mapping[str, Any], report: Report, interruption: Interruption) -> Failed | None:
    """Train; give why that failed, or None."""
    from ._training import TrainingError, TrainingInterruptedError, TrainingJob, train

    try:
        train(TrainingJob(**order), report, interruption)
    except TrainingInterruptedError:
        _end_by(signal.SIGTERM)
    except TrainingError as error:
        return Failed(code=error.code, message=str(error), param=error.param)
    except Exception as error:
        if _is_no_room(error):
            raise
        traceback.print_exc()
        return Failed(code="internal_error", message=f"Training failed: {type(error).__name__}: {error}")
    return None


def _is_no_room(error: Exception) -> bool:
    """Tell whether the disk is full; torch and safetensors have errors of their own for that."""
    return any(words in str(error) for words in NO_ROOM_WORDS)


if __name__ == "__main__":
    main(sys.argv[1])
