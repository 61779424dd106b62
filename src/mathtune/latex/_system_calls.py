"""Calls of algebra systems that mathematics writes with other signs: `atan2(y, x)`, `ident(3)`.

Each builder gives the node that the same thing has in LaTeX, or None if the arguments do not fit.
"""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

from typing import TYPE_CHECKING

from ._tree import (
    Accent,
    Call,
    Fraction,
    Group,
    List,
    Matrix,
    Node,
    Number,
    Power,
    Prefix,
    Product,
    Relation,
    Sum,
    Symbol,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    _Arguments = tuple[Node, ...]
    _Builder = Callable[[_Arguments], Node | None]

__all__ = ["SYSTEM_BUILDERS"]

_LARGEST_IDENTITY = 6


def _itself(arguments: _Arguments) -> Node:
    """`expand((x+1)^2)`: a command that changes how its first argument looks, not what it is."""
    first = arguments[0]
    return Group("(", first, ")") if isinstance(first, (Sum, Product, Prefix)) else first


def _last_of_two(arguments: _Arguments) -> Node | None:
    """`realset(x, oo(1, 2))`: a letter and the set that it runs through."""
    return arguments[1] if len(arguments) == 2 else None


def _related(operator: str) -> _Builder:
    return lambda arguments: Relation((operator,), arguments) if len(arguments) == 2 else None


def _multiplied(operator: str) -> _Builder:
    return lambda arguments: Product(arguments, (operator,)) if len(arguments) == 2 else None


def _truncated(arguments: _Arguments) -> Node:
    """The whole part towards zero."""
    size = Call(name="floor", arguments=(Call(name="abs", arguments=arguments),))
    return Product((Call(name="sgn", arguments=arguments), size), ("*",))


def _angle_of_point(arguments: _Arguments) -> Node | None:
    """`atan2(y, x)` is the argument of x + iy."""
    if len(arguments) != 2:
        return None
    above, right = (Group("(", argument, ")") for argument in arguments)
    return Call(name="arg", arguments=(Sum((right, Product((above, Symbol("i")), ("*",)))),))


def _scaled(above: Node, below: Node) -> _Builder:
    """`degrees(x)` and `radians(x)`."""
    return lambda arguments: Product((Group("(", arguments[0], ")"), above, below), ("*", "/"))


def _identity(arguments: _Arguments) -> Node | None:
    size = arguments[0].text if isinstance(arguments[0], Number) else ""
    if len(size) != 1 or not size.isdecimal() or not 0 < int(size) <= _LARGEST_IDENTITY:
        return None
    return _diagonal((Number("1"),) * int(size))


def _diagonal(arguments: _Arguments) -> Node | None:
    """`diag(1, 2)`, and `diag([1, 2])` with its list."""
    entries = _listed(arguments[0]) if len(arguments) == 1 else arguments
    rows = (
        tuple(entry if at == place else Number("0") for at in range(len(entries)))
        for place, entry in enumerate(entries)
    )
    return Matrix("pmatrix", tuple(rows)) if entries else None


def _listed(node: Node) -> _Arguments:
    """What stands in `[1, 2]` or `{1, 2}`."""
    body = node.body if isinstance(node, Group) and node.opening in ("[", "{") else None
    return body.items if isinstance(body, List) else (() if body is None else (body,))


def _inverse(arguments: _Arguments) -> Node:
    return Power(arguments[0], Prefix("-", Number("1")))


def _vector(arguments: _Arguments) -> Node | None:
    """`vec(a)` is a letter with an arrow, `vec(1, 2)` a vector by its components."""
    if len(arguments) > 1:
        return Group("⟨", List(",", arguments), "⟩")
    return Accent("vec", arguments[0]) if isinstance(arguments[0], Symbol) else None


def _logarithm(arguments: _Arguments) -> Node:
    """Mathematica's `Log[2, 8]`, with the base in front; other systems have it behind."""
    return Call(name="ln", arguments=arguments[::-1])


def _values(arguments: _Arguments) -> _Arguments:
    return _listed(arguments[0]) if len(arguments) == 1 else arguments


def _mean(arguments: _Arguments) -> Node | None:
    """`mean(1, 2, 6)`."""
    values = _values(arguments)
    return Fraction(Sum(values), Number(str(len(values)))) if len(values) > 1 else None


def _median(arguments: _Arguments) -> Node | None:
    """The middle one, or the mean of the two in the middle; of numbers only."""
    values = sorted((_size_of(value), value) for value in _values(arguments) if _is_number(value))
    if not values or len(values) < len(_values(arguments)):
        return None
    half = len(values) // 2
    return values[half][1] if len(values) % 2 else _mean((values[half - 1][1], values[half][1]))


def _is_number(node: Node) -> bool:
    inner = node.argument if isinstance(node, Prefix) and node.operator == "-" else node
    return (
        isinstance(inner, Number) and inner.text.replace(".", "", 1).isdecimal() and len(inner.text) < _LONG
    )


_LONG = 18


def _size_of(node: Node) -> float:
    if isinstance(node, Prefix):
        return -_size_of(node.argument)
    return float(node.text) if isinstance(node, Number) else 0.0


def _size(arguments: _Arguments) -> Node | None:
    """`cardinality({1, 2, 3})`: how many different numbers and letters are written out."""
    only = arguments[0]
    if len(arguments) > 1 or not isinstance(only, Group) or only.opening != "{":
        return None
    elements = _listed(only)
    return Number(str(len(set(elements)))) if all(map(_is_element, elements)) else None


def _is_element(node: Node) -> bool:
    """Whether a node is one element, and none that another way of writing it may repeat."""
    return _is_number(node) or (isinstance(node, Symbol) and node.name != "ldots")


SYSTEM_BUILDERS: dict[str, _Builder] = {
    "itself": _itself,
    "And": lambda arguments: List("and", arguments),
    "Or": lambda arguments: List("or", arguments),
    "realset": _last_of_two,
    "Ne": _related("≠"),
    "Lt": _related("<"),
    "Le": _related("≤"),
    "Gt": _related(">"),
    "Ge": _related("≥"),
    "setdifference": _multiplied("∖"),
    "stackunits": _multiplied("*"),
    "trunc": _truncated,
    "atan2": _angle_of_point,
    "degrees": _scaled(Number("180"), Symbol("pi")),
    "radians": _scaled(Symbol("pi"), Number("180")),
    "ident": _identity,
    "diag": _diagonal,
    "invert": _inverse,
    "vec": _vector,
    "Log[": _logarithm,
    "mean": _mean,
    "median": _median,
    "cardinality": _size,
}
