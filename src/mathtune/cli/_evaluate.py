"""`mathtune evaluate`: problems and a model to a run of graded responses."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Literal

from mathtune.client import connect
from mathtune.evaluation import Evaluator
from mathtune.formatting import ChatFormatter
from mathtune.generation import Calculator, Price, Sampling
from mathtune.policy import Policy
from mathtune.reports import sampling_metrics

from ._flags import PolicyFlags, SamplingFlags, with_typed_extra
from ._source import Selection

__all__ = ["evaluate"]


def evaluate(
    source: str,
    /,
    *,
    model: str,
    selection: Selection = Selection(),
    directory: Path = Path("runs/eval"),
    system: str | None = None,
    prompt: str = ChatFormatter().prompt,
    sampling: SamplingFlags = Sampling(),
    policy: PolicyFlags = Policy(),
    calculator: bool = False,
    trained_on: Path | None = None,
    lineage: Path | None = None,
    concurrency: int = 16,
    mode: Literal["live", "batch"] = "live",
    price: tuple[float, float] | None = None,
    cost_limit: float | None = None,
    dry_run: bool = False,
    base_url: str | None = None,
) -> None:
    r"""Ask a model every problem, grade the answers, and print the accuracy by subject and level.

    Responses are kept as they arrive: run it again after a crash, and nothing is asked or paid for twice.

    Args:
        source: A .json, .jsonl, .parquet or .csv file, a folder in MATH's layout, a hub id, or
            mathtune:drills.
        model: The model to ask.
        directory: Where responses and runs are kept.
        system: A system message; use the one that the model was trained with.
        prompt: The user's message; {problem} stands for the problem. Use the one of the training.
        sampling: How to sample.
        policy: What counts as the same answer.
        calculator: Let the model call a calculator while it answers, through the protocol's tool calls.
        trained_on: The file that the model was trained on; a warning says where its prompt differs.
        lineage: The manifest of the job that the model comes from, as `mathtune tune` keeps it; the run's own
            manifest then leads back to the rows of the training data.
        concurrency: Most requests under way at once.
        mode: Ask one by one, or through the server's Batch API.
        price: USD for a million tokens read and a million tokens written, for example --price 0.15 0.60.
        cost_limit: Stop cleanly before the responses cost more USD than this; needs --price.
        dry_run: Say what would be asked and what it would cost; ask nothing.
        base_url: The server; OPENAI_BASE_URL or OpenAI's own unless given.
    """
    if sampling.n > 1 and sampling.temperature == 0:
        warnings.warn(
            f"at temperature 0 the {sampling.n} samples of a problem are alike; try --temperature 0.8",
            stacklevel=2,
        )
    problems = selection.read(source)
    evaluator = Evaluator(
        connect(base_url, asking=not dry_run),
        directory=directory,
        sampling=with_typed_extra(sampling),
        concurrency=concurrency,
        mode=mode,
        price=None if price is None else Price(prompt=price[0], completion=price[1]),
        cost_limit=cost_limit,
        formatter=ChatFormatter(system=system, prompt=prompt),
        policy=policy,
        tools=Calculator() if calculator else None,
        trained_on=trained_on,
        lineage=lineage,
    )
    if dry_run:
        print(evaluator.estimate(problems, model=model))
        return
    run = evaluator.evaluate(problems, model=model)
    print(run)
    if sampling.n > 1:
        print(sampling_metrics(run, policy=policy))
    print(f"kept in {run.directory}")
