r"""Inequalities under a monotone function: `2^x > 8`, `\ln x < 1`, `\sqrt{x} < 2` -> of its argument."""

from __future__ import annotations

from mathtune.algebra import (
    Add,
    Apply,
    Budget,
    Constant,
    Expression,
    Multiply,
    Power,
    Rational,
    Variable,
    add,
    apply,
    divide,
    multiply,
    negate,
    numeric_value,
    power,
    rational,
    symbols,
)

from ._values import Inequality

__all__ = ["inverted"]

ZERO, HALF, E = rational(0), rational(1, 2), Constant("e")


def inverted(value: Inequality, unknown: str) -> tuple[Inequality, ...] | None:
    """The statements that hold together exactly where this one does, or None if no rule applies."""
    if value.operator not in ("<", "≤"):
        return None
    left, right = (unknown in symbols(side) for side in (value.left, value.right))
    if left == right:
        return None
    function, bound = (value.left, value.right) if left else (value.right, value.left)
    if isinstance(function, Variable):
        return None
    function, bound, flips = _isolated(function, bound, unknown)
    left = left != flips
    if isinstance(function, Power):
        return _power(value.operator, function, bound, below=left)
    if isinstance(function, Apply) and function.name in ("ln", "log"):
        argument = function.arguments[0]
        inner = _compared(value.operator, argument, power(E, bound), below=left)
        return inner, Inequality("<", ZERO, argument)
    return None


def _isolated(function: Expression, bound: Expression, unknown: str) -> tuple[Expression, Expression, bool]:
    r"""`3\ln x / 2 + 1 < 4` is `\ln x < 2`; whether the sign turns round on the way."""
    flips = False
    for kind in (Add, Multiply):
        parts = _parts(function, kind)
        inside = [part for part in parts if unknown in symbols(part)]
        outside = [part for part in parts if unknown not in symbols(part)]
        if len(inside) != 1 or not outside:
            continue
        if kind is Add:
            function, bound = inside[0], add(bound, *map(negate, outside))
            continue
        scale = multiply(*outside)
        number = None if symbols(scale) else numeric_value(scale, Budget(500))
        if number is None or not (number.real > 0 or number.real < 0):
            return function, bound, flips
        function, bound, flips = inside[0], divide(bound, scale), bool(number.real < 0)
    return function, bound, flips


def _parts(value: Expression, kind: type) -> tuple[Expression, ...]:
    if isinstance(value, Add) and kind is Add:
        return value.terms
    return value.factors if isinstance(value, Multiply) and kind is Multiply else ()


def _power(
    operator: str, function: Power, bound: Expression, *, below: bool
) -> tuple[Inequality, ...] | None:
    if function.exponent == HALF and isinstance(bound, Rational) and bound.value >= 0:
        inner = _compared(operator, function.base, Rational(bound.value * bound.value), below=below)
        return inner, Inequality("≤", ZERO, function.base)
    grows = _growth(function.base)
    if not grows or symbols(function.base) or not isinstance(bound, Rational) or bound.value <= 0:
        return None
    logarithm = apply("ln", bound)
    if function.base != E:
        logarithm = divide(logarithm, apply("ln", function.base))
    return (_compared(operator, function.exponent, logarithm, below=below == (grows > 0)),)


def _growth(base: Expression) -> int:
    """1 if powers of the base grow, -1 if they fall, 0 if that is not known."""
    if base == E:
        return 1
    if not isinstance(base, Rational) or base.value <= 0 or base.value == 1:
        return 0
    return 1 if base.value > 1 else -1


def _compared(operator: str, one: Expression, other: Expression, *, below: bool) -> Inequality:
    return Inequality(operator, one, other) if below else Inequality(operator, other, one)
