"""Reinforcement of one job by a grader's rewards, by TRL's GRPOTrainer."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

import attrs

from mathtune.files import read_json_lines

from ._prompt import heeds_effort
from ._reward import Reward
from ._trainers import Pace, load_learner, processes, rows_at_once, run_trainer, trainer_settings
from ._training_data import plain_message
from ._training_job import TrainingError, resolve_hyperparameters

if TYPE_CHECKING:
    from pathlib import Path

    from ._loading import Tokenizer
    from ._training_job import Report, TrainingJob
    from ._training_state import Interruption

RATE_SHARE: Final = 1 / 3
ANSWERS: Final = 8  # to each question at a compute_multiplier of 1
FEWEST: Final = 2  # answers are rewarded against each other
ANSWER_SHARE: Final = 2  # of the model's window, an answer may take one in so many
LONGEST_ANSWER: Final = 2_048  # tokens


def train_reinforcement(job: TrainingJob, report: Report, interruption: Interruption) -> Path:
    """Train a job on its own answers, rewarded by its method's grader; see `_training.train`."""
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    learner, rows = load_learner(job), _rows(job.training_file)
    validation = _rows(job.validation_file) if job.validation_file else None
    effort = _effort(job, learner.base.tokenizer)
    chosen = resolve_hyperparameters(job, len(rows))
    own = _own_hyperparameters(job, steps=max(1, len(rows) // chosen.batch_size))
    answers = _multiple(max(FEWEST, round(ANSWERS * own["compute_multiplier"])), processes())
    longest = min(learner.base.window // ANSWER_SHARE, LONGEST_ANSWER)
    pace = Pace(
        rate=learner.rate * RATE_SHARE * chosen.learning_rate_multiplier,
        epochs=chosen.n_epochs,
        batch=chosen.batch_size * answers,
        at_once=rows_at_once(longest),
    )
    trainer = GRPOTrainer(
        model=learner.base.model,
        reward_funcs=Reward(job.method["grader"], job.judges),
        args=GRPOConfig(
            **{
                **trainer_settings(job, learner, pace),
                "per_device_eval_batch_size": chosen.batch_size * own["eval_samples"],
            },
            num_generations=answers,
            num_generations_eval=own["eval_samples"],
            max_completion_length=longest,
            eval_strategy="steps" if validation else "no",
            eval_steps=own["eval_interval"],
            chat_template_kwargs=effort,
        ),
        train_dataset=Dataset.from_list(rows),
        eval_dataset=Dataset.from_list(validation) if validation else None,
        processing_class=learner.base.tokenizer,
        peft_config=learner.adapters,
    )
    hyperparameters = {**attrs.asdict(chosen), **own}
    return run_trainer(trainer, job, report, interruption, hyperparameters=hyperparameters)


def _own_hyperparameters(job: TrainingJob, *, steps: int) -> dict[str, Any]:
    """Resolve "auto" of those that only reinforcement has: one validation an epoch, by an answer each."""
    defaults = {"compute_multiplier": 1.0, "eval_interval": steps, "eval_samples": 1}
    return {name: job.chosen(name, default) for name, default in defaults.items()}


def _effort(job: TrainingJob, tokenizer: Tokenizer) -> dict[str, str]:
    """Give what the chat template is told of `reasoning_effort`.

    Raises:
        TrainingError: It does not heed that.
    """
    effort = str(job.chosen("reasoning_effort", "default"))
    if effort == "default":
        return {}
    if not heeds_effort(tokenizer):
        message = "The chat template of this model has no place for a reasoning_effort."
        where = "method.reinforcement.hyperparameters.reasoning_effort"
        raise TrainingError("unsupported_parameter", message, param=where)
    return {"reasoning_effort": effort}


def _multiple(count: int, of: int) -> int:
    """Give the least multiple that is no smaller: each process writes as many answers."""
    return of * math.ceil(count / of)


def _rows(path: Path) -> list[dict[str, Any]]:
    """Read a checked file: the question, and all else as one text, whatever shapes the rows have."""
    return [
        {
            "prompt": [plain_message(message) for message in row["messages"]],
            "item": json.dumps({name: value for name, value in row.items() if name != "messages"}),
        }
        for _, row in read_json_lines(path)
    ]
