"""Jobs that report to Weights & Biases, with the very package where it is installed."""

from __future__ import annotations

import importlib.util

import openai
import pytest

from mathtune.errors import MissingExtraError
from mathtune.server import LocalServer, ServerSettings, serve

HAS_WANDB = importlib.util.find_spec("wandb") is not None
ASKED = [{"type": "wandb", "wandb": {"project": "maths", "name": None, "entity": "us", "tags": ["a", "b"]}}]


def test_a_job_keeps_what_it_is_to_report_to(new_site):
    """What was asked for is shown again, and told to who trains."""
    site = new_site(wandb=True)
    with site.client() as client:
        job = site.start(client, integrations=ASKED)
        assert [each.to_dict() for each in job.integrations] == ASKED
        site.wait_for(client, job.id)
    assert site.runner.orders[0]["integrations"] == ASKED


@pytest.mark.parametrize(
    ("integration", "param"),
    [
        ({"type": "mlflow", "wandb": {"project": "p"}}, "integrations[0].type"),
        ({"type": "wandb", "wandb": {}}, "integrations[0].wandb.project"),
        ({"type": "wandb", "wandb": {"project": "p", "api_key": "k"}}, "integrations[0].wandb.api_key"),
    ],
)
def test_a_wrong_integration_is_named(new_site, integration, param):
    """Only the protocol's own fields are taken: a key never goes through it."""
    site = new_site(wandb=True)
    with site.client() as client, pytest.raises(openai.BadRequestError) as caught:
        site.start(client, integrations=[integration])
    assert caught.value.param == param


@pytest.mark.skipif(HAS_WANDB, reason="wandb is installed")
def test_a_server_without_the_package_says_so_at_its_start(tmp_path):
    """Nobody finds out in the middle of a job."""
    with pytest.raises(MissingExtraError, match=r"mathtune\[wandb\]"):
        serve(ServerSettings(directory=tmp_path, wandb=True))


def trained(server, site, model):
    """Train a job that reports; give its id and what its events said in warning."""
    client = openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=0)
    pace = {"n_epochs": 1, "batch_size": 4}
    made = client.fine_tuning.jobs.create(
        model=model,
        training_file=site.upload(client).id,
        method={"type": "supervised", "supervised": {"hyperparameters": pace}},
        integrations=ASKED,
    )
    done = site.wait_for(client, made.id)
    assert done.status == "succeeded", done.error
    events = client.fine_tuning.jobs.list_events(made.id).data
    return made.id, [event.message for event in events if event.level == "warn"]


@pytest.mark.local
@pytest.mark.processes
@pytest.mark.skipif(not HAS_WANDB, reason="wandb is not installed")
def test_each_step_is_reported(site, random_model, tmp_path, monkeypatch):
    """Offline, the run of a job lies in its folder with its steps."""
    monkeypatch.setenv("WANDB_MODE", "offline")
    with LocalServer(tmp_path, models={"random": random_model}, wandb=True) as server:
        job_id, warnings = trained(server, site, "random")
    assert warnings == []
    (run,) = (tmp_path / "jobs" / job_id / "wandb" / "wandb").glob("offline-run-*/run-*.wandb")
    assert run.name == f"run-{job_id}.wandb"
    written = run.read_bytes()
    assert all(word in written for word in (b"maths", b"train_loss", b"n_epochs"))


@pytest.mark.local
@pytest.mark.processes
@pytest.mark.skipif(not HAS_WANDB, reason="wandb is not installed")
def test_a_report_that_cannot_be_made_is_told(site, random_model, tmp_path, monkeypatch):
    """Without a key the job trains all the same, and one event says what wandb lacks."""
    for name, value in (("WANDB_MODE", "online"), ("HOME", str(tmp_path)), ("NETRC", str(tmp_path / "none"))):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("WANDB_API_KEY", raising=False)
    with LocalServer(tmp_path / "s", models={"random": random_model}, wandb=True) as server:
        _, warnings = trained(server, site, "random")
    (said,) = warnings
    assert said.startswith("Weights & Biases: ")
