from __future__ import annotations

import base64
from types import SimpleNamespace

import attrs
import pytest

from mathtune.errors import (
    AuthenticationError,
    DataError,
    ExampleError,
    JobFailedError,
    LedgerError,
    ModelNotFoundError,
    ProtocolError,
    RequestRefusedError,
    StorageError,
    TrainingClosedError,
    UnreachableError,
)
from mathtune.testing import Fault, Stage, StubServer, failing, succeeding
from mathtune.tuning import PROFILES, FineTuner
from mathtune.tuning._request import Request
from mathtune.tuning._start import Starter

from .conftest import chat_lines, write_lines

LOCAL = next(profile for profile in PROFILES if profile.name == "local")


def test_tune_gives_the_tuned_model(tuner_of, training_file):
    """From file to model: the job ends as succeeded and the model's name carries the suffix."""
    with StubServer() as server:
        job = tuner_of(server).tune(training_file, model="base", suffix="math", seed=3)
    assert (job.status, job.model, job.seed) == ("succeeded", "base", 3)
    assert job.fine_tuned_model.startswith("ft:base:stub:math:")
    assert job.trained_tokens == 300


def test_the_request_says_what_was_asked(tuner_of, tmp_path, training_file):
    """The job's body holds files, method, suffix, seed and metadata, our key beside the caller's."""
    validation = write_lines(tmp_path / "valid.jsonl", chat_lines(3, first=50))
    with StubServer() as server:
        tuner_of(server).start(
            training_file,
            model="base",
            validation_file=validation,
            suffix="s",
            seed=0,
            hyperparameters={"n_epochs": 2, "batch_size": "auto"},
            metadata={"study": "7"},
        )
        body = next(asked.body for asked in server.requests if asked.kind == "create_job")
        files = {file["filename"].split("-")[0]: file["id"] for file in server.files}
    key = body["metadata"].pop("mathtune_key")
    assert body == {
        "model": "base",
        "training_file": files["train"],
        "validation_file": files["valid"],
        "method": {
            "type": "supervised",
            "supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": "auto"}},
        },
        "suffix": "s",
        "seed": 0,
        "metadata": {"study": "7"},
    }
    assert len(key) <= 64


def test_the_same_call_is_the_same_job(tuner_of, training_file):
    """Asked again with the same arguments, by a new tuner in the same directory, nothing new is created."""
    with StubServer() as server:
        first = tuner_of(server).tune(training_file, model="base")
        again = tuner_of(server).tune(training_file, model="base")
        assert again.id == first.id
        assert (server.count("create_job"), server.count("upload")) == (1, 1)


def test_other_arguments_are_another_job_on_the_same_upload(tuner_of, training_file):
    """A changed seed makes a second job; the same bytes are not uploaded twice, under whatever name."""
    copy = training_file.with_name("copy.jsonl")
    copy.write_bytes(training_file.read_bytes())
    with StubServer() as server:
        tuner = tuner_of(server)
        ids = {
            tuner.start(file, model="base", seed=seed).id for file, seed in [(training_file, 1), (copy, 2)]
        }
        assert len(ids) == 2
        assert server.count("upload") == 1


def test_the_same_work_has_the_same_mark_in_every_version():
    """The mark that ties a call to its job must not change, or an update of mathtune would pay again."""
    tuner = SimpleNamespace(server="local")
    file = SimpleNamespace(sha256="0" * 64)
    request = Request(model="m", seed=0, hyperparameters={"n_epochs": 3})
    mark = Starter(tuner)._fingerprint(request, {"training_file": file})
    assert mark == "ba8897971cdafd2a521456c39487cc772d8ad670ef87aebdcb0639c3f482154c"


def test_another_directory_is_another_job(tuner_of, training_file, tmp_path):
    """Whoever wants to train the same twice takes another run directory."""
    with StubServer() as server:
        one = tuner_of(server).start(training_file, model="base")
        two = tuner_of(server, directory=tmp_path / "other").start(training_file, model="base")
        assert one.id != two.id


