"""Preference pairs (DPO): for one question the answer to prefer and the one not to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.errors import DataError
from mathtune.grading import Outcome, grade
from mathtune.policy import Policy

from ._chat import ChatFormatter
from ._example import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mathtune.problems import Problem

__all__ = ["Preference", "PreferenceFormatter", "preference_pairs"]


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


def preference_pairs(
    problems: Iterable[Problem],
    responses: Mapping[str, Iterable[str]],
    *,
    formatter: PreferenceFormatter | None = None,
    per_problem: int = 1,
    policy: Policy | None = None,
) -> list[Preference]:
    r"""Pair verified responses with failed ones, problem by problem.

    A response is verified if its final answer is equal to the gold answer, failed if it is different (also if
    it has none); an undecided one is used for neither. Short ones come first on both sides, so that length is
    not what is learned.

    Args:
        problems: The problems with their gold answers.
        responses: What a model said to each, by the problem's id. Problems without are passed over.
        formatter: How a pair is written; None is the default.
        per_problem: At most so many pairs of a problem.
        policy: What counts as equal; None is the default.

    Returns:
        The pairs, in the order of the problems; none for a problem that was solved always or never.

    >>> from mathtune.problems import Problem
    >>> p = Problem(id="1", problem="What is $2+2$?", answer="4")
    >>> pairs = preference_pairs([p], {"1": ["It is \\boxed{5}.", "It is \\boxed{4}."]})
    >>> [(pair.preferred, pair.rejected) for pair in pairs]
    [('It is \\boxed{4}.', 'It is \\boxed{5}.')]
    """
    how = formatter or PreferenceFormatter()
    pairs = []
    for problem in problems:
        if problem.answer is not None and problem.id in responses:
            found = _pairs(problem, problem.answer, responses[problem.id], policy or Policy())
            pairs += [
                how.format(problem, preferred=good, rejected=bad)
                for (good, bad), _ in zip(found, range(per_problem), strict=False)
            ]
    return pairs


def _pairs(
    problem: Problem, gold: str, responses: Iterable[str], policy: Policy
) -> Iterator[tuple[str, str]]:
    verified: list[str] = []
    failed: list[str] = []
    for text in sorted({text for text in responses if text.strip()}, key=lambda text: (len(text), text)):
        outcome = grade(text, gold, policy=policy, context=problem.problem).outcome
        if outcome is not Outcome.UNDECIDED:
            (verified if outcome is Outcome.EQUAL else failed).append(text)
    return zip(verified, failed, strict=False)
