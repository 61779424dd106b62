"""Examples for reinforcement (RFT): what is asked, and what the grader needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError
from mathtune.problems import Problems

from ._chat import ChatFormatter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mathtune.problems import Problem

    from ._example import Message

__all__ = ["ReinforcementExample", "ReinforcementFormatter"]

_RESERVED = {"messages", "tools"}


def _in_order(messages: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(messages)


def _is_free(_: object, __: object, item: Mapping[str, Any]) -> None:
    if taken := _RESERVED & set(item):
        raise DataError("the protocol has this key for itself", field=min(taken))


@attrs.frozen(kw_only=True)
class ReinforcementExample:
    """One line of a reinforcement file.

    Attributes:
        messages: What is asked; the user speaks last.
        item: What graders read as `{{ item.key }}`.
    """

    messages: tuple[Message, ...] = attrs.field(converter=_in_order)
    item: Mapping[str, Any] = attrs.field(factory=dict, hash=False, validator=_is_free)

    def to_dict(self) -> dict[str, Any]:
        """Give the line's object as the protocol's `reinforcement` method takes it."""
        return {"messages": [message.to_dict() for message in self.messages], **self.item}


@attrs.frozen(kw_only=True)
class ReinforcementFormatter:
    """Turn problems into examples for reinforcement: the question, and the gold answer for the grader.

    A system prompt is written in the role `developer`, which is the one that this method takes.

    Attributes:
        chat: How the problem is asked.

    >>> from mathtune.problems import Problem
    >>> p = Problem(id="1", problem="What is $2+2$?", answer="4", subject="Arithmetic")
    >>> ReinforcementFormatter().format(p).item
    {'answer': '4', 'problem_id': '1', 'problem': 'What is $2+2$?', 'subject': 'Arithmetic', 'level': None}
    """

    chat: ChatFormatter = attrs.field(factory=ChatFormatter)

    def format(self, problem: Problem) -> ReinforcementExample:
        """Give the example.

        Raises:
            DataError: The problem has no answer to grade by; its id is named.
        """
        if problem.answer is None:
            raise DataError(f"problem {problem.id!r} has no answer to grade by", field="answer")
        messages = (
            attrs.evolve(message, role="developer") if message.role == "system" else message
            for message in self.chat.messages(problem)
        )
        item = {
            "answer": problem.answer,
            "problem_id": problem.id,
            "problem": problem.problem,
            "subject": problem.subject,
            "level": problem.level,
        }
        return ReinforcementExample(messages=messages, item=item)

    def format_all(self, problems: Iterable[Problem]) -> list[ReinforcementExample]:
        """Give one example for each problem, in order.

        Raises:
            DataError: A problem has no answer to grade by; its id is named.
        """
        return [self.format(problem) for problem in Problems(problems)]
