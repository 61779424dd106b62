"""SQLite files that several processes share: responses, the ledger of jobs, a server's state."""

from __future__ import annotations

import sqlite3
import time

__all__ = ["use_write_ahead_log"]

_PATIENCE = 30.0  # seconds
_PAUSE = 0.01  # seconds


def use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers and one writer use a database at the same time (SQLite's WAL mode).

    A connection's own timeout does not hold for this switch: of two processes that switch a new file at once,
    SQLite refuses one at once ("database is locked"), so that they would not wait for each other for ever.

    Raises:
        sqlite3.OperationalError: The disk refused, or the file stayed locked for half a minute.

    >>> use_write_ahead_log(sqlite3.connect(":memory:"))
    """
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(_PAUSE)
        else:
            return
