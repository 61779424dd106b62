"""Preference pairs (DPO): for one question the answer to prefer and the one not to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError

from ._chat import ChatFormatter
from ._example import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mathtune.problems import Problem

__all__ = ["Preference", "PreferenceFormatter"]


def _in_order(messages: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(messages)


@attrs.frozen(kw_only=True)
class Preference:
    """One line of a preference file.

    Attributes:
        messages: What is asked.
        preferred: The assistant's text to prefer.
        rejected: The assistant's text not to prefer.
    """

    messages: tuple[Message, ...] = attrs.field(converter=_in_order)
    preferred: str
    rejected: str

    def to_dict(self) -> dict[str, Any]:
        """Give the line's object as the protocol's `dpo` method takes it."""
        return {
            "input": {"messages": [message.to_dict() for message in self.messages]},
            "preferred_output": [Message("assistant", self.preferred).to_dict()],
            "non_preferred_output": [Message("assistant", self.rejected).to_dict()],
        }


@attrs.frozen(kw_only=True)
class PreferenceFormatter:
    r"""Turn a problem and two answers into a preference.

    Attributes:
        chat: How the problem is asked.

    >>> from mathtune.problems import Problem
    >>> p = Problem(id="1", problem="What is $2+2$?", answer="4")
    >>> PreferenceFormatter().format(p, preferred="$\\boxed{4}$", rejected="$\\boxed{5}$").rejected
    '$\\boxed{5}$'
    """

    chat: ChatFormatter = attrs.field(factory=ChatFormatter)

    def format(self, problem: Problem, *, preferred: str, rejected: str) -> Preference:
        """Give the preference.

        Raises:
            DataError: Both answers are the same, or one is empty.
        """
        if not preferred.strip() or not rejected.strip():
            raise DataError(f"problem {problem.id!r} needs two answers, one is empty", field="preferred")
        if preferred == rejected:
            raise DataError(f"problem {problem.id!r} has the same answer twice", field="rejected")
        return Preference(messages=self.chat.messages(problem), preferred=preferred, rejected=rejected)
