"""Takes jobs through their lives: checks files, trains one job at a time, takes interrupted ones up again.

What goes wrong is of one of two kinds. A fault of the place (a full disk, a locked database) may pass: what
met it is tried again, after longer and longer pauses in which other jobs go on. Any other fault is the job's,
which fails and says why.
"""

from __future__ import annotations

import errno
import json
import logging
import sqlite3
import threading
from typing import TYPE_CHECKING, Any, Final

from mathtune.errors import StorageError

from ._errors import ApiError, is_of_place
from ._file_check import Fault, check_training_file
from ._job_folder import JobFolder
from ._job_request import judges_of
from ._lifecycle import ENDED, PAUSED, QUEUED, RUNNING, VALIDATING
from ._reports import Failed
from ._runner import GRACE_SECONDS, NO_ROOM, Exit, Stop, fault_of
from ._troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ._catalogue import Catalogue
    from ._job_progress import JobProgress
    from ._jobs import JobStore
    from ._runner import Runner

LOG: Final = logging.getLogger("mathtune.server")
WATCH_SECONDS: Final = 0.05
MOST_TRIES: Final = 120  # of a job in a place that does not let it go on: an hour of pauses
PAUSE_SECONDS: Final = 600.0  # that a paused job may take to end its step and save its state
MOST_KILLS: Final = 5  # of a job's process in a row without a further step


