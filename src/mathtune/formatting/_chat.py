"""From a problem to the conversation that teaches or asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.answers import last_boxed
from mathtune.errors import DataError
from mathtune.grading import equivalent
from mathtune.problems import Problems

from ._example import Example, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mathtune.problems import Problem

__all__ = ["ChatFormatter"]

_PLACE = "{problem}"


def _in_order(shots: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(shots)


def _holds_one_place(_: object, __: object, prompt: str) -> None:
    if prompt.count(_PLACE) != 1:
        raise DataError(f"expected {_PLACE} once, found {prompt.count(_PLACE)} times", field="prompt")


@attrs.frozen(kw_only=True)
class ChatFormatter:
    r"""Turn problems into conversations; the same value asks in training and in evaluation.

    Attributes:
        system: The system's message, or None for none.
        prompt: The user's message; `{problem}` stands in it once and is replaced by the problem as it is
            (nothing else in the prompt or in the problem is read as a template).
        shots: Problems shown with their solutions before the one that is asked.

    >>> from mathtune.problems import Problem
    >>> p = Problem(id="1", problem="What is $2+2$?", solution="Count on from 2: 3, 4.", answer="4")
    >>> example = ChatFormatter(prompt="{problem} Box the answer.").format(p)
    >>> [(m.role, m.content) for m in example.messages]  # doctest: +NORMALIZE_WHITESPACE
    [('user', 'What is $2+2$? Box the answer.'),
     ('assistant', 'Count on from 2: 3, 4.\n\nThe final answer is $\\boxed{4}$.')]
    """

    system: str | None = None
    prompt: str = attrs.field(
        default="{problem}\n\nPlease reason step by step, and put your final answer within \\boxed{}.",
        validator=_holds_one_place,
    )
    shots: tuple[Problem, ...] = attrs.field(default=(), converter=_in_order)

    def format(self, problem: Problem) -> Example:
        """Give the whole conversation, with the solution as the assistant's part.

        Raises:
            DataError: The problem has neither solution nor answer; its id is named.
        """
        return Example((*self.messages(problem), Message("assistant", _taught(problem))))

    def format_all(self, problems: Iterable[Problem]) -> list[Example]:
        """Give one example for each problem, in order.

        Raises:
            DataError: A problem has neither solution nor answer; its id is named.
        """
        return [self.format(problem) for problem in Problems(problems)]

    def messages(self, problem: Problem) -> tuple[Message, ...]:
        """Give the asking part: what a model is sent when it has to answer the problem."""
        opening = () if self.system is None else (Message("system", self.system),)
        shown = (
            m for shot in self.shots for m in (self._question(shot), Message("assistant", _taught(shot)))
        )
        return (*opening, *shown, self._question(problem))

    def _question(self, problem: Problem) -> Message:
        before, _, after = self.prompt.partition(_PLACE)
        return Message("user", f"{before}{problem.problem}{after}")


def _taught(problem: Problem) -> str:
    """Give the solution, ending in the gold answer's box even where the dataset boxed nothing."""
    solution = (problem.solution or "").rstrip()
    if problem.answer is None:
        if not solution:
            raise DataError(f"problem {problem.id!r} has neither solution nor answer", field="solution")
        return solution
    if solution and _boxes(solution, problem.answer):
        return solution
    closing = f"The final answer is $\\boxed{{{problem.answer}}}$."
    return f"{solution}\n\n{closing}" if solution else closing


def _boxes(solution: str, answer: str) -> bool:
    """Tell whether the solution's last box holds the answer, as mathematics where the texts differ."""
    boxed = last_boxed(solution)
    if boxed is None or boxed.strip() == answer.strip():
        return boxed is not None
    return bool(equivalent(answer, boxed))
