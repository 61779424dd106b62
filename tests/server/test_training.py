"""Real training, of a random network where learning does not matter and of the packaged one where it does."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from mathtune.formatting import ChatFormatter, write_jsonl
from mathtune.problems._drills import drills
from mathtune.server._adapters import Bases
from mathtune.server._generation import GenerationRequest, Generator
from mathtune.server._loading import load_model
from mathtune.server._settings import DRILLS_MODEL, packaged_models
from mathtune.server._trainers import split_batch
from mathtune.server._training import (
    Interruption,
    TrainingError,
    TrainingInterruptedError,
    TrainingJob,
    train,
)
from mathtune.server._training_data import IGNORED, read_rows
from mathtune.server._training_job import resolve_hyperparameters

pytestmark = pytest.mark.local

TRAIN = """
import json, sys
from mathtune.server._training import TrainingJob, train

train(TrainingJob(**json.loads(sys.argv[1])), lambda report: print(json.dumps(report), flush=True))
"""

TRAIN_IN_LITTLE_MEMORY = """
import json, resource, sys
from pathlib import Path
from mathtune.server._training import TrainingError, TrainingJob, train

def leave_little(report):
    if report["type"] == "started":
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + 200_000_000, resource.RLIM_INFINITY))

try:
    train(TrainingJob(**json.loads(sys.argv[1])), leave_little)
except TrainingError as error:
    print(error.code)
