"""Several jobs through one tuner: a few at once, taken up again, scored, the best first."""

from __future__ import annotations

import itertools

import pytest

from mathtune.errors import AuthenticationError, DataError
from mathtune.testing import Fault, StubServer, failing
from mathtune.tuning import EarlyStopping

EPOCHS = [{"hyperparameters": {"n_epochs": n}} for n in (1, 2, 3)]


def epochs_of(server, model):
    """Give the epochs of the job that a model comes from: a score that tells the models apart."""
    job = next(job for job in server.jobs if model.startswith(job["fine_tuned_model"]))
    return float(job["hyperparameters"]["n_epochs"])


def test_the_best_comes_first_and_every_saved_model_is_scored(tuner_of, training_file):
    """Each trial's best model by the score, in order; the options that made it stand beside it."""
    with StubServer() as server:
        asked = []

        def score(model):
            asked.append(model)
            return epochs_of(server, model) % 3

        trials = tuner_of(server).sweep(training_file, EPOCHS, score=score, model="base", suffix="s")
        assert [trial.options["hyperparameters"]["n_epochs"] for trial in trials] == [2, 1, 3]
        assert [trial.score for trial in trials] == [2, 1, 0]
        assert all("ckpt-step" in model for model in asked)
        assert trials[0].model in asked
        assert str(trials[0]).endswith(f": 2 {trials[0].model}")


def test_no_more_jobs_are_under_way_than_allowed(tuner_of, training_file):
    """With one at once the second job is created after the first has ended."""
    with StubServer() as server:
        tuner_of(server).sweep(training_file, EPOCHS, score=len, model="base", at_once=1)
        kinds = [asked.kind for asked in server.requests]
        starts = [place for place, kind in enumerate(kinds) if kind == "create_job"]
        assert all("checkpoints" in kinds[one:two] for one, two in itertools.pairwise(starts))


def test_a_broken_sweep_is_taken_up(tuner_of, training_file):
    """After a refusal in the middle the same call starts only what is missing."""
    with StubServer(faults=[Fault(on="create_job", status=401, skip=2)]) as server:
        with pytest.raises(AuthenticationError):
            tuner_of(server).sweep(training_file, EPOCHS, score=len, model="base")
        trials = tuner_of(server).sweep(training_file, EPOCHS, score=len, model="base")
        assert len(server.jobs) == len(trials) == 3
        assert server.count("upload") == 1


def test_a_failed_job_comes_last_and_ends_nothing(tuner_of, training_file):
    """The error stays with its trial."""
    with StubServer(stages=failing(code="exceeded_quota", message="no money")) as server:
        trials = tuner_of(server).sweep(training_file, EPOCHS[:2], score=len, model="base")
    assert [trial.score for trial in trials] == [None, None]
    assert "no money" in str(trials[0])
    assert trials[0].job.status == "failed"


def test_a_wrong_trial_is_refused_before_any_starts(tuner_of, training_file):
    """Bounds are checked for all trials first."""
    with StubServer() as server:
        for wrong in ({"hyperparameters": {"n_epochs": 0}}, {"model": ""}):
            with pytest.raises(DataError):
                tuner_of(server).sweep(training_file, [*EPOCHS, wrong], score=len, model="base")
        with pytest.raises(DataError, match="at_once"):
            tuner_of(server).sweep(training_file, EPOCHS, score=len, model="base", at_once=0)
        assert server.requests == []


def test_models_may_be_tried_and_jobs_stopped_early(tuner_of, training_file):
    """A trial may name its own model; where checkpoints cannot be listed, the tuned model is scored."""
    with StubServer(faults=[Fault(on="checkpoints", status=404, times=None)]) as server:
        trials = tuner_of(server).sweep(
            training_file,
            [{"model": "one"}, {"model": "two", "seed": 5}],
            score=lambda model: float("two" in model),
            stop=EarlyStopping(metric="never_seen"),
        )
        assert [trial.job.model for trial in trials] == ["two", "one"]
        assert trials[0].model == trials[0].job.fine_tuned_model
