"""Tests of the store that several processes share."""

from __future__ import annotations

import gc
import sqlite3
import subprocess
import sys
import textwrap
import threading

import pytest

from mathtune.errors import LedgerError, StorageError
from mathtune.generation._store import Claim, Claimed, Keep, Release, Store

from ..presses import presses


def claim(store, *keys):
    return store.write([Claim(key, "m") for key in keys])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "responses.sqlite"


def test_a_kept_answer_is_found_by_its_key(path):
    """What was kept is there after the file is closed, whatever characters it holds."""
    with Store(path) as store:
        claim(store, "a", "b")
        store.write([Keep("a", "\0 é \U0001f600 '; DROP TABLE requests; --")])
    with Store(path) as store:
        assert store.answered(["a", "b", "c"]) == {"a"}
        assert store.answers(["a", "b"]) == {"a": "\0 é \U0001f600 '; DROP TABLE requests; --"}


def test_a_claim_is_given_once(path):
    """While its owner lives nobody else gets the same request; an answered one needs no asking."""
    with Store(path) as one, Store(path) as other:
        assert claim(one, "a") == [Claimed.MINE]
        assert claim(other, "a") == [Claimed.ELSEWHERE]
        one.write([Keep("a", "{}")])
        assert claim(other, "a") == [Claimed.ANSWERED]


def test_a_claim_given_up_is_free(path):
    """After a release the request counts as never asked."""
    with Store(path) as one, Store(path) as other:
        claim(one, "a")
        other.write([Release("a")])
        assert claim(other, "a") == [Claimed.ELSEWHERE], "only its owner may release a claim"
        one.write([Release("a")])
        assert claim(other, "a") == [Claimed.MINE]


def test_the_claim_of_a_closed_store_passes_on(path):
    """Whoever asks next is told that the request had been asked before."""
    with Store(path) as store:
        claim(store, "a")
    with Store(path) as store:
        assert claim(store, "a") == [Claimed.AGAIN]


def test_a_first_answer_stays(path):
    """An answer that comes twice does not replace the one that others may have read."""
    with Store(path) as store:
        claim(store, "a")
        store.write([Keep("a", "1")])
        store.write([Keep("a", "2")])
        assert store.answers(["a"]) == {"a": "1"}


def test_many_keys_are_looked_up_in_parts(path):
    """More keys than one statement may bind are no trouble."""
    with Store(path) as store:
        keys = [str(number) for number in range(1234)]
        claim(store, *keys)
        store.write([Keep(key, key) for key in keys])
        assert store.answers(keys) == {key: key for key in keys}


def test_threads_of_one_process_share_it(path):
    """Each of many keys is given to exactly one of several threads, each with a store of its own."""
    keys = [str(number) for number in range(60)]
    won: list[str] = []

    def work():
        with Store(path) as store:
            won.extend(key for key in keys if claim(store, key) == [Claimed.MINE])
            barrier.wait(60)

    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == sorted(keys)


CLAIMING = """
    import sys, time
    from pathlib import Path
    from mathtune.generation._store import Claim, Store
    store = Store(Path(sys.argv[1]))
    outcomes = [store.write([Claim(str(n), "m")])[0].value for n in range(int(sys.argv[2]))]
    print(*outcomes, flush=True)
    sys.stdin.read()
"""


def claiming_process(path, count):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CLAIMING), str(path), str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.processes
def test_a_claim_ends_with_its_process_however_it_ends(path):
    """A living process keeps its claim without any clock; after `kill -9` it is free at once."""
    with claiming_process(path, 1) as process:
        assert process.stdout.readline().split() == ["mine"]
        with Store(path) as store:
            assert claim(store, "0") == [Claimed.ELSEWHERE]
            process.kill()
            process.wait()
            assert claim(store, "0") == [Claimed.AGAIN]


@pytest.mark.processes
def test_processes_that_start_together_share_it(path):
    """Processes that make the file at the same moment get each key once between them."""
    processes = [claiming_process(path, 40) for _ in range(3)]
    outcomes = [process.stdout.readline().split() for process in processes]
    for process in processes:
        process.communicate("")
    assert [sum(row[n] == "mine" for row in outcomes) for n in range(40)] == [1] * 40


def test_a_file_that_is_no_store_is_left_alone(path):
    """Some other file under the store's name is refused, not overwritten."""
    path.parent.mkdir()
    path.write_text("something else, long enough to be looked at as a database header" * 20)
    with pytest.raises(LedgerError, match="no store"):
        Store(path)
    assert path.read_text().startswith("something else")


def test_a_store_of_a_later_layout_is_refused(path):
    """A layout from the future is not guessed at."""
    Store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerError, match="layout 99"):
        Store(path)


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path):
    """A file where the folder should be is reported as the disk's refusal."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(StorageError, match="taken"):
        Store(tmp_path / "taken" / "responses.sqlite")


def test_ctrl_c_at_any_moment_locks_nobody_out_and_leaves_no_litter(path):
    """Wherever it falls, closing does not wait for it, and the next one who opens the file can write."""

    def work():
        with Store(path) as store:
            claim(store, "a")
            store.answered(["a"])

    work()
    for _ in presses(work):
        with Store(path) as store:
            assert claim(store, "a") != [Claimed.MINE]
    gc.collect()
    assert list(path.with_name(f"{path.name}.alive").iterdir()) == []