"""


def write_lines(path, *conversations):
    path.write_text("".join(json.dumps({"messages": messages}) + "\n" for messages in conversations))
    return path


def said(question, answer, **others):
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer, **others}]


@pytest.fixture
def counting(tmp_path):
    """Give a file of 24 examples that a network can learn by heart."""
    return write_lines(tmp_path / "train.jsonl", *(said(f"{n}+1", str(n + 1)) for n in range(24)))


@pytest.fixture
def job(counting, random_model, tmp_path):
    settings = {"n_epochs": 3, "batch_size": 4, "learning_rate_multiplier": 60}
    return TrainingJob(
        base_model=random_model,
        training_file=counting,
        output=tmp_path / "output",
        hyperparameters=settings,
        seed=1,
    )


def trained(job):
    reports = []
    folder = train(job, reports.append)
    return folder, reports


def of_type(reports, name):
    return [report for report in reports if report["type"] == name]


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def same_weights(one, other):
    one, other = weights(one), weights(other)
    return one.keys() == other.keys() and all(bool((one[name] == other[name]).all()) for name in one)


def test_a_job_tells_each_step_and_leaves_its_models(job):
    """The start, every step, a checkpoint an epoch and the end are told; the model has learnt."""
    folder, reports = trained(job)
    assert reports[0] == {"type": "started", "total_steps": 18, "hyperparameters": dict(job.hyperparameters)}
    steps = of_type(reports, "metrics")
    assert [report["step"] for report in steps] == list(range(1, 19))
    assert steps[-1]["train_loss"] < steps[0]["train_loss"] - 1
    assert 0 <= steps[0]["train_mean_token_accuracy"] <= 1
    assert [report["step"] for report in of_type(reports, "checkpoint")] == [6, 12, 18]
    assert reports[-1]["type"] == "succeeded"
    assert reports[-1]["trained_tokens"] == 3 * sum(len(row.input_ids) for row in rows_of(job))
    assert same_weights(folder, job.output / "checkpoint-18")
    for place in (folder, job.output / "checkpoint-6"):
        ask = GenerationRequest(messages=said("3+1", "")[:1], max_tokens=3)
        assert Generator(str(place)).generate([ask])[0].completion_tokens <= 3


def rows_of(job, path=None):
    return read_rows(path or job.training_file, load_model(job.base_model).tokenizer, limit=128)


def test_a_validation_file_is_measured(job, counting):
    """Batches of the validation file are tried on the way, and all of it after each epoch."""
    _, reports = trained(attrs.evolve(job, validation_file=counting))
    steps = of_type(reports, "metrics")
    assert all("valid_loss" in report for report in steps)
    assert [report["step"] for report in steps if "full_valid_loss" in report] == [6, 12, 18]
    assert steps[-1]["full_valid_loss"] < steps[5]["full_valid_loss"]
    assert 0 <= steps[-1]["full_valid_mean_token_accuracy"] <= 1


def test_the_seed_fixes_the_result(job, tmp_path):
    """The same job gives the same weights bit by bit; another seed gives others."""
    one, _ = trained(job)
    again, _ = trained(attrs.evolve(job, output=tmp_path / "again"))
    other, _ = trained(attrs.evolve(job, output=tmp_path / "other", seed=2))
    assert same_weights(one, again)
    assert not same_weights(one, other)


@pytest.mark.processes
def test_a_killed_job_is_taken_up(job, tmp_path):
    """After kill -9 the same job goes on from its last checkpoint and ends with the very same weights."""
    whole, _ = trained(attrs.evolve(job, output=tmp_path / "whole"))
    paths = {name: str(getattr(job, name)) for name in ("base_model", "training_file", "output")}
    order = json.dumps({**paths, "hyperparameters": job.hyperparameters, "seed": job.seed})
    command = [sys.executable, "-c", TRAIN, order]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        for line in process.stdout:
            if line.startswith("{") and json.loads(line).get("step", 0) >= 8:
                process.send_signal(signal.SIGKILL)
                break
    (job.output / "checkpoint-9").mkdir()  # what a kill in the middle of saving leaves
    folder, reports = trained(job)
    assert 7 <= of_type(reports, "metrics")[0]["step"] <= 13
    assert not (job.output / "checkpoint-9").exists()
    assert same_weights(folder, whole)


@pytest.mark.parametrize("steps", [(3, 4, 17), (6, 12)])
def test_an_interrupted_job_goes_on_from_its_very_step(job, tmp_path, steps):
    """Interrupted in an epoch or at its end, a job repeats no step and ends with the very same weights."""
    whole, unbroken = trained(attrs.evolve(job, output=tmp_path / "whole"))
    told = []
    for stop in steps:
        interruption = Interruption()

        def report(said, stop=stop, interruption=interruption):
            told.append(said)
            interruption.asked |= said["type"] == "metrics" and said["step"] == stop

        with pytest.raises(TrainingInterruptedError):
            train(job, report, interruption)
        assert len(list(job.output.glob("state-*"))) == (stop % 6 != 0)
    folder = train(job, told.append)
    assert [said["step"] for said in of_type(told, "metrics")] == list(range(1, 19))
    losses = [[said["train_loss"] for said in of_type(each, "metrics")] for each in (told, unbroken)]
    assert losses[0] == losses[1]
    assert told[-1]["trained_tokens"] == unbroken[-1]["trained_tokens"]
    assert same_weights(folder, whole)
    assert not list(job.output.glob("state-*"))


def test_a_checkpoint_whose_report_was_lost_is_told_again(job):
    """What a kill kept from being told after an epoch is told, with its figures, when the job goes on."""
    lost = []

    def report(said):
        if said["type"] == "checkpoint":
            lost.append(said)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(job, report)
    _, told = trained(job)
    assert of_type(told, "checkpoint")[0] == lost[0]
    assert [said["step"] for said in of_type(told, "checkpoint")] == [6, 12, 18]
    assert [said["step"] for said in of_type(told, "metrics")] == list(range(7, 19))


def test_only_the_assistant_is_learnt_from(job, tmp_path):
    """Labels stand on the assistant's text and its end mark, and not where a message has weight 0."""
    path = write_lines(tmp_path / "talk.jsonl", [*said("1+1", "3", weight=0), *said("No.", "2", weight=1)])
    tokenizer = load_model(job.base_model).tokenizer
    (row,) = read_rows(path, tokenizer, limit=128)
    learnt = [token for token, label in zip(row.input_ids, row.labels, strict=True) if label != IGNORED]
    assert tokenizer.decode(learnt) == "2<|end|>"
    assert (
        tokenizer.decode(row.input_ids) == "<|user|>1+1<|assistant|>3<|end|><|user|>No.<|assistant|>2<|end|>"
    )


