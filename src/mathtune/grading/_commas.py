"""`2,75` beside a single number: a decimal comma, not a list."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from fractions import Fraction

from mathtune.algebra import (
    Rational,
)

from ._values import (
    Items,
    Quantity,
)

__all__ = ["decimal_comma"]


def decimal_comma(items: Items) -> Quantity | None:
    """The number that two whole numbers with a bare comma between them are, if they may be one."""
    if items.kind not in ("list", "family") or items.opening != "," or len(items.items) != 2:
        return None
    whole, fraction = items.items
    if not (isinstance(whole, Quantity) and isinstance(fraction, Quantity)):
        return None
    first, second = whole.expression, fraction.expression
    if not (isinstance(first, Rational) and isinstance(second, Rational)) or first.digits or second.digits:
        return None
    if first.value.denominator != 1 or second.value.denominator != 1 or second.value < 0:
        return None
    if second.value.numerator.bit_length() > 200:
        return None
    places = len(str(second.value.numerator))
    if places < 2 and first.value:
        return None  # 2,3 is a list
    tail = Fraction(second.value.numerator, 10**places)
    value = first.value - tail if first.value < 0 else first.value + tail
    return Quantity(Rational(value, places), fraction.unit)
