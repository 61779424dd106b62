"""`mathtune tune` as a user meets it."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
import time

import pytest

from mathtune.cli import main
from mathtune.testing import Fault, Stage, StubServer
from mathtune.tuning import FineTuner

from .conftest import chat_lines, write_lines


@pytest.fixture
def tune(tmp_path, training_file, capsys):
    """Run the command against a stub; give its exit code, what it printed and the job's body."""

    def run(server, *words):
        code = main(
            ["tune", str(training_file), "--model", "m", "--directory", str(tmp_path / "tune"),
             "--base-url", server.base_url, *map(str, words)]
        )  # fmt: skip
        bodies = [asked.body for asked in server.requests if asked.kind == "create_job"]
        said = capsys.readouterr()
        return code, said.out + said.err, bodies[0] if bodies else None

    return run


def test_every_flag_reaches_the_job(tune, training_file):
    """Suffix, seed, hyperparameters, metadata, validation and wandb are sent as the library would."""
    with StubServer() as server:
        code, said, body = tune(
            server,
            *("--suffix", "s", "--seed", 7, "--n-epochs", 2, "--hyperparameters.batch_size", "auto"),
            *("--hyperparameters.learning_rate_multiplier", 0.5, "--metadata.data", "v3"),
            *("--validation-file", training_file, "--wandb-project", "maths"),
        )
    assert code == 0
    assert "succeeded: ft:m:stub:s:" in said
    assert (body["suffix"], body["seed"], body["metadata"]["data"]) == ("s", 7, "v3")
    wanted = {"n_epochs": 2, "batch_size": "auto", "learning_rate_multiplier": 0.5}
    assert body["method"]["supervised"]["hyperparameters"] == wanted
    assert body["integrations"] == [{"type": "wandb", "wandb": {"project": "maths"}}]
    assert body["validation_file"] == body["training_file"]


def test_reinforcement_takes_its_grader_from_a_file(tmp_path, capsys):
    """The grader object is read from JSON; one that is none is named."""
    rows = [{"messages": line["messages"][:1], "answer": "1"} for line in chat_lines(12)]
    prompts = write_lines(tmp_path / "prompts.jsonl", rows)
    grader = {"type": "string_check", "name": "g", "operation": "eq", "input": "a", "reference": "a"}
    (tmp_path / "grader.json").write_text(json.dumps(grader))
    (tmp_path / "bad.json").write_text("[]")
    with StubServer() as server:
        words = ["tune", str(prompts), "--model", "m", "--method", "reinforcement"]
        words += ["--base-url", server.base_url, "--directory", str(tmp_path / "t")]
        words += ["--validation-file", str(prompts), "--grader"]
        assert main([*words, str(tmp_path / "grader.json")]) == 0
        body = next(asked.body for asked in server.requests if asked.kind == "create_job")
        assert body["method"]["reinforcement"]["grader"] == grader
        assert main([*words, str(tmp_path / "bad.json")]) == 1
    assert "bad.json" in capsys.readouterr().err


def test_a_job_is_stopped_early_and_says_why(tune):
    """--stop-early watches a metric; the reason is printed."""
    rising = [
        Stage(status="running", events=({"type": "metrics", "data": {"step": n, "valid_loss": float(n)}},))
        for n in range(1, 30)
    ]
    with StubServer(stages=rising) as server:
        code, said, _ = tune(server, "--stop-early", "valid_loss", "--patience", 2)
    assert code == 0
    assert "cancelled: stopped early: valid_loss has not fallen below 1" in said


def test_a_dry_run_says_all_and_sends_nothing(tune, training_file, capsys):
    """Price and warnings for a good job, exit 0; what stands against a bad one, exit 1; no request at all."""
    with StubServer() as server:
        code, said, _ = tune(server, "--dry-run", "--per-million", 3)
        assert code == 0
        assert "12 examples" in said
        assert "USD" in said
        code, said, _ = tune(server, "--dry-run", "--per-million", 3, "--cost-limit", 0.001, "--seed", -1)
        assert code == 1
        assert said.count("refused: ") == 2
        assert server.requests == []


def test_a_provider_behind_a_gateway_is_named_by_flags(tune):
    """--profile and --extra reach the job: a gateway's form, and what its provider wants."""
    with StubServer(faults=[Fault(on="create_job", status=400)]) as server:
        code, _, body = tune(
            server, "--profile", "litellm", "--extra.custom_llm_provider", "azure", "--n-epochs", 2
        )
        assert code == 1
        assert body["custom_llm_provider"] == "azure"
        assert body["hyperparameters"] == {"n_epochs": 2}
        assert tune(server, "--profile", "nobody", "--dry-run")[0] == 1


@pytest.mark.processes
def test_ctrl_c_names_the_command_that_ends_the_job(tmp_path, training_file):
    """What the message says in words of a shell, with the same --base-url, cancels the job."""
    directory = tmp_path / "my runs"
    slow = Fault(on="events", delay=0.3, acts=True, times=None)
    with StubServer(stages=[Stage(status="running")], faults=[slow]) as server:
        where = ("--base-url", server.base_url)
        words = ("tune", str(training_file), "--model", "m", "--directory", str(directory), *where)
        command, pipe = [sys.executable, "-m", "mathtune", *words], subprocess.PIPE
        with subprocess.Popen(command, stderr=pipe, stdout=pipe, text=True) as process:
            while not server.count("events") and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=60)[1]
        assert process.returncode == 130, said
        name, *cancelling = shlex.split(re.search(r"end it with `(.*)` with the same --base-url", said)[1])
        assert name == "mathtune"
        assert server.jobs[0]["status"] == "running"
        assert main([*cancelling, *where]) == 0
        assert server.jobs[0]["status"] == "cancelled"


def test_a_job_is_named_when_it_starts_and_can_be_cancelled_by_that_name(tmp_path, capsys, training_file):
    """`tune` says the job's id before it waits; `cancel` ends that job."""
    with StubServer(stages=[Stage(status="running")]) as server:
        where = ["--base-url", server.base_url, "--directory", str(tmp_path / "t")]
        job = FineTuner(server.client(), directory=tmp_path / "t").start(training_file, model="m")
        assert main(["cancel", job.id, *where]) == 0
        assert capsys.readouterr().out == f"{job.id} cancelled\n"
        assert main(["cancel", "ftjob-unknown", *where]) == 1
    with StubServer() as server:
        words = ["--model", "m", "--directory", str(tmp_path / "u"), "--base-url", server.base_url]
        assert main(["tune", str(training_file), *words]) == 0
        said = capsys.readouterr()
        (started,) = server.jobs
        assert f"job {started['id']} of m is" in said.err
