"""Responses in, results out: the engine's verdict on each, every distinct question to it put once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.errors import DataError
from mathtune.grading import (
    Outcome,
    Reason,
    Regime,
    grade_asymptotic,
    hardmath_regimes,
    is_readable,
    judged_answer,
)
from mathtune.policy import Policy

from ._category import Category, categorise
from ._result import Result

if TYPE_CHECKING:
    from mathtune.answers import Answer
    from mathtune.generation import Response
    from mathtune.grading import Verdict
    from mathtune.problems import Problem

__all__ = ["EVALUATION_COLUMNS", "Grader"]

# The columns by which a row of HARDMath says where an approximation is evaluated, and what comes out there.
EVALUATION_COLUMNS = tuple(
    f"{end}_{column}" for end in ("small", "large") for column in ("eval_point", "analytical", "numerical")
)


class Grader:
    """Turn responses into results under one policy.

    Sampling repeats itself, so a verdict is remembered by problem, gold answer and response.

    Args:
        policy: What counts as the same answer.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._golds: dict[str, bool] = {}
        self._remembered: dict[tuple[str, float, str, str], tuple[Answer | None, Verdict]] = {}

    def result(self, problem: Problem, response: Response) -> Result:
        """Give the result of one response."""
        answer, verdict = self._judged(problem, response.text)
        category = Category.UNPARSED_GOLD
        if self._is_read(problem.answer):
            category = categorise(response, answer, verdict)
            if category is Category.NO_ANSWER and self._is_right_by_a_weaker_sign(problem, response.text):
                category = Category.FORM_ONLY
        return Result(problem=problem, response=response, answer=answer, verdict=verdict, category=category)

    def _judged(self, problem: Problem, text: str) -> tuple[Answer | None, Verdict]:
        """Give the answer and its verdict, asking once for responses that are the same word for word.

        Not for those with the same answer: a gold answer of several values, or a question that picks among
        them, is held against all that the response says.
        """
        key = (problem.problem, problem.tolerance, problem.answer or "", text)
        judged = self._remembered.get(key)
        if judged is None:
            judged = self._remembered[key] = _judged(problem, text, self._policy)
        return judged

    def _is_right_by_a_weaker_sign(self, problem: Problem, text: str) -> bool:
        """Whether a response without an answer of the form that the policy asks for is right all the same."""
        lenient = attrs.evolve(self._policy, weakest_sign=Policy().weakest_sign)
        if lenient == self._policy:
            return False
        return bool(_judged(problem, text, lenient)[1])

    def _is_read(self, gold: str | None) -> bool:
        """Whether the engine reads a gold answer.

        Asked of the gold alone: whether a response happens to be the same text must not decide whether its
        problem counts, else an accuracy would leave out wrong answers and keep right ones.
        """
        if gold is None:
            return False
        if gold not in self._golds:
            self._golds[gold] = is_readable(gold)
        return self._golds[gold]


def _judged(problem: Problem, text: str, policy: Policy) -> tuple[Answer | None, Verdict]:
    """Judge a response, with the tolerance that the problem's own data set sets."""
    if problem.tolerance > policy.absolute_tolerance:
        policy = attrs.evolve(policy, absolute_tolerance=problem.tolerance)
    answer, verdict = judged_answer(text, problem.answer or "", policy=policy, context=problem.problem)
    if answer is None or verdict or not _is_near(text, problem, policy):
        return answer, verdict
    near = attrs.evolve(verdict, outcome=Outcome.EQUAL, reason=Reason.WITHIN_TOLERANCE, tier="asymptotic")
    return answer, near


def _is_near(text: str, problem: Problem, policy: Policy) -> bool:
    """Whether a response to a problem of HARDMath comes near enough at every point that its row names."""
    regimes = _regimes(problem)
    return bool(regimes) and len(grade_asymptotic(text, regimes, policy=policy).matched) == len(regimes)


def _regimes(problem: Problem) -> list[Regime]:
    """Where an approximation is evaluated; nowhere unless the problem's row says so."""
    if not any(problem.metadata.get(column) for column in EVALUATION_COLUMNS):
        return []
    try:
        return hardmath_regimes({**problem.metadata, "answer_val": problem.answer})
    except DataError:  # a broken row is judged by its answer alone
        return []
