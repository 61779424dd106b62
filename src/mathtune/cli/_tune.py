"""`mathtune tune`: a fine-tuning file to a tuned model."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mathtune.client import connect
from mathtune.formatting import estimate
from mathtune.tuning import FineTuner

__all__ = ["tune"]


def tune(
    training_file: Path,
    /,
    *,
    model: str,
    directory: Path = Path("runs/tune"),
    validation_file: Path | None = None,
    suffix: str | None = None,
    seed: int | None = None,
    n_epochs: int | None = None,
    batch_size: int | None = None,
    learning_rate_multiplier: float | None = None,
    method: Literal["supervised", "dpo"] = "supervised",
    dry_run: bool = False,
    base_url: str | None = None,
) -> None:
    """Fine-tune a model and wait for it. Run again after a crash, it takes up its job and starts no second.

    Args:
        training_file: JSONL as `mathtune format` writes it.
        model: The model to start from.
        directory: Where the ledger of uploads and jobs is kept.
        validation_file: Examples to measure the loss on while training.
        suffix: Becomes part of the tuned model's name.
        seed: Makes the training repeatable where the server can.
        n_epochs: Passes over the file; the server chooses unless given.
        batch_size: Examples a step; the server chooses unless given.
        learning_rate_multiplier: Scales the server's learning rate; the server chooses unless given.
        method: What the file teaches: answers (supervised) or preferences (dpo).
        dry_run: Check the file and say what the job would cost; send nothing.
        base_url: The server; OPENAI_BASE_URL or OpenAI's own unless given.
    """
    if dry_run:
        print(estimate(training_file, model=model, n_epochs=n_epochs or "auto", method=method))
        return
    chosen = {
        "n_epochs": n_epochs,
        "batch_size": batch_size,
        "learning_rate_multiplier": learning_rate_multiplier,
    }
    job = FineTuner(connect(base_url), directory=directory).tune(
        training_file,
        model=model,
        validation_file=validation_file,
        suffix=suffix,
        seed=seed,
        method=method,
        hyperparameters={name: value for name, value in chosen.items() if value is not None},
    )
    print(f"{job.id} {job.status}: {job.fine_tuned_model}")
