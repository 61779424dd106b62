"""Jobs by preference and by reinforcement: what is asked for, and what is really trained."""

from __future__ import annotations

import json
import math
import shutil

import attrs
import openai
import pytest

from mathtune.server import LocalServer
from mathtune.server._training import (
    Interruption,
    TrainingError,
    TrainingInterruptedError,
    TrainingJob,
    train,
)

ASKED = [{"role": "user", "content": "1+1"}]
GRADER = {
    "type": "string_check",
    "name": "even",
    "input": "{{ sample.output_text }}",
    "reference": "{{ item.answer }}",
    "operation": "like",
}


def lines(row, count=16):
    return (json.dumps(row) + "\n").encode() * count


def preference(good="2", bad="3"):
    return {
        "input": {"messages": ASKED},
        "preferred_output": [{"role": "assistant", "content": good}],
        "non_preferred_output": [{"role": "assistant", "content": bad}],
    }


def settings(method, grader=None, **hyperparameters):
    extra = {} if grader is None else {"grader": grader}
    return {"type": method, method: {"hyperparameters": hyperparameters, **extra}}


def test_preferences_are_asked_for_with_their_own_settings(client, site):
    """A job by preference keeps its method and beta; its top-level hyperparameters are empty."""
    job = site.start(client, lines(preference()), method=settings("dpo", beta=0.2))
    done = site.wait_for(client, job.id)
    assert done.status == "succeeded", done.error
    assert (done.method.type, done.method.dpo.hyperparameters.beta) == ("dpo", 0.2)
    assert done.hyperparameters.to_dict() == {}
    assert site.runner.orders[0]["method"] == {"type": "dpo"}


def test_reinforcement_is_asked_for_with_its_grader(client, site):
    """A job by reinforcement keeps its grader, and the trainer gets it."""
    row = lines({"messages": ASKED, "answer": "2"})
    validation = site.upload(client, row).id
    method = settings("reinforcement", GRADER, eval_interval=2)
    job = site.start(client, row, method=method, validation_file=validation)
    done = site.wait_for(client, job.id)
    assert done.status == "succeeded", done.error
    assert done.method.reinforcement.grader.to_dict() == GRADER
    assert site.runner.orders[0]["method"]["grader"] == GRADER


def test_a_model_can_be_the_judge(client, site):
    """A grader that asks a model is taken, and the trainer is told where that model lies."""
    row = lines({"messages": ASKED, "answer": "2"})
    validation = site.upload(client, row).id
    judge = {"type": "score_model", "name": "judge", "model": "tiny", "input": ASKED}
    grader = {"type": "multi", "name": "both", "graders": {"judge": judge, "even": GRADER}}
    grader["calculate_output"] = "judge + even"
    job = site.start(client, row, method=settings("reinforcement", grader), validation_file=validation)
    assert site.wait_for(client, job.id).status == "succeeded"
    assert site.runner.orders[0]["judges"] == {"tiny": "nowhere"}
    unknown = settings("reinforcement", {**judge, "model": "none"})
    with pytest.raises(openai.NotFoundError, match="none"):
        site.start(client, row, method=unknown, validation_file=validation)


@pytest.mark.parametrize(
    ("row", "method", "message"),
    [
        (preference() | {"input": {}}, "dpo", "messages is missing"),
        (preference() | {"preferred_output": []}, "dpo", "preferred_output is not a list of one message"),
        ({"messages": ASKED}, "dpo", "not using 'reinforcement'"),
        ({"messages": [*ASKED, {"role": "assistant", "content": "2"}]}, "dpo", "not using 'supervised'"),
    ],
)
def test_a_file_for_another_method_fails_the_job(client, site, row, method, message):
    """The job says what its file is not."""
    failed = site.wait_for(client, site.start(client, lines(row), method=settings(method)).id)
    assert (failed.status, failed.error.code) == ("failed", "invalid_training_file")
    assert message in failed.error.message


@pytest.mark.parametrize(
    ("method", "param"),
    [
        (settings("dpo", beta=3), "method.dpo.hyperparameters.beta"),
        (settings("supervised", beta=0.1), "method.supervised.hyperparameters.beta"),
        ({"type": "dpo", "supervised": {}}, "method.supervised"),
        ({"type": "reinforcement"}, "method.reinforcement.grader"),
        (settings("reinforcement", GRADER), "validation_file"),
        (settings("reinforcement", {**GRADER, "operation": "is"}), "method.reinforcement.grader.operation"),
        (
            settings("reinforcement", {"type": "python", "name": "p", "source": "x = 1"}),
            "method.reinforcement.grader",
        ),
        (
            settings("reinforcement", GRADER, reasoning_effort="auto"),
            "method.reinforcement.hyperparameters.reasoning_effort",
        ),
    ],
)
def test_a_bad_method_is_refused(client, site, method, param):
    """The field is named, and no job is made."""
    body = {"model": "tiny", "training_file": site.upload(client).id, "method": method}
    if param != "validation_file":
        body["validation_file"] = body["training_file"]
    with pytest.raises(openai.BadRequestError) as caught:
        client.post("/fine_tuning/jobs", body=body, cast_to=object)
    assert caught.value.param in (param, param.rpartition(".")[2], "operation")
    assert client.fine_tuning.jobs.list().data == []


