"""A complex letter is a point: z becomes x + iy, a conjugate the same with -i for i.

An absolute value becomes the root of the product of both. Values at real z alone would not tell 2i from -2i.
"""

from __future__ import annotations

from mathtune.algebra import (
    Add,
    Apply,
    Budget,
    Constant,
    Expression,
    Match,
    Multiply,
    Power,
    Rational,
    Variable,
    add,
    apply,
    compare,
    divide,
    multiply,
    negate,
    nodes,
    power,
    rational,
    substitute,
    symbols,
)

__all__ = ["differ_in_plane", "in_coordinates", "norm"]

_I = Constant("i")
_POINT = add(Variable("x"), multiply(_I, Variable("y")))
_TWO = rational(2)


def differ_in_plane(first: Expression, second: Expression, budget: Budget) -> bool:
    r"""Whether two formulas of a complex letter differ, though they agree where it is real.

    A letter is complex where it stands alone under a real part, an imaginary part or a conjugate: of a real
    letter these are the letter, zero and the letter again.
    """
    if not (symbols(first) or symbols(second)):
        return False
    letters = {
        node.arguments[0].name
        for side in (first, second)
        for node in nodes(side)
        if type(node) is Apply and node.name in _PARTS and type(node.arguments[0]) is Variable
    }
    if len(letters) != 1:
        return False
    apart: dict[str, Expression] = {axis: Variable(f"#{axis}") for axis in ("x", "y")}
    apart[letters.pop()] = Variable("z")
    one, other = (in_coordinates(substitute(side, apart), "z") for side in (first, second))
    return compare(one, other, budget).match is Match.DIFFERENT


_PARTS = frozenset(["Re", "Im", "conj"])


def norm(expression: Expression, name: str) -> Expression:
    """The square of the absolute value."""
    value = in_coordinates(expression, name)
    return multiply(value, _conjugate(value))


def _conjugate(value: Expression) -> Expression:
    return substitute(value, {"i": multiply(rational(-1), _I)})


def in_coordinates(expression: Expression, name: str) -> Expression:
    """The expression in x and y, for the letter of that name."""
    if isinstance(expression, Variable):
        point = {name: _POINT, f"overline {name}": _conjugate(_POINT), f"bar {name}": _conjugate(_POINT)}
        return point.get(expression.name, expression)
    if isinstance(expression, Add):
        return add(*(in_coordinates(term, name) for term in expression.terms))
    if isinstance(expression, Multiply):
        return multiply(*(in_coordinates(factor, name) for factor in expression.factors))
    if isinstance(expression, Power):
        return _power(expression, name)
    if isinstance(expression, Apply):
        return _applied(expression.name, tuple(in_coordinates(part, name) for part in expression.arguments))
    return expression


def _power(expression: Power, name: str) -> Expression:
    base, exponent = expression.base, expression.exponent
    if isinstance(base, Apply) and base.name == "abs" and isinstance(exponent, Rational):
        return power(norm(base.arguments[0], name), divide(exponent, _TWO))
    return power(in_coordinates(base, name), exponent)


def _applied(function: str, parts: tuple[Expression, ...]) -> Expression:
    whole = parts[0]
    if function == "abs":
        return power(multiply(whole, _conjugate(whole)), rational(1, 2))
    if function == "conj":
        return _conjugate(whole)
    if function == "Re":
        return divide(add(whole, _conjugate(whole)), _TWO)
    if function == "Im":
        return divide(add(whole, negate(_conjugate(whole))), multiply(_TWO, _I))
    return apply(function, *parts)
