"""Decimal commas: `2,75` beside a single number, `[1,5; 2]` between semicolons."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from fractions import Fraction

from mathtune.algebra import (
    Rational,
)
from mathtune.latex import List, Node, Number, Prefix, Relation

from ._values import (
    Items,
    Quantity,
)

__all__ = ["between_semicolons", "decimal_comma"]


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


def between_semicolons(body: List) -> tuple[Node, ...]:
    """The items of `1,5; 2`, where a comma without a blank parts the digits of one number."""
    return tuple(_decimal(item) or item for item in body.items)


def _decimal(item: Node) -> Node | None:
    """`1,5`, `-1,5` or `x = 1,5` as the number that it is between semicolons."""
    if not isinstance(item, List) or item.separator != "," or len(item.items) != len(("whole", "tail")):
        return None
    first, tail = item.items
    if not isinstance(tail, Number) or not tail.text.isdecimal():
        return None
    if isinstance(first, Relation) and first.operators == ("=",):
        last = _decimal(List(",", (first.sides[1], tail)))
        return None if last is None else Relation(("=",), (first.sides[0], last))
    if isinstance(first, Prefix):
        argument = _decimal(List(",", (first.argument, tail)))
        return None if argument is None else Prefix(first.operator, argument)
    whole = isinstance(first, Number) and first.text.isdecimal()
    return Number(f"{first.text}.{tail.text}") if whole and isinstance(first, Number) else None