class Supervisor:
    """Two threads: one checks the files of new jobs, one trains.

    Args:
        jobs: The jobs as clients see them.
        progress: Where what happens to them is written.
        catalogue: Where the models to train lie.
        runner: Carries a job out.
        folder: Where the jobs' folders lie.
        precision: What the networks compute in.
    """

    def __init__(
        self,
        *,
        jobs: JobStore,
        progress: JobProgress,
        catalogue: Catalogue,
        runner: Runner,
        folder: Path,
        precision: str,
    ) -> None:
        self._jobs = jobs
        self._progress = progress
        self._catalogue = catalogue
        self._runner = runner
        self._folder = folder
        self._precision = precision
        self._ending = threading.Event()
        self._work = {name: threading.Event() for name in ("validate", "train")}
        self._threads: list[threading.Thread] = []
        self._kills: dict[str, tuple[int, int]] = {}  # by job: the last step told, and the kills at that step
        folder.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Begin; first what an earlier server left running."""
        works = (
            ("validate", (VALIDATING,), self._validate),
            ("train", (RUNNING, QUEUED), self._train),
        )
        self._threads = [threading.Thread(target=self._serve, args=work, daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop; a running job is taken up by the next server."""
        self._ending.set()
        self.wake()
        for thread in self._threads:
            thread.join()

    def wake(self) -> None:
        """Say that there may be something to do."""
        for event in self._work.values():
            event.set()

    def folder(self, job_id: str) -> JobFolder:
        """Give a job's folder; ids are ours, so they are safe as names."""
        return JobFolder(self._folder / job_id)

    def sweep(self) -> None:
        """Remove folders that no job has (left by a kill while a job was made)."""
        known = self._jobs.ids()
        for path in self._folder.iterdir():
            if path.name not in known:
                JobFolder(path).remove()

    def _serve(self, work: str, statuses: tuple[str, ...], act: Callable[[str], None]) -> None:
        """Do one kind of work for the oldest job of the first status that has one, again and again."""
        event, troubles = self._work[work], Troubles()
        while not self._ending.is_set():
            event.clear()
            job_id: str | None = None
            try:
                job_id = self._next(statuses, troubles)
                if job_id is not None:
                    act(job_id)
                troubles.over(job_id or "")
            except Exception as error:  # (one job's trouble must not end the work for all others)
                tries = troubles.add(job_id or "")
                if is_of_place(error) and tries < MOST_TRIES:
                    LOG.warning("job %s has to wait: %s", job_id or "?", error)
                else:
                    LOG.exception("job %s cannot go on", job_id or "?")
                    self._give_up(job_id, statuses, error)
            if job_id is None and not self._ending.is_set():
                event.wait(troubles.longest_wait())

    def _next(self, statuses: tuple[str, ...], troubles: Troubles) -> str | None:
        waiting = {job_id for job_id, _ in troubles.waiting()}
        found = (job_id for status in statuses for job_id in self._jobs.with_status(status))
        return next((job_id for job_id in found if job_id not in waiting), None)

    def _give_up(self, job_id: str | None, statuses: tuple[str, ...], error: Exception) -> None:
        """Write down that a job failed; where that cannot be done now, it is tried again as the job is."""
        if job_id is None:
            return
        fault = Failed(code="server_error", message=f"The server failed: {type(error).__name__}: {error}")
        try:
            self._progress.fail(job_id, fault, statuses=statuses)
        except Exception:  # (the same that kept the job from going on, for one)
            LOG.exception("cannot write down that job %s failed", job_id)

    def _validate(self, job_id: str) -> None:
        self._progress.validated(job_id, self._find_fault(job_id))
        self._work["train"].set()

    def _find_fault(self, job_id: str) -> Fault | None:
        row = self._jobs.row(job_id)
        for param in ("training_file", "validation_file"):
            if row[param] is None:
                continue
            try:
                with self.folder(job_id).input(param).open("rb") as lines:
                    fault = check_training_file(
                        lines, method=row["method_type"], param=param, file_id=row[param]
                    )
            except OSError as error:
                if is_of_place(error):
                    raise
                LOG.exception("the %s of job %s", param, job_id)
                message = f"The server cannot read its copy of the file: {error.strerror}."
                return Fault(code="server_error", message=message, param=param)
            if fault is not None:
                return fault
        return None

    def _train(self, job_id: str) -> None:
        folder = self.folder(job_id)
        self._take_up(job_id, folder)
        row = self._jobs.row(job_id)
        if row["status"] != QUEUED:
            return
        attempt = row["attempt"] + 1
        try:
            folder.write_order(self._order(row, folder, attempt))
        except ApiError as error:  # its model is gone
            fault = Failed(code=error.code or "", message=error.message, param="model")
            self._progress.fail(job_id, fault, statuses=(QUEUED,))
            return
        if not self._progress.begin(job_id, attempt=attempt):
            return
        exit_ = self._watch(job_id, folder)
        if not self._ending.is_set() and not self._goes_on(job_id, exit_):
            self._progress.fail(job_id, fault_of(exit_))
            self._tidy(job_id, folder)

    def _take_up(self, job_id: str, folder: JobFolder) -> None:
        """Keep what was last said of a job that ran unwatched, and queue it unless it has ended."""
        if self._jobs.row(job_id)["status"] != RUNNING:
            return
        folder.end_leftover()
        self._absorb(job_id)
        if self._jobs.row(job_id)["status"] == RUNNING:
            self._jobs.requeue(job_id, "Training was interrupted")
        self._tidy(job_id, folder)

    def _tidy(self, job_id: str, folder: JobFolder) -> None:
        """Keep of an ended job what its models need, and no more."""
        if self._jobs.row(job_id)["status"] in ENDED:
            self._kills.pop(job_id, None)
            folder.forget_resumption()

    def _goes_on(self, job_id: str, exit_: Exit) -> bool:
        """Queue a job again whose process died without a word, unless it keeps dying at one step.

        Raises:
            StorageError: It died for want of room on the disk, which it may have later.
        """
        row = self._jobs.row(job_id)
        if row["status"] != RUNNING or exit_.code == 0:
            return False
        if exit_.code == NO_ROOM:
            self._jobs.requeue(job_id, "The disk is full")
            raise StorageError(errno.ENOSPC, exit_.last_words)
        step, kills = self._kills.get(job_id, (-1, 0))
        kills = kills + 1 if step == row["step"] else 1
        self._kills[job_id] = (row["step"], kills)
        if kills >= MOST_KILLS:
            return False
        self._jobs.requeue(job_id, fault_of(exit_).message)
        return True

    def _order(self, row: sqlite3.Row, folder: JobFolder, attempt: int) -> dict[str, Any]:
        validation, method = folder.input("validation_file"), json.loads(row["method"])
        return {
            "base_model": self._catalogue.find(row["model"]).source,
            "training_file": str(folder.input("training_file")),
            "validation_file": str(validation) if row["validation_file"] else None,
            "output": str(folder.output),
            "hyperparameters": json.loads(row["hyperparameters"]),
            "method": method,
            "judges": {name: self._catalogue.find(name).source for name in judges_of(method)},
            "seed": row["seed"],
            "precision": self._precision,
            "integrations": json.loads(row["integrations"] or "[]"),
            "log": str(folder.log(attempt)),
        }

    def _watch(self, job_id: str, folder: JobFolder) -> Exit:
        """Run a job and keep its reports as they come; stop it when it is no longer to run."""
        stop, ends, troubles = Stop(), list[Exit | Exception](), Troubles()
        thread = threading.Thread(target=lambda: ends.append(self._run(folder, stop)), daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                if not troubles.waiting():
                    self._look(job_id, stop, troubles)
                if self._ending.is_set():
                    stop.ask(GRACE_SECONDS)
                thread.join(WATCH_SECONDS)
            self._absorb(job_id)
        finally:
            stop.ask(GRACE_SECONDS)
            thread.join()
        if isinstance(ends[0], Exception):
            raise ends[0]
        return ends[0]

    def _run(self, folder: JobFolder, stop: Stop) -> Exit | Exception:
        try:
            return self._runner.run(folder, stop)
        except Exception as error:  # noqa: BLE001  (it is raised again by the thread that waits for it)
            return error

    def _look(self, job_id: str, stop: Stop, troubles: Troubles) -> None:
        """Keep what a job said, which waits in its log where the disk does not take it: the job goes on."""
        try:
            if (patience := self._patience(job_id)) is not None:
                stop.ask(patience)
            self._absorb(job_id)
            troubles.over(job_id)
        except (OSError, sqlite3.Error) as error:
            if not is_of_place(error):
                raise
            LOG.warning("what job %s reports has to wait: %s", job_id, error)
            troubles.add(job_id)

    def _patience(self, job_id: str) -> float | None:
        """Give how long a job's process may take to save its state and end; None while it is to run."""
        status = self._jobs.row(job_id)["status"]
        if status in ENDED:
            return 0.0
        if status in (PAUSED, QUEUED):  # queued: it was paused and is resumed already
            return PAUSE_SECONDS
        return None

    def _absorb(self, job_id: str) -> None:
        row = self._jobs.row(job_id)
        reports, offset = self.folder(job_id).read_reports(row["attempt"], row["log_offset"])
        if offset != row["log_offset"]:
            self._progress.absorb(job_id, reports, offset=offset)
