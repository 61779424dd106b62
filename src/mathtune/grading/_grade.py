"""`equivalent` and `grade`: the tiers in turn, under one budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.algebra import Budget, BudgetExceededError
from mathtune.policy import Policy

from ._tiers import TIERS, Side
from ._verdict import Outcome, Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["equivalent", "grade"]


def equivalent(gold: str, given: str, *, policy: Policy = Policy(), context: str | None = None) -> Verdict:  # noqa: B008  (frozen)
    """Say whether two answers are the same mathematics.

    Args:
        gold: The expected answer, as LaTeX or plain mathematics.
        given: The answer to judge.
        policy: What counts as the same.
        context: The problem's text, where it is known: options, domains and units are taken from it.

    Never raises on any text: what cannot be decided is `Outcome.UNDECIDED`, with its reason.

    >>> equivalent("\\\\frac{1}{2}", "0.5").reason
    <Reason.SAME_VALUE: 'same_value'>
    >>> bool(equivalent("(1, 2]", "1 < x \\\\le 2"))
    True
    >>> equivalent("x^2 + 2x + 1", "(x+1)^2 + 1").outcome
    <Outcome.DIFFERENT: 'different'>
    """
    first, second = Side(gold, context), Side(given, context)
    budget = Budget(policy.work)
    try:
        for tier in TIERS:
            verdict = tier(first, second, policy, budget)
            if verdict is not None:
                return verdict
    except (BudgetExceededError, RecursionError, OverflowError, MemoryError, ZeroDivisionError):
        return Verdict(Outcome.UNDECIDED, Reason.TOO_COMPLEX, "", gold[:200], given[:200])
    return Verdict(Outcome.UNDECIDED, Reason.UNPARSED_ANSWER, "", gold[:200], given[:200])


def grade(response: str, gold: str, *, policy: Policy = Policy(), context: str | None = None) -> Verdict:  # noqa: B008  (frozen)
    """Take the final answer out of a response and compare it with the gold answer.

    Args:
        response: What a model said, whole.
        gold: The expected answer.
        policy: What counts as the same.
        context: The problem's text, where it is known.

    >>> grade("So x is $\\\\boxed{\\\\frac{3}{4}}$.", "0.75").outcome
    <Outcome.EQUAL: 'equal'>
    >>> grade("I do not know.", "7").reason
    <Reason.NO_ANSWER: 'no_answer'>
    """
    from mathtune.answers import extract_answer, is_cut_off

    answer = extract_answer(response, policy=policy)
    if answer is None:
        reason = Reason.CUT_OFF if is_cut_off(response) else Reason.NO_ANSWER
        return Verdict(Outcome.DIFFERENT, reason, "extraction", gold[:200], "")
    return equivalent(gold, answer.text, policy=policy, context=context)


if TYPE_CHECKING:
    _unused: Iterable[str]
