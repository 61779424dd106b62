from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path

import openai
import pytest
from starlette.testclient import TestClient

from mathtune.errors import LedgerError
from mathtune.server._app import create_app
from mathtune.server._job_folder import JobFolder
from mathtune.server._runner import Exit


class DiesUnderWay:
    """Reports some steps, then waits until the server stops it."""

    def run(self, folder, stop):
        order = json.loads(folder.order.read_text())
        with Path(order["log"]).open("a") as log:
            log.write(json.dumps({"type": "started", "total_steps": 3, "hyperparameters": {}}) + "\n")
            for step in (1, 2):
                report = {"type": "metrics", "step": step, "total_steps": 3, "train_loss": 9.0}
                log.write(json.dumps(report) + "\n")
            log.write('{"type": "metrics", "st')  # cut off in the middle of a line
            log.flush()
            stop.wait()
        return Exit(code=-15)


def test_a_new_server_takes_up_what_the_old_one_left(site):
    """Models, a finished job and one under way are all there; the last one ends, each step told once."""
    quick = site.runner
    with site.client() as client:
        done = site.wait_for(client, site.start(client).id)
        site.runner = DiesUnderWay()
    with site.client() as client:
        job = site.start(client)
        site.wait_for(client, job.id, "running")
        while client.fine_tuning.jobs.list_events(job.id).data[0].type != "metrics":
            pass
        site.runner = quick
    with site.client() as client:
        assert site.wait_for(client, job.id).status == "succeeded"
        messages = [event.message for event in client.fine_tuning.jobs.list_events(job.id, limit=50)][::-1]
        assert messages.count("Fine-tuning job started") == 2
        assert "Training was interrupted, moving job to queued state" in messages
        assert [message for message in messages if message.startswith("Step")] == [
            "Step 1/3: training loss=9.00",
            "Step 2/3: training loss=9.00",
            "Step 3/3: training loss=0.33",
        ]
        assert client.fine_tuning.jobs.retrieve(done.id) == done
        assert client.models.retrieve(done.fine_tuned_model).owned_by == "local"


def test_waiting_jobs_are_trained_by_the_next_server(site):
    """A queued job survives the server's end, and so does a paused one."""
    site.runner.free.clear()
    with site.client() as client:
        first, second, third = (site.start(client).id for _ in range(3))
        site.wait_for(client, third, "queued")
        client.fine_tuning.jobs.pause(third)
    site.runner.free.set()
    with site.client() as client:
        assert site.wait_for(client, first).status == "succeeded"
        assert site.wait_for(client, second).status == "succeeded"
        assert client.fine_tuning.jobs.retrieve(third).status == "paused"
        client.fine_tuning.jobs.resume(third)
        assert site.wait_for(client, third).status == "succeeded"


def test_a_job_whose_model_is_gone_fails(site):
    """A base model that the next server was not given fails the job that needs it."""
    site.runner.free.clear()
    with site.client() as client:
        job_id = site.start(client).id
        site.wait_for(client, job_id, "running")
    site.settings = type(site.settings)(directory=site.settings.directory)
    with site.client() as client:
        job = site.wait_for(client, job_id)
        assert (job.status, job.error.code) == ("failed", "model_not_found")


def test_a_job_whose_file_is_lost_fails_and_holds_no_other_up(site):
    """A copy of a training file that cannot be read fails its job, and the next job is trained."""
    site.runner.free.clear()
    with site.client() as client:
        lost, other = (site.start(client).id for _ in range(2))
        site.wait_for(client, other, "queued")
    with contextlib.closing(sqlite3.connect(site.settings.directory / "state.db")) as state, state:
        state.execute("UPDATE jobs SET status = 'validating_files'")
    JobFolder(site.settings.directory / "jobs" / lost).input("training_file").unlink()
    site.runner.free.set()
    with site.client() as client:
        job = site.wait_for(client, lost)
        assert (job.status, job.error.code, job.error.param) == ("failed", "server_error", "training_file")
        assert site.wait_for(client, other).status == "succeeded"


def test_a_directory_has_one_server_at_a_time(site):
    """The second server is refused and the first goes on."""
    with site.client() as client:
        with (
            pytest.raises(LedgerError, match="another server runs on"),
            TestClient(create_app(site.settings)),
        ):
            pass
        assert client.models.list().data


def test_a_deleted_model_is_gone(site):
    """Its name, its weights, and nothing else; a base model stays."""
    with site.client() as client:
        done = site.wait_for(client, site.start(client).id)
        folder = site.settings.directory / "jobs" / done.id / "output" / "model"
        assert folder.is_dir()
        assert client.models.delete(done.fine_tuned_model).deleted
        assert not folder.exists()
        with pytest.raises(openai.NotFoundError):
            client.models.retrieve(done.fine_tuned_model)
        assert client.models.retrieve(f"{done.fine_tuned_model}:ckpt-step-3")
        with pytest.raises(openai.PermissionDeniedError):
            client.models.delete("tiny")


def test_what_is_not_the_servers_stays(site):
    """Folders that somebody made between the server's files neither vanish nor keep it from starting."""
    folders = [site.settings.directory / kind / "mine" for kind in ("files", "uploads", "batches")]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder.parent / "left-by-a-kill").write_bytes(b"x")
    with site.client() as client:
        assert client.models.list().data
    assert all(folder.is_dir() for folder in folders)
    assert not any((folder.parent / "left-by-a-kill").exists() for folder in folders)
