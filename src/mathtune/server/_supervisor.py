"""Takes jobs through their lives: checks files, trains one job at a time, takes interrupted ones up again."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from typing import TYPE_CHECKING, Any, Final

from ._errors import ApiError
from ._file_check import Fault, check_training_file
from ._job_folder import JobFolder
from ._job_request import judges_of
from ._lifecycle import ENDED, PAUSED, QUEUED, RUNNING, VALIDATING
from ._reports import Failed
from ._runner import GRACE_SECONDS, Exit, Stop, fault_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ._catalogue import Catalogue
    from ._job_progress import JobProgress
    from ._jobs import JobStore
    from ._runner import Runner

LOG: Final = logging.getLogger("mathtune.server")
WATCH_SECONDS: Final = 0.05
RETRY_SECONDS: Final = 1.0
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
        """Take up what an earlier server left, and begin."""
        for job_id in self._jobs.with_status(RUNNING):
            self._take_up(job_id)
        self._threads = [
            threading.Thread(target=self._serve, args=("validate", VALIDATING, self._validate), daemon=True),
            threading.Thread(target=self._serve, args=("train", QUEUED, self._train), daemon=True),
        ]
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

    def _take_up(self, job_id: str) -> None:
        self.folder(job_id).end_leftover()
        self._absorb(job_id)
        if self._jobs.row(job_id)["status"] == RUNNING:
            self._jobs.requeue(job_id, "The server was restarted")

    def _serve(self, work: str, status: str, act: Callable[[str], None]) -> None:
        """Do one kind of work for the oldest job of a status, again and again."""
        event = self._work[work]
        while not self._ending.is_set():
            event.clear()
            waiting: list[str] = []
            try:
                waiting = self._jobs.with_status(status)
                if waiting:
                    act(waiting[0])
            except Exception:  # (one job's trouble, or a full disk, must not end the work for all others)
                LOG.exception("trouble with job %s", waiting[0] if waiting else "?")
                self._ending.wait(RETRY_SECONDS)
                continue
            if not waiting:
                event.wait()

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
                LOG.exception("the %s of job %s", param, job_id)
                message = f"The server cannot read its copy of the file: {error.strerror}."
                return Fault(code="server_error", message=message, param=param)
            if fault is not None:
                return fault
        return None

    def _train(self, job_id: str) -> None:
        attempt = self._progress.begin(job_id)
        if attempt is None:
            return
        folder = self.folder(job_id)
        try:
            folder.write_order(self._order(job_id, attempt))
            exit_ = self._watch(job_id, folder)
        except ApiError as error:  # its model is gone
            self._progress.fail(job_id, Failed(code=error.code or "", message=error.message, param="model"))
        except (OSError, sqlite3.Error) as error:
            LOG.exception("job %s cannot be kept", job_id)
            self._fail_in_the_end(job_id, Failed(code="server_error", message=f"The server failed: {error}"))
        else:
            if not self._ending.is_set() and not self._goes_on(job_id, exit_):
                self._fail_in_the_end(job_id, fault_of(exit_))
                if self._jobs.row(job_id)["status"] in ENDED:
                    self._kills.pop(job_id, None)
                    folder.forget_resumption()

    def _goes_on(self, job_id: str, exit_: Exit) -> bool:
        """Queue a job again whose process died without a word, unless it keeps dying at one step."""
        row = self._jobs.row(job_id)
        if row["status"] != RUNNING or exit_.code == 0:
            return False
        step, kills = self._kills.get(job_id, (-1, 0))
        kills = kills + 1 if step == row["step"] else 1
        self._kills[job_id] = (row["step"], kills)
        if kills >= MOST_KILLS:
            return False
        self._jobs.requeue(job_id, fault_of(exit_).message)
        return True

    def _order(self, job_id: str, attempt: int) -> dict[str, Any]:
        row, folder = self._jobs.row(job_id), self.folder(job_id)
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
        stop, ends = Stop(), list[Exit]()
        thread = threading.Thread(target=lambda: ends.append(self._runner.run(folder, stop)), daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                self._absorb(job_id)
                if (patience := self._patience(job_id)) is not None:
                    stop.ask(patience)
                thread.join(WATCH_SECONDS)
            self._absorb(job_id)
        finally:
            stop.ask(GRACE_SECONDS)
            thread.join()
        return ends[0] if ends else Exit(code=1, last_words="the runner failed; see the server's log")

    def _patience(self, job_id: str) -> float | None:
        """Give how long a job's process may take to save its state and end; None while it is to run."""
        status = self._jobs.row(job_id)["status"]
        if status in ENDED:
            return 0.0
        if self._ending.is_set():
            return GRACE_SECONDS
        if status in (PAUSED, QUEUED):  # queued: it was paused and is resumed already
            return PAUSE_SECONDS
        return None

    def _absorb(self, job_id: str) -> None:
        row = self._jobs.row(job_id)
        reports, offset = self.folder(job_id).read_reports(row["attempt"], row["log_offset"])
        if offset != row["log_offset"]:
            self._progress.absorb(job_id, reports, offset=offset)

    def _fail_in_the_end(self, job_id: str, fault: Failed) -> None:
        """Write down that a job failed, as soon as the disk takes it (nothing if the job has ended)."""
        while not self._fail(job_id, fault):
            if self._ending.wait(RETRY_SECONDS):
                return

    def _fail(self, job_id: str, fault: Failed) -> bool:
        try:
            self._progress.fail(job_id, fault)
        except sqlite3.Error:
            LOG.exception("cannot write down that job %s failed", job_id)
            return False
        return True
