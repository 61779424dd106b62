from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from mathtune.errors import LedgerError, ProtocolError, RequestRefusedError
from mathtune.testing import Fault, Stage, StubServer, succeeding
from mathtune.tuning import PROFILES, FineTuner

RUNS = int(os.environ.get("MATHTUNE_SOAK_RUNS", "15"))
LOCAL = next(profile for profile in PROFILES if profile.name == "local")
IN_PARTS = attrs.evolve(LOCAL, largest_request=500)  # the training file has three times that
KINDS = ["upload", "files", "file", "create_job", "create_job", "jobs", "job", "events", "model"]
KINDS_IN_PARTS = [*KINDS[1:], "begin_upload", "add_part", "complete_upload", "complete_upload"]


def random_fault(chance, kinds=KINDS):
    kind = chance.choice(kinds)
    status = chance.choice([None, 408, 429, 500, 502, 503, 504])
    return Fault(
        on=kind,
        status=status,
        cut=status is None,
        acts=chance.random() < 0.5,
        skip=chance.randrange(3),
        times=chance.randrange(1, 5),
        retry_after=chance.choice([None, 2]) if status == 429 else None,
    )


def tuned_at_last(server, training_file, tuner_of):
    """Call again and again, as a user would, until the job is done; give it and the number of calls."""
    for calls in range(1, 40):
        try:
            return tuner_of(server).tune(training_file, model="base", seed=1), calls
        except ProtocolError:
            continue
    raise AssertionError("never came through")


@pytest.mark.parametrize(
    ("profile", "kinds"),
    [(LOCAL, KINDS), (attrs.evolve(LOCAL, keeps_metadata=False), KINDS), (IN_PARTS, KINDS_IN_PARTS)],
    ids=["key", "files", "parts"],
)
@pytest.mark.parametrize("seed", range(RUNS))
def test_faults_anywhere_never_make_two_jobs_nor_lose_one(seed, profile, kinds, training_file, tuner_of):
    """Whatever fails, before or after the deed, in the end there is one job and it is the one given."""
    chance = random.Random(seed)
    faults = [random_fault(chance, kinds) for _ in range(chance.randrange(1, 7))]
    with StubServer(faults=faults) as server:
        job, _ = tuned_at_last(server, training_file, lambda server: tuner_of(server, profile=profile))
        assert [job.id] == [shown["id"] for shown in server.jobs]
        assert job.status == "succeeded"
        assert [file["bytes"] for file in server.files[:-1]] == [training_file.stat().st_size]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(on="create_job", status=500, acts=True),
        Fault(on="create_job", status=429, acts=True),
        Fault(on="create_job", cut=True, acts=True),
        Fault(on="create_job", status=500),
        Fault(on="create_job", cut=True),
        Fault(on="create_job", status=429, retry_after=20),
    ],
    ids=["500 done", "429 done", "cut done", "500", "cut", "429"],
)
def test_one_lost_answer_is_settled_within_one_call(fault, training_file, tuner_of):
    """An answer that is lost once costs the caller neither an error nor a second job."""
    with StubServer(faults=[fault]) as server:
        job = tuner_of(server).start(training_file, model="base")
        assert [job.id] == [shown["id"] for shown in server.jobs]
        assert server.count("create_job") == (1 if fault.acts else 2)


def test_a_job_that_appears_late_is_waited_for(training_file, tmp_path):
    """A server that acts only after the client gave up still gets asked once."""
    slow = Fault(on="create_job", delay=0.9, acts=True)
    with StubServer(faults=[slow]) as server:
        hurried = FineTuner(
            server.client(max_retries=0, timeout=0.3),
            directory=tmp_path / "tune",
            clock=lambda: 30 * time.monotonic() + 1e9,
            sleep=lambda seconds: time.sleep(seconds / 30),
        )
        job = hurried.start(training_file, model="base")
        assert server.count("create_job") == 1
        assert [job.id] == [shown["id"] for shown in server.jobs]


def test_a_server_that_lists_no_jobs_is_not_asked_twice(training_file, tuner_of):
    """Where a lost job cannot be looked for, nobody guesses: an error says where to look, again and again."""
    faults = [Fault(on="create_job", cut=True, acts=True), Fault(on="jobs", status=405, times=None)]
    with StubServer(faults=faults) as server:
        for _ in range(2):
            with pytest.raises(LedgerError, match="provider's own page"):
                tuner_of(server).start(training_file, model="base")
        assert server.count("create_job") == 1


def test_another_job_of_the_same_file_is_not_adopted(training_file, tuner_of):
    """Where a server keeps no metadata, a job that this directory knows already is no lost one."""
    forgetful = attrs.evolve(LOCAL, keeps_metadata=False, drops=frozenset({"metadata"}))
    with StubServer(faults=[Fault(on="create_job", cut=True, acts=True, skip=1)]) as server:
        first = tuner_of(server, profile=forgetful).start(training_file, model="base", seed=1)
        second = tuner_of(server, profile=forgetful).start(training_file, model="base", seed=2)
        assert [first.id, second.id] == [shown["id"] for shown in server.jobs]
        assert all(shown["metadata"] is None for shown in server.jobs)


