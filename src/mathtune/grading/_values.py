"""What an answer means, by shape. A scalar's value is an expression of `mathtune.algebra`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

    from mathtune.algebra import Expression
    from mathtune.latex import Node

    # How a rule of reading gets at the values of a node's parts.
    Read = Callable[[Node], "Value"]

__all__ = [
    "OR",
    "Equation",
    "Inequality",
    "Items",
    "Labelled",
    "Named",
    "NotScalarError",
    "Phrase",
    "Quantity",
    "Region",
    "Restricted",
    "Statement",
    "Table",
    "Value",
    "formula_of",
    "is_by_cases",
    "unnamed",
]


class NotScalarError(Exception):
    """The tree is no single number or formula."""


@attrs.frozen
class Quantity:
    """A number or formula, with the unit written behind it (`percent` and `degree` count as units)."""

    expression: Expression
    unit: str | None = None


@attrs.frozen(kw_only=True)
class Items:
    """Several values, of a kind.

    `list` (no brackets), `tuple`, `set`, `family` (by `or` or `±`), `approximation` (two readings).
    """

    kind: str
    items: tuple[Value, ...]
    opening: str = ""
    closing: str = ""


@attrs.frozen
class Named:
    """A set with a name: R, Z, N, Q, C."""

    name: str


@attrs.frozen
class Equation:
    """left = right, not solved for a name."""

    left: Expression
    right: Expression


@attrs.frozen
class Inequality:
    """left `<`, `≤` or `≠` right; `>` and `≥` are turned round."""

    operator: str
    left: Expression
    right: Expression


@attrs.frozen
class Statement:
    """Any other relation between two values, as `A ⊂ B`; the sign is turned to one of a pair of opposites."""

    operator: str
    left: Value
    right: Value


@attrs.frozen
class Region:
    """Sets or statements joined: `and`, `or`, `minus`."""

    operator: str
    parts: tuple[Value, ...]


@attrs.frozen
class Labelled:
    """A value with its name: x = 5, f(x) = 2x (with the arguments' names), Minimum: 1."""

    label: str
    value: Value
    arguments: tuple[str, ...] = ()


@attrs.frozen
class Restricted:
    """A value and what must hold for it, where that is a formula: `2n, where n = 3m`."""

    value: Value
    condition: Value


@attrs.frozen
class Table:
    """A matrix, by rows."""

    rows: tuple[tuple[Value, ...], ...]


@attrs.frozen
class Phrase:
    """Words, normalised: lower case, single blanks, no final stop; and whether they name a person."""

    words: str
    is_name: bool = attrs.field(default=False, eq=False)


Value = (
    Quantity
    | Items
    | Named
    | Equation
    | Inequality
    | Region
    | Labelled
    | Statement
    | Restricted
    | Table
    | Phrase
)


# The mark of a family whose values were said with `or` between them, which no interval or point is.
OR = "or"


def unnamed(value: Value) -> Value:
    """What a name stands for; a value without one is itself."""
    return value.value if isinstance(value, Labelled) else value


def formula_of(value: Value) -> Expression | None:
    """The formula of a number or function, under whatever name."""
    inner = unnamed(value)
    return inner.expression if isinstance(inner, Quantity) else None


def is_by_cases(value: Value) -> bool:
    """Whether a value, under whatever name, is a function by cases."""
    inner = unnamed(value)
    return isinstance(inner, Items) and inner.opening == "{="
