"""What goes wrong with a job ends that job; what goes wrong with its place is waited for."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import logging
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from mathtune.server._file_check import check_training_file
from mathtune.server._files import FileStore
from mathtune.server._runner import NO_ROOM, Exit
from mathtune.server._troubles import FIRST_PAUSE, LONGEST_PAUSE, Troubles


def change(site, query, *values):
    """Change the server's database behind its back."""
    state = sqlite3.connect(site.settings.directory / "state.db", timeout=30)
    with contextlib.closing(state), state:
        state.execute(query, values)


def test_a_damaged_row_fails_its_job_and_no_other(client, site):
    """A queued job that cannot be read any more fails; the next one is trained."""
    site.runner.free.clear()
    first, damaged, other = (site.start(client).id for _ in range(3))
    site.wait_for(client, other, "queued")
    change(site, "UPDATE jobs SET method = '{' WHERE id = ?", damaged)
    site.runner.free.set()
    assert site.wait_for(client, first).status == "succeeded"
    assert site.wait_for(client, other).status == "succeeded"
    job = client.fine_tuning.jobs.retrieve(damaged)
    assert (job.status, job.error.code) == ("failed", "server_error")
    assert {job.id for job in client.fine_tuning.jobs.list()} == {first, damaged, other}
    assert "JSONDecodeError" in job.error.message


def test_a_mistake_of_the_check_fails_its_job_and_no_other(site, monkeypatch):
    """What the check of a file stumbles over ends that job, not the checking of all later ones."""

    def stumble(lines, *, file_id, **others):
        if file_id == stumbling:
            raise RecursionError("too deep")
        return check_training_file(lines, file_id=file_id, **others)

    monkeypatch.setattr("mathtune.server._supervisor.check_training_file", stumble)
    with site.client() as client:
        stumbling = site.upload(client).id
        job = client.fine_tuning.jobs.create(model="tiny", training_file=stumbling)
        other = site.start(client)
        job = site.wait_for(client, job.id)
        assert (job.status, job.error.code) == ("failed", "server_error")
        assert site.wait_for(client, other.id).status == "succeeded"


class Stammering:
    """A trainer that writes something that is no report, and goes on until it is stopped."""

    def __init__(self, line):
        self.line = line

    def run(self, folder, stop):
        order = json.loads(folder.order.read_text())
        Path(order["log"]).write_text(self.line + "\n")
        stop.wait()
        return Exit(code=-15)


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"step": 1}', '{"type": "metrics"}', '{"type": []}'])
def test_a_report_that_is_none_fails_its_job(site, line):
    """The trainer is stopped, the job says why, and the next one is trained."""
    quick, site.runner = site.runner, Stammering(line)
    with site.client() as client:
        job = site.wait_for(client, site.start(client).id)
        assert (job.status, job.error.code) == ("failed", "server_error")
        assert "a line that is no report" in job.error.message
        assert client.fine_tuning.jobs.list_events(job.id).data[0].level == "error"
    site.runner = quick
    with site.client() as client:
        assert site.wait_for(client, site.start(client).id).status == "succeeded"


def test_a_report_that_is_none_keeps_no_server_from_starting(site):
    """A job that an earlier server left running, and whose log is damaged, fails in the next one."""
    site.runner.free.clear()
    with site.client() as client:
        job_id = site.start(client).id
        site.wait_for(client, job_id, "running")
    log = site.settings.directory / "jobs" / job_id / "reports-1.jsonl"
    log.write_bytes(log.read_bytes() + b"\xff\n")
    site.runner.free.set()
    with site.client() as client:
        assert site.wait_for(client, job_id).error.code == "server_error"
        assert site.wait_for(client, site.start(client).id).status == "succeeded"


def test_a_job_whose_folder_is_lost_is_stopped(client, site):
    """It fails at once: nobody could use what it goes on to learn."""
    site.runner.free.clear()
    job = site.start(client)
    site.wait_for(client, job.id, "running")
    folder = site.settings.directory / "jobs" / job.id
    folder.rename(site.settings.directory / "lost")  # at once: the trainer may be writing into it
    ended = site.wait_for(client, job.id)
    assert (ended.status, ended.error.code) == ("failed", "server_error")
    assert "reports are gone" in ended.error.message
    site.runner.free.set()
    assert site.wait_for(client, site.start(client).id).status == "succeeded"


class Refused:
    """A trainer that the system does not let start a certain job's process."""

    def __init__(self, inner):
        self.inner = inner
        self.job_id = None
        self.refused = []
        self.room = threading.Event()

    def run(self, folder, stop):
        if folder.path.name == self.job_id and not self.room.is_set():
            self.refused.append(time.monotonic())
            raise OSError(errno.ENOMEM, "Cannot allocate memory")
        return self.inner.run(folder, stop)


def test_a_job_that_waits_for_its_place_holds_no_other_up(site, monkeypatch, caplog):
    """It is tried less and less often, others are trained meanwhile, and in the end it is, too."""
    monkeypatch.setattr("mathtune.server._troubles.FIRST_PAUSE", 0.05)
    monkeypatch.setattr("mathtune.server._troubles.LONGEST_PAUSE", 0.2)
    site.runner = refused = Refused(site.runner)
    refused.inner.free.clear()
    with site.client() as client, caplog.at_level(logging.WARNING, "mathtune.server"):
        first, waits, other = (site.start(client).id for _ in range(3))
        refused.job_id = waits
        refused.inner.free.set()
        assert site.wait_for(client, first).status == "succeeded"
        assert site.wait_for(client, other).status == "succeeded"
        while len(refused.refused) < 6:
            time.sleep(0.005)
        assert client.fine_tuning.jobs.retrieve(waits).status in ("queued", "running")
        refused.room.set()
        assert site.wait_for(client, waits).status == "succeeded"
    assert f"job {waits} has to wait" in caplog.text
    pauses = [later - earlier for earlier, later in itertools.pairwise(refused.refused)]
    assert all(pause >= least for pause, least in zip(pauses, [0.05, 0.1, 0.2, 0.2, 0.2], strict=False))