def test_templates_without_marks_give_the_same_labels(job, tmp_path):
    """A chat template without generation marks is understood by what each message adds."""
    path = write_lines(tmp_path / "talk.jsonl", [*said("1+1", "3", weight=0), *said("No.", "2")])
    tokenizer = load_model(job.base_model).tokenizer
    (marked,) = read_rows(path, tokenizer, limit=128)
    template = tokenizer.chat_template
    for mark in ("{%- generation -%}", "{%- endgeneration -%}"):
        assert mark in template
        template = template.replace(mark, "")
    tokenizer.chat_template = template.replace("<|end|>", "{{ '<|end|>' }}")
    (bare,) = read_rows(path, tokenizer, limit=128)
    # The generation prompt belongs to the question, in both.
    assert bare.input_ids == marked.input_ids
    assert [label for label in bare.labels if label != IGNORED] == tokenizer.encode("2<|end|>")


def test_long_examples_are_cut_at_their_end(job, tmp_path):
    """What does not fit the window is cut off; an example cut before its answer teaches nothing."""
    path = write_lines(
        tmp_path / "long.jsonl", said("1+1", "2" * 500), said("9" * 500, "1"), said("1+1", "2")
    )
    cut, lost, _ = rows_of(job, path)
    assert len(cut.input_ids) == len(lost.input_ids) == 128
    assert set(lost.labels) == {IGNORED}
    _, reports = trained(
        attrs.evolve(job, training_file=path, hyperparameters={"n_epochs": 1, "batch_size": 1})
    )
    assert len(of_type(reports, "metrics")) == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"messages": [{"role": "user", "content": "1"}, {"role": "assistant"}]}', "Example 2"),
        ('{"prompt": "1"}', "Example 2"),
        ('{"messages": [{"role": "assistant", "content": "1", "weight": 2}]}', "weight is 2"),
        ("not JSON", "Example 2"),
    ],
)
def test_a_bad_file_is_named(job, tmp_path, line, words):
    """A line that cannot be learnt from fails the job with its number and the argument to blame."""
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({"messages": said("1", "2")}) + "\n" + line + "\n")
    with pytest.raises(TrainingError, match=words) as caught:
        train(attrs.evolve(job, training_file=path), print)
    assert (caught.value.code, caught.value.param) == ("invalid_training_file", "training_file")
    with pytest.raises(TrainingError) as caught:
        train(attrs.evolve(job, validation_file=path), print)
    assert (caught.value.code, caught.value.param) == ("invalid_validation_file", "validation_file")


def test_a_file_that_teaches_nothing_is_refused(job, tmp_path):
    """If every assistant message has weight 0 there is nothing to train."""
    path = write_lines(tmp_path / "none.jsonl", *[said("1", "2", weight=0)] * 10)
    with pytest.raises(TrainingError, match="no assistant message of weight 1"):
        train(attrs.evolve(job, training_file=path), print)


def test_diverging_is_an_error(job):
    """A loss that is no number any more ends the job with the hyperparameter to blame."""
    wild = {"n_epochs": 3, "batch_size": 4, "learning_rate_multiplier": 1e30}
    with pytest.raises(TrainingError, match="learning_rate_multiplier") as caught:
        train(attrs.evolve(job, hyperparameters=wild), lambda _: None)
    assert caught.value.code == "training_diverged"


