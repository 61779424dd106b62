r"""A formula at a place, or between two: `\left. x^2 \right|_{x=3}`, `[x^2]_0^1`, `x^2 \Big|_0^1`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.algebra import (
    Bound,
    Expression,
    add,
    infinite_sign,
    negate,
    substitute,
    symbols,
)
from mathtune.latex import Group, Node, Power, Relation, Subscript, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    Formula = Callable[[Node], Expression]

__all__ = ["at_place", "between_ends"]


def at_place(node: Subscript, formula: Formula) -> Expression | None:
    """The value at the place that stands at a bar; None where none does."""
    body = _barred(node)
    if body is None or not isinstance(node.index, Relation):
        return None
    value, (letter, place) = formula(body), _place(node.index)
    known = isinstance(letter, Symbol) and letter.name in symbols(value)
    return _at(value, letter.name, formula(place)) if known and isinstance(letter, Symbol) else None


def between_ends(node: Power, formula: Formula) -> Expression | None:
    """The value at the upper end less that at the lower, of the only letter or of the one that is named."""
    below = node.base
    body = _barred(below) if isinstance(below, Subscript) else None
    if body is None or not isinstance(below, Subscript):
        return None
    value, (letter, low), (_, high) = formula(body), _place(below.index), _place(node.exponent)
    names = {letter.name} if isinstance(letter, Symbol) else symbols(value)
    if len(names) != 1:
        return None
    (name,) = names
    return add(_at(value, name, formula(high)), negate(_at(value, name, formula(low))))


def _barred(node: Subscript) -> Node | None:
    """What stands before a bar, or in square brackets that have a script."""
    base = node.base
    return base.body if isinstance(base, Group) and base.opening in {"", "["} else None


def _place(script: Node) -> tuple[Node | None, Node]:
    """`x = 1` and `1`: the letter, if it is named, and its value."""
    named = isinstance(script, Relation) and script.operators == ("=",)
    return (script.sides[0], script.sides[1]) if isinstance(script, Relation) and named else (None, script)


def _at(value: Expression, name: str, place: Expression) -> Expression:
    if infinite_sign(place):
        return Bound("lim", name, value, place, None)
    return substitute(value, {name: place})
