"""`FineTuner`: the public face of this package."""

from __future__ import annotations

import contextlib
import logging
import time
from typing import TYPE_CHECKING, Any, Final

from mathtune.client import Profile, profile_for, resolve_client

from ._control import Control
from ._follow import Follower
from ._job import Checkpoint, Event, Job
from ._ledger import Ledger
from ._manifest import keep_lineages, manifest_path, write_manifest
from ._metrics import metric_rows, numbers
from ._preflight import CostLimit, Preflight, preflight
from ._request import Request, StartOptions
from ._site import Site
from ._start import Starter
from ._sweep import ScoredCheckpoint, Sweep, Trial
from ._uploads import LocalFile
from ._wire import Wire

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from openai import OpenAI
    from typing_extensions import Unpack

    from mathtune.formatting import Method, Use

    from ._stopping import StoppingRule

__all__ = ["FineTuner"]

_log = logging.getLogger("mathtune.tuning")

_USES: Final[dict[str, Use]] = {"training_file": "training", "validation_file": "validation"}


class FineTuner:
    r"""Starts, follows and finishes fine-tuning jobs on any server of OpenAI's protocol.

    A run directory holds a ledger. Every upload and job is written down there before it is asked for and
    after the answer came, and every job carries a key of ours in its metadata. So the same call with the same
    arguments in the same directory means the same job: after a crash, a lost answer or a kill it is found
    and taken up, not paid for again. Only a job that failed, or that somebody cancelled, is started anew. To
    train the same twice on purpose, give another seed or another directory.

    Args:
        client: Any `openai.OpenAI`; None takes OPENAI_API_KEY and OPENAI_BASE_URL.
        directory: The run directory; made if missing.
        profile: The server's quirks; None chooses by the client's base URL.
        clock: Gives Unix seconds.
        sleep: Waits for seconds.

    Raises:
        AuthenticationError: No client was given and the environment has no key.
        LedgerError: The directory's ledger is of another kind.
        StorageError: The directory cannot be written.

    >>> import tempfile
    >>> from mathtune.formatting import Example, Message, write_jsonl
    >>> from mathtune.testing import StubServer
    >>> example = Example((Message("user", "1+1?"), Message("assistant", r"\boxed{2}")))
    >>> with StubServer() as server, tempfile.TemporaryDirectory() as folder:
    ...     file = write_jsonl([example] * 10, f"{folder}/train.jsonl")
    ...     tuner = FineTuner(server.client(), directory=f"{folder}/tune", sleep=lambda seconds: None)
    ...     job = tuner.tune(file, model="base", suffix="math")
    ...     again = tuner.tune(file, model="base", suffix="math")
    ...     job.status, job.fine_tuned_model == again.fine_tuned_model, server.count("create_job")
    ('succeeded', True, 1)
    """

    def __init__(
        self,
        client: OpenAI | None = None,
        *,
        directory: str | os.PathLike[str],
        profile: Profile | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        wire = Wire(resolve_client(client))
        self._site = Site(
            wire=wire,
            ledger=Ledger(directory, clock=clock, sleep=sleep),
            profile=profile or profile_for(wire.url),
            clock=clock,
            sleep=sleep,
        )

    def tune(
        self,
        training_file: str | os.PathLike[str],
        *,
        model: str,
        stop: StoppingRule | None = None,
        **options: Unpack[StartOptions],
    ) -> Job:
        """Start a job, or take up the one started before, and wait until it is done.

        Args:
            training_file: JSONL of examples.
            model: The base model, or a tuned one to go on from.
            stop: When to stop early; see `wait`.
            options: What else `start` takes.

        Raises:
            JobFailedError: The job failed or was cancelled.
            MathtuneError: As `start` and `wait`.
        """
        return self.wait(self.start(training_file, model=model, **options), stop=stop)

    def start(
        self,
        training_file: str | os.PathLike[str],
        *,
        model: str,
        validation_file: str | os.PathLike[str] | None = None,
        suffix: str | None = None,
        seed: int | None = None,
        method: Method = "supervised",
        hyperparameters: Mapping[str, Any] | None = None,
        metadata: Mapping[str, str] | None = None,
        grader: Mapping[str, Any] | None = None,
        integrations: Sequence[Mapping[str, Any]] = (),
        extra: Mapping[str, Any] | None = None,
        cost_limit: float | None = None,
        per_million: float | None = None,
    ) -> Job:
        """Check the files, upload them and create the job, or take up the one started before.

        Args:
            training_file: JSONL of examples, at least 10.
            model: The base model, or a tuned one to go on from.
            validation_file: JSONL of examples to measure on; reinforcement needs it.
            suffix: A word for the tuned model's name, 1 to 64 characters.
            seed: For the same result again, as far as the server can; 0 to 2147483647.
            method: "supervised", "dpo" (preference pairs) or "reinforcement" (prompts and a grader).
            hyperparameters: Numbers, or "auto". All methods: n_epochs (1-50), batch_size (1-256),
                learning_rate_multiplier (> 0). dpo: beta (> 0, at most 2). reinforcement: compute_multiplier
                (> 1e-5, at most 10), eval_interval and eval_samples (at least 1), reasoning_effort (default,
                low, medium, high). Besides these the provider's own, where its profile names them.
            metadata: Up to 15 pairs of texts to keep with the job.
            grader: The grader object of a reinforcement job.
            integrations: Up to 5 of the protocol's integrations, for example
                `{"type": "wandb", "wandb": {"project": "maths"}}`.
            extra: Arguments of this provider beyond the protocol's, such as Azure's `trainingType`.
            cost_limit: The most that a new job may cost in USD, by the estimate made before the upload.
            per_million: USD for a million trained tokens; None takes the table's.

        Raises:
            ExampleError: A file breaks a rule of the protocol; file, line and field are named.
            DataError: An argument is out of bounds, or there is a limit and the price is not known.
            CostLimitError: The job would cost more than `cost_limit`.
            ModelNotFoundError: The server does not offer the model.
            TrainingClosedError: The organisation may not fine-tune there; what was uploaded is deleted again.
            LedgerError: Another process is starting a job in this directory, or the job was lost.
            ProtocolError: The server refused or could not be reached. Whether the job exists may be open;
                the same call finds out.
        """
        request = Request(
            model=model,
            method=method,
            hyperparameters=hyperparameters or {},
            grader=grader,
            suffix=suffix,
            seed=seed,
            metadata=metadata or {},
            integrations=tuple(integrations),
            extra=extra or {},
        )
        request.check(self._site.profile, validated=validation_file is not None)
        paths = {"training_file": training_file, "validation_file": validation_file}
        files = {
            role: LocalFile.checked(
                path, method=method, use=_USES[role], profile=self._site.profile, model=model
            )
            for role, path in paths.items()
            if path is not None
        }
        limit = None if cost_limit is None else CostLimit(most=cost_limit, per_million=per_million)
        keep_lineages(self._site.ledger.directory, files.values())
        with contextlib.closing(self._site.ledger.lock()) as lock, lock:
            self._site.ledger.hold(lock)
            return Starter(self._site).job(request, files, limit)

    def preflight(
        self, training_file: str | os.PathLike[str], *, model: str, **options: Unpack[StartOptions]
    ) -> Preflight:
        """Say all that can be known of a job before anything is sent. The server is not asked.

        Args:
            training_file: JSONL of examples.
            model: The base model, or a tuned one to go on from.
            options: What else `start` takes.

        Raises:
            StorageError: A file cannot be read.
        """
        return preflight(
            training_file,
            model=model,
            profile=self._site.profile,
            clock=self._site.clock,
            earlier=self._site.ledger.known_jobs(),
            **options,
        )

    def follow(self, job: Job | str, *, after: str | None = None) -> Iterator[Event]:
        """Give a job's events in order, each once, with a progress bar, until the job rests.

        Events that this directory has seen come first, so nothing is missed over a restart. Outages of up to
        15 minutes are waited out. On Ctrl-C the job goes on.

        Args:
            job: The job or its id.
            after: The id of an event; only those after it are given.

        Raises:
            LedgerError: This directory has not seen the event `after`.
            ProtocolError: The server refused, was gone for too long, or showed the job without a status
                too often.
        """
        return self._follower(job).events(after=after)

    def wait(self, job: Job | str, *, stop: StoppingRule | None = None) -> Job:
        """Follow a job to its end and give it as it is then: succeeded, paused, or stopped by the rule.

        A job that the rule stopped is cancelled; its `stop_reason` says why, and its checkpoints are what
        it learnt.

        Args:
            job: The job or its id.
            stop: Asked after each step with metrics, for example `EarlyStopping()`.

        Raises:
            JobFailedError: It failed or was cancelled; code, sentence and line of the file are named.
            ProtocolError: As `follow`.
        """
        follower = self._follower(job)
        rows: list[dict[str, float]] = []
        for event in follower.events(after=None):
            if event.level != "info":
                _log.warning("%s: %s", event.level, event.message)
            if event.type == "metrics":
                rows.append(numbers(event.data))
                reason = stop.reason(rows) if stop else None
                if reason is not None:
                    return self._control.stop(follower.job, reason)
        return self._control.ended(follower.now())

    def look(self, job: Job | str) -> Job:
        """Give a job as the server shows it now; an answer older than what is known changes nothing.

        Args:
            job: The job or its id.
        """
        return self._site.look(_id(job))

    def cancel(self, job: Job | str) -> Job:
        """Stop a job for good and give it as it is then.

        Args:
            job: The job or its id.

        Raises:
            RequestRefusedError: It has ended already; nothing is changed.
        """
        return self._control.cancel(_id(job))

    def pause(self, job: Job | str) -> Job:
        """Let a job rest; what it learnt so far is kept.

        Args:
            job: The job or its id.

        Raises:
            RequestRefusedError: It has ended already, or the server cannot pause.
        """
        return self._control.tell(_id(job), "pause", reached={"paused"})

    def resume(self, job: Job | str) -> Job:
        """Let a paused job go on.

        Args:
            job: The job or its id.

        Raises:
            RequestRefusedError: It has ended already, or the server cannot resume.
        """
        reached = {"validating_files", "queued", "running"}
        return self._control.tell(_id(job), "resume", reached=reached)

    def checkpoints(self, job: Job | str) -> list[Checkpoint]:
        """Give the models saved on the way, by step.

        Args:
            job: The job or its id.
        """
        raws = self._site.wire.checkpoints(_id(job))
        return sorted((Checkpoint.from_raw(raw) for raw in raws), key=lambda checkpoint: checkpoint.step)

    def score_checkpoints(self, job: Job | str, score: Callable[[str], float]) -> list[ScoredCheckpoint]:
        """Choose among the models saved on the way: score each, and give them with the best first.

        Score on a validation set: the one chosen looks better on its own exam than it is.

        Args:
            job: The job or its id.
            score: Gives a model's score by its name, higher for better; for example
                `lambda model: evaluator.evaluate(validation, model=model).accuracy().estimate`.
        """
        scored = [ScoredCheckpoint(saved, score(saved.model)) for saved in self.checkpoints(job)]
        return sorted(scored, key=lambda entry: (-entry.score, entry.checkpoint.step))

    def sweep(
        self,
        training_file: str | os.PathLike[str],
        trials: Iterable[Mapping[str, Any]],
        *,
        score: Callable[[str], float],
        at_once: int = 2,
        stop: StoppingRule | None = None,
        model: str | None = None,
        **common: Unpack[StartOptions],
    ) -> list[Trial]:
        """Run several jobs on one file, score every model that they save, and give the best first.

        The same call takes up what an earlier one started. A job that fails does not end the sweep; it comes
        last, with its error. Score on a validation set, and report the winner's accuracy on another one.

        Args:
            training_file: JSONL of examples.
            trials: What to try, each with its own options of `start`, for example
                `[{"hyperparameters": {"n_epochs": n}} for n in (1, 2, 3)]`, or `{"model": ...}`.
            score: Gives a model's score by its name, higher for better; see `score_checkpoints`.
            at_once: The most jobs under way at once; providers limit them.
            stop: When to stop a job early; see `wait`.
            model: The base model of trials that name none.
            common: Options of `start` for trials that say nothing else. `cost_limit` is that of each job.

        Raises:
            DataError: A trial has a value out of bounds; none is started.
            MathtuneError: As `start` and `wait`, but for failed jobs.
        """
        shared = {**common, **({} if model is None else {"model": model})}
        sweep = Sweep(
            tuner=self,
            site=self._site,
            training_file=training_file,
            score=score,
            at_once=at_once,
            stop=stop,
        )
        return sweep.run(trials, shared)

    def metrics(self, job: Job | str) -> list[dict[str, float | None]]:
        """Give the job's metrics, one row a step: column -> number, None where nothing was measured.

        Columns are the server's: step, train_loss, train_accuracy, valid_loss, valid_mean_token_accuracy and
        others. Without a result file, as after cancelling, the rows come from the metrics events seen so far.

        Args:
            job: The job or its id.
        """
        shown = self.look(job)
        if shown.result_files:
            return metric_rows(self._site.wire.content(shown.result_files[0]))
        events = [Event.from_raw(raw) for raw in self._site.ledger.events(shown.id)]
        return [{**numbers(event.data)} for event in events if event.type == "metrics"]

    def manifest(self, job: Job | str) -> dict[str, Any]:
        """Give a job's lineage, and keep it as JSON in the run directory, at `manifest_path(job)`.

        It ties the hashes of the problems that the files were made of (where `write_jsonl(..., made_of=)`
        wrote them down) to the files' hashes, request, job, checkpoints and model. Keys are left out. Runs of
        `Evaluator(..., lineage=)` hold it in theirs.

        Args:
            job: The job or its id.
        """
        shown = self.look(job)
        return write_manifest(self._site, shown, self._control.saved(shown))

    def manifest_path(self, job: Job | str) -> Path:
        """Give the place where `manifest` keeps a job's lineage: what `Evaluator(..., lineage=)` takes.

        Args:
            job: The job or its id.
        """
        return manifest_path(self._site.ledger.directory, _id(job))

    def clean_up(self, job: Job | str, *, model: bool = False) -> list[str]:
        """Delete what a finished job left on the server and give the ids.

        Args:
            job: The job or its id.
            model: Delete the tuned model too.

        Raises:
            RequestRefusedError: The job has not ended, or another job of this directory needs the files.
        """
        return self._control.clean_up(self.look(job), model=model)

    def _follower(self, job: Job | str) -> Follower:
        return Follower(site=self._site, job=job if isinstance(job, Job) else self.look(job))

    @property
    def _control(self) -> Control:
        return Control(self._site)


def _id(job: Job | str) -> str:
    return job if isinstance(job, str) else job.id
