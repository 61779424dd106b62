"""What a run directory knows: intents written down before a request, outcomes after it. SQLite.

A key never comes here: servers are kept by address, requests by their body.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.databases import use_write_ahead_log
from mathtune.errors import LedgerError, StorageError
from mathtune.files import name_as_text

from ._job import Job, event_id
from ._secrets import without_secrets

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["LEDGER_NAME", "FileEntry", "JobEntry", "Ledger", "SentFile"]

_LAYOUT = 1
_TABLES = """
CREATE TABLE identity (id TEXT NOT NULL);
CREATE TABLE files (
    server TEXT NOT NULL, sha256 TEXT NOT NULL, path TEXT NOT NULL, intent_at REAL NOT NULL,
    file_id TEXT, raw TEXT,
    PRIMARY KEY (server, sha256)
);
CREATE TABLE jobs (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, server TEXT NOT NULL, request TEXT NOT NULL,
    intent_at REAL NOT NULL, job_id TEXT, raw TEXT, refusal TEXT, stop_reason TEXT
);
CREATE INDEX jobs_of_fingerprint ON jobs (fingerprint);
CREATE TABLE events (
    number INTEGER PRIMARY KEY, job_id TEXT NOT NULL, event_id TEXT NOT NULL, raw TEXT NOT NULL,
    UNIQUE (job_id, event_id)
);
"""
LEDGER_NAME = "tuning.sqlite"
_ENTRY = "key, request, intent_at, raw, refusal, stop_reason"
_LOCK_WAIT = 300.0
"""Seconds to wait for another process that is starting a job in the same directory."""


@attrs.frozen(kw_only=True)
class FileEntry:
    """An upload: meant, and done once `raw` is there."""

    raw: dict[str, Any] | None


@attrs.frozen(kw_only=True)
class SentFile:
    """A file that is on the server: where it came from and what its bytes were."""

    path: str
    sha256: str
    file_id: str


@attrs.frozen(kw_only=True)
class JobEntry:
    """A job: meant at `intent_at`, known to exist once `raw` is there, known not to once `refusal` is."""

    key: str
    request: dict[str, Any]
    intent_at: float
    raw: dict[str, Any] | None = None
    refusal: str | None = None
    stop_reason: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody knows what came of it."""
        return self.raw is None and self.refusal is None


