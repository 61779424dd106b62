"""Every answer ever paid for, and every request under way: one SQLite file that several processes share.

A request is written down before it is sent (`claim`) and its answer as soon as it comes (`keep`). So after
`kill -9` it is known which requests were under way, and no answer that came is asked for again. A claim of a
living process is respected by the others; the claim of a dead one passes to whoever asks next.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from enum import Enum
from typing import TYPE_CHECKING

import attrs

from mathtune.databases import use_write_ahead_log
from mathtune.errors import LedgerError, StorageError
from mathtune.locks import new_lock

from ._lease import Lease, is_alive
from ._reserve import Reserve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from typing_extensions import Self

__all__ = ["Claim", "Claimed", "Keep", "OpenBatch", "Release", "Store"]

_LAYOUT = 1
_WAIT = 60.0  # seconds for another process's transaction; each takes milliseconds
# Said within the `with` of lock and connection, which keep all of it or nothing: both are entered and left in
# C, so that Ctrl-C cannot fall between the taking and the `with`, and leave the store locked for ever.
_BEGIN = "BEGIN IMMEDIATE"
_PARAMETERS = 500  # SQLite's floor for bound values in a statement is 999

_CREATE = """
CREATE TABLE IF NOT EXISTS requests (
    key TEXT PRIMARY KEY,       -- SHA-256 over server, body and sample number
    model TEXT NOT NULL,
    owner TEXT,                 -- who is asking; NULL once answered
    times_asked INTEGER NOT NULL,
    asked_at REAL NOT NULL,     -- seconds since 1970
    answered_at REAL,
    answer TEXT,                -- the server's JSON, as it came
    batch TEXT                  -- name of the open batch that asks; NULL outside of batches
)
"""
_CREATE_BATCHES = """
CREATE TABLE IF NOT EXISTS batches (
    name TEXT PRIMARY KEY,      -- ours; stands in the batch's metadata at the server
    owner TEXT NOT NULL,        -- who is making it
    base_url TEXT NOT NULL,
    id TEXT,                    -- the server's; NULL until it has answered
    made_at REAL NOT NULL,
    ended_at REAL
)
"""


@attrs.frozen
class Claim:
    """The wish to ask a request."""

    key: str
    model: str


@attrs.frozen(kw_only=True)
class OpenBatch:
    """A batch that has not ended.

    Attributes:
        name: Our name for it.
        id: The server's, or None where its answer never came.
        in_making: Whether a living process is about to learn the server's id.
    """

    name: str
    id: str | None
    in_making: bool


@attrs.frozen
class Keep:
    """An answer that has come."""

    key: str
    answer: str


@attrs.frozen
class Release:
    """A claim given up: the server did not act on the request."""

    key: str


Step = Claim | Keep | Release


class Claimed(Enum):
    """What became of a claim."""

    MINE = "mine"  # to be asked now, for the first time
    AGAIN = "again"  # to be asked now, though a process that died had asked before
    ELSEWHERE = "elsewhere"  # another living process is asking
    IN_BATCH = "in batch"  # a batch that has not ended is asking
    ANSWERED = "answered"


class Store:
    """The answers kept in one SQLite file (WAL), safe under several threads and processes.

    Args:
        path: The file; made with its folder where missing.

    Raises:
        LedgerError: The file is of another layout or no store.
        StorageError: The disk refused.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._alive = path.with_name(f"{path.name}.alive")
        self._lock = new_lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=_WAIT, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"{path}: cannot open the store of responses: {error}") from error
        try:
            self._prepare()
            self._lease = Lease(self._alive)
        except BaseException:  # Ctrl-C, too: no connection stays behind
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; claims that are still open count as those of a dead process."""
        with self._lock:
            self._connection.close()
        self._lease.close()

    def reserve(self) -> Reserve:
        """Set room aside for the answers that are under way when the disk runs full.

        Raises:
            StorageError: There is no room.
        """
        return Reserve(self._alive, self._lease.owner)

    def answered(self, keys: Iterable[str]) -> set[str]:
        """Give those of `keys` that have an answer."""
        return {key for key, _ in self._select("key, NULL", keys)}

    def answers(self, keys: Iterable[str]) -> dict[str, str]:
        """Give key and answer (the server's JSON) of those of `keys` that have one."""
        return dict(self._select("key, answer", keys))

    def answers_of(self, model: str, most: int) -> list[str]:
        """Give answers of a model, up to a number, whatever was asked."""
        with self._lock, self._translated():
            rows = self._connection.execute(
                "SELECT answer FROM requests WHERE model = ? AND answer IS NOT NULL LIMIT ?", (model, most)
            ).fetchall()
        return [answer for (answer,) in rows]

    def count(self) -> dict[str, int]:
        """Give how many answers there are of each model."""
        with self._lock, self._translated():
            return dict(
                self._connection.execute(
                    "SELECT model, COUNT(*) FROM requests WHERE answer IS NOT NULL GROUP BY model"
                ).fetchall()
            )

    def others_have_it_open(self) -> bool:
        """Whether another living process, or another user in this one, has the store open."""
        owners = [path.stem for path in self._alive.glob("*.alive")]
        return any(self._is_other(owner) for owner in owners)

    def write(self, steps: Sequence[Step]) -> list[Claimed | None]:
        """Take all steps in one transaction and give for each claim what became of it.

        Raises:
            StorageError: The disk refused; none of the steps was taken.
        """
        with self._lock, self._translated(), self._connection as connection:
            connection.execute(_BEGIN)
            return [self._take(connection, step) for step in steps]

    def open_batch(self, name: str, base_url: str, claims: Sequence[Claim]) -> list[str]:
        """Write down that a batch is about to be made; give the keys that are to go into it."""
        with self._lock, self._translated(), self._connection as connection:
            connection.execute(_BEGIN)
            keys = [
                claim.key
                for claim in claims
                if self._claim(connection, claim) in {Claimed.MINE, Claimed.AGAIN}
            ]
            connection.executemany(
                "UPDATE requests SET batch = ? WHERE key = ?", [(name, key) for key in keys]
            )
            if keys:
                connection.execute(
                    "INSERT INTO batches (name, owner, base_url, made_at) VALUES (?, ?, ?, ?)",
                    (name, self._lease.owner, base_url, time.time()),
                )
        return keys

    def start_batch(self, name: str, batch_id: str) -> None:
        """Write down the server's id of a batch."""
        with self._lock, self._translated(), self._connection as connection:
            connection.execute(_BEGIN)
            connection.execute("UPDATE batches SET id = ? WHERE name = ?", (batch_id, name))

    def open_batches(self, base_url: str) -> list[OpenBatch]:
        """Give the batches at a server that have not ended, oldest first."""
        with self._lock, self._translated():
            rows = self._connection.execute(
                "SELECT name, id, owner FROM batches"
                " WHERE base_url = ? AND ended_at IS NULL ORDER BY made_at",
                (base_url,),
            ).fetchall()
        return [
            OpenBatch(name=name, id=batch_id, in_making=batch_id is None and self._is_other(owner))
            for name, batch_id, owner in rows
        ]

    def end_batch(self, name: str) -> None:
        """Write down that a batch brings no more answers: what it left unanswered is free to be asked."""
        with self._lock, self._translated(), self._connection as connection:
            connection.execute(_BEGIN)
            connection.execute("DELETE FROM requests WHERE batch = ? AND answer IS NULL", (name,))
            connection.execute("UPDATE batches SET ended_at = ? WHERE name = ?", (time.time(), name))

    def _is_other(self, owner: str) -> bool:
        return owner != self._lease.owner and is_alive(self._alive, owner)

    def _take(self, connection: sqlite3.Connection, step: Step) -> Claimed | None:
        if isinstance(step, Claim):
            return self._claim(connection, step)
        if isinstance(step, Keep):
            connection.execute(
                "UPDATE requests SET answer = ?, answered_at = ?, owner = NULL"
                " WHERE key = ? AND answer IS NULL",
                (step.answer, time.time(), step.key),
            )
        else:
            connection.execute(
                "DELETE FROM requests WHERE key = ? AND owner = ? AND answer IS NULL",
                (step.key, self._lease.owner),
            )
        return None

    def _claim(self, connection: sqlite3.Connection, claim: Claim) -> Claimed:
        row = connection.execute(
            "SELECT owner, batch, answer IS NOT NULL FROM requests WHERE key = ?", (claim.key,)
        ).fetchone()
        if row is None:
            connection.execute(
                "INSERT INTO requests (key, model, owner, times_asked, asked_at) VALUES (?, ?, ?, 1, ?)",
                (claim.key, claim.model, self._lease.owner, time.time()),
            )
            return Claimed.MINE
        owner, batch, answered = row
        if answered:
            return Claimed.ANSWERED
        if batch is not None:
            return Claimed.IN_BATCH
        if owner == self._lease.owner or is_alive(self._alive, owner):
            return Claimed.ELSEWHERE
        connection.execute(
            "UPDATE requests SET owner = ?, times_asked = times_asked + 1, asked_at = ? WHERE key = ?",
            (self._lease.owner, time.time(), claim.key),
        )
        return Claimed.AGAIN

    def _select(self, columns: str, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
        wanted = list(keys)
        for start in range(0, len(wanted), _PARAMETERS):
            part = wanted[start : start + _PARAMETERS]
            marks = ",".join("?" * len(part))
            with self._lock, self._translated():
                rows = self._connection.execute(
                    f"SELECT {columns} FROM requests WHERE answer IS NOT NULL AND key IN ({marks})",  # noqa: S608  (columns and marks are ours)
                    part,
                ).fetchall()
            yield from rows

    def _prepare(self) -> None:
        with self._translated():
            layout = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if layout not in {0, _LAYOUT}:
                raise LedgerError(
                    f"{self.path} is a store of layout {layout}, this mathtune reads layout {_LAYOUT};"
                    " use another directory or the version that wrote it"
                )
            use_write_ahead_log(self._connection)
            self._connection.execute("PRAGMA synchronous = FULL")  # an answer paid for outlives a power cut
            self._connection.execute(_CREATE)
            self._connection.execute(_CREATE_BATCHES)
            self._connection.execute(f"PRAGMA user_version = {_LAYOUT}")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StorageError(f"{self.path}: cannot use the store of responses: {error}") from error
        except sqlite3.DatabaseError as error:
            raise LedgerError(f"{self.path} is no store of responses ({error}); move it away") from error
