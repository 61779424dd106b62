"""Reinforcement of one job by a grader's rewards, by TRL's GRPOTrainer, in the process that calls it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import attrs

from mathtune.files import read_json_lines

from ._graders import JudgeError, run_grader
from ._preference import _message
from ._trainers import Pace, run_trainer, trainer_settings
from ._training import (
    FULL_LEARNING_RATE,
    LORA_LEARNING_RATE,
    _load,
    _lora,
    resolve_hyperparameters,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ._graders import Judged
    from ._trainers import Report
    from ._training import TrainingJob

RATE_SHARE: Final = 1 / 3
ANSWERS: Final = 8  # to each question at a compute_multiplier of 1
FEWEST: Final = 2  # answers are rewarded against each other
ANSWER_SHARE: Final = 2  # of the model's window, an answer may take one in so many


def train_reinforcement(job: TrainingJob, report: Report, *, grader: Mapping[str, Any]) -> None:
    """Train a job on its own answers, rewarded by a grader, from its last whole checkpoint if there is one.

    Args:
        job: What to train; both its files are needed.
        report: Called with each report as a dict.
        grader: As `read_grader` gives it.
    """
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    base, rows = _load(job.base_model), _rows(job.training_file)
    chosen, lora = resolve_hyperparameters(job.hyperparameters, len(rows)), _lora(job, base)
    own = _own_hyperparameters(job.hyperparameters, steps=max(1, len(rows) // chosen.batch_size))
    answers = max(FEWEST, round(ANSWERS * own["compute_multiplier"]))
    rate = FULL_LEARNING_RATE if lora is None and not base.adapted else LORA_LEARNING_RATE
    pace = Pace(
        rate=rate * RATE_SHARE * chosen.learning_rate_multiplier,
        epochs=chosen.n_epochs,
        batch=chosen.batch_size * answers,
    )
    trainer = GRPOTrainer(
        model=base.model,
        reward_funcs=_new_reward(grader),
        args=GRPOConfig(
            **{
                **trainer_settings(job, pace),
                "per_device_eval_batch_size": chosen.batch_size * own["eval_samples"],
            },
            num_generations=answers,
            num_generations_eval=own["eval_samples"],
            max_completion_length=base.window // ANSWER_SHARE,
            eval_strategy="steps",
            eval_steps=own["eval_interval"],
        ),
        train_dataset=Dataset.from_list(rows),
        eval_dataset=Dataset.from_list(_rows(job.validation_file)) if job.validation_file else None,
        processing_class=base.tokenizer,
        peft_config=lora,
    )
    run_trainer(trainer, job, report, {**attrs.asdict(chosen), **own})


def _own_hyperparameters(asked: Mapping[str, Any], *, steps: int) -> dict[str, Any]:
    """Resolve "auto" of those that only reinforcement has: one validation an epoch, by an answer each."""
    defaults = {"compute_multiplier": 1.0, "eval_interval": steps, "eval_samples": 1}
    given = {name: asked[name] for name in defaults if asked.get(name, "auto") != "auto"}
    return {**defaults, **given}


def _rows(path: Path) -> list[dict[str, Any]]:
    """Read a checked file: the question, and all else as one text, whatever shapes the rows have."""
    return [
        {
            "prompt": [_message(message) for message in row["messages"]],
            "item": json.dumps({name: value for name, value in row.items() if name != "messages"}),
        }
        for _, row in read_json_lines(path)
    ]


def _new_reward(grader: Mapping[str, Any]) -> Callable[..., list[float]]:
    def reward(completions: list[list[dict[str, str]]], item: list[str], **_: object) -> list[float]:
        return [
            run_grader(grader, sample=answer[0]["content"], item=json.loads(row), judge=_no_judge).reward
            for answer, row in zip(completions, item, strict=True)
        ]

    return reward


def _no_judge(_grader: Mapping[str, Any], _messages: list[dict[str, str]]) -> Judged:
    raise JudgeError("no model is asked for scores while another one trains")
