"""`mathtune tune`: a fine-tuning file to a tuned model."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import Any, Literal

from mathtune.client import connect, profile_for, profile_named
from mathtune.errors import DataError
from mathtune.tuning import EarlyStopping, FineTuner, earlier_jobs, preflight

from ._flags import typed

__all__ = ["cancel", "tune"]

_OPENAI = "https://api.openai.com/v1"


def tune(
    training_file: Path,
    /,
    *,
    model: str,
    directory: Path = Path("runs/tune"),
    validation_file: Path | None = None,
    method: Literal["supervised", "dpo", "reinforcement"] = "supervised",
    suffix: str | None = None,
    seed: int | None = None,
    hyperparameters: dict[str, str] | None = None,
    n_epochs: int | None = None,
    batch_size: int | None = None,
    learning_rate_multiplier: float | None = None,
    beta: float | None = None,
    grader: Path | None = None,
    metadata: dict[str, str] | None = None,
    wandb_project: str | None = None,
    extra: dict[str, str] | None = None,
    profile: str | None = None,
    stop_early: str | None = None,
    patience: int = 3,
    cost_limit: float | None = None,
    per_million: float | None = None,
    dry_run: bool = False,
    base_url: str | None = None,
) -> int:
    """Fine-tune a model and wait for it. Run again after a crash, it takes up its job and starts no second.

    Ctrl-C ends the waiting, not the job: the same command takes it up, `mathtune cancel` ends it.

    Args:
        training_file: JSONL as `mathtune format` writes it.
        model: The model to start from; a tuned one to go on from.
        directory: Where the ledger of uploads and jobs is kept.
        validation_file: Examples to measure on while training; reinforcement needs them.
        method: What the file teaches: answers (supervised), preferences (dpo), or what a grader rewards
            (reinforcement).
        suffix: Becomes part of the tuned model's name.
        seed: Makes the training repeatable where the server can.
        hyperparameters: Any others by name, the provider's own too: --hyperparameters.lora_r 16.
        n_epochs: Passes over the file; the server chooses unless given.
        batch_size: Examples a step; the server chooses unless given.
        learning_rate_multiplier: Scales the server's learning rate; the server chooses unless given.
        beta: How strictly dpo keeps to the model that it started from.
        grader: JSON file with the grader object of a reinforcement job.
        metadata: Pairs to keep with the job: --metadata.data v3.
        wandb_project: Where Weights & Biases keeps the job's metrics.
        extra: Arguments of this provider beyond the protocol's: --extra.trainingType GlobalStandard.
        profile: Whose quirks the server has, for example litellm; by its address unless given.
        stop_early: The metric that has to get better, for example valid_loss. One that ends in reward,
            accuracy or mean is to rise, any other to fall.
        patience: With --stop-early: how many measurements without a better one are borne.
        cost_limit: The most that a new job may cost, in USD.
        per_million: USD for a million trained tokens, where the built-in table is out of date.
        dry_run: Check the files, say what the job would cost and what stands against it; send nothing.
        base_url: The server; OPENAI_BASE_URL or OpenAI's own unless given.
    """
    named = {
        "n_epochs": n_epochs,
        "batch_size": batch_size,
        "learning_rate_multiplier": learning_rate_multiplier,
        "beta": beta,
    }
    wandb = {"type": "wandb", "wandb": {"project": wandb_project}}
    options: dict[str, Any] = {
        "validation_file": validation_file,
        "method": method,
        "suffix": suffix,
        "seed": seed,
        "hyperparameters": {
            **typed(hyperparameters or {}),
            **{name: value for name, value in named.items() if value is not None},
        },
        "grader": None if grader is None else _read_grader(grader),
        "metadata": metadata,
        "extra": typed(extra or {}),
        "integrations": [] if wandb_project is None else [wandb],
        "cost_limit": cost_limit,
        "per_million": per_million,
    }
    where = None if profile is None else profile_named(profile)
    if dry_run:
        where = where or profile_for(base_url or os.environ.get("OPENAI_BASE_URL") or _OPENAI)
        earlier = earlier_jobs(directory)
        seen = preflight(training_file, model=model, profile=where, earlier=earlier, **options)
        print(seen)
        return int(not seen.is_clear)
    tuner = FineTuner(connect(base_url), directory=directory, profile=where)
    job = tuner.start(training_file, model=model, **options)
    print(f"mathtune: job {job.id} of {model} is {job.status}", file=sys.stderr)
    try:
        job = tuner.wait(job, stop=_rule(stop_early, patience))
    except KeyboardInterrupt:  # the library says it in words of Python
        raise KeyboardInterrupt(_ways_on(job.id, directory, base_url)) from None
    ended = f"stopped early: {job.stop_reason}" if job.stop_reason else job.fine_tuned_model
    print(f"{job.id} {job.status}: {ended}")
    tuner.manifest(job)
    path = tuner.manifest_path(job)
    print(f"mathtune: {path} leads back to the training data (evaluate --lineage)", file=sys.stderr)
    return 0


def cancel(job: str, /, *, directory: Path = Path("runs/tune"), base_url: str | None = None) -> None:
    """Cancel a fine-tuning job. What it learnt until then is in its checkpoints.

    Args:
        job: The job's id, as `mathtune tune` says it.
        directory: Where the ledger of uploads and jobs is kept.
        base_url: The server; OPENAI_BASE_URL or OpenAI's own unless given.
    """
    cancelled = FineTuner(connect(base_url), directory=directory).cancel(job)
    print(f"{cancelled.id} {cancelled.status}")


def _ways_on(job: str, directory: Path, base_url: str | None) -> str:
    """Say what becomes of a job that is no longer waited for; a URL can hold a key and is not repeated."""
    cancelling = shlex.join(["mathtune", "cancel", job, "--directory", str(directory)])
    place = " with the same --base-url" if base_url else ""
    return f"job {job} goes on; run the same again to take it up, or end it with `{cancelling}`{place}"


def _rule(metric: str | None, patience: int) -> EarlyStopping | None:
    if metric is None:
        return None
    rises = metric.endswith(("reward", "accuracy", "mean"))
    return EarlyStopping(metric=metric, patience=patience, better="higher" if rises else "lower")


def _read_grader(path: Path) -> dict[str, Any]:
    try:
        grader = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(
            f"no grader object can be read from it ({error})", path=path, field="--grader"
        ) from error
    if not isinstance(grader, dict):
        raise DataError("expected a grader object", path=path, field="--grader")
    return grader
