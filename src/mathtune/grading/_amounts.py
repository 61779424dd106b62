"""Amounts in words beside a unit: millions and dozens, and one measure said in two units."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from mathtune.algebra import Rational, add, multiply

from ._units import read_unit
from ._values import Quantity

if TYPE_CHECKING:
    from ._values import Value

__all__ = ["add_measures", "part_scale"]

_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1_000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}


_OF_PERCENT = {
    "percent": Fraction(1),
    "per cent": Fraction(1),
    "percentage points": Fraction(1),
    "percentage point": Fraction(1),
    "pp": Fraction(1),
    "basis points": Fraction(1, 100),
    "basis point": Fraction(1, 100),
}


def part_scale(unit: str) -> tuple[Fraction, str | None]:
    """`million dollars` is a million and the unit dollars; `basis points` are hundredths of a percent."""
    if unit.lower() in _OF_PERCENT:
        return _OF_PERCENT[unit.lower()], "percent"
    first, _, rest = unit.partition(" ")
    if first.lower() in ("percent", "%"):
        return Fraction(1), "percent"  # percent of the students
    scale = _SCALES.get(first.lower())
    return (Fraction(1), unit) if scale is None else (Fraction(scale), rest or None)


# What is said in two units: a length, a time, a mass, a volume, an amount of money.
_IN_PARTS = frozenset([(("L", 1),), (("T", 1),), (("M", 1),), (("L", 3),), (("$", 1),)])
# Coins are counted.
_COINS = frozenset(["nickel", "nickels", "dime", "dimes", "quarter", "quarters", "penny", "pennies"])


def add_measures(parts: list[Value], *, in_order: bool = True) -> Value | None:
    """One measure said in two or three units, larger ones first; None if these are several measures.

    `in_order` is False for what a plus joins: there any unit may come first.
    """
    if not 2 <= len(parts) <= 3 or not all(isinstance(part, Quantity) and part.unit for part in parts):
        return None
    measures = [(part, read_unit(part.unit or "")) for part in parts if isinstance(part, Quantity)]
    if any(measure.unit in _COINS or unit.dimension not in _IN_PARTS for measure, unit in measures):
        return None
    if len({unit.dimension for _measure, unit in measures}) > 1:
        return None
    if not in_order:
        measures.sort(key=lambda pair: -pair[1].factor)
    factors = [unit.factor for _measure, unit in measures]
    if not all(_holds_whole(large, small) for large, small in itertools.pairwise(factors)):
        return None
    terms = [multiply(measure.expression, Rational(unit.factor / factors[0])) for measure, unit in measures]
    return Quantity(add(*terms), measures[0][0].unit)


def _holds_whole(large: Fraction, small: Fraction) -> bool:
    """Whether one unit holds two or more of another: a yard three feet, but an inch no centimetres."""
    return large > small and (large / small).denominator == 1
