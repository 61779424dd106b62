"""Direct preference optimisation of one job, by TRL's DPOTrainer, in the process that calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from mathtune.files import read_json_lines

from ._trainers import Pace, run_trainer, trainer_settings
from ._training import (
    FULL_LEARNING_RATE,
    LORA_LEARNING_RATE,
    TrainingError,
    _load,
    _lora,
    resolve_hyperparameters,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ._trainers import Report
    from ._training import TrainingJob

# Preferences move a model further than imitation does: a third of the rate of supervised training.
RATE_SHARE: Final = 1 / 3
BETA: Final = 0.1


def train_preferences(job: TrainingJob, report: Report) -> None:
    """Train a job on pairs of answers to its end, from its last whole checkpoint where there is one.

    Args:
        job: What to train; its hyperparameters may hold `beta`.
        report: Called with each report as a dict.

    Raises:
        TrainingError: Files or model do not allow it.
    """
    from datasets import Dataset
    from trl import DPOConfig, DPOTrainer

    base, rows = _load(job.base_model), _rows(job.training_file)
    validation = _rows(job.validation_file) if job.validation_file else []
    chosen, lora = resolve_hyperparameters(job.hyperparameters, len(rows)), _lora(job, base)
    beta = job.hyperparameters.get("beta", "auto")
    beta = BETA if beta == "auto" else float(beta)
    rate = FULL_LEARNING_RATE if lora is None and not base.adapted else LORA_LEARNING_RATE
    pace = Pace(
        rate=rate * RATE_SHARE * chosen.learning_rate_multiplier,
        epochs=chosen.n_epochs,
        batch=chosen.batch_size,
    )
    trainer = DPOTrainer(
        model=base.model,
        args=DPOConfig(
            **trainer_settings(job, pace),
            beta=beta,
            max_length=base.window,
            eval_strategy="epoch" if validation else "no",
        ),
        train_dataset=Dataset.from_list(rows),
        eval_dataset=Dataset.from_list(validation) if validation else None,
        processing_class=base.tokenizer,
        peft_config=lora,
    )
    run_trainer(trainer, job, report, {**attrs.asdict(chosen), "beta": beta})


def _rows(path: Path) -> list[dict[str, Any]]:
    """Read a checked file into the trainer's columns."""
    rows = [
        {
            "prompt": [_message(message) for message in row["input"]["messages"]],
            "chosen": [_message(row["preferred_output"][0])],
            "rejected": [_message(row["non_preferred_output"][0])],
        }
        for _, row in read_json_lines(path)
    ]
    if not rows:
        raise TrainingError("invalid_n_examples", "The file holds no examples.", param="training_file")
    return rows


def _message(message: dict[str, Any]) -> dict[str, str]:
    content = message["content"]
    text = content if isinstance(content, str) else "".join(part["text"] for part in content)
    return {"role": message["role"], "content": text}
