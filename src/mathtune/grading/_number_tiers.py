"""The tiers of numbers, decided without a tree: integers and fractions, then the other usual writings."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mathtune.algebra import Budget, Rational

from ._asked import LONGEST_PROBLEM
from ._context import repeats_problem
from ._figures import figure, plain_ratio
from ._finding import Task
from ._number_words import names_no_number
from ._rounding import nearness
from ._verdict import Outcome, Reason, Verdict

if TYPE_CHECKING:
    from mathtune.policy import Policy

    from ._figures import Figure
    from ._side import Side

__all__ = ["figures", "number_and_words", "plain_numbers", "whole_numbers"]


def whole_numbers(gold: str, given: str, policy: Policy) -> Verdict | None:
    """Two short runs of digits, as half of all pairs are: decided before anything is made of either text."""
    if not (gold.isdecimal() and given.isdecimal()) or len(gold) + len(given) > _FEW_DIGITS:
        return None
    same = int(gold) == int(given)
    if policy.form != "any" or (not same and policy.has_tolerance):
        return None
    outcome, reason = _OUTCOMES[same]
    return Verdict(outcome, reason, "number", gold, given)


_FEW_DIGITS = 30
_OUTCOMES = (
    (Outcome.DIFFERENT, Reason.DIFFERENT_VALUE),
    (Outcome.EQUAL, Reason.SAME_VALUE),
)


def plain_numbers(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """Two integers, decimals or fractions: decided without a tree."""
    del budget
    first = gold.ratio
    second = plain_ratio(given.text) if first is not None or gold.text.count(", ") > _MANY_COMMAS else None
    if first is None or second is None:
        if second or (first and given.text.count(", ") > _MANY_COMMAS):
            form = gold.text[:200], given.text[:200]
            return Verdict(Outcome.DIFFERENT, Reason.DIFFERENT_COUNT, "number", *form)
        return None
    above, below, decimal = first
    other_above, other_below, other_decimal = second
    if above * other_below == other_above * below:
        return Verdict(Outcome.EQUAL, Reason.SAME_VALUE, "number", gold.text.strip(), given.text.strip())
    asked = gold.context is not None and (below != 1 or other_below != 1)
    if asked or policy.has_tolerance or ((decimal or other_decimal) and not _are_apart(first, second)):
        return None  # digits, tolerance or what the problem asks may matter
    return Verdict(Outcome.DIFFERENT, Reason.DIFFERENT_VALUE, "number", gold.text.strip(), given.text.strip())


def _are_apart(first: tuple[int, int, object], second: tuple[int, int, object]) -> bool:
    """Whether two numbers lie too far apart for either to be a decimal of the other, rounded or printed.

    Of each, above and below its line, and what is true if it was written as a decimal.
    """
    (above, below, decimal), (other_above, other_below, other_decimal) = first, second
    gap = abs(above * other_below - other_above * below)
    # more than one unit in the last place of each decimal, and more than what a double loses
    if (decimal and gap <= other_below) or (other_decimal and gap <= below):
        return False
    return gap * 10**13 > abs(above * other_below)


def figures(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """Two numbers in one of the usual ways of writing, if nothing but their values can count."""
    first = gold.figure
    second = None if first is None else figure(given.text)
    if first is None or second is None or (first.label and second.label):
        return None
    reason = _figures_agree(first, second, policy, budget)
    if reason is None or (gold.context is not None and _may_say_more(reason, first, second, gold, given)):
        return None
    outcome = Outcome.DIFFERENT if reason is Reason.DIFFERENT_VALUE else Outcome.EQUAL
    return Verdict(outcome, reason, "number", gold.text.strip(), given.text.strip())


def _may_say_more(reason: Reason, first: Figure, second: Figure, gold: Side, given: Side) -> bool:
    """Whether the problem may change what two figures are to each other: by rounding, percent or coins.

    A wide net: what the problem does ask is found where the values are compared.
    """
    said = (gold.context or "")[-LONGEST_PROBLEM:].lower()
    if first.unit != second.unit and (_is_named(first, second) or any(word in said for word in _COINS)):
        return True
    if reason is Reason.DIFFERENT_VALUE:
        return any(word in said for word in _ROUNDINGS)
    return repeats_problem(given.text, gold.text, gold.context)


_COINS = ("cent", "penn", "dime", "nickel", "quarter")
_ROUNDINGS = ("round", "nearest", "decimal", "sig", "approx", "percent", "per cent")


def _figures_agree(first: Figure, second: Figure, policy: Policy, budget: Budget) -> Reason | None:
    """Why two figures count as the same, or as different; None where their units have to be looked at."""
    exact = first.places is None and second.places is None
    if first.unit != second.unit:
        if (
            (first.unit and second.unit)
            or policy.units == "strict"
            or not (exact or _is_named(first, second) or "dollar" in (first.unit, second.unit))
        ):
            return None
        if "percent" in (first.unit, second.unit):
            return _percents_agree(first, second, policy)
    if first.above * second.below == second.above * first.below:
        return Reason.SAME_VALUE
    if not policy.has_tolerance and (exact or _are_apart(first[:3], second[:3])):
        return Reason.DIFFERENT_VALUE
    sides = [Rational(Fraction(side.above, side.below), side.places) for side in (first, second)]
    return nearness(Task(policy, budget), *sides) or Reason.DIFFERENT_VALUE


def _is_named(first: Figure, second: Figure) -> bool:
    """Whether a unit of measure stands beside a bare number, and not one of the signs of `_MARKS`."""
    return _MARKS.isdisjoint((first.unit, second.unit))


_MARKS = frozenset(["percent", "degree", "dollar"])


def _percents_agree(first: Figure, second: Figure, policy: Policy) -> Reason:
    r"""`28\%` is 0.28, and 28 where the sign was left out."""
    one, other = first.above * second.below, second.above * first.below
    forgotten = one == other and policy.percent == "either"
    same = one == 100 * other if first.unit == "percent" else 100 * one == other
    return Reason.SAME_VALUE if forgotten or same else Reason.DIFFERENT_VALUE


def number_and_words(gold: Side, given: Side, policy: Policy, budget: Budget) -> Verdict | None:
    """A number beside words that name none: nothing but the problem could make them one.

    A number under a label is more: `x = 0` is the y-axis.
    """
    del policy, budget
    number = gold.figure if gold.context is None else None
    if number is None or number.label or not names_no_number(given.text):
        return None
    return Verdict(Outcome.DIFFERENT, Reason.DIFFERENT_KIND, "words", gold.text.strip(), given.text[:200])


# A text with more commas than this holds no single number: numbers of 60 digits do not occur as answers.
_MANY_COMMAS = 20
