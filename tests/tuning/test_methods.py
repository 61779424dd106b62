from __future__ import annotations

import hashlib
import json

import attrs
import pytest

from mathtune.errors import DataError, ExampleError, JobFailedError, RequestRefusedError
from mathtune.testing import Fault, Stage, StubServer, succeeding
from mathtune.tuning import PROFILES, EarlyStopping, ScoredCheckpoint, profile_for

from .conftest import chat_lines, write_lines

PROFILE = {profile.name: profile for profile in PROFILES}
GRADER = {
    "type": "multi",
    "graders": {
        "same": {
            "type": "string_check",
            "name": "same",
            "operation": "eq",
            "input": "{{sample.output_text}}",
            "reference": "{{item.answer}}",
        }
    },
    "calculate_output": "same",
    "name": "all",
}


@pytest.fixture
def preference_file(tmp_path):
    rows = (
        {
            "input": {"messages": line["messages"][:1]},
            "preferred_output": line["messages"][1:],
            "non_preferred_output": [{"role": "assistant", "content": "no idea"}],
        }
        for line in chat_lines(10)
    )
    return write_lines(tmp_path / "pairs.jsonl", rows)


@pytest.fixture
def prompt_files(tmp_path):
    rows = [{"messages": line["messages"][:1], "answer": str(n)} for n, line in enumerate(chat_lines(12))]
    return [write_lines(tmp_path / f"{name}.jsonl", rows) for name in ("prompts", "validation")]


def sent_body(server):
    return next(asked.body for asked in server.requests if asked.kind == "create_job")


def test_preferences_train_with_dpo(tuner_of, preference_file):
    """Pairs go as method dpo, with beta among the hyperparameters."""
    with StubServer() as server:
        tuner = tuner_of(server)
        job = tuner.tune(
            preference_file, model="m", method="dpo", hyperparameters={"beta": 0.5, "n_epochs": "auto"}
        )
        assert sent_body(server)["method"] == {
            "type": "dpo",
            "dpo": {"hyperparameters": {"beta": 0.5, "n_epochs": "auto"}},
        }
    assert job.method == "dpo"
    assert job.hyperparameters["beta"] == 0.5
    assert "n_epochs" in job.hyperparameters  # as it was sent, or what "auto" came to


def test_prompts_train_with_a_grader(tuner_of, prompt_files):
    """Prompts and a grader go as method reinforcement; a map of graders comes back as it was sent."""
    training, validation = prompt_files
    settings = {
        "compute_multiplier": 0.5,
        "eval_interval": 2,
        "eval_samples": 1,
        "reasoning_effort": "high",
        "learning_rate_multiplier": 2,
    }
    with StubServer() as server:
        job = tuner_of(server).tune(
            training,
            model="m",
            validation_file=validation,
            method="reinforcement",
            hyperparameters=settings,
            grader=GRADER,
        )
        sent = {"type": "reinforcement", "reinforcement": {"hyperparameters": settings, "grader": GRADER}}
        assert sent_body(server)["method"] == sent
    assert job.raw["method"]["reinforcement"]["grader"] == GRADER


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"method": "reinforcement"}, "grader"),
        ({"method": "reinforcement", "grader": GRADER}, "validation_file"),
        ({"method": "supervised", "grader": GRADER}, "grader"),
        ({"method": "dpo", "hyperparameters": {"beta": 0}}, "hyperparameters.beta"),
        ({"method": "dpo", "hyperparameters": {"beta": 2.1}}, "hyperparameters.beta"),
        ({"method": "dpo", "hyperparameters": {"eval_interval": 1}}, "hyperparameters.eval_interval"),
        ({"integrations": [{"type": "wandb"}] * 6}, "integrations"),
    ],
)
def test_what_does_not_belong_to_a_method_is_refused(tuner_of, training_file, options, field):
    """A missing grader or validation file, or a foreign hyperparameter, is named; nothing is sent."""
    with StubServer() as server:
        with pytest.raises(DataError) as caught:
            tuner_of(server).start(training_file, model="m", **options)
        assert caught.value.field == field
        assert server.requests == []


@pytest.mark.parametrize(
    ("name", "fitting", "unfitting"),
    [
        ("compute_multiplier", ["auto", 1e-4, 10], [1e-5, 10.1]),
        ("eval_interval", ["auto", 1, 1000], [0, 1.5]),
        ("eval_samples", ["auto", 1], [0]),
        ("reasoning_effort", ["default", "low", "medium", "high"], ["auto", "extreme", 3]),
    ],
)
def test_bounds_of_reinforcement(tuner_of, prompt_files, name, fitting, unfitting):
    """Each hyperparameter takes its bounds, a number also "auto", and nothing beyond."""
    training, validation = prompt_files
    options = {"model": "m", "validation_file": validation, "method": "reinforcement", "grader": GRADER}
    with StubServer() as server:
        tuner = tuner_of(server)
        for value in fitting:
            tuner.start(training, hyperparameters={name: value}, **options)
        for value in unfitting:
            with pytest.raises(DataError):
                tuner.start(training, hyperparameters={name: value}, **options)
        assert len(server.jobs) == len(fitting)


