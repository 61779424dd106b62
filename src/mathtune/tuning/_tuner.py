"""`FineTuner`: from a file to a tuned model. The order of work is the order of this file."""

from __future__ import annotations

import hashlib
import json
import logging
import math
import re
import time
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import attrs

from mathtune.client import WAYS_OUT, resolve_client, shutdown_date
from mathtune.errors import (
    JobFailedError,
    LedgerError,
    ProtocolError,
    RequestRefusedError,
    TrainingClosedError,
)

from ._follow import Follower
from ._job import Event, Job
from ._ledger import Ledger
from ._lifecycle import ACTIONS, still_true
from ._metrics import metric_rows
from ._once import Deed, may_have_acted
from ._profiles import Profile, profile_for
from ._request import METADATA_KEY, Request
from ._uploads import LocalFile, Uploads
from ._wire import Wire

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    from openai import OpenAI

    from ._ledger import JobEntry
    from ._request import Method

__all__ = ["FineTuner"]

_log = logging.getLogger("mathtune.tuning")

_SETTLING = 30.0
"""Seconds that a server may take to show a job that was asked for on a connection that broke."""
_CLOCK_SKEW = 300.0
"""Seconds by which a server's clock may be behind ours."""
_SOON = timedelta(days=30)
_BLAMED_LINE = re.compile(r"\b(?:[Ee]xample|[Ll]ine)\s+(\d+)")


