"""One inequality in one unknown -> the intervals on which it holds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mathtune.algebra import (
    Constant,
    Expression,
    Rational,
    add,
    divide,
    multiply,
    negate,
    numeric_value,
    rational,
    substitute,
    symbols,
)

from ._regions import INFINITY, MINUS_INFINITY, Interval, Unsolvable

if TYPE_CHECKING:
    from mathtune.algebra import Budget

    from ._values import Inequality

__all__ = ["solution"]


def solution(value: Inequality, unknown: str, budget: Budget) -> list[Interval]:
    """Where `left < right` holds (or `≤`, `≠`, `=`), for real values of the unknown.

    Raises:
        Unsolvable: It is not linear in the unknown, or a sign is not known.
    """
    gap = add(value.right, negate(value.left))
    slope, start = _linear(gap, unknown)
    sign = _sign(slope, budget)
    root = divide(negate(start), slope) if sign else None
    if root is None:
        raise Unsolvable
    if value.operator == "=":
        return [Interval(root, True, root, True)]
    if value.operator == "≠":
        return [Interval(MINUS_INFINITY, False, root, False), Interval(root, False, INFINITY, False)]
    closed = value.operator == "≤"
    if sign > 0:
        return [Interval(root, closed, INFINITY, False)]
    return [Interval(MINUS_INFINITY, False, root, closed)]


def _linear(gap: Expression, unknown: str) -> tuple[Expression, Expression]:
    at = [substitute(gap, {unknown: rational(place)}) for place in (0, 1, 2)]
    if any(_has_infinity(value) for value in at):
        raise Unsolvable
    slope = add(at[1], negate(at[0]))
    bend = add(at[2], negate(at[1]), negate(slope))
    if isinstance(bend, Rational):
        if bend.value:
            raise Unsolvable
    else:
        from mathtune.algebra import Budget, Match, compare

        if compare(bend, rational(0), Budget(500)).match is not Match.EQUAL:
            raise Unsolvable
    return slope, at[0]


def _has_infinity(value: Expression) -> bool:
    if value == Constant("infty"):
        return True
    parts = getattr(value, "terms", None) or getattr(value, "factors", None) or ()
    return any(_has_infinity(part) for part in parts)


def _sign(value: Expression, budget: Budget) -> int:
    if isinstance(value, Rational):
        return (value.value > 0) - (value.value < 0)
    if symbols(value):
        raise Unsolvable
    number = numeric_value(value, budget)
    if number is None or not number.imag.contains(0):
        raise Unsolvable
    return int(number.real > 0) - int(number.real < 0)


_ = (Fraction, multiply)
