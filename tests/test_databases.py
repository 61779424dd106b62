"""SQLite files that several threads and processes share."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest

from mathtune.databases import use_write_ahead_log


def test_many_switch_a_new_file_at_once(tmp_path):
    """However many open a new file at once, each ends with a write-ahead log and none is refused."""
    modes = []

    def switch(path, barrier):
        with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
            barrier.wait(60)
            use_write_ahead_log(connection)
            modes.append(connection.execute("PRAGMA journal_mode").fetchone()[0])

    for number in range(30):
        barrier = threading.Barrier(4)
        threads = [
            threading.Thread(target=switch, args=(tmp_path / f"{number}.sqlite", barrier)) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert modes == ["wal"] * 120


def test_what_is_no_database_is_said(tmp_path):
    """Only a lock is waited for."""
    path = tmp_path / "text.sqlite"
    path.write_text("This is a text of some length, and no database of SQLite." * 10)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.DatabaseError):
        use_write_ahead_log(connection)
