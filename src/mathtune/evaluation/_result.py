"""One response with all that was found out about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ._category import Category

if TYPE_CHECKING:
    from mathtune.answers import Answer
    from mathtune.generation import Response
    from mathtune.grading import Verdict
    from mathtune.problems import Problem

__all__ = ["Result"]


@attrs.frozen(kw_only=True)
class Result:
    """One response with all that was found out about it.

    Attributes:
        problem: The problem that was asked.
        response: What the model answered.
        answer: The final answer in it, the one that the verdict is about, or None.
        verdict: Whether that is the gold answer, and why.
        category: What became of the response.
    """

    problem: Problem
    response: Response
    answer: Answer | None
    verdict: Verdict
    category: Category

    @property
    def correct(self) -> bool:
        """Whether the response is right."""
        return self.category is Category.CORRECT

    @property
    def counts(self) -> bool:
        """Whether the response counts in an accuracy: all do whose problem's gold answer can be read."""
        return self.category is not Category.UNPARSED_GOLD
