"""Supervised fine-tuning of one job, in the process that calls it, by TRL's SFTTrainer.

Takes a `TrainingJob`, writes checkpoints and the final model under its `output` folder, and tells what
happens as reports (`_reports.py` lists them). Knows nothing of the server: a killed process is taken up from
its last whole checkpoint by calling `train` with the same job again.
"""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import attrs

from mathtune.errors import DataError, JobFailedError

from ._loading import load_model
from ._training_data import IGNORED, read_rows
from ._validation import Validation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._loading import LoadedModel, Network
    from ._training_data import TokenRow

    Report = Callable[[dict[str, Any]], None]
    Logs = Mapping[str, Any]
    # Values of TRL, transformers and peft, whose types are not followed (pyproject.toml).
    Adapters: TypeAlias = Any
    Arguments: TypeAlias = Any
    Callback: TypeAlias = Any
    State: TypeAlias = Any
    Trainer: TypeAlias = Any

__all__ = ["Hyperparameters", "TrainingError", "TrainingJob", "resolve_hyperparameters", "train"]

# Below this many parameters every weight is trained; above, LoRA adapters are. A tiny model has no room in a
# low-rank update, and a large one no room in memory for the optimiser's state.
FULL_TUNING_LIMIT: Final = 50_000_000
# What a learning_rate_multiplier of 1 means, by how a model is trained.
FULL_LEARNING_RATE: Final = 3e-4
LORA_LEARNING_RATE: Final = 2e-4
LORA_RANK: Final = 16
KEPT_CHECKPOINTS: Final = 3
LONGEST_EXAMPLE: Final = 65_536  # tokens, as at OpenAI


class TrainingError(JobFailedError):
    """A job cannot be trained.

    Args:
        code: The job's `error.code`, as OpenAI names it.
        message: The job's `error.message`.
        param: The job's `error.param`: the argument to blame, or None.
    """

    def __init__(self, code: str, message: str, *, param: str | None = None) -> None:
        self.code = code
        self.param = param
        super().__init__(message)


@attrs.frozen(kw_only=True)
class TrainingJob:
    """What to train, on what, and where to put it.

    Attributes:
        base_model: Folder of the model to begin from (full weights or LoRA adapters), or its id on the hub.
        training_file: JSON lines of chat examples.
        validation_file: Likewise, or None.
        output: Folder for checkpoints and the final model; each job has its own.
        hyperparameters: `n_epochs`, `batch_size`, `learning_rate_multiplier`: numbers, or "auto" (also where
            one is missing).
        seed: Order of the examples and the adapters' first weights; None is 0.
        method: The protocol's `method.type`.
        weights: Which weights move: "all", "lora" adapters, or "auto" by the model's size.
    """

    base_model: str
    training_file: Path = attrs.field(converter=Path)
    validation_file: Path | None = attrs.field(default=None, converter=attrs.converters.optional(Path))
    output: Path = attrs.field(converter=Path)
    hyperparameters: Mapping[str, Any] = attrs.field(factory=dict)
    seed: int | None = None
    method: Literal["supervised"] = attrs.field(
        default="supervised", validator=attrs.validators.in_(("supervised",))
    )
    weights: Literal["auto", "all", "lora"] = attrs.field(
        default="auto", validator=attrs.validators.in_(("auto", "all", "lora"))
    )


@attrs.frozen(kw_only=True)
class Hyperparameters:
    """Hyperparameters with every "auto" resolved."""

    n_epochs: int
    batch_size: int
    learning_rate_multiplier: float