def test_a_file_of_another_method_is_refused(tuner_of, training_file):
    """Conversations are no preference pairs."""
    with StubServer() as server, pytest.raises(ExampleError):
        tuner_of(server).start(training_file, model="m", method="dpo")


def test_a_job_pauses_and_goes_on(tuner_of, training_file):
    """Paused, a job rests; resumed, it goes on to its end; asking twice is no error."""
    with StubServer() as server:
        tuner = tuner_of(server)
        job = tuner.start(training_file, model="m")
        assert tuner.pause(job).status == tuner.pause(job).status == "paused"
        assert tuner.wait(job).status == "paused"
        assert tuner.resume(job).status in {"queued", "running"}
        assert tuner.wait(job).status == "succeeded"
        assert (server.count("pause"), server.count("resume")) == (1, 1)
        with pytest.raises(RequestRefusedError, match="it is succeeded"):
            tuner.pause(job)


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_that_cannot_pause_says_so(tuner_of, training_file, status):
    """What a server cannot do is found out by asking it, whatever its name."""
    with StubServer(faults=[Fault(on="pause", status=status)]) as server:
        tuner = tuner_of(server)
        with pytest.raises(RequestRefusedError, match="cannot pause jobs"):
            tuner.pause(tuner.start(training_file, model="m"))


def test_checkpoints_are_given_by_step_and_chosen_by_score(tuner_of, training_file):
    """All checkpoints are given in order; the best by a score comes first, the earlier one of equals."""
    losses = {4: 0.5, 8: 0.2, 12: 0.2}
    saved = tuple({"step_number": step, "metrics": {"valid_loss": loss}} for step, loss in losses.items())
    last = attrs.evolve(succeeding()[-1], checkpoints=saved)
    with StubServer(stages=[last]) as server:
        tuner = tuner_of(server)
        job = tuner.tune(training_file, model="m")
        checkpoints = tuner.checkpoints(job)
        ranked = tuner.score_checkpoints(job, lambda model: -losses[int(model.rsplit("-", 1)[1])])
    assert [(saved.step, saved.metrics["valid_loss"]) for saved in checkpoints] == list(losses.items())
    assert checkpoints[0].model == f"{job.fine_tuned_model}:ckpt-step-4"
    assert ranked[0] == ScoredCheckpoint(checkpoints[1], -0.2)
    assert [entry.checkpoint.step for entry in ranked] == [8, 12, 4]


def steps_with(name, values):
    for step, value in enumerate(values, 1):
        data = {"step": step, "total_steps": len(values), **({name: value} if value is not None else {})}
        yield Stage(status="running", events=({"type": "metrics", "message": f"Step {step}", "data": data},))


def test_a_job_that_gets_no_better_is_stopped(tuner_of, training_file):
    """Early stopping cancels the job once, keeps the reason, and a rerun takes it as done."""
    stages = [*steps_with("valid_loss", [3.0, None, 2.0, 2.5, 2.4, 2.2, 1.0]), succeeding()[-1]]
    with StubServer(stages=stages) as server:
        job = tuner_of(server).tune(training_file, model="m", stop=EarlyStopping(patience=3))
        assert job.status == "cancelled"
        assert job.stop_reason == "valid_loss has not fallen below 2 (step 3) in 3 measurements"
        again = tuner_of(server).tune(training_file, model="m", stop=EarlyStopping(patience=3))
        assert (again.id, again.stop_reason) == (job.id, job.stop_reason)
        assert (server.count("create_job"), server.count("cancel")) == (1, 1)


def test_a_job_that_gets_better_is_left_alone(tuner_of, training_file):
    """A falling loss, or a rising reward deep in the data, stops nothing."""
    for name, values, rule in [
        ("valid_loss", [3.0, 2.0, 1.0, 0.5], EarlyStopping(patience=1)),
        (
            "scores",
            [{"reward": n} for n in range(4)],
            EarlyStopping(metric="scores.reward", patience=1, better="higher"),
        ),
    ]:
        with StubServer(stages=[*steps_with(name, values), succeeding()[-1]]) as server:
            assert tuner_of(server).tune(training_file, model="m", stop=rule).status == "succeeded"


def test_a_job_that_ends_while_it_is_stopped_is_given_as_it_ended(tuner_of, training_file):
    """If the server was faster than the stop, the tuned model is not thrown away."""
    stages = [*steps_with("valid_loss", [1.0, 2.0]), succeeding()[-1]]
    with StubServer(stages=stages) as server:
        job = tuner_of(server).tune(training_file, model="m", stop=EarlyStopping(patience=1))
        assert job.status == "succeeded"
        assert job.fine_tuned_model