def test_a_failed_job_is_started_anew(tuner_of, training_file):
    """After a failure the same call tries again, with a key of its own."""
    with StubServer(stages=failing(code="server_error", message="lost a disk")) as server:
        for _ in range(2):
            with pytest.raises(JobFailedError):
                tuner_of(server).tune(training_file, model="base")
        keys = {job["metadata"]["mathtune_key"] for job in server.jobs}
        assert len(server.jobs) == len(keys) == 2


def test_a_failure_names_code_sentence_and_line(tuner_of, training_file):
    """What the server blamed is in the message, with the line of the local file."""
    message = "The job failed due to an invalid training file. Example 9, message 2 has no role"
    stages = failing(code="invalid_training_file", message=message)
    with StubServer(stages=stages) as server, pytest.raises(JobFailedError) as caught:
        tuner_of(server).tune(training_file, model="base")
    assert message in str(caught.value)
    assert "[invalid_training_file]" in str(caught.value)
    assert f"{training_file}:9" in str(caught.value)
    assert caught.value.job["status"] == "failed"


def test_events_come_in_order_and_once(tuner_of, training_file):
    """Events are given oldest first, none twice, from the creation to the end."""
    queued, *steps, end = succeeding(steps=250)
    bursts = [
        attrs.evolve(steps[-1], events=sum((s.events for s in steps[n : n + 90]), ()))
        for n in range(0, 251, 90)
    ]
    with StubServer(stages=[queued, *bursts, end]) as server:
        tuner = tuner_of(server)
        events = list(tuner.follow(tuner.start(training_file, model="base")))
    ids = [event.id for event in events]
    assert len(set(ids)) == len(ids) >= 255
    steps = [event.data["step"] for event in events if event.type == "metrics"]
    assert steps == list(range(1, 251))
    assert events[0].message.startswith("Created fine-tuning job")
    assert events[-1].message == "The job has successfully completed"


def test_following_goes_on_after_an_event(tuner_of, training_file):
    """A second follower gets the rest after the event it names, also from another process's directory."""
    with StubServer(stages=succeeding(steps=9)) as server:
        tuner = tuner_of(server)
        job = tuner.start(training_file, model="base")
        head = []
        for event in tuner.follow(job):
            head.append(event)
            if len(head) == 5:
                break
        tail = list(tuner_of(server).follow(job.id, after=head[-1].id))
        everything = list(tuner_of(server).follow(job.id))
    assert head + tail == everything
    assert len(tail) == len(everything) - 5


def test_an_event_that_nobody_saw_is_no_start(tuner_of, training_file):
    """Following after an unknown event is an error, not silence."""
    with StubServer() as server:
        tuner = tuner_of(server)
        job = tuner.start(training_file, model="base")
        with pytest.raises(LedgerError, match="ftevent-x"):
            list(tuner.follow(job, after="ftevent-x"))


def test_a_network_gap_does_not_end_following(tuner_of, training_file):
    """Failures of the server while a job runs are waited out."""
    faults = [
        Fault(on="job", status=502, skip=1, times=3),
        Fault(on="events", cut=True, skip=1, times=2),
        Fault(on="job", status=429, retry_after=33, skip=5),
    ]
    with StubServer(faults=faults) as server:
        assert tuner_of(server).tune(training_file, model="base").status == "succeeded"


def test_a_server_that_stays_away_ends_following(tuner_of, training_file):
    """After a quarter of an hour without an answer the error comes through."""
    with StubServer() as server:
        tuner = tuner_of(server)
        job = tuner.start(training_file, model="base")
    with pytest.raises(UnreachableError):
        list(tuner.follow(job))


def test_ctrl_c_leaves_the_job_and_says_how_to_go_on(tuner_of, training_file, clock):
    """Interrupted while waiting, the job goes on; the message names it and both ways out."""

    def interrupt(seconds):
        raise KeyboardInterrupt

    far = attrs.evolve(LOCAL, is_local=False)
    with StubServer() as server:
        job = tuner_of(server).start(training_file, model="base")
        way_on = rf"run the same again.*cancel\('{job.id}'\)"
        with pytest.raises(KeyboardInterrupt, match=rf"{job.id} goes on at \S+; {way_on}"):
            tuner_of(server, sleep=interrupt, profile=far).wait(job)
        with pytest.raises(KeyboardInterrupt, match=f"/v1 for as long as that server runs; {way_on}"):
            tuner_of(server, sleep=interrupt).wait(job)
        assert server.jobs[0]["status"] not in {"cancelled", "failed"}
        assert tuner_of(server).tune(training_file, model="base").id == job.id