def resolve_hyperparameters(asked: Mapping[str, Any], examples: int) -> Hyperparameters:
    """Resolve "auto": epochs as OpenAI's cookbook does, batches of up to 16, the base learning rate.

    Three epochs, more for few examples (so that 100 are seen, at most 25 epochs) and fewer for many (so that
    at most 25,000 are). A batch is a tenth of the examples, at most 16.

    >>> resolve_hyperparameters({"n_epochs": "auto", "batch_size": 4}, 20)
    Hyperparameters(n_epochs=5, batch_size=4, learning_rate_multiplier=1.0)
    """
    chosen = {name: value for name, value in asked.items() if value is not None and value != "auto"}
    epochs = 3
    if examples * epochs < 100:
        epochs = min(25, max(1, 100 // max(1, examples)))
    elif examples * epochs > 25_000:
        epochs = max(1, 25_000 // examples)
    return Hyperparameters(
        n_epochs=int(chosen.get("n_epochs", epochs)),
        batch_size=int(chosen.get("batch_size", min(16, max(1, examples // 10)))),
        learning_rate_multiplier=float(chosen.get("learning_rate_multiplier", 1.0)),
    )


def train(job: TrainingJob, report: Report) -> Path:
    """Train a job to its end, from its last whole checkpoint where there is one.

    Args:
        job: What to train.
        report: Called with each report as a dict, after every step among others.

    Returns:
        The folder of the final model.

    Raises:
        TrainingError: Files, model or memory do not allow it; `code` and `param` say which.
    """
    import torch

    try:
        return _trained(job, report)
    except torch.OutOfMemoryError as error:
        raise _out_of_memory(error) from error
    except MemoryError as error:
        raise _out_of_memory(error) from error
    except RuntimeError as error:
        if "can't allocate memory" in str(error):  # torch's own words on CPU, where it has no type for it
            raise _out_of_memory(error) from error
        raise


def _out_of_memory(error: BaseException) -> TrainingError:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return TrainingError("out_of_memory", f"Training ran out of memory; use a smaller batch_size ({text}).")


def _trained(job: TrainingJob, report: Report) -> Path:
    base = _load(job.base_model)
    rows = _read(job.training_file, base, "training_file")
    validation = _read(job.validation_file, base, "validation_file") if job.validation_file else []
    chosen = resolve_hyperparameters(job.hyperparameters, len(rows))
    trainer = _new_trainer(job, base, rows, chosen)
    trainer.add_callback(_new_reporter(report, chosen, Validation(validation, base, chosen.batch_size)))
    trainer.train(resume_from_checkpoint=_last_whole_checkpoint(job.output))
    folder = _save(trainer, job.output)
    tokens = chosen.n_epochs * sum(len(row.input_ids) for row in rows)
    report({"type": "succeeded", "folder": str(folder), "trained_tokens": tokens})
    return folder


def _load(source: str) -> LoadedModel:
    try:
        return load_model(source, trainable=True)
    except DataError as error:
        raise TrainingError("model_not_available", str(error), param="model") from error


def _read(path: Path, base: LoadedModel, param: str) -> list[TokenRow]:
    """Read a file of examples that the model can learn from."""
    try:
        rows = read_rows(path, base.tokenizer, limit=min(base.window, LONGEST_EXAMPLE))
    except DataError as error:
        where = f"Example {error.line}: " if error.line else ""
        message = f"The job failed due to an invalid {param.replace('_', ' ')}. {where}{error.message}"
        raise TrainingError(f"invalid_{param}", message, param=param) from error
    usable = [row for row in rows if any(label != IGNORED for label in row.labels[1:])]
    if not usable:
        message = (
            f"The {param.replace('_', ' ')} holds no assistant message of weight 1 within the model's window."
        )
        raise TrainingError(f"invalid_{param}", message, param=param)
    return usable


def _new_trainer(
    job: TrainingJob, base: LoadedModel, rows: list[TokenRow], chosen: Hyperparameters
) -> Trainer:
    from datasets import Dataset
    from transformers import PrinterCallback
    from trl import SFTTrainer

    lora = _lora(job, base)
    rate = FULL_LEARNING_RATE if lora is None and not base.adapted else LORA_LEARNING_RATE
    table = {"input_ids": [row.input_ids for row in rows], "labels": [row.labels for row in rows]}
    trainer = SFTTrainer(
        model=base.model,
        args=_arguments(job, chosen, rate * chosen.learning_rate_multiplier),
        train_dataset=Dataset.from_dict(table),
        processing_class=base.tokenizer,
        peft_config=lora,
    )
    trainer.remove_callback(PrinterCallback)  # the reports say it all
    return trainer


def _lora(job: TrainingJob, base: LoadedModel) -> Adapters | None:
    """Give the adapters to train, or None where the model's own weights (or the adapters it has) are."""
    small = base.parameters < FULL_TUNING_LIMIT
    if base.adapted or job.weights == "all" or (job.weights == "auto" and small):
        return None
    from peft import LoraConfig

    return LoraConfig(
        r=LORA_RANK,
        lora_alpha=2 * LORA_RANK,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
        base_model_name_or_path=job.base_model,
    )


def _arguments(job: TrainingJob, chosen: Hyperparameters, learning_rate: float) -> Arguments:
    import torch
    from trl import SFTConfig

    on_gpu, seed = torch.cuda.is_available(), job.seed or 0
    return SFTConfig(
        output_dir=str(job.output),
        num_train_epochs=chosen.n_epochs,
        per_device_train_batch_size=chosen.batch_size,
        learning_rate=learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=0.03,
        seed=seed,
        data_seed=seed,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="epoch",
        save_total_limit=KEPT_CHECKPOINTS,
        train_sampling_strategy="group_by_length",
        dataset_kwargs={"skip_prepare_dataset": True},
        max_length=None,
        use_cpu=not on_gpu,
        bf16=on_gpu,
        gradient_checkpointing=on_gpu,
        dataloader_pin_memory=on_gpu,
        disable_tqdm=True,
        report_to=[],
    )


def _last_whole_checkpoint(output: Path) -> str | None:
    """Give the last checkpoint that was written to its end; remove what a kill left unfinished."""
    numbered = sorted(output.glob("checkpoint-*"), key=lambda folder: int(folder.name.rpartition("-")[2]))
    for folder in reversed(numbered):
        if _is_whole(folder):
            return str(folder)
        shutil.rmtree(folder)
    return None


def _is_whole(folder: Path) -> bool:
    try:  # the trainer writes its state last
        json.loads((folder / "trainer_state.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return True


def _save(trainer: Trainer, output: Path) -> Path:
    """Write model and tokenizer beside their place and move them there: a kill leaves no half model."""
    unfinished, folder = output / "model.unfinished", output / "model"
    for left in (unfinished, folder):
        if left.exists():
            shutil.rmtree(left)
    trainer.save_model(str(unfinished))
    (unfinished / "training_args.bin").unlink(missing_ok=True)  # a pickle, of no use to who loads the model
    unfinished.rename(folder)
    return folder


def _new_reporter(report: Report, chosen: Hyperparameters, validation: Validation) -> Callback:
    """Make the callback that turns the trainer's events into reports."""
    from transformers import TrainerCallback

    class Reporter(TrainerCallback):  # type: ignore[misc]  # (of untyped transformers)
        """Reports the start, each step and each checkpoint."""

        def __init__(self) -> None:
            self.last: dict[str, float] = {}

        def on_train_begin(self, _: Arguments, state: State, *__: object, **___: object) -> None:
            hyperparameters = attrs.asdict(chosen)
            report({"type": "started", "total_steps": state.max_steps, "hyperparameters": hyperparameters})

        def on_log(
            self, _: Arguments, state: State, __: object, *, logs: Logs, model: Network, **___: object
        ) -> None:
            if "loss" not in logs:  # the summary at the end
                return
            step, total = state.global_step, state.max_steps
            self.last = _measured(logs, step) | validation.measure(model, step, total, chosen.n_epochs)
            report({"type": "metrics", "step": step, "total_steps": total, **self.last})

        def on_save(self, args: Arguments, state: State, *_: object, **__: object) -> None:
            step = state.global_step
            folder = str(Path(args.output_dir) / f"checkpoint-{step}")
            report({"type": "checkpoint", "step": step, "folder": folder, **self.last})

    return Reporter()


def _measured(logs: Logs, step: int) -> dict[str, float]:
    loss = float(logs["loss"])
    if not math.isfinite(loss):
        message = f"The training loss became {loss} at step {step}; use a smaller learning_rate_multiplier."
        raise TrainingError("training_diverged", message, param="hyperparameters")
    return {"train_loss": loss, "train_mean_token_accuracy": float(logs["mean_token_accuracy"])}
