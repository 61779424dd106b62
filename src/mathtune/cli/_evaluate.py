"""`mathtune evaluate`: problems and a model to a run of graded responses."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mathtune.client import connect
from mathtune.evaluation import Evaluator
from mathtune.formatting import ChatFormatter
from mathtune.generation import Price, Sampling

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
    temperature: float = 0.0,
    top_p: float | None = None,
    max_tokens: int | None = None,
    seed: int | None = None,
    samples: int = 1,
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
        source: A .json, .jsonl or .parquet file, a folder in MATH's layout, a hub id, or mathtune:drills.
        model: The model to ask.
        directory: Where responses and runs are kept.
        system: A system message; use the one that the model was trained with.
        prompt: The user's message; {problem} stands for the problem. Use the one of the training.
        temperature: 0 takes the likeliest token each time.
        top_p: Sample from this share of the probability only.
        max_tokens: Most tokens of one response.
        seed: Makes sampling repeatable where the server can.
        samples: Responses for each problem.
        concurrency: Most requests under way at once.
        mode: Ask one by one, or through the server's Batch API.
        price: USD for a million tokens read and a million tokens written, for example --price 0.15 0.60.
        cost_limit: Stop cleanly before the responses cost more than this; needs --price.
        dry_run: Say what would be asked and what it would cost; ask nothing.
        base_url: The server; OPENAI_BASE_URL or OpenAI's own unless given.
    """
    evaluator = Evaluator(
        connect(base_url),
        directory=directory,
        sampling=Sampling(temperature=temperature, top_p=top_p, max_tokens=max_tokens, seed=seed, n=samples),
        concurrency=concurrency,
        mode=mode,
        price=None if price is None else Price(prompt=price[0], completion=price[1]),
        cost_limit=cost_limit,
        formatter=ChatFormatter(system=system, prompt=prompt),
    )
    problems = selection.read(source)
    if dry_run:
        print(evaluator.estimate(problems, model=model))
        return
    run = evaluator.evaluate(problems, model=model)
    print(run)
    print(f"kept in {run.directory}")
