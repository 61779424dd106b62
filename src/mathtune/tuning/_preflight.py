"""What can be known of a job before anything is sent: faults of its files, its price, dates that end it."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import attrs

from mathtune.client import WAYS_OUT, Profile, profile_for, shutdown_date
from mathtune.errors import (
    CostLimitError,
    DataError,
    MathtuneError,
    ModelNotFoundError,
    TrainingClosedError,
)

from ._duration import expected_duration
from ._request import Request
from ._uploads import LocalFile

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from typing_extensions import Unpack

    from mathtune import formatting

    from ._duration import Duration
    from ._job import Job
    from ._request import StartOptions

__all__ = ["SOON", "CostLimit", "Preflight", "closed", "day_of", "preflight"]

SOON = timedelta(days=60)
"""How long before the end of a model or of all training a warning is given."""
_SHOWN = 10  # findings of a file in the printed page


@attrs.frozen(kw_only=True)
class Preflight:
    """What is known of a job before anything is sent.

    Attributes:
        profile: Whose server it is for, and how that differs.
        model: The model to start from.
        findings: What the checks found, by file.
        estimate: Tokens, epochs and price; None where the training file cannot be counted.
        duration: How long it will take; None where no earlier job tells.
        refusals: The errors that `start` would raise, the first of them first.
        warnings: What should be known and stops nothing.
    """

    profile: Profile
    model: str
    findings: Mapping[str, tuple[formatting.Finding, ...]]
    estimate: formatting.Estimate | None
    duration: Duration | None
    refusals: tuple[MathtuneError, ...]
    warnings: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether nothing that can be known here stands against the job."""
        return not self.refusals

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.model} at {self.profile.name}; nothing has been sent"
        if self.estimate is not None:
            yield str(self.estimate)
        if self.duration is not None:
            yield str(self.duration)
        for path, findings in self.findings.items():
            yield from (f"{path}: {finding}" for finding in findings[:_SHOWN])
            if len(findings) > _SHOWN:
                yield f"{path}: and {len(findings) - _SHOWN} more"
        yield from (f"warning: {warning}" for warning in self.warnings)
        yield from (f"refused: {refusal}" for refusal in self.refusals)
        if self.is_clear:
            yield "ready; whether the server offers the model is asked when the job is started"


@attrs.frozen(kw_only=True)
class CostLimit:
    """The most that a job may cost.

    Attributes:
        most: In USD.
        per_million: USD for a million trained tokens; None takes the table's.
    """

    most: float
    per_million: float | None = None

    def check(self, expected: formatting.Estimate) -> None:
        """Refuse a job that will cost more.

        Raises:
            CostLimitError: It will.
            DataError: What it will cost is not known.
        """
        if expected.price is None:
            paid = "is paid by the hour" if expected.per_hour is not None else "has no known price"
            raise DataError(
                f"the job {paid}: give per_million, USD for a million trained tokens, or no limit",
                field="cost_limit",
            )
        if expected.price > self.most:
            about = "" if expected.is_exact else "about "
            raise CostLimitError(
                f"the job would cost {about}{expected.price:,.2f} USD ({expected.trained_tokens:,} trained "
                f"tokens), {self.most:g} is allowed; take fewer examples or epochs, or raise the cost limit"
            )