@pytest.mark.processes
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux to limit a process's memory")
def test_running_out_of_memory_is_an_error(tmp_path):
    """A batch that does not fit into memory fails the job by name."""
    path = write_lines(tmp_path / "large.jsonl", *[said("1+1", "2" * 500)] * 256)
    order = {
        "base_model": packaged_models()[DRILLS_MODEL],
        "training_file": str(path),
        "output": str(tmp_path / "output"),
        "hyperparameters": {"n_epochs": 1, "batch_size": 256},
    }
    command = [sys.executable, "-c", TRAIN_IN_LITTLE_MEMORY, json.dumps(order)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.stdout.splitlines()[-1:] == ["out_of_memory"], ended.stderr[-2000:]


def test_an_unknown_model_is_an_error(job, tmp_path):
    """A base model that is not there fails the job with the argument `model`."""
    with pytest.raises(TrainingError, match="cannot load") as caught:
        train(attrs.evolve(job, base_model=str(tmp_path)), print)
    assert (caught.value.code, caught.value.param) == ("model_not_available", "model")


def test_adapters_can_be_trained_and_trained_on(job, tmp_path):
    """LoRA adapters are a model that answers, and that a further job goes on from; bfloat16 will do."""
    settings = {**job.hyperparameters, "lora": True, "lora_r": 4}
    first, _ = trained(attrs.evolve(job, hyperparameters=settings, precision="bfloat16"))
    assert json.loads((first / "adapter_config.json").read_text())["r"] == 4
    second, reports = trained(attrs.evolve(job, base_model=str(first), output=tmp_path / "second"))
    assert (second / "adapter_config.json").exists()
    assert len(of_type(reports, "metrics")) == 18
    ask = GenerationRequest(messages=said("3+1", "")[:1], max_tokens=3)
    assert len(Generator(str(second)).generate([ask])) == 1


def test_all_weights_learn_in_float32_what_is_computed_in_bfloat16(job, tmp_path):
    """In bfloat16 a job of all weights learns as in float32, and its model is asked in either."""
    import torch

    losses = {}
    for precision in ("float32", "bfloat16"):
        folder, reports = trained(attrs.evolve(job, output=tmp_path / precision, precision=precision))
        losses[precision] = [report["train_loss"] for report in of_type(reports, "metrics")]
        assert {tensor.dtype for tensor in weights(folder).values()} == {torch.float32}
        loaded = Bases(precision).load(str(folder))
        assert loaded.model.get_input_embeddings().weight.dtype == getattr(torch, precision)
        ask = GenerationRequest(messages=said("3+1", "")[:1], max_tokens=3)
        assert len(Generator(str(folder), Bases(precision)).generate([ask])) == 1
    assert losses["bfloat16"] == pytest.approx(losses["float32"], rel=0.05)
    assert losses["bfloat16"] != losses["float32"]


@pytest.mark.parametrize(
    ("batch", "at_once", "processes", "split"),
    [(16, 100, 1, (16, 1)), (16, 5, 1, (4, 4)), (7, 3, 1, (1, 7)), (16, 100, 4, (4, 1)), (1, 9, 2, (1, 1))],
)
def test_a_large_batch_is_gathered_from_passes(batch, at_once, processes, split):
    """No pass takes more rows than fit, and the passes of all processes make up the batch."""
    assert split_batch(batch, at_once=at_once, processes=processes) == split


@pytest.mark.parametrize(
    ("examples", "epochs", "batch"),
    [
        (10, 10, 1),
        (20, 5, 2),
        (33, 3, 3),
        (34, 3, 3),
        (8_333, 3, 16),
        (12_000, 2, 16),
        (50_000, 1, 16),
        (2, 25, 1),
    ],
)
def test_auto_is_resolved(examples, epochs, batch):
    """Epochs follow OpenAI's rule, batches the number of examples, and asked numbers stay."""
    job = TrainingJob(base_model="m", training_file="t", output="o", hyperparameters={"n_epochs": "auto"})
    resolved = resolve_hyperparameters(job, examples)
    assert (resolved.n_epochs, resolved.batch_size, resolved.learning_rate_multiplier) == (epochs, batch, 1.0)
    asked = {"n_epochs": 7, "batch_size": 3, "learning_rate_multiplier": 0.5}
    job = attrs.evolve(job, hyperparameters=asked)
    assert attrs.asdict(resolve_hyperparameters(job, examples)) == asked


def test_the_packaged_model_learns_trigonometry(tmp_path):
    """A short job on trigonometry lowers the loss on held-out trigonometry."""
    paths = {
        split: write_jsonl(
            ChatFormatter().format_all(drills(split, seed=31, limit=limit, subjects=["trigonometry"])),
            tmp_path / f"{split}.jsonl",
        )
        for split, limit in (("train", 320), ("test", 64))
    }
    _, reports = trained(
        TrainingJob(
            base_model=packaged_models()[DRILLS_MODEL],
            training_file=paths["train"],
            validation_file=paths["test"],
            output=tmp_path / "output",
            hyperparameters={"n_epochs": 2, "batch_size": 16, "learning_rate_multiplier": 3},
        )
    )
    losses = [report["full_valid_loss"] for report in reports if "full_valid_loss" in report]
    first = next(report["valid_loss"] for report in reports if "valid_loss" in report)
    assert losses[-1] < 0.9 * first