def test_a_job_does_not_wait_for_ever(site, monkeypatch):
    """After so many tries in vain it fails, and says what kept it."""
    monkeypatch.setattr("mathtune.server._troubles.FIRST_PAUSE", 0.001)
    monkeypatch.setattr("mathtune.server._supervisor.MOST_TRIES", 3)
    site.runner = refused = Refused(site.runner)
    refused.inner.free.clear()
    with site.client() as client:
        site.start(client)
        refused.job_id = site.start(client).id
        refused.inner.free.set()
        job = site.wait_for(client, refused.job_id)
    assert (job.status, job.error.code, len(refused.refused)) == ("failed", "server_error", 3)
    assert "Cannot allocate memory" in job.error.message


class WithoutRoom:
    """A trainer whose process finds the disk full so many times."""

    def __init__(self, inner, times):
        self.inner = inner
        self.left = times

    def run(self, folder, stop):
        if self.left:
            self.left -= 1
            return Exit(code=NO_ROOM, last_words="OSError: [Errno 28] No space left on device")
        return self.inner.run(folder, stop)


def test_a_trainer_without_room_is_started_again(site, monkeypatch):
    """More often than one that dies: the disk may have room in an hour."""
    monkeypatch.setattr("mathtune.server._troubles.FIRST_PAUSE", 0.001)
    site.runner = WithoutRoom(site.runner, 8)
    with site.client() as client:
        done = site.wait_for(client, site.start(client).id)
        messages = [event.message for event in client.fine_tuning.jobs.list_events(done.id, limit=100)]
    assert done.status == "succeeded"
    assert messages.count("The disk is full, moving job to queued state") == 8


def test_a_locked_database_ends_no_training(site, monkeypatch, caplog):
    """Its reports wait in their log; the trainer is neither stopped nor started anew."""
    monkeypatch.setattr("mathtune.server._database.PATIENCE", 0.01)
    monkeypatch.setattr("mathtune.server._troubles.FIRST_PAUSE", 0.01)
    site.runner.free.clear()
    with site.client() as client, caplog.at_level(logging.WARNING, "mathtune.server"):
        job = site.start(client)
        site.wait_for(client, job.id, "running")
        state = sqlite3.connect(site.settings.directory / "state.db", isolation_level=None)
        with contextlib.closing(state):
            state.execute("BEGIN IMMEDIATE")
            log = site.settings.directory / "jobs" / job.id / "reports-1.jsonl"
            with log.open("a") as lines:
                lines.write('{"type": "notice", "message": "while it was locked"}\n')
            while "has to wait" not in caplog.text:
                time.sleep(0.005)
            state.execute("ROLLBACK")
        site.runner.free.set()
        assert site.wait_for(client, job.id).status == "succeeded"
        messages = [event.message for event in client.fine_tuning.jobs.list_events(job.id, limit=50)]
    assert "while it was locked" in messages
    assert len(site.runner.orders) == 1


def test_a_locked_database_is_no_fault_of_the_server(site, monkeypatch):
    """A request that cannot be kept is a 503, which clients send again."""
    monkeypatch.setattr("mathtune.server._database.PATIENCE", 0.01)
    with site.client() as client:
        state = sqlite3.connect(site.settings.directory / "state.db", isolation_level=None)
        with contextlib.closing(state):
            state.execute("BEGIN IMMEDIATE")
            with pytest.raises(Exception, match="Another program holds") as caught:
                site.upload(client)
        assert (caught.value.status_code, caught.value.code) == (503, "database_locked")
        assert site.upload(client).status == "processed"


def test_what_was_trained_on_a_full_disk_is_not_trained_again(site, monkeypatch):
    """A result that cannot be kept is kept when there is room."""
    monkeypatch.setattr("mathtune.server._troubles.FIRST_PAUSE", 0.01)
    full = [OSError(errno.ENOSPC, "No space left on device")] * 4
    write = FileStore.write

    def writing(self, *given, **others):
        if full:
            raise full.pop()
        return write(self, *given, **others)

    monkeypatch.setattr(FileStore, "write", writing)
    with site.client() as client:
        assert site.wait_for(client, site.start(client).id).status == "succeeded"
    assert (full, len(site.runner.orders)) == ([], 1)


def test_pauses_grow_up_to_a_bound():
    """They double with each trouble in a row, and begin anew when it is over."""
    now = 0.0
    troubles = Troubles(lambda: now)
    for tries, pause in enumerate([1, 2, 4, 8, 16, 30, 30], 1):
        assert troubles.add("a", "queued") == tries
        assert troubles.longest_wait() == pause
        assert troubles.waiting() == [("a", "queued")]
        now += pause
        assert troubles.waiting() == []
    troubles.add("b")
    assert troubles.waiting() == [("b", "")]
    now += 9
    assert troubles.longest_wait() == 0  # its pause ended after the look, which passed it over
    assert troubles.waiting() == []
    assert troubles.longest_wait() is None
    troubles.over("a")
    assert (troubles.add("a"), FIRST_PAUSE, LONGEST_PAUSE) == (1, 1.0, 30.0)
