"""The body of `POST /fine_tuning/jobs`, read and checked; nothing here does I/O."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any, Final

import attrs

from ._arguments import (
    auto_or,
    boolean,
    fields,
    integer,
    list_of,
    nullable,
    number,
    one_of,
    text,
    text_map,
)
from ._errors import invalid, unsupported
from ._graders import read_grader, uses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._arguments import Check

LARGEST_SEED: Final = 2_147_483_647

# openai-openapi: FineTune{Supervised,DPO,Reinforcement}Hyperparameters
COMMON: Final[dict[str, Check]] = {
    "n_epochs": auto_or(integer(1, 50)),
    "batch_size": auto_or(integer(1, 256)),
    "learning_rate_multiplier": auto_or(number(above=0)),
    # Not OpenAI's: which weights move. Nebius has the names.
    "lora": auto_or(boolean),
    "lora_r": auto_or(integer(1, 256)),
}
OURS: Final = frozenset({"lora", "lora_r"})  # shown only where they were given
HYPERPARAMETERS: Final[dict[str, dict[str, Check]]] = {
    "supervised": COMMON,
    "dpo": {**COMMON, "beta": auto_or(number(high=2, above=0))},
    "reinforcement": {
        **COMMON,
        "compute_multiplier": auto_or(number(high=10, above=0.00001)),
        "eval_interval": auto_or(integer(1)),
        "eval_samples": auto_or(integer(1)),
        "reasoning_effort": one_of("default", "low", "medium", "high"),
    },
}
METHOD: Final = fields(
    {
        "type": one_of(*HYPERPARAMETERS),
        "supervised": fields({"hyperparameters": fields(HYPERPARAMETERS["supervised"])}),
        "dpo": fields({"hyperparameters": fields(HYPERPARAMETERS["dpo"])}),
        "reinforcement": fields(
            {"grader": read_grader, "hyperparameters": fields(HYPERPARAMETERS["reinforcement"])},
            required=("grader",),
        ),
    },
    required=("type",),
)
INTEGRATION: Final = fields(
    {
        "type": one_of("wandb"),
        "wandb": fields(
            {
                "project": text(shortest=1),
                "name": nullable(text()),
                "entity": nullable(text()),
                "tags": list_of(text(shortest=1, longest=64), longest=64),
            },
            required=("project",),
        ),
    },
    required=("type", "wandb"),
)
ARGUMENTS: Final = fields(
    {
        "model": text(shortest=1),
        "training_file": text(shortest=1),
        "validation_file": nullable(text(shortest=1)),
        "hyperparameters": nullable(fields(COMMON)),
        "method": nullable(METHOD),
        "suffix": nullable(text(shortest=1, longest=64)),
        "seed": nullable(integer(0, LARGEST_SEED)),
        "metadata": nullable(text_map(pairs=16, key=64, value=512)),
        "integrations": nullable(list_of(INTEGRATION, longest=5)),
    },
    required=("model", "training_file"),
)


@attrs.frozen(kw_only=True)
class JobRequest:
    """What a client asked to train.

    Attributes:
        method: The protocol's method without its hyperparameters: `type`, and `grader` for reinforcement.
        hyperparameters: By name; "auto" where the server is to choose.
        digest: SHA-256 of the body, to tell a repeated request from another one.
    """

    model: str
    training_file: str
    validation_file: str | None
    method: dict[str, Any]
    hyperparameters: dict[str, Any]
    suffix: str | None
    seed: int
    metadata: dict[str, str] | None
    integrations: list[dict[str, Any]]
    digest: str

    @property
    def file_ids(self) -> dict[str, str]:
        """The ids of the job's files, by argument."""
        ids = {"training_file": self.training_file, "validation_file": self.validation_file}
        return {param: file_id for param, file_id in ids.items() if file_id is not None}


def read_job_request(
    body: object,
    *,
    python_graders: bool = False,
    wandb: bool = False,
    new_seed: Callable[[], int] = lambda: secrets.randbelow(LARGEST_SEED),
) -> JobRequest:
    """Read the body of a request.

    Args:
        body: The decoded JSON.
        python_graders: Whether a grader may be a client's code.
        wandb: Whether jobs may report to Weights & Biases.
        new_seed: Gives a seed where the client left it open.

    Raises:
        ApiError: 400; the argument is named.
    """
    given: dict[str, Any] = ARGUMENTS(body, "")
    if given.get("integrations") and not wandb:
        raise unsupported("integrations", "Reports to Weights & Biases are switched off on this server.")
    method, hyperparameters = _read_method(given)
    _check_grader(method.get("grader"), python_graders=python_graders)
    seed = given.get("seed")
    return JobRequest(
        model=given["model"],
        training_file=given["training_file"],
        validation_file=given.get("validation_file"),
        method=method,
        hyperparameters=hyperparameters,
        suffix=given.get("suffix"),
        seed=new_seed() if seed is None else seed,
        metadata=given.get("metadata"),
        integrations=given.get("integrations") or [],
        digest=hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest(),
    )


def _check_grader(grader: dict[str, Any] | None, *, python_graders: bool) -> None:
    """Refuse a grader that cannot reward here."""
    if grader is None:
        return
    where = "method.reinforcement.grader"
    if uses(grader, "python") and not python_graders:
        raise unsupported(where, "Python graders are switched off on this server.")


def judges_of(method: Mapping[str, Any]) -> set[str]:
    """Give the names of the models that a checked method's grader asks for scores."""
    grader = method.get("grader", {})
    parts = grader.get("graders", {"": grader}).values()
    return {part["model"] for part in parts if part.get("type") == "score_model"}


def _read_method(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the method without its hyperparameters, and those, with "auto" for what was left open."""
    method = given.get("method") or {"type": "supervised"}
    kind = method["type"]
    if others := sorted(set(method) - {"type", kind}):
        raise invalid(f"The method is '{kind}', but '{others[0]}' was given too.", f"method.{others[0]}")
    settings = dict(method.get(kind, {}))
    chosen = settings.pop("hyperparameters", None)
    if given.get("hyperparameters") is not None:
        if chosen is not None or kind != "supervised":
            raise invalid("Give hyperparameters in 'method' only.", "hyperparameters")
        chosen = given["hyperparameters"]
    if kind == "reinforcement" and "grader" not in settings:
        raise invalid(
            "Missing required parameter: 'method.reinforcement.grader'.",
            "method.reinforcement.grader",
            "missing_required_parameter",
        )
    if kind == "reinforcement" and given.get("validation_file") is None:
        raise invalid(
            "Missing required parameter: 'validation_file' (reinforcement needs both files).",
            "validation_file",
            "missing_required_parameter",
        )
    open_ones = dict.fromkeys(HYPERPARAMETERS[kind], "auto")
    open_ones.pop("reasoning_effort", None)
    for name in OURS:
        open_ones.pop(name)
    return {"type": kind, **settings}, {**open_ones, **(chosen or {})}
