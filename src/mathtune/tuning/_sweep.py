"""Several jobs on one file, a few at a time, and the best of what they learnt by a score of the caller's."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING, Any, cast

import attrs

from mathtune.errors import DataError, JobFailedError

from ._control import Control
from ._request import Request

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ._job import Checkpoint, Job
    from ._request import StartOptions
    from ._site import Site
    from ._stopping import StoppingRule
    from ._tuner import FineTuner

__all__ = ["ScoredCheckpoint", "Sweep", "Trial"]

_log = logging.getLogger("mathtune.tuning")


@attrs.frozen
class ScoredCheckpoint:
    """A checkpoint and what a score made of its model."""

    checkpoint: Checkpoint
    score: float


@attrs.frozen(kw_only=True)
class Trial:
    """One job of a sweep.

    Attributes:
        options: What was tried: model, hyperparameters, seed and the like.
        job: The job as it ended.
        model: The best of the models that it saved; None where it failed.
        score: That model's score; None where it failed.
        error: Why it failed, or None.
    """

    options: Mapping[str, Any] = attrs.field(hash=False)
    job: Job
    model: str | None = None
    score: float | None = None
    error: JobFailedError | None = None

    def __str__(self) -> str:
        outcome = f"failed: {self.error}" if self.error else f"{self.score:.4g} {self.model}"
        return f"{dict(self.options)}: {outcome}"


@attrs.frozen(kw_only=True)
class Sweep:
    """The jobs of one sweep, to be started in order and waited for in order.

    Attributes:
        tuner: Starts and follows them.
        site: Where they run.
        training_file: What all of them train on.
        score: Gives a model's score by its name, higher for better.
        at_once: The most jobs under way.
        stop: When to stop a job early.
    """

    tuner: FineTuner
    site: Site
    training_file: str | os.PathLike[str]
    score: Callable[[str], float]
    at_once: int
    stop: StoppingRule | None

    def run(self, trials: Iterable[Mapping[str, Any]], common: Mapping[str, Any]) -> list[Trial]:
        """Run all trials and give them, the best first and the failed last."""
        planned = [{**common, **trial} for trial in trials]
        self._check(planned)
        waiting: deque[tuple[Mapping[str, Any], Job]] = deque()
        done: list[Trial] = []
        for options in planned:
            if len(waiting) >= self.at_once:
                done.append(self._ended(*waiting.popleft()))
            waiting.append((options, self.tuner.start(self.training_file, **options)))
        done.extend(self._ended(options, job) for options, job in waiting)
        return sorted(done, key=_rank)

    def _check(self, planned: Sequence[Mapping[str, Any]]) -> None:
        """Refuse a wrong trial before any is paid for."""
        if self.at_once < 1:
            raise DataError(f"expected at least 1, found {self.at_once}", field="at_once")
        for options in planned:
            rest = {name: value for name, value in options.items() if name != "model"}
            request = Request.of(options.get("model", ""), cast("StartOptions", rest))
            request.check(self.site.profile, validated=options.get("validation_file") is not None)

    def _ended(self, options: Mapping[str, Any], started: Job) -> Trial:
        try:
            job = self.tuner.wait(started, stop=self.stop)
        except JobFailedError as error:
            _log.warning("%s; the sweep goes on", error)
            return Trial(options=options, job=self.tuner.look(started), error=error)
        scored = [(self.score(model), model) for model in self._models(job)]
        score, model = max(scored, default=(None, None), key=lambda pair: pair[0])
        return Trial(options=options, job=job, model=model, score=score)

    def _models(self, job: Job) -> list[str]:
        """Give the models that a job saved: its checkpoints, where the server shows any."""
        saved = [checkpoint.model for checkpoint in Control(self.site).saved(job)]
        return saved or [model for model in (job.fine_tuned_model,) if model]


def _rank(trial: Trial) -> tuple[bool, float]:
    return trial.score is None, -(trial.score or 0.0)
