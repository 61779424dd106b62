"""Tests of generate in processes of its own that are killed, interrupted, starved or run side by side."""

from __future__ import annotations

import contextlib
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter

import pytest

from mathtune.testing import StubServer

pytestmark = pytest.mark.processes

CHILD = textwrap.dedent(
    """
    import sys
    from openai import OpenAI
    from mathtune.formatting import Message
    from mathtune.generation import Pace, Question, generate

    base_url, path, count, concurrency, limit = sys.argv[1:]
    if int(limit):
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    questions = [Question(str(n), (Message("user", f"What is {n}?"),)) for n in range(int(count))]
    client = OpenAI(base_url=base_url, api_key="k")
    done = generate(questions, model="m", path=path, client=client, pace=Pace(concurrency=int(concurrency)))
    print(done.stored, done.asked, done.asked_again, len(list(done)))
    """
)


def start(server, path, count, *, concurrency=4, limit=0):
    arguments = [server.base_url, str(path), str(count), str(concurrency), str(limit)]
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return [int(number) for number in out.split()]


def wait_until(condition, process):
    while not condition() and process.poll() is None:
        time.sleep(0.002)


def keys_in(path, *, answered):
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT key FROM requests WHERE (answer IS NOT NULL) = ?", (answered,))
        return {key for (key,) in rows}


def asked_keys(server):
    return [asked.headers["idempotency-key"] for asked in server.requests]


def slow(messages, model, request):
    time.sleep(0.01)
    return "fine"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "responses.sqlite"


@pytest.mark.parametrize("seed", [1, 2])
def test_kill_9_at_random_points_loses_at_most_what_was_under_way(path, seed):
    """What came is never asked again; what was under way is, under the same key, and is counted."""
    chance = random.Random(seed)
    in_doubt = Counter()
    with StubServer(chat=slow) as server:
        for _ in range(2):
            process = start(server, path, 40)
            goal = len(server.requests) + chance.randint(1, 15)
            wait_until(lambda goal=goal: len(server.requests) >= goal, process)
            process.kill()
            process.wait()
            kept, before = keys_in(path, answered=True), len(server.requests)
            under_way = keys_in(path, answered=False)
            assert len(under_way) <= 4
            in_doubt.update(under_way)
            assert kept.isdisjoint(asked_keys(server)[before:])
        stored, _, asked_again, total = finish(start(server, path, 40))
        assert kept.isdisjoint(asked_keys(server)[before:])
        times = Counter(asked_keys(server))
    assert (total, stored) == (40, len(kept))
    assert asked_again == len(under_way)
    assert len(times) == 40
    assert all(count <= 1 + in_doubt[key] for key, count in times.items())


def test_two_processes_share_the_work(path):
    """Started on the same questions side by side, they ask each of them once between them."""
    with StubServer(chat=slow) as server:
        pair = [start(server, path, 60) for _ in range(2)]
        ends = [finish(process) for process in pair]
        times = Counter(asked_keys(server))
    assert [end[3] for end in ends] == [60, 60]
    assert sum(end[1] for end in ends) == 60
    assert set(times.values()) == {1}
    assert len(times) == 60


def test_one_process_goes_on_when_the_other_is_killed(path):
    """The survivor takes over what the dead one was asking."""
    with StubServer(chat=slow) as server:
        victim, survivor = start(server, path, 80), start(server, path, 80)
        wait_until(lambda: len(server.requests) > 30, victim)
        victim.kill()
        victim.communicate()
        assert finish(survivor)[3] == 80


@contextlib.contextmanager
def interrupted(path):
    """Press Ctrl-C while four of fifty requests are under way; the event given lets them be answered."""
    gate = threading.Event()

    def held(messages, model, request):
        gate.wait(30)
        return "fine"

    with StubServer(chat=held) as server:
        process = start(server, path, 50)
        wait_until(lambda: len(server.requests) == 4, process)
        process.send_signal(signal.SIGINT)
        assert "waiting" in next(line for line in process.stderr if line.strip())
        yield server, process, gate


def test_ctrl_c_keeps_what_is_under_way(path):
    """After one Ctrl-C nothing new is sent, what was sent is waited for; the message says how to go on."""
    with interrupted(path) as (server, process, gate):
        gate.set()
        _, errors = process.communicate(timeout=30)
        sent = set(asked_keys(server))
        assert keys_in(path, answered=True) == sent
        assert keys_in(path, answered=False) == set()
        assert len(sent) == 4
        assert "KeyboardInterrupt: 4 of 50 missing responses came and are kept" in errors
        assert "run the same again" in errors
        assert finish(start(server, path, 50)) == [4, 46, 0, 50]


def pressed_until_ended(process):
    """Press Ctrl-C, and again where a busy machine lost a press; the server would answer only after 30 s."""
    for _ in range(4):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=5)[1]
    pytest.fail("the process waits for the server")


def test_ctrl_c_twice_leaves_at_once(path):
    """A second Ctrl-C does not wait for a server that does not answer."""
    with interrupted(path) as (server, process, gate):
        assert "KeyboardInterrupt: none of 50" in pressed_until_ended(process)
        gate.set()
        assert finish(start(server, path, 50)) == [0, 50, 4, 50]


def test_a_full_disk_stops_the_run_and_harms_nothing(path):
    """Where the store cannot grow the run ends with a clear error; later it goes on from what was kept."""
    with StubServer(chat=lambda *_: "x" * 3000) as server:
        process = start(server, path, 100, limit=150_000)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "StorageError" in errors
        assert "are kept in" in errors
        kept, before = keys_in(path, answered=True), len(server.requests)
        assert 0 < len(kept) < 100
        assert before - len(kept) <= 2 * 4, "the run stops soon after the disk is full"
        stored, _, _, total = finish(start(server, path, 100))
        assert (stored, total) == (len(kept), 100)
        assert kept.isdisjoint(asked_keys(server)[before:])


MOUNT = ["mount", "-t", "tmpfs", "-o", "size=14m", "tmpfs"]


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 14 MB, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run([*MOUNT, folder], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("needs the right to mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_disk_that_runs_full_loses_no_answer(small_disk):
    """What is under way when the disk is full is kept, in the room that was set aside for it."""
    with StubServer(chat=lambda *_: "x" * 30_000) as server:
        process = start(server, small_disk / "responses.sqlite", 400, concurrency=16)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "StorageError" in errors
        kept = keys_in(small_disk / "responses.sqlite", answered=True)
        assert 16 < len(kept) < 400
        assert kept == set(asked_keys(server))
        assert len(kept) == len(server.requests)


def test_no_room_to_keep_answers_is_told_before_anything_is_asked(small_disk):
    """Without room for the answers under way nothing is asked, and the error says to free some."""
    (small_disk / "filler").write_bytes(b"x" * (10 << 20))
    with StubServer() as server:
        _, errors = start(server, small_disk / "responses.sqlite", 3).communicate(timeout=60)
        assert "free some space" in errors
        assert server.requests == []
    assert not list(small_disk.glob("**/*.reserve"))