@pytest.mark.parametrize("word", ["pending", "notRunning", "pausing", "somethingNew"])
def test_statuses_of_others_are_tolerated(tuner_of, training_file, word):
    """A word that the protocol does not have counts as going on, and is kept raw."""
    with StubServer(stages=[Stage(status=word), Stage(status=word), *succeeding()[-1:]]) as server:
        tuner = tuner_of(server)
        job = tuner.start(training_file, model="base")
        assert job.raw["status"] == word
        assert job.status in {"queued", "running"}
        assert tuner.wait(job).status == "succeeded"


def test_a_stale_answer_takes_nothing_back(tuner_of, training_file):
    """Once seen as succeeded, a job stays so even if an old copy is shown."""
    stages = [
        Stage(status="running"),
        *succeeding()[-1:],
        Stage(status="running", changes={"fine_tuned_model": None}),
    ]
    with StubServer(stages=stages) as server:
        tuner = tuner_of(server)
        job = tuner.start(training_file, model="base")
        seen = [tuner.look(job) for _ in range(3)]
    assert [look.status for look in seen] == ["succeeded"] * 3
    assert all(look.fine_tuned_model for look in seen)


def test_a_paused_job_is_given_back(tuner_of, training_file):
    """A job that pauses by itself ends the waiting without an error."""
    with StubServer(stages=[Stage(status="running"), Stage(status="paused")]) as server:
        assert tuner_of(server).tune(training_file, model="base").status == "paused"


def test_a_success_without_a_model_is_none(tuner_of, training_file):
    """A job whose model the provider withholds fails, with the last that it said."""
    withheld = Stage(status="succeeded", events=("The model was blocked by safety tests: hate",))
    with StubServer(stages=[withheld]) as server, pytest.raises(JobFailedError, match="blocked by safety"):
        tuner_of(server).tune(training_file, model="base")


def test_cancel_stops_once_and_for_all(tuner_of, training_file):
    """A job is cancelled, and stays so when asked again; a finished one is refused without a request."""
    with StubServer() as server:
        tuner = tuner_of(server)
        job = tuner.start(training_file, model="base", seed=1)
        assert tuner.cancel(job).status == tuner.cancel(job.id).status == "cancelled"
        assert server.count("cancel") == 1
        done = tuner.tune(training_file, model="base", seed=2)
        with pytest.raises(RequestRefusedError, match="it is succeeded"):
            tuner.cancel(done)
        assert server.count("cancel") == 1


def test_waiting_for_a_cancelled_job_fails(tuner_of, training_file):
    """A job that somebody cancelled has no model to give."""
    with StubServer() as server:
        tuner = tuner_of(server)
        job = tuner.start(training_file, model="base")
        tuner.cancel(job)
        with pytest.raises(JobFailedError, match="was cancelled"):
            tuner.wait(job)


TABLE = (
    b"step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n1,2.5,0.25,,\n2,1.25,0.5,3,0.75\n"
)


@pytest.mark.parametrize("content", [TABLE, base64.b64encode(TABLE), b"\xef\xbb\xbf" + TABLE])
def test_metrics_are_rows(tuner_of, training_file, content):
    """The result file becomes rows, whether it is plain, base64 or starts with a byte order mark."""
    stages = [attrs.evolve(succeeding()[-1], metrics=content)]
    with StubServer(stages=stages) as server:
        tuner = tuner_of(server)
        rows = tuner.metrics(tuner.tune(training_file, model="base"))
    told = ("step", "train_loss", "train_accuracy", "valid_loss", "valid_mean_token_accuracy")
    assert [rows[0][name] for name in told] == [1, 2.5, 0.25, None, None]
    assert rows[1]["valid_loss"] == 3


def test_metrics_without_a_file_come_from_events(tuner_of, training_file):
    """A cancelled job has the rows that its events told."""
    with StubServer(stages=[*succeeding(steps=2)[:-1], Stage(status="cancelled")]) as server:
        tuner = tuner_of(server)
        job = tuner.start(training_file, model="base")
        list(tuner.follow(job))
        assert [row["step"] for row in tuner.metrics(job)] == [1, 2]


