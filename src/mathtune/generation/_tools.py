"""Letting a model call the calculator while it answers: one more round of requests for each round of calls.

A turn of a conversation is a request like any other: it has its own key, is kept, and is not asked twice.
So a killed run takes up every conversation where it was, live or in batches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError
from mathtune.formatting import Message

from ._generate import Generation, generate
from ._pace import Pace
from ._request import Question
from ._sampling import Sampling

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from openai import AsyncOpenAI, OpenAI

    from ._calculator import Calculator
    from ._request import Request

__all__ = ["generate_with_tools"]

_MOST_CALLS = 8  # answered in one turn; a model that calls a hundred tools at once is not calculating


def generate_with_tools(
    questions: Iterable[Question],
    *,
    tools: Calculator,
    rounds: int = 8,
    model: str,
    path: str | os.PathLike[str],
    client: OpenAI | AsyncOpenAI | None = None,
    sampling: Sampling | None = None,
    pace: Pace | None = None,
) -> Generation:
    """Ask like `generate`, while the model may call a calculator.

    Args:
        questions: What to ask.
        tools: The calculator.
        rounds: How often the model may call before it has to answer.
        model: The model's name at the server.
        path: The store of responses.
        client: The client to ask through; None takes the environment's.
        sampling: How to sample; None is `Sampling()`.
        pace: How to ask; None is `Pace()`.

    Raises:
        DataError: Two questions under one id, or no round.
        MathtuneError: As for `generate`.
    """
    if rounds < 1:
        raise DataError(f"expected at least 1, got {rounds}", field="rounds")
    how, chosen = pace or Pace(), sampling or Sampling()
    parts: list[Generation] = []
    ended: dict[tuple[str, int], Request] = {}
    under_way = list(questions)
    while under_way or not parts:
        may_call = len(parts) < rounds
        part = generate(
            under_way,
            model=model,
            path=path,
            client=client,
            sampling=_with_tools(chosen, tools, may_call=may_call),
            pace=_with_what_is_left(how, parts),
        )
        parts.append(part)
        ended.update({(request.problem_id, request.sample): request for request in part.requests})
        under_way = list(_next_questions(part, tools)) if may_call else []
    return _joined(parts, tuple(ended.values()))  # a dict keeps the order of the first round


def _with_tools(sampling: Sampling, tools: Calculator, *, may_call: bool) -> Sampling:
    choice = "auto" if may_call else "none"
    return attrs.evolve(sampling, extra={**sampling.extra, "tools": tools.tools, "tool_choice": choice})


def _with_what_is_left(pace: Pace, parts: list[Generation]) -> Pace:
    if pace.cost_limit is None:
        return pace
    return attrs.evolve(pace, cost_limit=pace.cost_limit - sum(part.cost or 0.0 for part in parts))


def _next_questions(part: Generation, tools: Calculator) -> Iterator[Question]:
    """Give the conversations that go on: with the calls of the last turn and their answers."""
    for request, response in zip(part.requests, part, strict=True):
        calls = response.tool_calls[:_MOST_CALLS]
        if calls:
            before = tuple(Message.from_dict(row) for row in request.body["messages"])
            said = Message("assistant", response.text or None, tool_calls=calls)
            messages = (*before, said, *(_answered(call, tools) for call in calls))
            yield Question(request.problem_id, messages, sample=request.sample, asked=request.asked)


def _answered(call: Mapping[str, Any], tools: Calculator) -> Message:
    function = call["function"]
    return Message("tool", tools.call(function["name"], function["arguments"]), tool_call_id=call["id"])


def _joined(parts: list[Generation], ended: tuple[Request, ...]) -> Generation:
    """Give one generation whose responses are the last turns and whose counts are those of all turns."""
    costs = [part.cost for part in parts if part.cost is not None]
    first = parts[0]
    return attrs.evolve(
        first,
        requests=ended,
        cost=sum(costs) if costs else None,
        **{
            name: sum(getattr(part, name) for part in parts)
            for name in ("asked", "asked_again", "limited", "faults")
        },
    )
