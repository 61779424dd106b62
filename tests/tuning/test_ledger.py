"""The book of a run directory, and the lock beside it."""

from __future__ import annotations

import contextlib
import sqlite3

from mathtune.tuning._ledger import LEDGER_NAME, Ledger

from ..presses import presses


def test_ctrl_c_at_any_moment_lets_the_directory_go(tmp_path):
    """Wherever it falls, the next one who wants the directory has not to wait for it."""

    def waits(seconds):
        raise AssertionError("the directory is held")

    ledger = Ledger(tmp_path, clock=lambda: 0.0, sleep=waits)

    def hold():
        with contextlib.closing(ledger.lock()) as lock, lock:
            ledger.hold(lock)

    for _ in presses(hold):
        hold()


def test_ctrl_c_at_any_moment_leaves_the_book_to_others(tmp_path):
    """Wherever it falls, all events of a look are kept or none, and the next one can write at once."""
    ledger = Ledger(tmp_path, clock=lambda: 0.0, sleep=lambda seconds: None)
    look = [{"id": "e1", "message": "one"}, {"id": "e2", "message": "two"}]
    jobs = iter(range(10_000))
    for _ in presses(lambda: ledger.add_events(f"job {next(jobs)}", look)):
        with contextlib.closing(sqlite3.connect(tmp_path / LEDGER_NAME, timeout=0)) as other, other:
            other.execute("BEGIN IMMEDIATE")
    counts = [len(ledger.events(f"job {number}")) for number in range(next(jobs))]
    assert set(counts) == {0, 2}
