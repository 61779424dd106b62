"""The seam to training: something that carries a job's order out and says how it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from ._reports import Failed

if TYPE_CHECKING:
    import threading

    from ._job_folder import JobFolder

POLL_SECONDS: Final = 0.05
GRACE_SECONDS: Final = 5.0


@attrs.frozen(kw_only=True)
class Exit:
    """How a training process ended.

    Attributes:
        code: Its exit status, or minus the number of the signal that ended it.
        last_words: The last line it printed.
    """

    code: int
    last_words: str = ""


class Runner(Protocol):
    """Carries out the order in a job's folder, writing reports there; returns at its end or when stopped."""

    def run(self, folder: JobFolder, stop: threading.Event) -> Exit:
        """Train, and stop soon after `stop` is set."""


class ProcessRunner:
    """Each job in a process of its own, on this machine."""

    def run(self, folder: JobFolder, stop: threading.Event) -> Exit:
        """Start `python -m mathtune.server._job FOLDER`; to stop it, ask (SIGTERM), then kill."""
        command = [sys.executable, "-m", "mathtune.server._job", str(folder.path)]
        with (
            folder.words.open("ab") as words,
            subprocess.Popen(  # noqa: S603  (our own module, no shell)
                command,
                stdin=subprocess.PIPE,  # its end tells the process that the server is gone
                stdout=words,
                stderr=words,
                env={**os.environ, "HF_HUB_DISABLE_PROGRESS_BARS": "1", "TQDM_DISABLE": "1"},
                start_new_session=True,  # Ctrl-C at the server's terminal is the server's alone
            ) as process,
        ):
            try:
                code = _wait(process, stop)
            except BaseException:
                process.kill()
                raise
        return Exit(code=code, last_words=folder.last_words())


def fault_of(exit_: Exit) -> Failed:
    """Say why a process that reported no end did not do its work.

    >>> fault_of(Exit(code=-9)).code
    'process_killed'
    """
    if exit_.code < 0:
        name = signal.Signals(-exit_.code).name
        hint = "; the system may have run out of memory" if exit_.code == -signal.SIGKILL else ""
        return Failed(code="process_killed", message=f"The training process was ended by {name}{hint}.")
    said = f": {exit_.last_words}" if exit_.last_words else ""
    message = f"The training process ended with status {exit_.code} and no result{said}"
    return Failed(code="internal_error", message=message)


def _wait(process: subprocess.Popen[bytes], stop: threading.Event) -> int:
    while process.poll() is None:
        if stop.wait(POLL_SECONDS):
            process.terminate()
            try:
                return process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                return process.wait()
    return process.returncode
