from __future__ import annotations

import contextlib
import sqlite3
import threading

import pytest

from mathtune.errors import LedgerError, StorageError
from mathtune.server._database import STEPS, Database


def test_a_change_is_whole_or_nothing(tmp_path):
    """What raises in the middle leaves nothing behind."""
    database = Database(tmp_path / "state.db")

    def fail():
        with database.change() as connection:
            connection.execute("INSERT INTO idempotency VALUES ('a', 'b', 'c', 'd', 1)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert database.rows("SELECT * FROM idempotency") == []
    with database.change() as connection:
        connection.execute("INSERT INTO idempotency VALUES ('a', 'b', 'c', 'd', 1)")
    database.close()
    assert Database(tmp_path / "state.db").row("SELECT object_id FROM idempotency")["object_id"] == "d"


def test_closing_waits_for_those_at_work(tmp_path):
    """A thread in the middle of its work ends it; the next one is told that the database is closed."""
    database = Database(tmp_path / "state.db")
    begun, go_on, ended = threading.Event(), threading.Event(), []

    def work():
        with database.change() as connection:
            begun.set()
            go_on.wait()
            connection.execute("INSERT INTO idempotency VALUES ('a', 'b', 'c', 'd', 1)")
        ended.append("work")

    threads = [threading.Thread(target=work)]
    threads[0].start()
    begun.wait()
    threads.append(threading.Thread(target=lambda: (database.close(), ended.append("close"))))
    threads[1].start()
    go_on.set()
    for thread in threads:
        thread.join()
    assert ended == ["work", "close"]
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        database.rows("SELECT 1")


def test_an_older_file_is_brought_up_to_date(tmp_path):
    """A directory of an older server gets the tables that came since."""
    path = tmp_path / "state.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(STEPS[0] + "PRAGMA user_version = 1;")
    database = Database(path)
    assert database.row("PRAGMA user_version")[0] == len(STEPS)
    assert database.rows("SELECT * FROM batches") == []


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"x" * 5_000, "no server's state"), (None, "written by a newer mathtune")],
    ids=["noise", "newer"],
)
def test_a_file_that_is_not_ours_is_left_alone(tmp_path, content, message):
    """It is named, and not one byte of it is changed."""
    path = tmp_path / "state.db"
    if content is None:
        with contextlib.closing(sqlite3.connect(path)) as later:
            later.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    else:
        path.write_bytes(content)
    with pytest.raises(LedgerError, match=message):
        Database(path)
    if content is None:
        with contextlib.closing(sqlite3.connect(path)) as later:
            assert later.execute("PRAGMA user_version").fetchone()[0] == len(STEPS) + 1
    else:
        assert path.read_bytes() == content


def test_a_locked_file_is_told(tmp_path, monkeypatch):
    """A server that cannot have its state says who may have it."""
    monkeypatch.setattr("mathtune.server._database.PATIENCE", 0.01)
    path = tmp_path / "state.db"
    Database(path).close()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="cannot open the server's state: database is locked"):
            Database(path)
