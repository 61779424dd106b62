"""A job's reports, to Weights & Biases as well: only here is `wandb` known, and only a job's process runs it.

The key is wandb's own business: `WANDB_API_KEY`, or what `wandb login` left; `WANDB_MODE=offline` writes the
runs to the job's folder. Nothing of it goes through the protocol.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any, Final

from mathtune.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ._training_job import Report

EXIT_CODES: Final = {"succeeded": 0, "failed": 1}


def require_wandb() -> None:
    """Raise unless `wandb` is installed.

    Raises:
        MissingExtraError: It is not.
    """
    if importlib.util.find_spec("wandb") is None:
        raise MissingExtraError("wandb", "wandb", "reporting jobs to Weights & Biases")


def with_runs(
    report: Report, integrations: Sequence[Mapping[str, Any]], *, job: Mapping[str, Any], folder: Path
) -> Report:
    """Give a report that also goes to a run of each integration; just the report where there is none.

    What wandb cannot do is told once, as a notice, and takes no training down.

    Args:
        report: Where reports go.
        integrations: The job's, as the protocol has them.
        job: What a run is to know of the job: `id`, `model`, `method`, `seed`, ...
        folder: Where wandb keeps its files.
    """
    runs = [_Run(each["wandb"], job, folder) for each in integrations]

    def report_to_all(said: dict[str, Any]) -> None:
        report(said)
        for run in runs:
            if (trouble := run.take(said)) is not None:
                report({"type": "notice", "message": f"Weights & Biases: {trouble}"})

    return report_to_all if runs else report


class _Run:
    """One run; begun with the training, ended with it, taken up by its job's id after an interruption."""

    def __init__(self, asked: Mapping[str, Any], job: Mapping[str, Any], folder: Path) -> None:
        self._asked = asked
        self._job = job
        self._folder = folder
        self._run: Any = None

    def take(self, said: Mapping[str, Any]) -> str | None:
        """Hand a report on; give what went wrong, after which nothing more is handed on."""
        import wandb  # type: ignore[import-not-found]  # (an extra, absent where types are checked)

        try:
            self._hand_on(said)
        except wandb.Error as error:
            self._run = None
            return str(error) or type(error).__name__
        return None

    def _hand_on(self, said: Mapping[str, Any]) -> None:
        kind = said["type"]
        if kind == "started":
            self._begin(said["hyperparameters"])
        elif self._run is None:
            return
        elif kind == "metrics":
            figures = {name: value for name, value in said.items() if name not in ("type", "total_steps")}
            self._run.log(figures, step=said["step"])
        elif kind in EXIT_CODES:
            self._run.finish(exit_code=EXIT_CODES[kind])

    def _begin(self, hyperparameters: Mapping[str, Any]) -> None:
        import wandb

        self._folder.mkdir(parents=True, exist_ok=True)
        self._run = wandb.init(
            project=self._asked["project"],
            entity=self._asked.get("entity"),
            name=self._asked.get("name") or self._job["id"],
            tags=self._asked.get("tags"),
            id=self._job["id"],
            resume="allow",
            config={**self._job, "hyperparameters": dict(hyperparameters)},
            dir=str(self._folder),
            settings=wandb.Settings(silent=True, console="off"),
        )
