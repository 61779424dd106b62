"""Equations of a complex unknown, as the curves that they are: `|z - 2i| = 3` is x² + (y - 2)² = 9.

The unknown becomes x + iy, a conjugate the same with -i for i, and an absolute value the root of the product
of both. Values at real z alone would not tell 2i from -2i.
"""

from __future__ import annotations

from mathtune.algebra import (
    Add,
    Apply,
    Expression,
    Multiply,
    Power,
    Rational,
    add,
    multiply,
    negate,
    power,
    rational,
    symbols,
)

from ._equations import as_zero
from ._in_plane import in_coordinates, norm
from ._values import Equation, Named, Region, Value

__all__ = ["complex_curves", "in_plane"]

_UNKNOWNS = frozenset(["z", "w"])
_TWO = rational(2)


def complex_curves(gold: Value, given: Value) -> tuple[Expression, Expression] | None:
    """What both equations set to zero in x and y, if one of them is about a complex unknown.

    Args:
        gold: One value.
        given: The other.
    """
    first, second = _equation(gold), _equation(given)
    names = _unknown(first) | _unknown(second)
    if len(names) != 1:
        return None
    (name,) = names
    if any(_letters(side) & {"x", "y"} for side in (first, second) if _unknown(side)):
        return None
    curves = _curve(first, name), _curve(second, name)
    return None if curves[0] is None or curves[1] is None else (curves[0], curves[1])


def in_plane(expression: Expression) -> Expression:
    """A formula of a complex unknown with its absolute value, real part or conjugate, in x and y."""
    names = _unknown(Equation(expression, expression))
    return in_coordinates(expression, next(iter(names))) if len(names) == 1 else expression


def _equation(value: Value) -> Value:
    """The equation that a set of complex numbers is described by."""
    if isinstance(value, Region) and value.operator == "and":
        parts = [part for part in value.parts if part != Named("C")]
        return _equation(parts[0]) if len(parts) == 1 else value
    return value


def _letters(value: Value) -> frozenset[str]:
    return symbols(value.left) | symbols(value.right) if isinstance(value, Equation) else frozenset()


def _unknown(value: Value) -> frozenset[str]:
    """The letters z or w of an equation with an absolute value, a real part or a conjugate of them."""
    if not isinstance(value, Equation):
        return frozenset()
    letters = _letters(value)
    names = letters & _UNKNOWNS
    marked = names and (letters & _CONJUGATES or _is_marked(value.left) or _is_marked(value.right))
    return names if marked else frozenset()


_CONJUGATES = frozenset(f"{sign} {name}" for sign in ("overline", "bar") for name in _UNKNOWNS)


def _is_marked(expression: Expression) -> bool:
    if isinstance(expression, Apply):
        return expression.name in {"abs", "Re", "Im", "conj"} or any(map(_is_marked, expression.arguments))
    if isinstance(expression, (Add, Multiply)):
        return any(map(_is_marked, expression.terms if isinstance(expression, Add) else expression.factors))
    return isinstance(expression, Power) and _is_marked(expression.base)


def _curve(value: Value, name: str) -> Expression | None:
    """What an equation sets to zero; between absolute values, the difference of their squares."""
    if not isinstance(value, Equation):
        return as_zero(value)
    squares = _square(value.left, name), _square(value.right, name)
    if squares[0] is not None and squares[1] is not None:
        return add(squares[0], negate(squares[1]))
    return add(in_coordinates(value.left, name), negate(in_coordinates(value.right, name)))


def _square(side: Expression, name: str) -> Expression | None:
    """The square of a side that cannot be negative: a number, an absolute value, or a multiple of one."""
    if isinstance(side, Rational):
        return power(side, _TWO) if side.value >= 0 else None
    if isinstance(side, Apply) and side.name == "abs":
        return norm(side.arguments[0], name)
    if isinstance(side, Multiply) and isinstance(side.factors[0], Rational) and len(side.factors) == 2:
        rest = _square(side.factors[1], name)
        return None if rest is None else multiply(power(side.factors[0], _TWO), rest)
    root = isinstance(side, Power) and isinstance(side.base, Rational) and isinstance(side.exponent, Rational)
    return power(side, _TWO) if root else None