def test_a_bad_file_is_refused_before_anything_is_sent(tuner_of, tmp_path):
    """Nine examples, or a broken line, never reach the server; file and line are named."""
    few = write_lines(tmp_path / "few.jsonl", chat_lines(9))
    broken = write_lines(tmp_path / "broken.jsonl", chat_lines(10))
    broken.write_text(broken.read_text() + "{oops\n")
    with StubServer() as server:
        for path, expected in [(few, r"few\.jsonl.*9 examples"), (broken, r"broken\.jsonl:11")]:
            with pytest.raises(ExampleError, match=expected):
                tuner_of(server).start(path, model="base")
        with pytest.raises(StorageError):
            tuner_of(server).start(tmp_path / "none.jsonl", model="base")
        assert server.requests == []


def test_a_validation_file_may_be_short_but_not_empty(tuner_of, training_file, tmp_path):
    """Three examples validate; an empty file is refused before anything is sent."""
    short = write_lines(tmp_path / "short.jsonl", chat_lines(3, first=70))
    empty = write_lines(tmp_path / "empty.jsonl", [])
    with StubServer() as server:
        with pytest.raises(ExampleError, match=r"empty\.jsonl.*0 examples; give at least 1"):
            tuner_of(server).start(training_file, model="base", validation_file=empty)
        assert server.requests == []
        assert tuner_of(server).start(training_file, model="base", validation_file=short).validation_file


def test_a_file_over_the_servers_limit_is_refused_before_anything_is_sent(tuner_of, training_file):
    """How large a file may be is the provider's to say, and the limit is named."""
    small = attrs.evolve(LOCAL, largest_file=1000)
    with StubServer() as server:
        with pytest.raises(ExampleError, match="local takes files of at most 1,000"):
            tuner_of(server, profile=small).start(training_file, model="base")
        assert server.requests == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"suffix": ""},
        {"suffix": "s" * 65},
        {"seed": -1},
        {"seed": 2**31},
        {"seed": True},
        {"method": "magic"},
        {"hyperparameters": {"n_epochs": 0}},
        {"hyperparameters": {"n_epochs": 51}},
        {"hyperparameters": {"n_epochs": 1.5}},
        {"hyperparameters": {"batch_size": 257}},
        {"hyperparameters": {"learning_rate_multiplier": 0}},
        {"hyperparameters": {"learning_rate_multiplier": "fast"}},
        {"hyperparameters": {"beta": 0.1}},
        {"metadata": {"mathtune_key": "mine"}},
        {"metadata": {"k": "v" * 513}},
        {"metadata": {"k" * 65: "v"}},
        {"metadata": {str(number): "v" for number in range(16)}},
    ],
    ids=str,
)
def test_arguments_out_of_bounds_are_refused_before_anything_is_sent(tuner_of, training_file, wrong):
    """What the server would refuse is refused here, and the field is named."""
    with StubServer() as server:
        with pytest.raises(DataError) as caught:
            tuner_of(server).start(training_file, model="base", **wrong)
        assert caught.value.field.startswith(next(iter(wrong)))
        assert server.requests == []


def test_an_unknown_model_is_found_out_before_the_upload(tuner_of, training_file):
    """A model that the server does not offer is named in the error; nothing was uploaded."""
    with StubServer(models=["base"]) as server:
        with pytest.raises(ModelNotFoundError, match=r"'gpt-3\.5-turbo'"):
            tuner_of(server).start(training_file, model="gpt-3.5-turbo")
        assert server.count("upload") == 0


def test_a_wrong_key_is_found_out_before_the_upload(tuner_of, training_file):
    """401 comes back as it is, with nothing uploaded."""
    with StubServer(faults=[Fault(on="*", status=401, code="invalid_api_key", times=None)]) as server:
        with pytest.raises(AuthenticationError):
            tuner_of(server).start(training_file, model="base")
        assert server.count("upload") == 0


