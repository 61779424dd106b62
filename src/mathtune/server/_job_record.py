"""One job inside a transaction: its row, its status, what it tells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs

from ._ids import new_id
from ._lifecycle import ENDED, FAILED, check_move

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping


@attrs.frozen
class JobRecord:
    """A job that is being changed.

    Args:
        connection: Inside a transaction.
        job_id: A job that exists.
        now: The time of the change, in seconds since 1970.
    """

    connection: sqlite3.Connection
    job_id: str
    now: float

    @property
    def row(self) -> sqlite3.Row:
        """The job as it is stored now."""
        found: sqlite3.Row = self.connection.execute(
            "SELECT * FROM jobs WHERE id = ?", (self.job_id,)
        ).fetchone()
        return found

    @property
    def status(self) -> str:
        """The job's status now."""
        return str(self.row["status"])

    def set(self, **columns: Any) -> None:  # noqa: ANN401  (columns hold many types)
        """Change columns; their names are ours, their values may be a client's."""
        names = ", ".join(f"{name} = ?" for name in columns)
        query = f"UPDATE jobs SET {names} WHERE id = ?"  # noqa: S608  (our own names)
        self.connection.execute(query, (*columns.values(), self.job_id))

    def move(self, status: str) -> None:
        """Change the status.

        Raises:
            ApiError: 400, when that move is not legal.
        """
        check_move(self.status, status)
        finished = int(self.now) if status in ENDED else None
        self.set(status=status, finished_at=finished, estimated_finish=None)

    def fail(self, error: Mapping[str, Any]) -> None:
        """End the job as failed.

        Args:
            error: The protocol's `code`, `message` and `param`.
        """
        self.move(FAILED)
        self.set(error=json.dumps(dict(error)))
        self.tell(str(error["message"]), level="error")

    def tell(self, message: str, *, level: str = "info", data: Mapping[str, Any] | None = None) -> None:
        """Add an event; one with data is of type `metrics`."""
        self.connection.execute(
            "INSERT INTO events (id, job_id, created_at, level, type, message, data)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                new_id("ftevent-"),
                self.job_id,
                int(self.now),
                level,
                "message" if data is None else "metrics",
                message,
                json.dumps(dict(data or {})),
            ),
        )

    def add_model(self, name: str, folder: str) -> None:
        """Make a folder addressable as a model."""
        self.connection.execute(
            "INSERT OR REPLACE INTO models (name, created_at, base, folder, job_id) VALUES (?, ?, ?, ?, ?)",
            (name, int(self.now), self.row["base"], folder, self.job_id),
        )