def test_a_refusal_after_a_lost_answer_proves_nothing(training_file, tuner_of):
    """If a job may exist already, a refused second request does not make the ledger forget the first."""
    faults = [Fault(on="create_job", cut=True), Fault(on="create_job", status=400)]
    with StubServer(faults=faults) as server:
        with pytest.raises(RequestRefusedError):
            tuner_of(server).start(training_file, model="base")
        looked = server.count("jobs")
        tuner_of(server).start(training_file, model="base")
        assert server.count("jobs") > looked
        assert len(server.jobs) == 1


def test_a_lost_upload_is_found_again(training_file, tuner_of):
    """An upload whose answer was lost is known by its name and not sent a second time."""
    with StubServer(faults=[Fault(on="upload", cut=True, acts=True)]) as server:
        tuner_of(server).start(training_file, model="base")
        assert len(server.files) == server.count("upload") == 1


def test_an_upload_that_the_server_lost_is_sent_again(training_file, tuner_of):
    """A file that was deleted there, or refused there, is uploaded anew for the next job."""
    with StubServer() as server:
        job = tuner_of(server).start(training_file, model="base", seed=1)
        server.client().files.delete(job.training_file)
        again = tuner_of(server).start(training_file, model="base", seed=2)
        assert again.training_file != job.training_file


@pytest.mark.parametrize(
    "shown", [{"status": None}, {"status": ["running"]}, {"status": "done", "finished_at": 1_800_000_000}]
)
def test_a_job_that_never_says_how_it_is_is_not_followed_for_ever(shown, training_file, tuner_of, caplog):
    """An error names what came and how to go on; the next call takes up the same job."""
    with StubServer(stages=[Stage(status="running", changes=shown)]) as server:
        for call in (1, 2):
            with pytest.raises(ProtocolError, match="run the same again to take it up") as raised:
                tuner_of(server).tune(training_file, model="base")
            assert f"got {shown['status']!r}" in str(raised.value)
            assert (server.count("create_job"), server.count("upload"), len(caplog.messages)) == (1, 1, call)


@pytest.mark.parametrize("shown", [None, "reticulating"])
def test_a_status_that_is_unclear_for_a_while_ends_nothing(shown, training_file, tuner_of):
    """Some answers without a status, and any number with a word of the provider's own, are waited out."""
    looks = 10 if shown is None else 100
    unclear = [Stage(status="running", changes={"status": shown})] * looks
    stages = [*unclear, Stage(status="running"), *unclear, succeeding()[-1]]
    with StubServer(stages=stages) as server:
        assert tuner_of(server).tune(training_file, model="base").status == "succeeded"


class Bottomless(StubServer):
    """Answers with JSON that no parser gets to the end of."""

    def answer(self, method, target, headers, raw):
        return attrs.evolve(super().answer(method, target, headers, raw), status=200, content=b"[" * 100_000)


def test_an_answer_that_cannot_be_read_is_the_servers_fault(tuner_of):
    """It is an error of the protocol that says what was asked, and no crash of the parser."""
    with Bottomless() as server, pytest.raises(ProtocolError, match="is not JSON"):
        tuner_of(server).look("ftjob-1")


def test_threads_share_a_tuner(training_file, tmp_path):
    """Four threads with two pieces of work end with two jobs and one upload."""
    slow = Fault(on="*", delay=0.02, times=None)
    with StubServer(faults=[slow]) as server:
        tuner = FineTuner(server.client(), directory=tmp_path / "tune")
        with ThreadPoolExecutor(4) as threads:
            started = threads.map(
                lambda seed: tuner.start(training_file, model="base", seed=seed), [1, 2, 1, 2]
            )
            ids = [job.id for job in started]
        assert ids[:2] == ids[2:]
        assert sorted(set(ids)) == sorted(shown["id"] for shown in server.jobs)
        assert len(server.files) == 1


def test_an_upload_without_an_id_is_told(training_file, tuner_of):
    """An answer of another form, as a proxy may give it, is an error that says what came."""
    with StubServer(faults=[Fault(on="upload", status=200, message="hello", times=99)]) as server:
        with pytest.raises(ProtocolError, match=r"expected an object with an id, got .*hello"):
            tuner_of(server).tune(training_file, model="base")
        assert server.jobs == []


def test_a_job_whose_answer_has_no_id_is_found(training_file, tuner_of):
    """Such an answer may hide a job, which is looked for and not made anew."""
    with StubServer(faults=[Fault(on="create_job", status=200, acts=True)]) as server:
        job = tuner_of(server).tune(training_file, model="base")
        assert [job.id] == [shown["id"] for shown in server.jobs]