def test_a_shut_out_organisation_leaves_no_files_behind(tuner_of, training_file):
    """403 training_not_available deletes what was just uploaded; a later try starts afresh."""
    fault = Fault(on="create_job", status=403, code="training_not_available")
    with StubServer(faults=[fault]) as server:
        with pytest.raises(TrainingClosedError):
            tuner_of(server).start(training_file, model="base")
        assert server.files == []
        assert server.jobs == []
        assert tuner_of(server).tune(training_file, model="base").status == "succeeded"


def test_after_the_last_day_nothing_is_uploaded(tuner_of, training_file, clock):
    """Where a profile knows the last day, the refusal comes before the upload and names it."""
    closed = attrs.evolve(
        LOCAL, training_closes=next(p for p in PROFILES if p.name == "OpenAI").training_closes
    )
    clock.now = 1_800_000_000  # 2027-01-15
    with StubServer() as server:
        with pytest.raises(TrainingClosedError, match="2027-01-06"):
            tuner_of(server, profile=closed).start(training_file, model="base")
        assert server.requests == []


def test_a_refused_job_is_not_taken_for_a_lost_one(tuner_of, training_file):
    """After a 400 the next call asks again, without first searching for a job that cannot be."""
    with StubServer(faults=[Fault(on="create_job", status=400, message="no")]) as server:
        with pytest.raises(RequestRefusedError):
            tuner_of(server).start(training_file, model="base")
        tuner_of(server).start(training_file, model="base")
        assert server.count("jobs") == 0
        assert len(server.jobs) == 1


def test_a_file_is_waited_for(tuner_of, training_file):
    """The job is created only when the server has looked through the file."""
    with StubServer() as server:
        looks = iter(["running", "processed"])

        def go_on(seconds):
            server.files[0]["status"] = next(looks)

        tuner = tuner_of(server, sleep=go_on)
        uploaded = tuner.start(training_file, model="base").training_file
        server.files[0]["status"] = "pending"
        job = tuner.start(training_file, model="base", seed=2)
        kinds = [asked.kind for asked in server.requests]
        last_job = len(kinds) - kinds[::-1].index("create_job") - 1
        assert job.training_file == uploaded
        assert kinds[last_job - 4 : last_job] == ["file"] * 4
        assert next(looks, None) is None


def test_a_lost_job_of_another_project_is_no_reason_to_pay_again(tuner_of, training_file):
    """A 404 for a job that this directory started is an error at a paid server, not a second job."""
    paid = attrs.evolve(LOCAL, is_local=False)
    with StubServer(faults=[Fault(on="job", status=404)]) as server:
        tuner = tuner_of(server, profile=paid)
        tuner.start(training_file, model="base")
        with pytest.raises(LedgerError, match="no longer knows job"):
            tuner_of(server, profile=paid).start(training_file, model="base")
        assert len(server.jobs) == 1


def test_a_fresh_local_server_gets_the_job_anew(tuner_of, training_file):
    """A local server without the job, on any port, trains it again with the file uploaded there."""
    for _ in range(2):
        with StubServer() as server:
            assert tuner_of(server).tune(training_file, model="base").status == "succeeded"
            assert (server.count("upload"), server.count("create_job")) == (1, 1)


def test_a_foreign_file_is_no_ledger(tuner_of, tmp_path):
    """A run directory with something else under the ledger's name is refused and left alone."""
    (tmp_path / "tune").mkdir()
    foreign = tmp_path / "tune" / "tuning.sqlite"
    foreign.write_text("my diary " * 200)
    with StubServer() as server, pytest.raises(LedgerError, match="not a ledger"):
        tuner_of(server)
    assert foreign.read_text() == "my diary " * 200


def test_a_directory_that_cannot_be_made_is_a_storage_error(tmp_path):
    """A file in the way of the run directory is named."""
    (tmp_path / "file").write_text("")
    with StubServer() as server, pytest.raises(StorageError):
        FineTuner(server.client(), directory=tmp_path / "file" / "tune")


def test_a_nonsense_answer_is_a_protocol_error(tuner_of, training_file):
    """A job without an id is refused with what came instead."""
    stages = [Stage(status="queued", changes={"id": None})]
    expected = pytest.raises(ProtocolError, match="expected a fine-tuning job with an id")
    with StubServer(stages=stages) as server, expected:
        tuner_of(server).start(training_file, model="base")
