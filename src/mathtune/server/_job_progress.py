"""How a job comes along: checked, begun, its reports kept, its end. The supervisor's side of a job's life."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Final

import attrs

from ._ids import new_id
from ._job_record import JobRecord
from ._lifecycle import QUEUED, RUNNING, SUCCEEDED, VALIDATING
from ._reports import Checkpoint, Failed, Metrics, Notice, Started, Succeeded, metrics_message, results_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ._database import Database
    from ._file_check import Fault
    from ._files import FileStore
    from ._reports import Report

KEPT_CHECKPOINTS: Final = 3


class JobProgress:
    """What happens to jobs.

    Args:
        database: The server's memory.
        files: Where results go.
        clock: Seconds since 1970.
    """

    def __init__(self, database: Database, files: FileStore, *, clock: Callable[[], float]) -> None:
        self._database = database
        self._files = files
        self._clock = clock

    def validated(self, job_id: str, fault: Fault | None) -> None:
        """Queue a job whose files are right, fail one whose are not; nothing if it was cancelled."""
        with self._database.change() as connection:
            record = JobRecord(connection, job_id, self._clock())
            if record.status != VALIDATING:
                return
            if fault is None:
                record.move(QUEUED)
                record.tell("Files validated, moving job to queued state")
            else:
                record.fail(attrs.asdict(fault))

    def begin(self, job_id: str, *, attempt: int) -> bool:
        """Start a queued job; give whether it was queued still."""
        with self._database.change() as connection:
            record = JobRecord(connection, job_id, self._clock())
            if record.status != QUEUED:
                return False
            record.move(RUNNING)
            record.set(attempt=attempt, log_offset=0, started_at=record.now, started_step=None)
            record.tell("Fine-tuning job started")
            return True

    def absorb(self, job_id: str, reports: Iterable[Report], *, offset: int) -> None:
        """Keep reports, and how far the attempt's log was read, in one step.

        Reports of a job that has ended or was paused meanwhile are passed over.
        """
        with self._database.change() as connection:
            record = JobRecord(connection, job_id, self._clock())
            record.set(log_offset=offset)
            for report in reports:
                if record.status == RUNNING:
                    self._apply(record, report)

    def fail(self, job_id: str, fault: Failed, *, statuses: Sequence[str] = (RUNNING,)) -> None:
        """End a job as failed; nothing if it has ended, or been paused, and has none of the statuses."""
        with self._database.change() as connection:
            record = JobRecord(connection, job_id, self._clock())
            if record.status in statuses:
                record.fail(attrs.asdict(fault))

    def _apply(self, record: JobRecord, report: Report) -> None:
        if isinstance(report, Started):
            _apply_started(record, report)
        elif isinstance(report, Metrics):
            _apply_metrics(record, report)
        elif isinstance(report, Checkpoint):
            _apply_checkpoint(record, report)
        elif isinstance(report, Notice):
            record.tell(report.message, level="warn")
        elif isinstance(report, Succeeded):
            self._apply_succeeded(record, report)
        else:
            record.fail(attrs.asdict(report))

    def _apply_succeeded(self, record: JobRecord, report: Succeeded) -> None:
        """End a job as succeeded: its model, its results and its last events appear together."""
        query = "SELECT data FROM events WHERE job_id = ? AND type = 'metrics' ORDER BY seq"
        steps = [json.loads(row["data"]) for row in record.connection.execute(query, (record.job_id,))]
        table = results_csv(steps, method=record.row["method_type"])
        encoded = base64.b64encode(table.encode()).decode()  # as OpenAI sends it
        result = self._files.write(
            record.connection, encoded, filename="step_metrics.csv", purpose="fine-tune-results"
        )
        name = str(record.row["tuned_name"])
        record.add_model(name, report.folder)
        record.tell(f"New fine-tuned model created: {name}")
        record.move(SUCCEEDED)
        record.set(fine_tuned_model=name, trained_tokens=report.trained_tokens, result_file=result)
        record.tell("The job has successfully completed")


def _apply_started(record: JobRecord, report: Started) -> None:
    chosen = {**json.loads(record.row["hyperparameters"]), **report.hyperparameters}
    record.set(hyperparameters=json.dumps(chosen), total_steps=report.total_steps)


def _apply_metrics(record: JobRecord, report: Metrics) -> None:
    row = record.row
    if row["started_step"] is None:  # where this attempt took up: the pace is counted from here
        record.set(started_step=report.step, started_at=record.now)
    elif report.step > row["started_step"]:
        pace = (record.now - row["started_at"]) / (report.step - row["started_step"])
        record.set(estimated_finish=int(record.now + pace * (report.total_steps - report.step)))
    if report.step <= row["step"]:
        return  # a resumed job repeats the steps since its checkpoint; they are not told twice
    record.set(step=report.step, total_steps=report.total_steps)
    data = {"step": report.step, "total_steps": report.total_steps, **report.values}
    record.tell(metrics_message(data), data=data)


def _apply_checkpoint(record: JobRecord, report: Checkpoint) -> None:
    name = f"{record.row['tuned_name']}:ckpt-step-{report.step}"
    metrics = json.dumps({"step": report.step, **report.values})
    added = record.connection.execute(
        "INSERT OR IGNORE INTO checkpoints (id, job_id, created_at, step, model, metrics)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (new_id("ftckpt_"), record.job_id, int(record.now), report.step, name, metrics),
    )
    if added.rowcount:
        record.add_model(name, report.folder)
        record.tell(f"Checkpoint created at step {report.step} with Snapshot ID: {name}")
        _forget_old_checkpoints(record)


def _forget_old_checkpoints(record: JobRecord) -> None:
    query = "SELECT model FROM checkpoints WHERE job_id = ? ORDER BY step DESC LIMIT -1 OFFSET ?"
    old = record.connection.execute(query, (record.job_id, KEPT_CHECKPOINTS)).fetchall()
    for row in old:
        record.connection.execute("DELETE FROM models WHERE name = ?", (row["model"],))
        record.connection.execute("DELETE FROM checkpoints WHERE model = ?", (row["model"],))
