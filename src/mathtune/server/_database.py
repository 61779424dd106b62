"""The server's memory: one SQLite file in WAL mode, a connection for each thread.

Says how state is kept and changed in whole steps; what the tables mean is said by the stores above it.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING, Any, Final

from mathtune.databases import use_write_ahead_log
from mathtune.errors import LedgerError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PATIENCE: Final = 30.0  # seconds for another program's transaction
# Never edit a step that has been released: add one. The file remembers how many it has seen.
STEPS: tuple[str, ...] = (
    """
    CREATE TABLE files (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, purpose TEXT NOT NULL,
        filename TEXT NOT NULL, bytes INTEGER NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER,
        blob TEXT NOT NULL
    );
    CREATE TABLE jobs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL,
        created_at INTEGER NOT NULL, started_at REAL, started_step INTEGER,
        finished_at INTEGER, estimated_finish INTEGER,
        model TEXT NOT NULL, base TEXT NOT NULL,
        tuned_name TEXT NOT NULL, fine_tuned_model TEXT,
        training_file TEXT NOT NULL, validation_file TEXT, method TEXT NOT NULL, method_type TEXT NOT NULL,
        hyperparameters TEXT NOT NULL, seed INTEGER NOT NULL, suffix TEXT, metadata TEXT, integrations TEXT,
        trained_tokens INTEGER, result_file TEXT, error TEXT,
        attempt INTEGER NOT NULL DEFAULT 0, log_offset INTEGER NOT NULL DEFAULT 0,
        step INTEGER NOT NULL DEFAULT 0, total_steps INTEGER
    );
    CREATE INDEX jobs_by_status ON jobs (status, seq);
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, job_id TEXT NOT NULL,
        created_at INTEGER NOT NULL, level TEXT NOT NULL, type TEXT NOT NULL, message TEXT NOT NULL, data TEXT
    );
    CREATE INDEX events_by_job ON events (job_id, seq);
    CREATE TABLE checkpoints (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, job_id TEXT NOT NULL,
        created_at INTEGER NOT NULL, step INTEGER NOT NULL, model TEXT NOT NULL, metrics TEXT NOT NULL,
        UNIQUE (job_id, step)
    );
    CREATE TABLE models (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL,
        base TEXT NOT NULL, folder TEXT NOT NULL, job_id TEXT NOT NULL
    );
    CREATE TABLE idempotency (
        scope TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, object_id TEXT NOT NULL,
        created_at INTEGER NOT NULL, PRIMARY KEY (scope, key)
    );
    """,
    """
    CREATE TABLE batches (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL,
        endpoint TEXT NOT NULL, completion_window TEXT NOT NULL, input_file_id TEXT NOT NULL, metadata TEXT,
        created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, in_progress_at INTEGER,
        finalizing_at INTEGER, completed_at INTEGER, failed_at INTEGER, expired_at INTEGER,
        cancelling_at INTEGER, cancelled_at INTEGER, model TEXT, errors TEXT,
        total INTEGER NOT NULL DEFAULT 0, output_expires_in INTEGER, output_file_id TEXT, error_file_id TEXT
    );
    CREATE INDEX batches_by_status ON batches (status, seq);
    CREATE TABLE batch_answers (
        batch_id TEXT NOT NULL, line INTEGER NOT NULL, custom_id TEXT NOT NULL, status_code INTEGER NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (batch_id, line)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE uploads (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL,
        filename TEXT NOT NULL, purpose TEXT NOT NULL, bytes INTEGER NOT NULL, created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL, file_expires_in INTEGER, file_id TEXT
    );
    CREATE TABLE upload_parts (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, upload_id TEXT NOT NULL,
        created_at INTEGER NOT NULL, bytes INTEGER NOT NULL, blob TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE chat_answers (
        key TEXT PRIMARY KEY, request TEXT NOT NULL, answer TEXT NOT NULL, created_at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX chat_answers_by_age ON chat_answers (created_at);
    """,
)


class Database:
    """One SQLite file, used from many threads.

    Args:
        path: The file; made if missing.

    Raises:
        LedgerError: The file is no server's state, or one of a newer mathtune.
        StorageError: It cannot be opened now.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._gate = threading.Condition()
        self._users = 0
        self._closed = False
        self._connections: list[sqlite3.Connection] = []
        self._upgrade()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Read rows."""
        with self._using() as connection:
            return connection.execute(query, values).fetchall()

    def row(self, query: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        """Read the first row, or None."""
        with self._using() as connection:
            found: sqlite3.Row | None = connection.execute(query, values).fetchone()
            return found

    @contextlib.contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Give a connection inside a transaction that is kept whole or not at all."""
        with self._using() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the connections of all threads, once none is in use; later uses raise `sqlite3.Error`.

        A thread of the pool may still be at work whose request was given up: SQLite does not survive that its
        connection is closed under it.
        """
        with self._gate:
            self._closed = True
            self._gate.wait_for(lambda: self._users == 0)
        for connection in self._connections:
            connection.close()

    @contextlib.contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._gate:
            if self._closed:
                raise sqlite3.ProgrammingError("the database is closed")
            self._users += 1
        try:
            yield self._connection()
        finally:
            with self._gate:
                self._users -= 1
                self._gate.notify_all()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
            connection.row_factory = sqlite3.Row
            use_write_ahead_log(connection)
            connection.execute("PRAGMA synchronous = FULL")  # an answered request outlives a power cut
            self._local.connection = connection
            with self._gate:
                self._connections.append(connection)
        return connection

    def _upgrade(self) -> None:
        """Bring the file to the latest step.

        Raises:
            LedgerError: It is no server's state, or one of a newer mathtune.
            StorageError: It cannot be opened now.
        """
        try:
            self._take_steps()
        except sqlite3.OperationalError as error:  # locked, read-only
            raise StorageError(None, f"cannot open the server's state: {error}", str(self._path)) from error
        except sqlite3.DatabaseError as error:
            raise LedgerError(f"{self._path} is no server's state ({error}); move it away") from error

    def _take_steps(self) -> None:
        with self.change() as connection:
            seen = connection.execute("PRAGMA user_version").fetchone()[0]
            if seen > len(STEPS):
                raise LedgerError(
                    f"{self._path} was written by a newer mathtune (step {seen}, here {len(STEPS)});"
                    " use that one, or another directory"
                )
            for step in STEPS[seen:]:
                for statement in step.split(";"):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(STEPS)}")
