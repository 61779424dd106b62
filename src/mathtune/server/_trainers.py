"""What the trainers of preferences and of reinforcement share: their settings, and how they report."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from ._training import KEPT_CHECKPOINTS, TrainingError, _last_whole_checkpoint, _save

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._training import TrainingJob

    Report = Callable[[dict[str, Any]], None]

# Values of transformers and trl, whose types are not followed (pyproject.toml): names for the reader.
Callback: TypeAlias = Any
Trainer: TypeAlias = Any
State: TypeAlias = Any

# A trainer's name of a figure, and ours (`_reports.METRICS`).
FIGURES: Final = {
    "loss": "train_loss",
    "mean_token_accuracy": "train_mean_token_accuracy",
    "rewards/accuracies": "train_preference_accuracy",
    "rewards/margins": "train_preference_margin",
    "reward": "train_reward_mean",
    "eval_loss": "full_valid_loss",
    "eval_mean_token_accuracy": "full_valid_mean_token_accuracy",
    "eval_rewards/accuracies": "full_valid_preference_accuracy",
    "eval_rewards/margins": "full_valid_preference_margin",
    "eval_reward": "full_valid_reward_mean",
}


@attrs.frozen(kw_only=True)
class Pace:
    """How fast and how long to train.

    Attributes:
        rate: The learning rate.
        epochs: How often each row is seen.
        batch: Rows of a step, as the trainer counts them.
    """

    rate: float
    epochs: int
    batch: int


def trainer_settings(job: TrainingJob, pace: Pace) -> dict[str, Any]:
    """Give the settings that every trainer of trl takes."""
    import torch

    on_gpu, seed = torch.cuda.is_available(), job.seed or 0
    return {
        "output_dir": str(job.output),
        "num_train_epochs": pace.epochs,
        "per_device_train_batch_size": pace.batch,
        "per_device_eval_batch_size": pace.batch,
        "learning_rate": pace.rate,
        "lr_scheduler_type": "linear",
        "warmup_steps": 0.03,
        "seed": seed,
        "data_seed": seed,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "save_strategy": "epoch",
        "save_total_limit": KEPT_CHECKPOINTS,
        "use_cpu": not on_gpu,
        "bf16": on_gpu,
        "gradient_checkpointing": on_gpu,
        "dataloader_pin_memory": on_gpu,
        "disable_tqdm": True,
        "report_to": [],
    }


def run_trainer(
    trainer: Trainer, job: TrainingJob, report: Report, hyperparameters: Mapping[str, Any]
) -> None:
    """Train to the end, from the last whole checkpoint where there is one, and keep the final model.

    Args:
        trainer: A trainer of trl, ready to start.
        job: What it trains.
        report: Called with each report.
        hyperparameters: What "auto" came to.
    """
    from transformers import PrinterCallback

    trainer.remove_callback(PrinterCallback)  # the reports say it all
    reporter = _new_reporter(report, hyperparameters)
    trainer.add_callback(reporter)
    trainer.train(resume_from_checkpoint=_last_whole_checkpoint(job.output))
    folder = _save(trainer, job.output)
    report({"type": "succeeded", "folder": str(folder), "trained_tokens": reporter.tokens})


def _new_reporter(report: Report, hyperparameters: Mapping[str, Any]) -> Callback:
    """Make the callback that turns the trainer's events into reports."""
    from transformers import TrainerCallback

    class Reporter(TrainerCallback):  # type: ignore[misc]  # (of untyped transformers)
        """Reports the start, each step and each checkpoint; counts the tokens."""

        def __init__(self) -> None:
            self.tokens = 0
            self._last: dict[str, float] = {}

        def on_train_begin(self, _: object, state: State, *__: object, **___: object) -> None:
            report(
                {"type": "started", "total_steps": state.max_steps, "hyperparameters": dict(hyperparameters)}
            )

        def on_log(
            self, _: object, state: State, __: object, *, logs: Mapping[str, float], **___: object
        ) -> None:
            step, figures = state.global_step, _figures(logs)
            self.tokens = max(self.tokens, int(logs.get("num_tokens", 0)))
            if "loss" not in logs:  # the validation after a step, told with its checkpoint; or the summary
                self._last |= figures
                return
            _check_loss(float(logs["loss"]), step)
            self._last = figures
            report({"type": "metrics", "step": step, "total_steps": state.max_steps, **figures})

        def on_save(self, args: Any, state: State, *_: object, **__: object) -> None:  # noqa: ANN401  (trl's)
            step = state.global_step
            folder = str(Path(args.output_dir) / f"checkpoint-{step}")
            report({"type": "checkpoint", "step": step, "folder": folder, **self._last})

    return Reporter()


def _figures(logs: Mapping[str, float]) -> dict[str, float]:
    return {ours: float(logs[theirs]) for theirs, ours in FIGURES.items() if theirs in logs}


def _check_loss(loss: float, step: int) -> None:
    if not math.isfinite(loss):
        message = f"The training loss became {loss} at step {step}; use a smaller learning_rate_multiplier."
        raise TrainingError("training_diverged", message, param="hyperparameters")
