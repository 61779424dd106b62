"""Fine-tuning jobs as clients see them: made, read, listed, cancelled, paused, resumed.

Every change is one transaction: the status with its event, or nothing. `_job_progress` moves jobs along.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from ._errors import invalid, no_such
from ._idempotency import made_before, remember
from ._ids import new_id
from ._job_record import JobRecord
from ._job_request import judges_of
from ._job_views import checkpoint_view, event_view, job_view
from ._lifecycle import CANCELLED, PAUSED, QUEUED, VALIDATING
from ._pages import Page, read_page

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from ._catalogue import Catalogue
    from ._database import Database
    from ._job_folder import JobFolder
    from ._job_request import JobRequest


class JobStore:
    """Jobs of the protocol.

    Args:
        database: The server's memory.
        catalogue: Where models are named.
        clock: Seconds since 1970.
        organization: Whose the jobs are.
    """

    def __init__(
        self, database: Database, catalogue: Catalogue, *, clock: Callable[[], float], organization: str
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._clock = clock
        self._view = partial(job_view, organization=organization)

    def create(self, request: JobRequest, *, key: str | None, lay_out: Callable[[str], JobFolder]) -> str:
        """Make a job, unless an earlier request with the same idempotency key has made it; give its id.

        Args:
            request: What was asked.
            key: The `Idempotency-Key`, where the client sent one.
            lay_out: Makes the folder of a new job, before the job is known.

        Raises:
            ApiError: 400, when the key came with another request before; 404 for an unknown model or judge.
        """
        base = self._catalogue.find(request.model).base
        for judge in judges_of(request.method):
            self._catalogue.find(judge, "method.reinforcement.grader.model")
        folder: JobFolder | None = None
        try:
            with self._database.change() as connection:
                if (made := made_before(connection, "jobs", key, request.digest)) is not None:
                    return made
                job_id = new_id("ftjob-")
                folder = lay_out(job_id)
                self._insert(connection, job_id, base, request)
                remember(connection, "jobs", key, request.digest, object_id=job_id, now=self._clock())
        except BaseException:
            if folder is not None:
                folder.remove()
            raise
        return job_id

    def get(self, job_id: str) -> dict[str, Any]:
        """Give the protocol's job object.

        Raises:
            ApiError: 404.
        """
        return self._view(self.row(job_id))

    def row(self, job_id: str) -> sqlite3.Row:
        """Give a job as it is stored.

        Raises:
            ApiError: 404.
        """
        row = self._database.row("SELECT * FROM jobs WHERE id = ?", (job_id,))
        if row is None:
            raise no_such("FineTuningJob", job_id)
        return row

    def page(self, *, after: str | None, limit: int, metadata: Mapping[str, str] | None, bare: bool) -> Page:
        """Give a page of jobs, newest first.

        Args:
            after: The last id of the page before.
            limit: The most jobs to give.
            metadata: Only jobs with all of these pairs.
            bare: Only jobs without metadata.
        """
        where, values = ["1"], list[Any]()
        for key, value in (metadata or {}).items():
            where.append("EXISTS (SELECT 1 FROM json_each(jobs.metadata) WHERE key = ? AND value = ?)")
            values += [key, value]
        if bare:
            where.append("(metadata IS NULL OR metadata = '{}')")
        page = read_page(self._database, "jobs", " AND ".join(where), values, after=after, limit=limit)
        return page.map(self._view)

    def events(self, job_id: str, *, after: str | None, limit: int) -> Page:
        """Give a page of a job's events, newest first."""
        self.row(job_id)
        page = read_page(self._database, "events", "job_id = ?", [job_id], after=after, limit=limit)
        return page.map(event_view)

    def checkpoints(self, job_id: str, *, after: str | None, limit: int) -> Page:
        """Give a page of a job's checkpoints, newest first."""
        self.row(job_id)
        page = read_page(self._database, "checkpoints", "job_id = ?", [job_id], after=after, limit=limit)
        return page.map(checkpoint_view)

    def cancel(self, job_id: str) -> dict[str, Any]:
        """Cancel a job that has not ended.

        Raises:
            ApiError: 404; 400 for a job that has ended.
        """
        return self._move(job_id, CANCELLED, "The job was cancelled")

    def pause(self, job_id: str) -> dict[str, Any]:
        """Pause a job that waits or runs: its process saves its state after the step that it is at, and ends.

        Raises:
            ApiError: 404; 400 for a job in another status.
        """
        return self._move(job_id, PAUSED, "The job was paused")

    def resume(self, job_id: str) -> dict[str, Any]:
        """Put a paused job back into the queue.

        Raises:
            ApiError: 404; 400 for a job that is not paused.
        """
        return self._move(job_id, QUEUED, "The job was resumed, moving it to queued state", only=PAUSED)

    def requeue(self, job_id: str, why: str) -> None:
        """Put a running job back into the queue; it goes on from where its state was last saved.

        Args:
            job_id: A running job.
            why: What interrupted it, as a sentence.
        """
        self._move(job_id, QUEUED, f"{why.rstrip('.')}, moving job to queued state")

    def ids(self) -> set[str]:
        """Give the ids of all jobs."""
        return {row["id"] for row in self._database.rows("SELECT id FROM jobs")}

    def with_status(self, status: str) -> list[str]:
        """Give the ids of the jobs of a status, oldest first."""
        rows = self._database.rows("SELECT id FROM jobs WHERE status = ? ORDER BY seq", (status,))
        return [row["id"] for row in rows]

    def _insert(self, connection: sqlite3.Connection, job_id: str, base: str, request: JobRequest) -> None:
        columns = {
            "id": job_id,
            "status": VALIDATING,
            "created_at": int(self._clock()),
            "model": request.model,
            "base": base,
            "tuned_name": self._catalogue.tuned_name(base, request.suffix, new_id("", 8)),
            "training_file": request.training_file,
            "validation_file": request.validation_file,
            "method": json.dumps(request.method),
            "method_type": request.method["type"],
            "hyperparameters": json.dumps(request.hyperparameters),
            "seed": request.seed,
            "suffix": request.suffix,
            "integrations": json.dumps(request.integrations),
            "metadata": None if request.metadata is None else json.dumps(request.metadata),
        }
        marks = ", ".join("?" for _ in columns)
        query = f"INSERT INTO jobs ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  (our own names)
        connection.execute(query, tuple(columns.values()))
        record = JobRecord(connection, job_id, self._clock())
        record.tell(f"Created fine-tuning job: {job_id}")
        named = (f"{param.replace('_', ' ')}: {file_id}" for param, file_id in request.file_ids.items())
        record.tell(f"Validating {' and '.join(named)}")

    def _move(self, job_id: str, status: str, message: str, *, only: str | None = None) -> dict[str, Any]:
        """Change a job's status and tell so, where that is legal (and the status was `only`)."""
        self.row(job_id)
        with self._database.change() as connection:
            record = JobRecord(connection, job_id, self._clock())
            if only is not None and record.status != only:
                raise invalid(f"The job is {record.status}, not {only}.", None, "invalid_job_status")
            record.move(status)
            record.tell(message)
        return self.get(job_id)
