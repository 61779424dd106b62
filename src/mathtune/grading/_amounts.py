"""Amounts in words beside a unit: millions and dozens, and one measure said in two units."""

from __future__ import annotations

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


# Units that are said together, larger first: 5 hours 30 minutes, 6 feet 2 inches.
_TOGETHER = (
    frozenset(
        ["h", "hr", "hour", "hours", "minute", "minutes", "min", "mins", "second", "seconds", "sec", "s"]
    ),
    frozenset(["ft", "foot", "feet", "inch", "inches", "in"]),
    frozenset(["lb", "lbs", "pound", "pounds", "ounce", "ounces", "oz"]),
    frozenset(["dollar", "dollars", "cent", "cents"]),
    frozenset(["m", "meter", "meters", "cm", "centimeters"]),
    frozenset(["kg", "kilograms", "g", "grams"]),
    frozenset(["year", "years", "month", "months"]),
    frozenset(["week", "weeks", "day", "days"]),
)


def add_measures(parts: list[Value]) -> Value | None:
    """One measure said in two or three units, in the first of them; None if these are several measures."""
    if not 2 <= len(parts) <= 3 or not all(isinstance(part, Quantity) and part.unit for part in parts):
        return None
    quantities = [part for part in parts if isinstance(part, Quantity)]
    names = [quantity.unit or "" for quantity in quantities]
    if len(set(names)) < len(names) or not any(set(names) <= together for together in _TOGETHER):
        return None
    units = [read_unit(name) for name in names]
    if sorted(units, key=lambda unit: -unit.factor) != units:
        return None
    terms = [
        multiply(quantity.expression, Rational(unit.factor / units[0].factor))
        for quantity, unit in zip(quantities, units, strict=True)
    ]
    return Quantity(add(*terms), names[0])