def test_a_manifest_ties_files_to_the_model(tuner_of, training_file, tmp_path):
    """The manifest has the file's hash, the request, the job as the server told it, checkpoints and model."""
    with StubServer() as server:
        tuner = tuner_of(server)
        job = tuner.tune(training_file, model="m", seed=4, metadata={"data": "drills, seed 0"})
        manifest = tuner.manifest(job)
    kept = json.loads((tmp_path / "tune" / f"{job.id}.json").read_text())
    assert kept == manifest
    sent = manifest["files"]["training_file"]
    assert sent["sha256"] == hashlib.sha256(training_file.read_bytes()).hexdigest()
    assert (sent["path"], sent["id"]) == (str(training_file), job.training_file)
    assert manifest["request"]["seed"] == manifest["job"]["seed"] == 4
    assert manifest["job"]["metadata"]["data"] == "drills, seed 0"
    assert manifest["model"] == job.fine_tuned_model
    assert [saved["step"] for saved in manifest["checkpoints"].values()] == [3]


def test_cleaning_up_deletes_files_and_model(tuner_of, training_file):
    """A finished job's files and, if asked for, its model go; cleaning twice is no error."""
    with StubServer() as server:
        tuner = tuner_of(server)
        job = tuner.start(training_file, model="m")
        with pytest.raises(RequestRefusedError, match=r"it is (queued|running)"):
            tuner.clean_up(job)
        job = tuner.wait(job)
        gone = tuner.clean_up(job, model=True)
        assert sorted(gone) == sorted([job.training_file, *job.result_files, job.fine_tuned_model])
        assert server.files == []
        assert tuner.clean_up(job) == []
        assert tuner.start(training_file, model="m", seed=2).training_file != job.training_file


def test_cleaning_up_spares_files_that_another_job_needs(tuner_of, training_file):
    """Two jobs share an upload: it stays until both have ended."""
    with StubServer() as server:
        tuner = tuner_of(server)
        done = tuner.tune(training_file, model="m", seed=1)
        other = tuner.start(training_file, model="m", seed=2)
        with pytest.raises(RequestRefusedError, match=f"{other.id} needs its files"):
            tuner.clean_up(done)
        tuner.wait(other)
        assert done.training_file in tuner.clean_up(done)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1", "OpenAI"),
        ("https://eu.api.openai.com/v1", "OpenAI"),
        ("http://127.0.0.1:8123/v1", "local"),
        ("http://localhost/v1", "local"),
        ("http://[::1]:80/v1", "local"),
        ("https://maths.openai.azure.com/openai/v1/", "Azure/Foundry"),
        ("https://maths.services.ai.azure.com/api/projects/p/openai/v1/", "Azure/Foundry"),
        ("https://bedrock-mantle.us-west-2.api.aws/v1", "Bedrock"),
        ("https://api.tokenfactory.nebius.com/v1/", "Nebius"),
        ("https://api.intelligence.crusoecloud.com/v1", "Crusoe"),
        ("https://gateway.example.org/v1", "another server"),
        ("https://api.openai.com.evil.example/v1", "another server"),
    ],
)
def test_the_host_chooses_the_profile(url, name):
    """A provider is known by its host, and only by its whole host."""
    assert profile_for(url).name == name


def test_azure_gets_its_training_type_and_no_dots(tuner_of, training_file):
    """Azure's jobs carry a training type, which the caller may choose; a dot in the suffix is refused."""
    with StubServer(faults=[Fault(on="create_job", status=400, times=None)]) as server:
        tuner = tuner_of(server, profile=PROFILE["Azure/Foundry"])
        for extra in ({}, {"trainingType": "GlobalStandard"}):
            with pytest.raises(RequestRefusedError):
                tuner.start(training_file, model="m", extra=extra)
        with pytest.raises(DataError, match="suffix"):
            tuner.start(training_file, model="m", suffix="v1.0")
        sent = [asked.body["trainingType"] for asked in server.requests if asked.kind == "create_job"]
    assert sent == ["Standard", "GlobalStandard"]


def test_nebius_gets_flat_hyperparameters_of_its_own(tuner_of, training_file):
    """Nebius takes hyperparameters at the top level, its own among them, and no metadata."""
    with StubServer() as server:
        tuner_of(server, profile=PROFILE["Nebius"]).start(
            training_file, model="m", hyperparameters={"n_epochs": 2, "learning_rate": 1e-5, "lora": True}
        )
        body = sent_body(server)
    assert body["hyperparameters"] == {"n_epochs": 2, "learning_rate": 1e-5, "lora": True}
    assert "metadata" not in body
    assert "method" not in body


def test_bedrock_gets_no_suffix_and_the_caller_is_told(tuner_of, training_file, caplog):
    """What a server refuses is left out, with a line in the log."""
    with StubServer() as server:
        tuner_of(server, profile=PROFILE["Bedrock"]).start(training_file, model="m", suffix="s")
        assert "suffix" not in sent_body(server)
    assert "Bedrock takes no suffix" in caplog.text


def test_statuses_of_azure_run_through(tuner_of, training_file):
    """Azure's words from pending to canceled are understood."""
    words = ["pending", "notRunning", "running", "canceling", "canceled"]
    with StubServer(stages=[Stage(status=word) for word in words]) as server:
        tuner = tuner_of(server)
        with pytest.raises(JobFailedError, match="was cancelled"):
            tuner.tune(training_file, model="m")
