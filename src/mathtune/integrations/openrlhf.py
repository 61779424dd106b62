"""OpenRLHF: the grader as a reward function of this file, which `--reward.remote_url` may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mathtune.errors import MissingExtraError
from mathtune.integrations._judging import figures_of, judge, reward_of  # OpenRLHF loads the file by its path
from mathtune.policy import Policy

try:
    import torch
except ModuleNotFoundError as error:
    raise MissingExtraError("torch", "local", "the reward function for OpenRLHF") from error

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["reward_func"]


def reward_func(
    queries: Sequence[str], prompts: Sequence[str], labels: Sequence[object], *, policy: Policy | None = None
) -> dict[str, Any]:
    r"""Score responses for OpenRLHF.

    Args:
        queries: Prompts with their responses behind them, as they were decoded.
        prompts: The prompts. Where a query does not hold its prompt, all of it is taken for the response.
        labels: The gold answers, texts or numbers.
        policy: What counts as the same; for another than the default one, `functools.partial` in a file of
            one's own, under the name `reward_func`.

    Returns:
        Tensors of a number for each response. `rewards` and `scores`: 1.0 if the answer is right, else 0.0.
        `extra_logs`: `no_answer`, `cut_off`, `undecided`, `unparsed_gold`, 1.0 where that is why the reward
        is 0.0. OpenRLHF has no way to skip a row: a gold answer that is missing or broken rewards all its
        responses with 0.0, so that none of them gains on another, and shows as `unparsed_gold`.

    Raises:
        DataError: A gold answer is neither text nor a number.

    >>> reward_func([r"What is 1/2?<eos>So it is $\boxed{0.5}$.<eos>"], ["What is 1/2?"], ["1/2"])["rewards"]
    tensor([1.])
    """
    responses = [_response(query, prompt) for query, prompt in zip(queries, prompts, strict=True)]
    verdicts = judge(responses, labels, policy=policy or Policy())
    rewards = torch.tensor([reward_of(verdict) or 0.0 for verdict in verdicts])
    figures = [figures_of(verdict) for verdict in verdicts]
    logs = {name: torch.tensor([row[name] for row in figures]) for name in (figures[0] if figures else ())}
    return {"rewards": rewards, "scores": rewards, "extra_logs": logs}


def _response(query: str, prompt: str) -> str:
    _, found, response = query.partition(prompt)
    return response if found else query
