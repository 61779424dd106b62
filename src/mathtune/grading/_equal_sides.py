"""Two sides of `=` or `≈` that ought to be one number: which of them is meant, or that they are not."""

from __future__ import annotations

from mathtune.algebra import (
    Bound,
    Budget,
    Expression,
    Match,
    Rational,
    add,
    compare,
    negate,
    numeric_value,
    symbols,
)

from ._complex import in_plane
from ._values import Equation, Items, Quantity, Statement, Value

__all__ = ["approximation", "consistent", "differ", "is_identity"]


def approximation(left: Value, right: Value) -> Value:
    r"""`\frac{281}{43} ≈ 6.53` gives the exact value and its decimal; either may be meant."""
    if isinstance(left, Quantity) and isinstance(right, Quantity) and not symbols(left.expression):
        if _is_far(left.expression, right.expression):
            return Statement("=", left, right)  # a false one, and no value
        unit = left.unit or right.unit
        return Items(
            kind="approximation", items=(Quantity(left.expression, unit), Quantity(right.expression, unit))
        )
    return left


# The share by which an approximation may miss its exact side.
_FAR = 0.1


def _is_far(exact: Expression, rounded: Expression) -> bool:
    if symbols(rounded):
        return False
    value = numeric_value(exact, Budget(2_000))
    gap = numeric_value(add(exact, negate(rounded)), Budget(2_000))
    return value is not None and gap is not None and bool(abs(gap) > abs(value) * _FAR)


def is_identity(left: Expression, right: Expression) -> bool:
    """Whether two sides with the same letters are one expression: then an equation says nothing."""
    if symbols(left) != symbols(right):
        return False
    return compare(in_plane(left), in_plane(right), Budget(2_000)).match is Match.EQUAL


def consistent(left: Quantity, right: Quantity) -> Value:
    r"""`3 \cdot 4 = 12`: one number written twice; otherwise it is a false statement, not a number.

    What has no value of its own, as an integral of an unknown function, is said to have one.
    """
    found = compare(left.expression, right.expression, Budget(2_000)).match
    if found is Match.UNKNOWN and type(left.expression) is Bound:
        return Equation(left.expression, right.expression)
    if found is Match.DIFFERENT:
        rounded = isinstance(right.expression, Rational) and right.expression.digits
        return approximation(left, right) if rounded else Statement("=", left, right)
    return right if isinstance(left.expression, Rational) else left


def differ(one: Quantity, other: Quantity) -> bool:
    """Whether two sides are certainly not one number."""
    return compare(one.expression, other.expression, Budget(2_000)).match is Match.DIFFERENT
