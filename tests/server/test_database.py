from __future__ import annotations

import sqlite3
import threading

import pytest

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
