"""What a training process says, line by line, and what that means; nothing here does I/O.

A report is a JSON object with a `type`:

| type | fields |
| --- | --- |
| started | `total_steps`, `hyperparameters` (what "auto" came to) |
| metrics | `step`, `total_steps`, and any of `METRICS` |
| checkpoint | `step`, `folder`, and any of `METRICS` |
| succeeded | `folder`, `trained_tokens` |
| notice | `message` (something beside the training went wrong) |
| failed | `code`, `message`, `param` |
"""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

METRICS: Final = (
    "train_loss",
    "train_mean_token_accuracy",
    "train_preference_accuracy",
    "train_preference_margin",
    "train_reward_mean",
    "valid_loss",
    "valid_mean_token_accuracy",
    "full_valid_loss",
    "full_valid_mean_token_accuracy",
    "full_valid_preference_accuracy",
    "full_valid_preference_margin",
    "full_valid_reward_mean",
)
RESULT_COLUMNS: Final = {  # the fine-tuning guide's columns, and Azure's for the full validation
    "step": "step",
    "train_loss": "train_loss",
    "train_accuracy": "train_mean_token_accuracy",
    "valid_loss": "valid_loss",
    "valid_mean_token_accuracy": "valid_mean_token_accuracy",
    "full_valid_loss": "full_valid_loss",
    "full_valid_mean_token_accuracy": "full_valid_mean_token_accuracy",
}
FURTHER_COLUMNS: Final = {  # of what other methods measure
    "dpo": ("train_preference_accuracy", "train_preference_margin"),
    "reinforcement": ("train_reward_mean",),
}
LOSS_NAMES: Final = {
    "train_loss": "training loss",
    "valid_loss": "validation loss",
    "full_valid_loss": "full validation loss",
}
REWARD_NAMES: Final = {
    "train_reward_mean": "train mean reward",
    "full_valid_reward_mean": "full validation mean reward",
}


@attrs.frozen(kw_only=True)
class Started:
    """Training began; what "auto" came to is known."""

    total_steps: int
    hyperparameters: dict[str, Any]


@attrs.frozen(kw_only=True)
class Metrics:
    """A step was made."""

    step: int
    total_steps: int
    values: dict[str, float]


@attrs.frozen(kw_only=True)
class Checkpoint:
    """A folder holds the model as it was after a step."""

    step: int
    folder: str
    values: dict[str, float]


@attrs.frozen(kw_only=True)
class Notice:
    """Something beside the training went wrong; it goes on."""

    message: str


@attrs.frozen(kw_only=True)
class Succeeded:
    """A folder holds the final model."""

    folder: str
    trained_tokens: int


@attrs.frozen(kw_only=True)
class Failed:
    """Training cannot go on: the fields of a job's `error`."""

    code: str
    message: str
    param: str | None = None


Report = Started | Metrics | Checkpoint | Notice | Succeeded | Failed


def read_report(line: Mapping[str, Any]) -> Report | None:
    """Read a report; None for a type that this server does not know.

    >>> read_report({"type": "metrics", "step": 3, "total_steps": 9, "train_loss": 0.5})
    Metrics(step=3, total_steps=9, values={'train_loss': 0.5})
    """
    read = _READERS.get(line["type"])
    return None if read is None else read(line)


def metrics_message(data: Mapping[str, Any]) -> str:
    """Say a step as OpenAI does.

    >>> metrics_message({"step": 3, "total_steps": 3, "train_loss": 0.154, "full_valid_loss": 0.4})
    'Step 3/3: training loss=0.15, full validation loss=0.40'
    """
    rewarded = "train_reward_mean" in data  # reinforcement: its loss says nothing of how it goes
    names, gap = (REWARD_NAMES, " , ") if rewarded else (LOSS_NAMES, ": ")
    figures = ", ".join(f"{name}={data[key]:.2f}" for key, name in names.items() if key in data)
    return f"Step {data['step']}/{data['total_steps']}{gap}{figures}"


def results_csv(steps: Iterable[Mapping[str, Any]], *, method: str = "supervised") -> str:
    """Give the result file of a job: a line for each step.

    >>> print(results_csv([{"step": 1, "train_loss": 0.5}]).splitlines()[1])
    1,0.5,,,,,
    """
    columns = {**RESULT_COLUMNS, **{name: name for name in FURTHER_COLUMNS.get(method, ())}}
    target = io.StringIO()
    table = csv.writer(target, lineterminator="\n")
    table.writerow(columns)
    table.writerows([step.get(key, "") for key in columns.values()] for step in steps)
    return target.getvalue()


def _values(line: Mapping[str, Any]) -> dict[str, float]:
    """Keep the metrics that are finite numbers: JSON has no others."""
    return {
        name: line[name]
        for name in METRICS
        if isinstance(line.get(name), (int, float)) and math.isfinite(line[name])
    }


_READERS: Final[dict[str, Callable[[Mapping[str, Any]], Report]]] = {
    "started": lambda line: Started(total_steps=line["total_steps"], hyperparameters=line["hyperparameters"]),
    "metrics": lambda line: Metrics(step=line["step"], total_steps=line["total_steps"], values=_values(line)),
    "checkpoint": lambda line: Checkpoint(step=line["step"], folder=line["folder"], values=_values(line)),
    "notice": lambda line: Notice(message=line["message"]),
    "succeeded": lambda line: Succeeded(folder=line["folder"], trained_tokens=line["trained_tokens"]),
    "failed": lambda line: Failed(code=line["code"], message=line["message"], param=line.get("param")),
}
