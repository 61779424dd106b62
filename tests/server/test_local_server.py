"""The server as users run it: processes of its own that really train and answer, and that are killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from pathlib import Path

import openai
import psutil
import pytest

from mathtune.errors import UnreachableError
from mathtune.server import LocalServer

pytestmark = [pytest.mark.local, pytest.mark.processes]


@contextlib.contextmanager
def running(directory, model):
    with LocalServer(directory, models={"random": model}) as server:
        yield server, openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=0)


def start(client, site, *, epochs=2, rows=20):
    training_file = site.upload(client, site.chat_lines(rows)).id
    settings = {"n_epochs": epochs, "batch_size": 4, "learning_rate_multiplier": 20}
    return client.fine_tuning.jobs.create(
        model="random",
        training_file=training_file,
        validation_file=training_file,
        method={"type": "supervised", "supervised": {"hyperparameters": settings}},
    )


def wait_until(what, patience=120):
    """Wait until something is true."""
    deadline = time.monotonic() + patience
    while not what():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def is_gone(process):
    """Tell whether nothing is left of a process but its status."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def children(server, module):
    """Give the server's living processes of a module."""
    found = psutil.Process(server.pid).children()
    return [
        child
        for child in found
        if child.status() != psutil.STATUS_ZOMBIE and f"mathtune.server.{module}" in child.cmdline()
    ]


def steps_told(client, job_id):
    events = client.fine_tuning.jobs.list_events(job_id, limit=100)
    return [event.data["step"] for event in events if event.type == "metrics"][::-1]


def newest(client, job_id):
    return client.fine_tuning.jobs.list_events(job_id, limit=20).data


def ask(client, model, **options):
    messages = [{"role": "user", "content": "1+1"}]
    answer = client.chat.completions.create(model=model, messages=messages, temperature=0, **options)
    return answer.choices[0]


