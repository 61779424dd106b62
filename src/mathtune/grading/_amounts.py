"""Amounts beside a unit: millions and dozens, one measure said in two units, the sides of a rectangle."""

# ruff: noqa: RUF001, RUF002  (the signs of mathematics look like letters)

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

from mathtune.algebra import Rational, add, multiply
from mathtune.latex import Number, Product

from ._letter_units import with_letter_unit
from ._measures import starts_unit
from ._units import read_unit, units_beside
from ._values import Items, Quantity

if TYPE_CHECKING:
    from ._values import Read, Value

__all__ = ["SIDES", "add_measures", "measure_in_two_units", "part_scale", "sides"]

# Between the sides of a rectangle, and the mark of a list of them.
SIDES = "×"

_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "lakh": 10**5,
    "crore": 10**7,
    "thousand": 1_000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}


_ONE = Fraction(1)
_OF_PERCENT = {
    **dict.fromkeys(("percent", "per cent", "percentage points", "percentage point", "pp"), _ONE),
    **dict.fromkeys(("prozent", "pour cent", "por ciento", "por cento", "per cento"), _ONE),
    "basis points": Fraction(1, 100),
    "basis point": Fraction(1, 100),
}


def part_scale(unit: str) -> tuple[Fraction, str | None]:
    """`million dollars` is a million and the unit dollars; `basis points` are hundredths of a percent."""
    if unit.lower() in _OF_PERCENT:
        return _OF_PERCENT[unit.lower()], "percent"
    first, _, rest = unit.partition(" ")
    if first.lower() in ("percent", "%"):
        return _ONE, "percent"  # percent of the students
    scale = _SCALES.get(first.lower().removesuffix("s"))
    return (_ONE, unit) if scale is None else (Fraction(scale), rest or None)


# What is said in two units: a length, a time, a mass, a volume, an amount of money.
_IN_PARTS = frozenset([(("L", 1),), (("T", 1),), (("M", 1),), (("L", 3),), (("$", 1),), (("P", 1),)])
# Coins are counted.
_COINS = frozenset(["nickel", "nickels", "dime", "dimes", "quarter", "quarters", "penny", "pennies"])


def add_measures(parts: list[Value], *, in_order: bool = True) -> Value | None:
    """One measure said in two or three units, larger ones first; None if these are several measures.

    `in_order` is False for what a plus joins: there any unit may come first.
    """
    if not 2 <= len(parts) <= 3 or not all(isinstance(part, Quantity) and part.unit for part in parts):
        return None
    names = [part.unit or "" for part in parts if isinstance(part, Quantity)]
    if read_unit(names[0]).dimension == (("T", 1),):
        names = ["min" if name == "m" else name for name in names]  # 2h 30m
    pairs = [units_beside(names[0], name) for name in names[1:]]
    units = [pairs[0][0], *(second for _first, second in pairs)]
    measures = [(part, unit) for part, unit in zip(parts, units, strict=True) if isinstance(part, Quantity)]
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
    unit = "sterling" if measures[0][1].dimension == (("P", 1),) else measures[0][0].unit
    return Quantity(add(*terms), unit)


def _holds_whole(large: Fraction, small: Fraction) -> bool:
    """Whether one unit holds two or more of another: a yard three feet, but an inch no centimetres."""
    return large > small and (large / small).denominator == 1


def measure_in_two_units(node: Product, read: Read) -> Value | None:
    """`2 feet 6 inches`, `5 h 30 min`: a measure in two units of one kind."""
    if len(node.factors) != 4 or any(node.operators) or not isinstance(node.factors[2], Number):
        return None
    if not (starts_unit(node.factors[1]) and starts_unit(node.factors[3])):
        return None
    parts = [read(Product(node.factors[at : at + 2], ("",))) for at in (0, 2)]
    return add_measures(parts)


def sides(node: Product, read: Read) -> Items | None:
    """`4 ft × 12 ft`: the sides of a rectangle, in any order; beside an area their product."""
    if (
        len(node.factors) != len(("4", "ft", "12", "ft"))
        or node.operators[1] != SIDES
        or node.operators.count(SIDES) > 1
    ):
        return None
    halves = [Product(node.factors[at : at + 2], node.operators[at : at + 1]) for at in (0, 2)]
    lengths = [with_letter_unit(side) for side in map(read, halves) if isinstance(side, Quantity)]
    measured = [side for side in lengths if side.unit and read_unit(side.unit).dimension == (("L", 1),)]
    return Items(kind="list", items=tuple(measured), opening=SIDES) if len(measured) == len(halves) else None