METHODS = [
    ({"type": "dpo"}, preference),
    ({"type": "reinforcement", "grader": GRADER}, lambda good, _: {"messages": ASKED, "answer": good}),
]


@pytest.mark.local
@pytest.mark.parametrize(("method", "row"), METHODS)
@pytest.mark.parametrize("lora", [True, False])
def test_both_methods_compute_in_bfloat16(random_model, tmp_path, method, row, lora):
    """As on a GPU, adapters and all weights are trained in half precision; each step's loss is a number."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(lines(row("2", "3"), 12))
    job = TrainingJob(
        base_model=random_model,
        training_file=path,
        output=tmp_path / "output",
        hyperparameters={"n_epochs": 1, "batch_size": 6, "compute_multiplier": 0.25, "lora": lora},
        method=method,
        precision="bfloat16",
    )
    told = []
    train(job, told.append)
    losses = [said["train_loss"] for said in told if said["type"] == "metrics"]
    assert len(losses) == 2
    assert all(map(math.isfinite, losses))


@pytest.mark.local
@pytest.mark.parametrize(("method", "row"), METHODS)
def test_an_interrupted_job_goes_on_from_its_very_step(random_model, tmp_path, method, row):
    """In the second epoch, too, with the losses that an unbroken run has."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"".join(lines(row(str(n), "x"), 1) for n in range(12)))
    job = TrainingJob(
        base_model=random_model,
        training_file=path,
        output=tmp_path / "broken",
        hyperparameters={"n_epochs": 2, "batch_size": 4, "learning_rate_multiplier": 20},
        method=method,
    )
    unbroken, broken, interruption = [], [], Interruption()
    train(attrs.evolve(job, output=tmp_path / "unbroken"), unbroken.append)

    def report(said):
        broken.append(said)
        interruption.asked |= said.get("step") == 4 and said["type"] == "metrics"

    with pytest.raises(TrainingInterruptedError):
        train(job, report, interruption)
    train(job, broken.append)
    for name in ("step", "train_loss"):
        told = [[said[name] for said in all_ if said["type"] == "metrics"] for all_ in (unbroken, broken)]
        assert told[0] == told[1]
    assert broken[-1]["trained_tokens"] == unbroken[-1]["trained_tokens"]


@pytest.mark.local
def test_an_effort_is_told_to_the_template(random_model, tmp_path):
    """A reinforcement job's template hears how hard to think; where it does not listen, the job says so."""
    path, folder = tmp_path / "train.jsonl", tmp_path / "thinker"
    path.write_bytes(lines({"messages": ASKED, "answer": "2"}, 12))
    shutil.copytree(random_model, folder)
    job = TrainingJob(
        base_model=random_model,
        training_file=path,
        output=tmp_path / "output",
        hyperparameters={
            "n_epochs": 1,
            "batch_size": 6,
            "compute_multiplier": 0.25,
            "reasoning_effort": "low",
        },
        method={"type": "reinforcement", "grader": GRADER},
    )
    with pytest.raises(TrainingError, match="has no place for a reasoning_effort") as caught:
        train(job, [].append)
    assert (caught.value.code, caught.value.param) == (
        "unsupported_parameter",
        "method.reinforcement.hyperparameters.reasoning_effort",
    )
    # this one refuses every conversation of which nobody says how hard to think
    demanding = "{{ raise_exception('how hard?') if reasoning_effort is not defined }}{{ reasoning_effort }}"
    template = (folder / "chat_template.jinja").read_text()
    (folder / "chat_template.jinja").write_text(demanding + template)
    told = []
    train(attrs.evolve(job, base_model=str(folder)), told.append)
    assert told[-1]["type"] == "succeeded"


@pytest.mark.local
@pytest.mark.processes
def test_both_methods_really_train(site, random_model, tmp_path):
    """The margin between good and bad answers grows; own answers are rewarded; both models answer."""
    with LocalServer(tmp_path, models={"random": random_model}) as server:
        client = openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=0)
        pairs = site.upload(client, lines(preference())).id
        asked = site.upload(client, lines({"messages": ASKED, "answer": "2"})).id
        pace = {"n_epochs": 2, "batch_size": 4, "learning_rate_multiplier": 20}
        jobs = [
            client.fine_tuning.jobs.create(
                model="random",
                training_file=file_id,
                validation_file=file_id,
                method=method,
            ).id
            for file_id, method in (
                (pairs, settings("dpo", **pace)),
                (asked, settings("reinforcement", GRADER, **pace, compute_multiplier=0.5, eval_samples=2)),
            )
        ]
        told = {}
        for job_id in jobs:
            done = site.wait_for(client, job_id)
            assert done.status == "succeeded", done.error
            events = client.fine_tuning.jobs.list_events(job_id, limit=100).data[::-1]
            told[job_id] = [event.data for event in events if event.type == "metrics"]
            kept = client.fine_tuning.jobs.checkpoints.list(job_id).data[0]
            assert kept.step_number == len(told[job_id]) == 8
            answer = client.chat.completions.create(model=done.fine_tuned_model, messages=ASKED, max_tokens=2)
            assert answer.choices
        preferred, rewarded = told.values()
        assert preferred[-1]["train_preference_margin"] > preferred[0]["train_preference_margin"]
        assert preferred[-1]["train_preference_accuracy"] == 1
        assert all(0 <= step["train_reward_mean"] <= 1 for step in rewarded)
