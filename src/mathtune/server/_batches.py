"""Batches as they are stored: made, read, listed, cancelled, and moved along by the worker."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Final

from ._batch_request import ENDPOINT, MOST_BYTES, WINDOW_SECONDS
from ._errors import ApiError, invalid, no_such
from ._files import remove_strays
from ._idempotency import made_before, remember
from ._ids import new_id
from ._job_folder import link_or_copy
from ._json import kept
from ._pages import Page, read_page

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from ._batch_request import BatchRequest
    from ._database import Database
    from ._files import FileStore

LOG: Final = logging.getLogger("mathtune.server")
VALIDATING: Final = "validating"
IN_PROGRESS: Final = "in_progress"
FINALIZING: Final = "finalizing"
CANCELLING: Final = "cancelling"
MOVES: Final[dict[str, frozenset[str]]] = {
    VALIDATING: frozenset({IN_PROGRESS, "failed", CANCELLING}),
    IN_PROGRESS: frozenset({FINALIZING, "failed", "expired", CANCELLING}),
    FINALIZING: frozenset({"completed"}),
    CANCELLING: frozenset({"cancelled"}),
    "failed": frozenset(),
    "completed": frozenset(),
    "expired": frozenset(),
    "cancelled": frozenset(),
}
UNDER_WAY: Final = tuple(status for status, moves in MOVES.items() if moves)
DAMAGED: Final[dict[str, Any]] = {
    "code": "server_error",
    "message": "A stored answer is damaged and cannot be read any more. Send its request again.",
    "param": None,
    "line": None,
}
STAMPS: Final = (
    "in_progress_at",
    "finalizing_at",
    "completed_at",
    "failed_at",
    "expired_at",
    "cancelling_at",
    "cancelled_at",
)


class BatchStore:
    """Batches of the protocol.

    Args:
        database: The server's memory.
        files: Where input and output lie.
        folder: Where each batch's own copy of its input lies.
        clock: Seconds since 1970.
    """

    def __init__(
        self, database: Database, files: FileStore, folder: Path, *, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._files = files
        self._folder = folder
        self._clock = clock
        folder.mkdir(parents=True, exist_ok=True)

    def create(self, request: BatchRequest, *, key: str | None) -> dict[str, Any]:
        """Make a batch, unless an earlier request with the same idempotency key has made it.

        Raises:
            ApiError: 400, for a file that cannot be a batch's.
        """
        batch_id = new_id("batch_")
        try:
            with self._database.change() as connection:
                made = made_before(connection, "batches", key, request.digest)
                if made is None:
                    link_or_copy(self._input_path(request.input_file_id), self.input(batch_id))
                    self._insert(connection, batch_id, request)
                    now = self._clock()
                    remember(connection, "batches", key, request.digest, object_id=batch_id, now=now)
        except BaseException:
            self.input(batch_id).unlink(missing_ok=True)
            raise
        return self.get(made or batch_id)

    def get(self, batch_id: str) -> dict[str, Any]:
        """Give the protocol's batch object.

        Raises:
            ApiError: 404.
        """
        return self._view(self.row(batch_id))

    def row(self, batch_id: str) -> sqlite3.Row:
        """Give a batch as it is stored.

        Raises:
            ApiError: 404.
        """
        row = self._database.row("SELECT * FROM batches WHERE id = ?", (batch_id,))
        if row is None:
            raise no_such("Batch", batch_id)
        return row

    def page(self, *, after: str | None, limit: int) -> Page:
        """Give a page of batches, newest first."""
        return read_page(self._database, "batches", "1", [], after=after, limit=limit).map(self._view)

    def input(self, batch_id: str) -> Path:
        """Give the batch's own copy of its input."""
        return self._folder / f"{batch_id}.jsonl"

    def cancel(self, batch_id: str) -> dict[str, Any]:
        """Begin to cancel a batch that is under way.

        Raises:
            ApiError: 404; 409 for a batch that has ended.
        """
        self.row(batch_id)
        with self._database.change() as connection:
            _move(connection, batch_id, CANCELLING, self._clock())
        return self.get(batch_id)

    def next(self, *, but: Sequence[tuple[str, str]] = ()) -> sqlite3.Row | None:
        """Give the oldest batch that is under way and is none of those named by id and status."""
        query = (
            f"SELECT * FROM batches WHERE status IN ({_marks(UNDER_WAY)})"  # noqa: S608  (our own)
            f" AND id || ' ' || status NOT IN ({_marks(but)}) ORDER BY seq LIMIT 1"
        )
        return self._database.row(query, (*UNDER_WAY, *map(" ".join, but)))

    def validated(self, batch_id: str, total: int, model: str | None, faults: list[dict[str, Any]]) -> None:
        """Begin a batch whose lines are right, fail one whose are not; nothing if it was cancelled."""
        with self._database.change() as connection:
            if _status(connection, batch_id) != VALIDATING:
                return
            _move(connection, batch_id, "failed" if faults else IN_PROGRESS, self._clock())
            if faults:
                _note_faults(connection, batch_id, faults)
            connection.execute(
                "UPDATE batches SET total = ?, model = ? WHERE id = ?", (total, model, batch_id)
            )

    def keep(self, batch_id: str, answers: Iterable[tuple[int, str, int, dict[str, Any]]]) -> None:
        """Keep answers: line, custom id, HTTP status and body of each."""
        rows = [
            (batch_id, line, custom_id, status, json.dumps(body)) for line, custom_id, status, body in answers
        ]
        with self._database.change() as connection:
            connection.executemany("INSERT OR IGNORE INTO batch_answers VALUES (?, ?, ?, ?, ?)", rows)

    def done(self, batch_id: str) -> set[int]:
        """Give the lines that have answers."""
        rows = self._database.rows("SELECT line FROM batch_answers WHERE batch_id = ?", (batch_id,))
        return {row["line"] for row in rows}

    def end(
        self,
        batch_id: str,
        status: str,
        left: Iterable[tuple[str, str, str]],
        *,
        faults: Sequence[dict[str, Any]] = (),
    ) -> None:
        """End a batch: its files appear together with its last status.

        Args:
            batch_id: A batch under way.
            status: `completed`, which becomes `failed` where an answer cannot be read any more, `expired`,
                `cancelled` or `failed`.
            left: Custom id, error code and message of each request that was not carried out.
            faults: What kept the batch as a whole from being carried out.
        """
        with self._database.change() as connection:
            good, bad, damaged = _output(connection, batch_id)
            bad += [_line(custom_id, None, _error(code, text)) for custom_id, code, text in left]
            if damaged:
                LOG.error("batch %s: the stored answers to its lines %s are damaged", batch_id, damaged)
                _count_as_failed(connection, batch_id, damaged)
                status = "failed" if status == "completed" else status
                faults = [*faults, DAMAGED]
            if status == "completed":
                _move(connection, batch_id, FINALIZING, self._clock())
            if faults:
                _note_faults(connection, batch_id, faults)
            row = connection.execute("SELECT * FROM batches WHERE id = ?", (batch_id,)).fetchone()
            for column, lines in (("output_file_id", good), ("error_file_id", bad)):
                if lines:
                    name = f"{batch_id}_{column.partition('_')[0]}.jsonl"
                    file_id = self._files.write(
                        connection,
                        "".join(lines),
                        filename=name,
                        purpose="batch_output",
                        expires_in=row["output_expires_in"],
                    )
                    query = f"UPDATE batches SET {column} = ? WHERE id = ?"  # noqa: S608  (one of two)
                    connection.execute(query, (file_id, batch_id))
            _move(connection, batch_id, status, self._clock())

    def sweep(self) -> None:
        """Remove inputs that no batch under way needs."""
        query = f"SELECT id FROM batches WHERE status IN ({_marks(UNDER_WAY)})"  # noqa: S608  (our own)
        remove_strays(
            self._folder, {self.input(row["id"]).name for row in self._database.rows(query, UNDER_WAY)}
        )

    def _input_path(self, file_id: str) -> Path:
        try:
            view = self._files.get(file_id)
        except ApiError as error:
            message = f"Invalid input_file_id: {file_id}"
            raise invalid(message, "input_file_id", "invalid_file_id") from error
        if view["purpose"] != "batch":
            message = f"The file {file_id} has the purpose '{view['purpose']}', expected 'batch'."
            raise invalid(message, "input_file_id")
        if view["bytes"] > MOST_BYTES:
            raise invalid(f"A batch's file may have {MOST_BYTES} bytes at most.", "input_file_id")
        return self._files.path(file_id)

    def _insert(self, connection: sqlite3.Connection, batch_id: str, request: BatchRequest) -> None:
        now = int(self._clock())
        connection.execute(
            "INSERT INTO batches (id, status, endpoint, completion_window, input_file_id, metadata,"
            " created_at, expires_at, output_expires_in) VALUES (?, ?, ?, '24h', ?, ?, ?, ?, ?)",
            (
                batch_id,
                VALIDATING,
                ENDPOINT,
                request.input_file_id,
                None if request.metadata is None else json.dumps(request.metadata),
                now,
                now + WINDOW_SECONDS,
                request.output_expires_in,
            ),
        )

    def _view(self, row: sqlite3.Row) -> dict[str, Any]:
        counts = self._database.row(
            "SELECT COUNT(*) AS answered, COALESCE(SUM(status_code = 200), 0) AS good"
            " FROM batch_answers WHERE batch_id = ?",
            (row["id"],),
        )
        answered, good = (0, 0) if counts is None else (counts["answered"], counts["good"])
        return {
            "id": row["id"],
            "object": "batch",
            "endpoint": row["endpoint"],
            "errors": kept(row["errors"], None),
            "input_file_id": row["input_file_id"],
            "completion_window": row["completion_window"],
            "status": row["status"],
            "output_file_id": row["output_file_id"],
            "error_file_id": row["error_file_id"],
            "created_at": row["created_at"],
            "expires_at": row["expires_at"],
            **{stamp: row[stamp] for stamp in STAMPS},
            "request_counts": {"total": row["total"], "completed": good, "failed": answered - good},
            "metadata": kept(row["metadata"], None),
            **({"model": row["model"]} if row["model"] else {}),
        }


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" for _ in values)


