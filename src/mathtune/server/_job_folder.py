"""Where a job's things lie on disk, and what the training process is told and tells there."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import time
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError
from mathtune.files import write_text

from ._lease import FileLock
from ._reports import read_report
from ._training_state import forget_resumption

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ._reports import Report


@attrs.frozen
class JobFolder:
    """A job's folder: copies of its files, its order, its logs, what training writes.

    Args:
        path: The folder; its name is the job's id.
    """

    path: Path

    @property
    def output(self) -> Path:
        """Where training keeps checkpoints and the final model."""
        return self.path / "output"

    @property
    def order(self) -> Path:
        """What the training process is told."""
        return self.path / "job.json"

    @property
    def words(self) -> Path:
        """What the training process printed."""
        return self.path / "output.log"

    @property
    def pid_file(self) -> Path:
        """Where the training process writes its number, and holds a lock while it lives."""
        return self.path / "process.lock"

    def input(self, param: str) -> Path:
        """Give the job's own copy of its `training_file` or `validation_file`."""
        return self.path / f"{param}.jsonl"

    def log(self, attempt: int) -> Path:
        """Give the reports of an attempt."""
        return self.path / f"reports-{attempt}.jsonl"

    def lay_out(self, files: Mapping[str, Path]) -> None:
        """Make the folder with its own copies of the job's files, by argument."""
        self.path.mkdir(parents=True)
        try:
            for param, source in files.items():
                link_or_copy(source, self.input(param))
        except BaseException:
            self.remove()
            raise

    def write_order(self, order: Mapping[str, Any]) -> None:
        """Tell the training process what to do."""
        write_text(self.order, json.dumps(dict(order)))

    def read_reports(self, attempt: int, offset: int) -> tuple[list[Report], int]:
        """Give the whole lines of an attempt's log after an offset in bytes, and the offset after them.

        Raises:
            DataError: A line is no report, or the log is gone.
        """
        try:
            with self.log(attempt).open("rb") as stream:
                stream.seek(offset)
                new = stream.read()
        except FileNotFoundError as error:
            if offset or not self.path.is_dir():  # else the process has not said anything yet
                raise DataError("the job's reports are gone from the server's disk") from error
            return [], offset
        whole = new[: new.rfind(b"\n") + 1]
        try:
            reports = [read_report(json.loads(line)) for line in whole.splitlines()]
        except (ValueError, LookupError, TypeError) as error:
            raise DataError("the training process wrote a line that is no report") from error
        return [report for report in reports if report is not None], offset + len(whole)

    def last_words(self) -> str:
        """Give the last line that the training process printed, or nothing."""
        try:
            with self.words.open("rb") as stream:
                stream.seek(max(0, stream.seek(0, os.SEEK_END) - 4096))
                lines = stream.read().decode("utf-8", "replace").split("\n")
        except FileNotFoundError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def end_leftover(self, *, patience: float = 30.0) -> None:
        """Kill a training process that outlived its server, and wait until it is gone."""
        if not self.pid_file.exists():
            return
        lock = FileLock(self.pid_file)
        for _ in range(int(patience / 0.02)):
            if lock.acquire(wait=False):
                lock.release()
                return
            # The lock is held, so the number is that process's own and no later one's.
            written = self.pid_file.read_text()
            if written.strip().isdigit():
                with contextlib.suppress(ProcessLookupError):  # it has just ended
                    os.kill(int(written), signal.SIGKILL)
            time.sleep(0.02)

    def forget_resumption(self) -> None:
        """Remove what only a job that goes on needs."""
        forget_resumption(self.output)

    def remove(self) -> None:
        """Remove the folder and all in it."""
        shutil.rmtree(self.path, ignore_errors=True)


def link_or_copy(source: Path, target: Path) -> None:
    """Make `target` hold what `source` holds, also after `source` is deleted."""
    try:
        target.hardlink_to(source)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)
