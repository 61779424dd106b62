"""What may be asked of a job: methods, hyperparameters and their bounds, checked before anything is sent."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final, TypedDict

import attrs

from mathtune.errors import DataError
from mathtune.formatting import estimate

from ._secrets import without_secrets

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from mathtune.client import Profile
    from mathtune.formatting import Estimate, Method

__all__ = ["METADATA_KEY", "Request", "StartOptions"]

METADATA_KEY: Final = "mathtune_key"
"""The pair in a job's metadata by which a job is known again."""

_OF_THE_CALL = ("validation_file", "cost_limit", "per_million")  # what is no argument of the job itself
_MOST_PAIRS = 15  # 16 in the protocol, one of them ours
_LARGEST_SEED = 2**31 - 1


class StartOptions(TypedDict, total=False):
    """What `FineTuner.start` takes besides file and model."""

    validation_file: str | os.PathLike[str] | None
    suffix: str | None
    seed: int | None
    method: Method
    hyperparameters: Mapping[str, Any] | None
    metadata: Mapping[str, str] | None
    grader: Mapping[str, Any] | None
    integrations: Sequence[Mapping[str, Any]]
    extra: Mapping[str, Any] | None
    cost_limit: float | None
    per_million: float | None


@attrs.frozen
class _Between:
    """A number from `low` to `high`; `whole` for counts, `above` leaves `low` itself out."""

    low: float
    high: float = math.inf
    whole: bool = False
    above: bool = False

    def fits(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return False
        return (self.low < value if self.above else self.low <= value) and value <= self.high

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        low = f"above {self.low:g}" if self.above else f"from {self.low:g}"
        return f"{kind} {low}" + ("" if math.isinf(self.high) else f" to {self.high:g}")


@attrs.frozen
class _OneOf:
    words: tuple[str, ...]

    def fits(self, value: object) -> bool:
        return value in self.words

    def __str__(self) -> str:
        return "one of " + ", ".join(map(repr, self.words))


# bounds of openai-openapi of 2026-08-21; every number may also be "auto"
_EVERY_METHOD: Final = {
    "n_epochs": _Between(1, 50, whole=True),
    "batch_size": _Between(1, 256, whole=True),
    "learning_rate_multiplier": _Between(0, above=True),
}
_HYPERPARAMETERS: Final[dict[str, dict[str, _Between | _OneOf]]] = {
    "supervised": {**_EVERY_METHOD},
    "dpo": {**_EVERY_METHOD, "beta": _Between(0, 2, above=True)},
    "reinforcement": {
        **_EVERY_METHOD,
        "compute_multiplier": _Between(1e-5, 10, above=True),
        "eval_interval": _Between(1, whole=True),
        "eval_samples": _Between(1, whole=True),
        "reasoning_effort": _OneOf(("default", "low", "medium", "high")),
    },
}


@attrs.frozen(kw_only=True)
class Request:
    """What the caller wants of a job, besides files.

    Raises:
        DataError: A value is out of bounds or does not belong; the field is named.
    """

    model: str
    method: Method = "supervised"
    hyperparameters: Mapping[str, Any] = attrs.field(factory=dict)
    grader: Mapping[str, Any] | None = None
    suffix: str | None = None
    seed: int | None = None
    metadata: Mapping[str, str] = attrs.field(factory=dict)
    integrations: tuple[Mapping[str, Any], ...] = ()
    extra: Mapping[str, Any] = attrs.field(factory=dict)

    @classmethod
    def of(cls, model: str, options: StartOptions) -> Request:
        """Take what is the job's own of what a caller gave."""
        given: dict[str, Any] = {
            name: value for name, value in options.items() if name not in _OF_THE_CALL and value is not None
        }
        given["integrations"] = tuple(options.get("integrations", ()))
        return cls(model=model, **given)

    def check(self, profile: Profile, *, validated: bool) -> None:
        """Refuse what the server would refuse; `validated` says that there is a validation file."""
        _require(bool(self.model), "model", "the name of a model", self.model)
        _require(self.method in _HYPERPARAMETERS, "method", f"one of {[*_HYPERPARAMETERS]}", self.method)
        has_grader = self.grader is not None
        if self.method == "reinforcement":
            _require(has_grader, "grader", "a grader object, which reinforcement needs", self.grader)
            _require(validated, "validation_file", "a file, which reinforcement needs", None)
        else:
            _require(not has_grader, "grader", f"none, as {self.method} takes no grader", self.grader)
        suffix_fits = self.suffix is None or re.fullmatch(profile.suffix, self.suffix) is not None
        _require(suffix_fits, "suffix", f"a text like {profile.suffix} for {profile.name}", self.suffix)
        seed_fits = self.seed is None or _Between(0, _LARGEST_SEED, whole=True).fits(self.seed)
        _require(seed_fits, "seed", f"a whole number from 0 to {_LARGEST_SEED}", self.seed)
        self._check_hyperparameters(profile)
        self._check_metadata()
        self._check_integrations(profile)

    def _check_integrations(self, profile: Profile) -> None:
        _require(len(self.integrations) <= 5, "integrations", "at most 5", len(self.integrations))
        for each in self.integrations:
            inner = each.get("wandb") if each.get("type") == "wandb" else None
            lacking = [name for name in profile.wandb_fields if not inner or not inner.get(name)]
            wanted = f'{{"type": "wandb", "wandb": {{...}}}} with {" and ".join(profile.wandb_fields)}'
            _require(not lacking, "integrations", wanted, without_secrets(dict(each)))

    def _check_hyperparameters(self, profile: Profile) -> None:
        bounds = _HYPERPARAMETERS[self.method]
        for name, value in self.hyperparameters.items():
            field = f"hyperparameters.{name}"
            if name in bounds:
                bound = bounds[name]
                by_server = isinstance(bound, _Between)  # words have a "default" of their own
                wanted = f'{bound}, or "auto"' if by_server else str(bound)
                _require(bound.fits(value) or (by_server and value == "auto"), field, wanted, value)
            elif name not in profile.own_hyperparameters:
                known = ", ".join([*bounds, *sorted(profile.own_hyperparameters)])
                raise DataError(
                    f"unknown for {self.method} at {profile.name}; known are {known}", field=field
                )

    def _check_metadata(self) -> None:
        pairs = self.metadata
        _require(len(pairs) <= _MOST_PAIRS, "metadata", f"at most {_MOST_PAIRS} pairs", len(pairs))
        _require(
            METADATA_KEY not in pairs, "metadata", f"no {METADATA_KEY!r}, which mathtune sets itself", "it"
        )
        for name, value in pairs.items():
            _require(0 < len(name) <= 64, "metadata", "names of 1 to 64 characters", name)
            _require(_is_short_text(value), f"metadata.{name}", "a text of at most 512 characters", value)

    def estimate(self, training_file: str | os.PathLike[str], per_million: float | None) -> Estimate:
        """Estimate what the job will cost."""
        epochs = self.hyperparameters.get("n_epochs", "auto")
        return estimate(
            training_file, model=self.model, n_epochs=epochs, method=self.method, per_million=per_million
        )

    def body(self, profile: Profile, *, files: Mapping[str, str], key: str) -> dict[str, Any]:
        """Give the arguments of the protocol, in the form that the server wants.

        Args:
            profile: The server's quirks.
            files: "training_file" and perhaps "validation_file" -> file id.
            key: Our key for the job.
        """
        body: dict[str, Any] = {"model": self.model, **files}
        if self.method != "supervised" or (self.hyperparameters and not profile.flat):
            body["method"] = self._method()
        elif self.hyperparameters:
            body["hyperparameters"] = dict(self.hyperparameters)
        body["metadata"] = {**self.metadata, METADATA_KEY: key}
        optional = {"suffix": self.suffix, "seed": self.seed, "integrations": [*self.integrations] or None}
        body.update({name: value for name, value in optional.items() if value is not None})
        return {name: value for name, value in body.items() if name not in profile.drops}

    def _method(self) -> dict[str, Any]:
        inner: dict[str, Any] = {}
        if self.hyperparameters:
            inner["hyperparameters"] = dict(self.hyperparameters)
        if self.grader is not None:
            inner["grader"] = dict(self.grader)
        return {"type": self.method, self.method: inner}

    def dropped(self, profile: Profile) -> list[str]:
        """Name what the caller gave and this server does not take."""
        given = {"suffix": self.suffix, "seed": self.seed, "metadata": self.metadata}
        return sorted(name for name in profile.drops & given.keys() if given[name] not in (None, {}))


def _is_short_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 512


def _require(holds: bool, field: str, expected: str, got: object) -> None:  # noqa: FBT001  (the condition itself)
    if not holds:
        raise DataError(f"expected {expected}, got {got!r}", field=field)
