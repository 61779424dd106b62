"""Sums with dots: `1 + 2 + ... + n`, `a_0 + a_1 + ... + a_k`, `1 + x + x^2/2 + ...`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from mathtune.algebra import (
    Apply,
    Budget,
    Expression,
    Match,
    Rational,
    Variable,
    add,
    compare,
    divide,
    multiply,
    negate,
    rational,
    symbols,
)

from ._values import NotScalarError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["with_dots"]


def with_dots(shown: list[Expression], at: int) -> Expression:
    """The sum of a progression; else one unknown, named by its terms, or by its ends if they are letters.

    Terms before the run (`n - (...)` has its own group) do not occur in answers, so the whole sum is the run.

    Args:
        shown: The terms without the dots.
        at: The place of the dots.

    Raises:
        NotScalarError: The dots stand first, or among several terms behind them.
    """
    progression = _progression(shown, at)
    if progression is not None:
        return progression
    if at == len(shown) and at > 1:  # 1 + x + x^2/2 + ...: the terms shown name the series
        return Apply("series(", tuple(shown))
    if at == 0 or at != len(shown) - 1:
        raise NotScalarError
    if all(isinstance(term, Variable) for term in shown):  # a_0 + a_1 + ... + a_k: its ends name it
        shown = [shown[0], shown[-1]]
    return Apply("ellipsis", tuple(sorted(shown, key=repr)))


def _progression(shown: list[Expression], at: int) -> Expression | None:
    """The sum of `1 + 2 + ... + n` and of `1 + x + x^2 + ... + x^{n-1}`: in equal steps or ratios."""
    if at != len(shown) - 1 or at < 2 or all(isinstance(term, Variable) for term in shown):
        return None
    first, second, last = shown[0], shown[1], shown[-1]
    step = add(second, negate(first))
    if isinstance(step, Rational) and step.value and _steady(shown[:-1], lambda a: add(a, step)):
        terms = add(divide(add(last, negate(first)), step), rational(1))
        return divide(multiply(terms, add(first, last)), rational(2))
    if at < _SHOWN_OF_RATIO and not symbols(second):
        return None
    ratio = divide(second, first)
    if ratio == rational(1) or not _steady(shown[:-1], lambda a: multiply(a, ratio)):
        return None
    return divide(add(multiply(last, ratio), negate(first)), add(ratio, rational(-1)))


# 1 + 2 + ... + 64 may be either; three terms tell.
_SHOWN_OF_RATIO = 3


def _steady(terms: list[Expression], following: Callable[[Expression], Expression]) -> bool:
    pairs = itertools.pairwise(terms)
    return all(compare(following(one), other, Budget(500)).match is Match.EQUAL for one, other in pairs)