def test_a_model_is_really_trained(site, random_model, tmp_path):
    """A few steps on one sentence teach a random network to say it, and its checkpoints answer too."""
    with running(tmp_path, random_model) as (_, client):
        before = ask(client, "random", max_tokens=3)
        job = start(client, site, epochs=6, rows=60)
        done = site.wait_for(client, job.id)
        assert done.status == "succeeded", done.error
        assert done.hyperparameters.n_epochs == 6
        steps = 6 * 60 // 4
        assert steps_told(client, job.id) == list(range(1, steps + 1))
        events = [e for e in client.fine_tuning.jobs.list_events(job.id, limit=100) if e.type == "metrics"]
        assert events[0].data["train_loss"] < events[-1].data["train_loss"] / 2
        assert events[0].data["full_valid_loss"] < 1
        after = ask(client, done.fine_tuned_model, max_tokens=3)
        assert (after.message.content, after.finish_reason) == ("2", "stop")
        assert before.message.content != "2"
        kept = client.fine_tuning.jobs.checkpoints.list(job.id).data
        assert [checkpoint.step_number for checkpoint in kept] == [steps, steps * 5 // 6, steps * 4 // 6]
        assert ask(client, kept[-1].fine_tuned_model_checkpoint, max_tokens=3)
        with pytest.raises(openai.BadRequestError) as caught:
            client.chat.completions.create(
                model="random", messages=[{"role": "user", "content": "x" * 500}], max_tokens=3
            )
        assert caught.value.code == "context_length_exceeded"


def test_processes_that_die_take_nothing_down(site, random_model, tmp_path):
    """`kill -9` of generation and of training, and a cancel: each costs what it was at, and no more."""
    with running(tmp_path, random_model) as (server, client):
        job = start(client, site, epochs=50, rows=200)
        wait_until(lambda: steps_told(client, job.id))
        assert ask(client, "random", max_tokens=5), "an answer waits for a step, not for the job"
        (generation,) = children(server, "_generation_worker")
        generation.kill()
        wait_until(lambda: is_gone(generation))
        assert ask(client, "random", max_tokens=5)

        (training,) = children(server, "_job")
        training.kill()
        wait_until(lambda: any("ended by SIGKILL" in event.message for event in newest(client, job.id)))
        wait_until(lambda: newest(client, job.id)[0].type == "metrics")

        assert client.fine_tuning.jobs.cancel(job.id).status == "cancelled"
        wait_until(lambda: not children(server, "_job"))


def test_a_paused_job_goes_on_from_its_very_step(site, random_model, tmp_path):
    """Paused and resumed, and stopped with its server and taken up, a job repeats no step."""
    with running(tmp_path, random_model) as (server, client):
        job = start(client, site, epochs=50, rows=200)
        wait_until(lambda: len(steps_told(client, job.id)) > 3)
        assert client.fine_tuning.jobs.pause(job.id).status == "paused"
        wait_until(lambda: not children(server, "_job"))
        (saved,) = (tmp_path / "jobs" / job.id / "output").glob("state-*")
        assert client.fine_tuning.jobs.resume(job.id).status == "queued"
        wait_until(lambda: steps_of(tmp_path, job.id, attempt=2))
        assert steps_of(tmp_path, job.id, attempt=2)[0] == int(saved.name.rpartition("-")[2]) + 1
    done = steps_of(tmp_path, job.id, attempt=2)
    with running(tmp_path, random_model) as (_, client):
        wait_until(lambda: steps_of(tmp_path, job.id, attempt=3))
        assert steps_of(tmp_path, job.id, attempt=3)[0] == done[-1] + 1
        client.fine_tuning.jobs.cancel(job.id)


def steps_of(directory, job_id, *, attempt):
    """Give the steps that an attempt at a job has reported so far."""
    log = directory / "jobs" / job_id / f"reports-{attempt}.jsonl"
    lines = log.read_text().splitlines() if log.exists() else []
    reports = [json.loads(line) for line in lines if line.endswith("}")]
    return [report["step"] for report in reports if report["type"] == "metrics"]


def test_killing_the_server_loses_nothing(site, random_model, tmp_path):
    """`kill -9` of the server: no process stays, the next server ends the job, each step is told once."""
    with running(tmp_path, random_model) as (server, client):
        job = start(client, site, epochs=3, rows=40)
        wait_until(lambda: len(steps_told(client, job.id)) > 12)
        family = psutil.Process(server.pid).children(recursive=True)
        os.kill(server.pid, signal.SIGKILL)
        wait_until(lambda: not any(child.is_running() for child in family))
    with running(tmp_path, random_model) as (_, client):
        done = site.wait_for(client, job.id)
        assert done.status == "succeeded", done.error
        assert steps_told(client, job.id) == list(range(1, 31))
        messages = [event.message for event in client.fine_tuning.jobs.list_events(job.id, limit=100)]
        assert "Training was interrupted, moving job to queued state" in messages


def test_a_server_that_cannot_start_says_why(tmp_path):
    """Its last words are in the error."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(UnreachableError, match=r"(?s)did not start .*file: cannot be the server's directory"):
        LocalServer(blocked).start()


def test_an_interrupted_start_leaves_no_process(tmp_path):
    """Ctrl-C while the server is starting ends the server too; the next start is a new one."""

    def interrupt(*_):
        raise KeyboardInterrupt

    server, here = LocalServer(tmp_path), psutil.Process()
    before, others = signal.signal(signal.SIGALRM, interrupt), here.children()
    signal.setitimer(signal.ITIMER_REAL, 0.05)  # a start takes several times that
    try:
        with pytest.raises(KeyboardInterrupt):
            server.start()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert here.children() == others
    with server.start() as again:
        assert again.pid == server.pid


def test_the_state_of_an_unnamed_server_is_removed():
    """Without a directory of one's own nothing stays behind."""
    with LocalServer() as server:
        (folder,) = {
            Path(file.path).parent
            for file in psutil.Process(server.pid).open_files()
            if file.path.endswith("state.db")
        }
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(UnreachableError, match="not running"):
        _ = server.base_url


def test_a_model_that_cannot_be_loaded_is_refused_at_once(tmp_path):
    """A chat with a broken model folder is a wrong request, not a fault of the server that may pass."""
    refused = pytest.raises(openai.BadRequestError)
    with running(tmp_path / "server", str(tmp_path)) as (_, client), refused as caught:
        ask(client, "random")
    assert (caught.value.code, caught.value.param) == ("model_not_available", "model")
