r"""Continued fractions by their parts: `[2; 1, 3]` is 2 + 1/(1 + 1/3), `[1; \overline{2}]` the root of 2."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mathtune.algebra import Rational, add, divide, multiply, power, rational
from mathtune.latex import Accent, Group, List, Number

from ._values import Quantity

if TYPE_CHECKING:
    from mathtune.algebra import Expression
    from mathtune.latex import Node

__all__ = ["continued_fraction"]

_MOST_PARTS = 60
_LONGEST_PART = 9
# (a x + b) / (c x + d), by its rows
_Map = tuple[int, int, int, int]
_SAME: _Map = (1, 0, 0, 1)


def continued_fraction(node: Group) -> Quantity | None:
    """The number of `[2; 1, 3]`, whose parts are whole numbers behind one semicolon; None for all else."""
    body = node.body if node.opening == "[" and node.closing == "]" else None
    if not isinstance(body, List) or body.separator != ";" or len(body.items) != len(("whole", "rest")):
        return None
    tail = body.items[1].items if isinstance(body.items[1], List) else (body.items[1],)
    period = tail[-1] if isinstance(tail[-1], Accent) and tail[-1].name in {"overline", "bar"} else None
    fixed = _whole((body.items[0], *(tail if period is None else tail[:-1])))
    repeated = () if period is None else _whole(_listed(period.body))
    if fixed is None or repeated is None:
        return None
    return Quantity(_end(fixed) if period is None else _applied(_map(fixed), _repeating(repeated)))


def _listed(node: Node) -> tuple[Node, ...]:
    inner = node.body if isinstance(node, Group) and node.body is not None else node
    return inner.items if isinstance(inner, List) else (inner,)


def _whole(parts: tuple[Node, ...]) -> tuple[int, ...] | None:
    digits = [part.text for part in parts if isinstance(part, Number) and part.text.isdecimal()]
    short = len(digits) <= _MOST_PARTS and all(len(part) <= _LONGEST_PART for part in digits)
    numbers = tuple(map(int, digits)) if len(digits) == len(parts) and short else ()
    return numbers if numbers and all(numbers[1:]) else None


def _end(parts: tuple[int, ...]) -> Expression:
    value = Fraction(parts[-1])
    for part in reversed(parts[:-1]):
        if not value:
            return rational(part)
        value = part + 1 / value
    return Rational(value)


def _map(parts: tuple[int, ...]) -> _Map:
    """What the parts make of the x behind them: part + 1/x, one after another."""
    a, b, c, d = _SAME
    for part in parts:
        a, b, c, d = a * part + b, a, c * part + d, c
    return a, b, c, d


def _repeating(parts: tuple[int, ...]) -> Expression:
    """The positive x that the period's map leaves as it is."""
    a, b, c, d = _map(parts)
    root = power(rational((a - d) ** 2 + 4 * b * c), rational(1, 2))
    return divide(add(rational(a - d), root), rational(2 * c))


def _applied(by: _Map, x: Expression) -> Expression:
    a, b, c, d = map(rational, by)
    return divide(add(multiply(a, x), b), add(multiply(c, x), d))
