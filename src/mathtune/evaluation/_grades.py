"""Responses in, results out: the engine's verdict on each, every distinct question to it put once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.answers import extract_answer
from mathtune.grading import grade, is_readable
from mathtune.policy import Policy

from ._category import Category, categorise
from ._result import Result

if TYPE_CHECKING:
    from mathtune.generation import Response
    from mathtune.grading import Verdict
    from mathtune.problems import Problem

__all__ = ["Grader"]


class Grader:
    """Turn responses into results under one policy.

    Sampling repeats itself, so a verdict is remembered by problem, gold answer and response.

    Args:
        policy: What counts as the same answer.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._golds: dict[str, bool] = {}
        self._verdicts: dict[tuple[str, float, str, str], Verdict] = {}

    def result(self, problem: Problem, response: Response) -> Result:
        """Give the result of one response."""
        answer = extract_answer(response.text, policy=self._policy)
        verdict = self._verdict(problem, response.text)
        category = Category.UNPARSED_GOLD
        if self._is_read(problem.answer):
            category = categorise(response, answer, verdict)
            if category is Category.NO_ANSWER and self._is_right_by_a_weaker_sign(problem, response.text):
                category = Category.FORM_ONLY
        return Result(problem=problem, response=response, answer=answer, verdict=verdict, category=category)

    def _is_right_by_a_weaker_sign(self, problem: Problem, text: str) -> bool:
        """Whether a response without an answer of the form that the policy asks for is right all the same."""
        lenient = attrs.evolve(self._policy, weakest_sign=Policy().weakest_sign)
        if lenient == self._policy:
            return False
        return bool(self._judged(problem, text, lenient))

    def _verdict(self, problem: Problem, text: str) -> Verdict:
        """Give what `grade` says of a response, asking it once for those that are the same word for word.

        Not for those with the same answer: a gold answer of several values, or a question that picks among
        them, is held against all that the response says.
        """
        key = (problem.problem, problem.tolerance, problem.answer or "", text)
        verdict = self._verdicts.get(key)
        if verdict is None:
            verdict = self._verdicts[key] = self._judged(problem, text, self._policy)
        return verdict

    def _judged(self, problem: Problem, text: str, policy: Policy) -> Verdict:
        """Give what `grade` says, with the tolerance that the problem's own data set sets."""
        if problem.tolerance > policy.absolute_tolerance:
            policy = attrs.evolve(policy, absolute_tolerance=problem.tolerance)
        return grade(text, problem.answer or "", policy=policy, context=problem.problem)

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
