"""The seam to training: something that carries a job's order out and says how it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import attrs

from ._reports import Failed

if TYPE_CHECKING:
    from ._job_folder import JobFolder

POLL_SECONDS: Final = 0.05
GRACE_SECONDS: Final = 5.0
NO_ROOM: Final = 74  # a training process's exit status where the disk is full (EX_IOERR of sysexits.h)
NVIDIA: Final = Path("/dev/nvidiactl")


@attrs.frozen(kw_only=True)
class Exit:
    """How a training process ended.

    Attributes:
        code: Its exit status, or minus the number of the signal that ended it.
        last_words: The last line it printed.
    """

    code: int
    last_words: str = ""


class Stop(threading.Event):
    """Asks a runner to end its job.

    Attributes:
        patience: The seconds that the job may take to save its state, from when it is asked; none to waste,
            when the job is not to go on. It may be shortened while the runner waits.
    """

    def __init__(self) -> None:
        super().__init__()
        self.patience = GRACE_SECONDS

    def ask(self, patience: float) -> None:
        """Ask, or ask more urgently."""
        self.patience = min(patience, self.patience) if self.is_set() else patience
        self.set()


class Runner(Protocol):
    """Carries out the order in a job's folder, writing reports there; returns at its end or when stopped."""

    def run(self, folder: JobFolder, stop: Stop) -> Exit:
        """Train; once `stop` is set, save the state and end within its patience."""


class ProcessRunner:
    """Each job in a process of its own on this machine, or in one for each of its GPUs.

    Args:
        processes: How many processes train a job together; None is one for each GPU.
    """

    def __init__(self, *, processes: int | None = None) -> None:
        self._processes = processes

    def run(self, folder: JobFolder, stop: Stop) -> Exit:
        """Start the job; to stop it, ask (SIGTERM), then kill."""
        if self._processes is None:
            self._processes = count_gpus() or 1
        with (
            folder.words.open("ab") as words,
            subprocess.Popen(  # noqa: S603  (our own module, no shell)
                command(folder.path, self._processes),
                stdin=subprocess.PIPE,  # its end tells the process that the server is gone
                stdout=words,
                stderr=words,
                env={**os.environ, "HF_HUB_DISABLE_PROGRESS_BARS": "1", "TQDM_DISABLE": "1"},
                start_new_session=True,  # Ctrl-C at the server's terminal is the server's alone
            ) as process,
        ):
            try:
                code = _wait(process, stop)
            finally:
                _kill_all(process)
        return Exit(code=code, last_words=folder.last_words())


def command(folder: Path, processes: int) -> list[str]:
    """Give what starts a job, by torchrun where several processes train it together.

    >>> " ".join(command(Path("jobs/7"), 2)[1:])
    '-m torch.distributed.run --standalone --nproc-per-node=2 -m mathtune.server._job jobs/7'
    """
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    return [sys.executable, *(launcher if processes > 1 else ()), "-m", "mathtune.server._job", str(folder)]


def count_gpus() -> int:
    """Count the GPUs that torch sees, in a process of its own: the server does without torch."""
    if not NVIDIA.exists():
        return 0
    asked = "import torch; print(torch.cuda.device_count())"
    answer = subprocess.run(  # noqa: S603  (our own words, no shell)
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )
    return int(answer.stdout) if answer.stdout.strip().isdigit() else 0


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


def _wait(process: subprocess.Popen[bytes], stop: Stop) -> int:
    while process.poll() is None:
        if stop.wait(POLL_SECONDS):
            return _end(process, stop)
    return process.returncode


def _end(process: subprocess.Popen[bytes], stop: Stop) -> int:
    began = time.monotonic()
    if stop.patience > 0:
        process.terminate()
    while process.poll() is None:
        if time.monotonic() - began >= stop.patience:
            process.kill()
            return process.wait()
        time.sleep(POLL_SECONDS)
    return process.returncode


def _kill_all(process: subprocess.Popen[bytes]) -> None:
    """Leave no process of the job's session behind: of several, a killed one's fellows would wait for it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # none is left; macOS says so in its own way
        return
    process.wait()