def preflight(
    training_file: str | os.PathLike[str],
    *,
    model: str,
    profile: Profile | None = None,
    clock: Callable[[], float] = time.time,
    earlier: Iterable[Job] = (),
    **options: Unpack[StartOptions],
) -> Preflight:
    r"""Say all that can be known of a job before anything is sent. No server is asked.

    Args:
        training_file: JSONL of examples.
        model: The base model, or a tuned one to go on from.
        profile: The server's quirks; None is OpenAI's.
        clock: Gives Unix seconds.
        earlier: Jobs that tell how long this one will take, as `earlier_jobs(directory)` gives them.
        options: What else `FineTuner.start` takes.

    Raises:
        StorageError: A file cannot be read.

    >>> import tempfile
    >>> from mathtune.formatting import Example, Message, write_jsonl
    >>> example = Example((Message("user", "1+1?"), Message("assistant", r"\boxed{2}")))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_jsonl([example] * 9, f"{folder}/train.jsonl")
    ...     seen = preflight(file, model="gpt-3.5-turbo-0125", clock=lambda: 1.8e9)
    >>> seen.is_clear, [type(refusal).__name__ for refusal in seen.refusals]
    (False, ['ExampleError', 'TrainingClosedError', 'ModelNotFoundError'])
    """
    where = profile or profile_for("https://api.openai.com/v1")
    validation_file = options.get("validation_file")
    request = Request.of(model, options)
    files = {"training": training_file, "validation": validation_file}
    looked = {
        str(path): LocalFile.looked_at(path, method=request.method, use=use, profile=where, model=model)  # type: ignore[arg-type]  # (the keys are the two uses)
        for use, path in files.items()
        if path is not None
    }
    today = day_of(clock)
    faults = [
        _raised(lambda: request.check(where, validated=validation_file is not None)),
        *(LocalFile.fault(path, findings) for path, findings in looked.items()),
        closed(where, today),
        _switched_off(model, where, today),
    ]
    expected, fault = _expected(training_file, request, options)
    return Preflight(
        profile=where,
        model=model,
        findings={path: tuple(findings) for path, findings in looked.items()},
        estimate=expected,
        duration=None
        if expected is None
        else expected_duration(
            earlier, model=model, method=request.method, trained_tokens=expected.trained_tokens
        ),
        refusals=tuple(fault for fault in (*faults, fault) if fault is not None),
        warnings=tuple(_warnings(request, where, today)),
    )


def _raised(act: Callable[[], None]) -> MathtuneError | None:
    try:
        act()
    except MathtuneError as error:
        return error
    return None


def _expected(
    path: str | os.PathLike[str], request: Request, options: StartOptions
) -> tuple[formatting.Estimate | None, MathtuneError | None]:
    """Give the estimate, or why there is none, and what a limit says to it."""
    try:
        expected = request.estimate(path, options.get("per_million"))
    except DataError:  # a broken line: the checks name it
        return None, None
    most = options.get("cost_limit")
    limit = None if most is None else CostLimit(most=most, per_million=options.get("per_million"))
    return expected, None if limit is None else _raised(lambda: limit.check(expected))


def _warnings(request: Request, profile: Profile, today: date) -> Iterable[str]:
    yield from (
        f"{profile.name} takes no {name} for a job; it is not sent" for name in request.dropped(profile)
    )
    ends = shutdown_date(request.model) if profile.dates_known else None
    if ends is not None and today < ends and ends - today < SOON:
        yield f"{request.model} is switched off on {ends}, what is tuned from it with it"
    closes = profile.training_closes
    if closes is not None and today < closes:
        yield f"{profile.name} takes no fine-tuning jobs from {closes}"
    if profile.notice:
        yield f"{profile.name} {profile.notice}"


def closed(profile: Profile, today: date) -> TrainingClosedError | None:
    """Give the error where nobody can create jobs any more."""
    closes = profile.training_closes
    if closes is None or today < closes:
        return None
    return TrainingClosedError(f"{profile.name} takes no fine-tuning jobs since {closes}; {WAYS_OUT}")


def _switched_off(model: str, profile: Profile, today: date) -> ModelNotFoundError | None:
    """Give the error where a model is known to be switched off."""
    ends = shutdown_date(model) if profile.dates_known else None
    if ends is None or today < ends:
        return None
    return ModelNotFoundError(f"{profile.name} switched {model!r} off on {ends}; {WAYS_OUT}")


def day_of(clock: Callable[[], float]) -> date:
    """Give the day in UTC."""
    return datetime.fromtimestamp(clock(), tz=timezone.utc).date()