class Ledger:
    """The book of one run directory.

    Args:
        directory: The run directory; made if missing.
        clock: Gives Unix seconds.
        sleep: Waits for seconds.

    Raises:
        LedgerError: The directory's book is of another kind or a newer layout.
        StorageError: The disk refused.
    """

    def __init__(
        self, directory: str | os.PathLike[str], *, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self.directory = Path(directory)
        self._clock = clock
        self._sleep = sleep
        self._path = self.directory / LEDGER_NAME
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"cannot make the run directory: {error.strerror}"
            raise StorageError(error.errno, message, str(directory)) from error
        with self._connected() as book, book:
            use_write_ahead_log(book)
            self.id = self._open(book)

    def _open(self, book: sqlite3.Connection) -> str:
        book.execute("BEGIN IMMEDIATE")
        layout = book.execute("PRAGMA user_version").fetchone()[0]
        if layout > _LAYOUT:
            raise LedgerError(
                f"{self._path} was written by a newer mathtune (layout {layout}, here {_LAYOUT})"
            )
        if layout == 0:
            for statement in _TABLES.split(";"):
                book.execute(statement)
            book.execute("INSERT INTO identity VALUES (?)", (secrets.token_hex(6),))
            book.execute(f"PRAGMA user_version={_LAYOUT}")
        return str(book.execute("SELECT id FROM identity").fetchone()[0])

    # files

    def file(self, server: str, sha256: str) -> FileEntry | None:
        """Give the latest upload of these bytes to this server, meant or done."""
        with self._connected() as book:
            row = book.execute(
                "SELECT raw FROM files WHERE server = ? AND sha256 = ?", (server, sha256)
            ).fetchone()
        return FileEntry(raw=_loads(row[0])) if row else None

    def intend_file(self, server: str, sha256: str, path: Path) -> None:
        """Write down that an upload is about to be sent."""
        with self._connected() as book, book:
            row = (server, sha256, name_as_text(path), self._clock())
            book.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, NULL, NULL)", row)

    def settle_file(self, server: str, sha256: str, raw: Mapping[str, Any]) -> None:
        """Write down what the server made of an upload."""
        with self._connected() as book, book:
            row = (raw["id"], _dumps(raw), server, sha256)
            book.execute("UPDATE files SET file_id = ?, raw = ? WHERE server = ? AND sha256 = ?", row)

    def sent_file(self, file_id: str | None) -> SentFile | None:
        """Give what is known of a file that was uploaded from here."""
        with self._connected() as book:
            row = book.execute("SELECT path, sha256 FROM files WHERE file_id = ?", (file_id,)).fetchone()
        return SentFile(path=row[0], sha256=row[1], file_id=str(file_id)) if row else None

    def forget_file(self, file_id: str) -> None:
        """Drop an upload that the server no longer has."""
        with self._connected() as book, book:
            book.execute("DELETE FROM files WHERE file_id = ?", (file_id,))

    # jobs

    def attempts(self, fingerprint: str) -> list[JobEntry]:
        """Give all tries at the same work, oldest first."""
        with self._connected() as book:
            rows = book.execute(
                f"SELECT {_ENTRY} FROM jobs WHERE fingerprint = ? ORDER BY rowid",  # noqa: S608  (a constant)
                (fingerprint,),
            ).fetchall()
        return [_entry(row) for row in rows]

    def job(self, job_id: str) -> JobEntry | None:
        """Give the entry of a job that this directory started."""
        with self._connected() as book:
            row = book.execute(
                f"SELECT {_ENTRY} FROM jobs WHERE job_id = ?",  # noqa: S608  (a constant)
                (job_id,),
            ).fetchone()
        return _entry(row) if row else None

    def intend_job(self, *, key: str, fingerprint: str, server: str, request: dict[str, Any]) -> JobEntry:
        """Write down that a job is about to be asked for."""
        entry = JobEntry(key=key, request=request, intent_at=self._clock())
        with self._connected() as book, book:
            row = (key, fingerprint, server, _dumps(request), entry.intent_at)
            book.execute(
                "INSERT INTO jobs (key, fingerprint, server, request, intent_at) VALUES (?, ?, ?, ?, ?)", row
            )
        return entry

    def known_jobs(self) -> list[Job]:
        """Give all jobs that this directory started, as last seen."""
        with self._connected() as book:
            rows = book.execute("SELECT raw FROM jobs WHERE raw IS NOT NULL ORDER BY rowid").fetchall()
        return [Job.from_raw(json.loads(row[0])) for row in rows]

    def settle_job(self, key: str, raw: Mapping[str, Any]) -> None:
        """Write down the job that came of an intent."""
        with self._connected() as book, book:
            book.execute("UPDATE jobs SET job_id = ?, raw = ? WHERE key = ?", (raw["id"], _dumps(raw), key))

    def refuse_job(self, key: str, why: str) -> None:
        """Write down that no job came of an intent."""
        with self._connected() as book, book:
            book.execute("UPDATE jobs SET refusal = ? WHERE key = ?", (why, key))

    def see_job(self, raw: Mapping[str, Any]) -> None:
        """Keep the latest look at a job; one that shows nothing new costs no write."""
        with self._connected() as book, book:
            text = _dumps(raw)
            book.execute("UPDATE jobs SET raw = ? WHERE job_id = ? AND raw != ?", (text, raw["id"], text))

    def note_stop(self, job_id: str, reason: str) -> None:
        """Keep why a job was stopped early."""
        with self._connected() as book, book:
            book.execute("UPDATE jobs SET stop_reason = ? WHERE job_id = ?", (reason, job_id))

    # events

    def add_events(self, job_id: str, raws: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Keep events, all or none, and give those that were not there before, in the given order."""
        fresh = []
        with self._connected() as book, book:
            book.execute("BEGIN IMMEDIATE")
            for raw in raws:
                row = (job_id, event_id(raw), _dumps(raw))
                added = book.execute(
                    "INSERT OR IGNORE INTO events (job_id, event_id, raw) VALUES (?, ?, ?)", row
                )
                if added.rowcount:
                    fresh.append(dict(raw))
        return fresh

    def events(self, job_id: str) -> list[dict[str, Any]]:
        """Give the events kept of a job, in the order they were added."""
        with self._connected() as book:
            rows = book.execute(
                "SELECT raw FROM events WHERE job_id = ? ORDER BY number", (job_id,)
            ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def lock(self) -> sqlite3.Connection:
        """Open what `hold` locks. A killed process lets go by dying."""
        with _translated(self._path):
            return sqlite3.connect(self.directory / "lock.sqlite", timeout=0, isolation_level=None)

    def hold(self, lock: sqlite3.Connection) -> None:
        """Hold the directory against other processes and threads, in `with lock:`.

        A connection's own `with` lets go in C: Ctrl-C cannot fall between it and the taking.

        Raises:
            LedgerError: Another process holds it for longer than one takes to start a job.
        """
        until = self._clock() + _LOCK_WAIT
        with _translated(self._path):
            while not _locks(lock):
                if self._clock() >= until:
                    raise LedgerError(
                        f"{self.directory} is held by another process that is starting a job there"
                    )
                self._sleep(0.1)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """Open the book for one piece of work; threads share no connection.

        In `with book:` what is written is kept whole or not at all. That ends in C, where no Ctrl-C can fall.
        """
        with (
            _translated(self._path),
            contextlib.closing(sqlite3.connect(self._path, timeout=30)) as book,
        ):
            yield book


def _locks(lock: sqlite3.Connection) -> bool:
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):  # sqlite_errorname came with Python 3.11
            raise
        return False
    return True


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:  # full, read-only, no such folder
        raise StorageError(None, f"cannot keep the ledger: {error}", str(path)) from error
    except sqlite3.DatabaseError as error:
        raise LedgerError(f"{path} is not a ledger of mathtune: {error}") from error


def _entry(row: tuple[Any, ...]) -> JobEntry:
    key, request, intent_at, raw, refusal, stop_reason = row
    return JobEntry(
        key=key,
        request=json.loads(request),
        intent_at=intent_at,
        raw=_loads(raw),
        refusal=refusal,
        stop_reason=stop_reason,
    )


def _dumps(value: object) -> str:
    return json.dumps(without_secrets(value))


def _loads(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)