class FineTuner:
    """Starts, follows and finishes fine-tuning jobs on any server of OpenAI's protocol.

    A run directory holds a ledger. Every upload and job is written down there before it is asked for and
    after the answer came, and every job carries a key of ours in its metadata. So the same call with the same
    arguments in the same directory means the same job: after a crash, a lost answer or a kill it is found
    and taken up, not paid for again. Only a job that failed, or that was cancelled, is started anew. To train
    the same twice on purpose, give another seed or another directory.

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
    >>> example = Example((Message("user", "1+1?"), Message("assistant", "2")))
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
        self._wire = Wire(resolve_client(client))
        self._profile = profile or profile_for(self._wire.url)
        # a local server comes back on another port, with the same files and jobs
        self._server = self._profile.name if self._profile.is_local else self._wire.url
        self._clock = clock
        self._sleep = sleep
        self._ledger = Ledger(directory, clock=clock, sleep=sleep)
        self._uploads = Uploads(
            wire=self._wire, ledger=self._ledger, server=self._server, clock=clock, sleep=sleep
        )

    def tune(self, training_file: str | os.PathLike[str], *, model: str, **options: Any) -> Job:  # noqa: ANN401  (those of `start`)
        """Start a job, or take up the one started before, and wait until it is done.

        Args:
            training_file: JSONL of examples.
            model: The base model, or a tuned one to go on from.
            options: What else `start` takes.

        Raises:
            JobFailedError: The job failed or was cancelled.
            MathtuneError: As `start` and `wait`.
        """
        return self.wait(self.start(training_file, model=model, **options))

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
    ) -> Job:
        """Check the files, upload them and create the job, or take up the one started before.

        Args:
            training_file: JSONL of examples, at least 10.
            model: The base model, or a tuned one to go on from.
            validation_file: JSONL of examples to measure the loss on.
            suffix: A word for the tuned model's name, 1 to 64 characters.
            seed: For the same result again, as far as the server can; 0 to 2147483647.
            method: "supervised".
            hyperparameters: n_epochs (1-50), batch_size (1-256), learning_rate_multiplier (> 0), or "auto".
            metadata: Up to 15 pairs of texts to keep with the job.

        Raises:
            ExampleError: A file breaks a rule of the protocol; file, line and field are named.
            DataError: An argument is out of bounds.
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
            suffix=suffix,
            seed=seed,
            metadata=metadata or {},
        )
        request.check(self._profile)
        paths = {"training_file": training_file, "validation_file": validation_file}
        files = {
            role: LocalFile.checked(path, method=method, role=role, profile=self._profile)
            for role, path in paths.items()
            if path is not None
        }
        with self._ledger.held():
            return self._found_or_started(request, files)

    def follow(self, job: Job | str, *, after: str | None = None) -> Iterator[Event]:
        """Give a job's events in order, each once, with a progress bar, until the job rests.

        Events that this directory has seen come first, so nothing is missed over a restart. Outages of up to
        15 minutes are waited out. On Ctrl-C the job goes on.

        Args:
            job: The job or its id.
            after: The id of an event; only those after it are given.

        Raises:
            LedgerError: This directory has not seen the event `after`.
            ProtocolError: The server refused, or was gone for too long.
        """
        return self._follower(job).events(after=after)

    def _follower(self, job: Job | str) -> Follower:
        known = job if isinstance(job, Job) else self.look(job)
        return Follower(
            job=known,
            look=lambda: self.look(known.id),
            wire=self._wire,
            ledger=self._ledger,
            clock=self._clock,
            sleep=self._sleep,
        )

    def wait(self, job: Job | str) -> Job:
        """Follow a job to its end and give it as it is then: succeeded, or paused.

        Args:
            job: The job or its id.

        Raises:
            JobFailedError: It failed or was cancelled; code, sentence and line of the file are named.
            ProtocolError: The server refused, or was gone for too long.
        """
        follower = self._follower(job)
        for event in follower.events(after=None):
            if event.level != "info":
                _log.warning("%s: %s", event.level, event.message)
        ended = follower.now()
        if ended.status in {"failed", "cancelled"}:
            raise JobFailedError(self._why(ended), job=ended.raw)
        if ended.status == "paused":
            _log.warning("job %s is paused; nothing happens until it is resumed", ended.id)
        elif self._profile.remark:
            _log.warning("%s: %s", self._profile.name, self._profile.remark)
        return ended

    def look(self, job: Job | str) -> Job:
        """Give a job as the server shows it now; an answer older than what is known changes nothing.

        Args:
            job: The job or its id.
        """
        shown = Job.from_raw(self._wire.job(job if isinstance(job, str) else job.id))
        entry = self._ledger.job(shown.id)
        if entry is not None and entry.raw is not None:
            known = Job.from_raw(entry.raw)
            if not still_true(known.status, shown.status):
                _log.warning(
                    "job %s is %s; the server just showed it as %s", known.id, known.status, shown.status
                )
                return known
            self._ledger.see_job(shown.raw)
        return shown

    def cancel(self, job: Job | str) -> Job:
        """Stop a job for good and give it as it is then.

        Args:
            job: The job or its id.

        Raises:
            RequestRefusedError: It has ended already; nothing is changed.
        """
        return self._told(job, "cancel", reached=frozenset({"cancelled"}))

    def metrics(self, job: Job | str) -> list[dict[str, float | None]]:
        """Give the job's metrics, one row a step: column -> number, None where nothing was measured.

        Columns are the server's: step, train_loss, train_accuracy, valid_loss, valid_mean_token_accuracy and
        others. Without a result file, as after cancelling, the rows come from the metrics events seen so far.

        Args:
            job: The job or its id.
        """
        shown = self.look(job)
        if shown.result_files:
            return metric_rows(self._wire.content(shown.result_files[0]))
        events = [Event.from_raw(raw) for raw in self._ledger.events(shown.id)]
        return [_numbers(event.data) for event in events if "step" in event.data]

    def _told(self, job: Job | str, action: str, *, reached: frozenset[str]) -> Job:
        """Tell a job to move; asking again for what has happened is no error."""
        before = self.look(job)
        if before.status in reached:
            return before
        if before.status not in ACTIONS[action]:
            raise RequestRefusedError(f"cannot {action} job {before.id}: it is {before.status}")
        try:
            self._wire.tell(action, before.id)
        except RequestRefusedError:  # a repeated request whose first answer was lost
            after = self.look(before)
            if after.status in reached:
                return after
            raise
        return self.look(before)

    def _why(self, job: Job) -> str:
        if job.error is None:
            return f"job {job.id} was {job.status}"
        blamed = _BLAMED_LINE.search(job.error.message)
        path = self._ledger.path_of(job.training_file)
        where = f" ({path or 'training file'}:{blamed[1]})" if blamed else ""
        return f"job {job.id} {job.status}: {job.error.message} [{job.error.code}]{where}"

    # starting

    def _found_or_started(self, request: Request, files: Mapping[str, LocalFile]) -> Job:
        fingerprint = self._fingerprint(request, files)
        attempts = self._ledger.attempts(fingerprint)
        last = attempts[-1] if attempts else None
        if last is not None and last.raw is not None:
            job = self._taken_up(last)
            if job is not None:
                return job
        unsure = last is not None and last.is_open
        if not unsure:
            self._warn_of_drops(request)
            self._check_model(request.model)
        ids, sent = self._placed(files)
        if last is None or not unsure:
            key = f"{self._ledger.id}-{fingerprint[:16]}-{len(attempts) + 1}"
            body = request.body(self._profile, files=ids, key=key)
            last = self._ledger.intend_job(
                key=key, fingerprint=fingerprint, server=self._server, request=body
            )
        else:
            body = request.body(self._profile, files=ids, key=last.key)
        return self._created(last, body, {**self._profile.extra, **request.extra}, sent, unsure=unsure)

    def _fingerprint(self, request: Request, files: Mapping[str, LocalFile]) -> str:
        asked = attrs.asdict(request)
        digests = {role: file.sha256 for role, file in files.items()}
        text = json.dumps([self._server, asked, digests], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _taken_up(self, entry: JobEntry) -> Job | None:
        """Give the job of an earlier call, or None if the work is to be started anew."""
        job_id = Job.from_raw(entry.raw or {}).id
        try:
            job = self.look(job_id)
        except RequestRefusedError as error:
            if error.status != 404:
                raise
            if not self._profile.is_local:
                raise LedgerError(
                    f"{self._wire.url} no longer knows job {job_id}, which {self._ledger.directory} started; "
                    "use the key of its project, or another directory if it is gone for good"
                ) from error
            _log.warning("job %s is not on this local server; it is started anew", job_id)
            return None
        if job.status in {"failed", "cancelled"}:
            _log.warning("job %s was %s; the same work is started anew", job.id, job.status)
            return None
        _log.info("job %s of an earlier call is taken up", job.id)
        return job

    def _warn_of_drops(self, request: Request) -> None:
        for name in request.dropped(self._profile):
            _log.warning("%s takes no %s for a job; it is not sent", self._profile.name, name)

    def _check_model(self, model: str) -> None:
        """Find out before anything is uploaded whether the model can be had at all."""
        today = datetime.fromtimestamp(self._clock(), tz=timezone.utc).date()
        closes = self._profile.training_closes
        if closes is not None and today >= closes:
            raise TrainingClosedError(
                f"{self._profile.name} takes no fine-tuning jobs since {closes}; {WAYS_OUT}"
            )
        try:
            raw = self._wire.model(model)
        except ProtocolError as error:
            if self._profile.lists_models or error.status not in {404, 405, 501}:
                raise
            _log.info(
                "%s does not list %s; whether it can be tuned shows when the job starts",
                self._wire.url,
                model,
            )
            return
        ends = _day(raw.get("shutdown_date")) or (closes and shutdown_date(model))
        if ends is not None and ends - today < _SOON:
            _log.warning("%s is switched off on %s, what is tuned from it with it", model, ends)

    def _placed(self, files: Mapping[str, LocalFile]) -> tuple[dict[str, str], list[str]]:
        """Give each role's file id, and the ids that were uploaded just now."""
        ids: dict[str, str] = {}
        sent = []
        for role, file in files.items():
            ids[role], is_new = self._uploads.place(file)
            if is_new:
                sent.append(ids[role])
        for file_id in ids.values():
            self._uploads.wait(file_id)
        return ids, sent

    def _created(
        self,
        entry: JobEntry,
        body: Mapping[str, Any],
        extra: Mapping[str, Any],
        sent: list[str],
        *,
        unsure: bool,
    ) -> Job:
        def act() -> dict[str, Any]:
            try:
                return self._wire.create(body, extra, entry.key)
            except ProtocolError as error:
                if not may_have_acted(error):
                    self._refused(entry, error, sent)
                raise

        deed = Deed(
            act=act,
            find=lambda: self._existing(entry),
            settling=_SETTLING,
            clock=self._clock,
            sleep=self._sleep,
        )
        raw = deed.done(unsure=unsure)
        self._ledger.settle_job(entry.key, raw)
        return Job.from_raw(raw)

    def _refused(self, entry: JobEntry, error: ProtocolError, sent: list[str]) -> None:
        self._ledger.refuse_job(entry.key, str(error))
        if isinstance(error, TrainingClosedError):
            for file_id in sent:  # of no use there any more, and counted against the account's storage
                self._remove_if_possible(file_id)

    def _remove_if_possible(self, file_id: str) -> None:
        try:
            self._uploads.remove(file_id)
        except ProtocolError as error:
            _log.warning("the uploaded file %s stays behind: %s", file_id, error)

    def _existing(self, entry: JobEntry) -> dict[str, Any] | None:
        """Look for the job that an intent may have led to."""
        others = self._ledger.job_ids()
        wanted = {METADATA_KEY: entry.key} if self._profile.keeps_metadata else {}
        try:
            for raw in self._wire.jobs(wanted):
                if (raw.get("created_at") or math.inf) < entry.intent_at - _CLOCK_SKEW:
                    return None
                if raw.get("id") not in others and self._is_ours(raw, entry):
                    return raw
        except RequestRefusedError as error:
            raise LedgerError(
                f"{self._wire.url} lost the answer to a request for a job and lists no jobs, so whether job "
                f"{entry.key} exists must be seen at the provider's own page"
            ) from error
        return None

    def _is_ours(self, raw: Mapping[str, Any], entry: JobEntry) -> bool:
        key = (raw.get("metadata") or {}).get(METADATA_KEY)
        if key is not None or self._profile.keeps_metadata:
            return bool(key == entry.key)
        roles = ("training_file", "validation_file")
        return all(raw.get(role) == entry.request.get(role) for role in roles)


def _numbers(data: Mapping[str, Any]) -> dict[str, float | None]:
    return {name: value for name, value in data.items() if isinstance(value, (int, float))}


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None