def _status(connection: sqlite3.Connection, batch_id: str) -> str:
    query = "SELECT status FROM batches WHERE id = ?"
    return str(connection.execute(query, (batch_id,)).fetchone()["status"])


def _move(connection: sqlite3.Connection, batch_id: str, status: str, now: float) -> None:
    old = _status(connection, batch_id)
    if status not in MOVES[old]:
        raise ApiError(409, f"The batch is {old} and cannot become {status}.", code="invalid_batch_status")
    query = f"UPDATE batches SET status = ?, {status}_at = ? WHERE id = ?"  # noqa: S608  (from the table)
    connection.execute(query, (status, int(now), batch_id))


def _note_faults(connection: sqlite3.Connection, batch_id: str, faults: Sequence[dict[str, Any]]) -> None:
    errors = json.dumps({"object": "list", "data": list(faults)})
    connection.execute("UPDATE batches SET errors = ? WHERE id = ?", (errors, batch_id))


def _output(connection: sqlite3.Connection, batch_id: str) -> tuple[list[str], list[str], list[int]]:
    """Give the lines of the output file and of the error file, and those whose answers cannot be read."""
    good, bad, damaged = list[str](), list[str](), list[int]()
    # as bytes: SQLite would not give a row whose text is no UTF-8, nor any after it
    query = (
        "SELECT line, CAST(custom_id AS BLOB) AS custom_id, status_code, CAST(body AS BLOB) AS body"
        " FROM batch_answers WHERE batch_id = ? ORDER BY line"
    )
    for row in connection.execute(query, (batch_id,)):
        custom_id = row["custom_id"].decode("utf-8", "replace")
        body = _object(row["body"])
        if body is None:
            damaged.append(row["line"])
            bad.append(_line(custom_id, None, _error("server_error", DAMAGED["message"])))
            continue
        response = {"status_code": row["status_code"], "request_id": new_id("req_", 32), "body": body}
        (good if row["status_code"] == 200 else bad).append(_line(custom_id, response, None))
    return good, bad, damaged


def _count_as_failed(connection: sqlite3.Connection, batch_id: str, lines: Sequence[int]) -> None:
    query = "UPDATE batch_answers SET status_code = 500 WHERE batch_id = ? AND line = ?"
    connection.executemany(query, [(batch_id, line) for line in lines])


def _object(text: bytes) -> dict[str, Any] | None:
    """Read a stored answer; None for one that is damaged."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _error(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message}


def _line(custom_id: str, response: dict[str, Any] | None, error: dict[str, str] | None) -> str:
    line = {"id": new_id("batch_req_"), "custom_id": custom_id, "response": response, "error": error}
    return json.dumps(line, ensure_ascii=False) + "\n"
