r"""Units of more than one number: `3.2 ± 0.1 cm`, `\frac{9\text{cm}}{2}`, `\frac{6\text{m}}{2\text{ s}}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import Rational, divide, multiply
from mathtune.latex import Fraction, Product, Text

from ._amounts import part_scale
from ._matrices import scalar
from ._measures import part_unit
from ._units import read_unit
from ._values import Items, Quantity, Value

if TYPE_CHECKING:
    from ._values import Read

__all__ = ["divided", "in_unit"]


def in_unit(value: Value, unit: str) -> Value:
    """A number with its unit; of `3.2 ± 0.1 cm` both numbers, of a vector every entry."""
    if isinstance(value, Items) and (value.kind == "family" or value.opening == "⟨"):
        return attrs.evolve(value, items=tuple(in_unit(item, unit) for item in value.items))
    if not isinstance(value, Quantity):
        return value
    scale, rest = part_scale(unit)
    return Quantity(multiply(Rational(scale), value.expression) if scale != 1 else value.expression, rest)


def divided(node: Fraction, read: Read) -> Quantity | None:
    """The numbers divided, and the units; None where no known unit stands above the bar."""
    above = node.numerator
    if type(above) is not Product or Text not in map(type, above.factors):
        return None
    value = read(above)
    if not isinstance(value, Quantity) or not value.unit or not read_unit(value.unit).dimension:
        return None
    body, per = part_unit(node.denominator)
    below = scalar(body)
    if not isinstance(below, Quantity):
        return None
    unit = value.unit if per is None else f"{value.unit}/{per}"
    return Quantity(divide(value.expression, below.expression), unit)
