"""Derivatives written as limits: the difference quotients of functions that nobody knows."""

from __future__ import annotations

from mathtune.algebra import (
    Apply,
    Bound,
    Budget,
    Expression,
    Match,
    Multiply,
    Power,
    Rational,
    compare,
    derivative,
    divide,
    multiply,
    negate,
    nodes,
    power,
    rational,
    size,
    substitute,
    symbols,
)

__all__ = ["has_unknown", "quotient_of_differences"]

_HIGHEST_ORDER = 4
_LARGEST = 300


def quotient_of_differences(body: Expression, name: str, place: Expression) -> Expression | None:
    r"""`\frac{f(x+h)-f(x)}{h}` as h tends to 0: both are differentiated while both vanish."""
    if not has_unknown(body) or size(body) > _LARGEST:
        return None
    factors = body.factors if isinstance(body, Multiply) else ()
    below = [_below(factor, name) for factor in factors]
    rise: Expression | None = multiply(*(f for f, one in zip(factors, below, strict=True) if one is None))
    run: Expression | None = multiply(*(one for one in below if one is not None))
    for _ in range(_HIGHEST_ORDER):
        if rise is None or run is None or not _vanishes(substitute(rise, {name: place})):
            return None
        if not _vanishes(substitute(run, {name: place})):
            return None
        rise, run = derivative(rise, name), derivative(run, name)
        slope = None if run is None else substitute(run, {name: place})
        if rise is not None and slope is not None and not _vanishes(slope):
            return divide(substitute(rise, {name: place}), slope)
    return None


def _vanishes(value: Expression) -> bool:
    return compare(value, rational(0), Budget(_FEW)).match is Match.EQUAL


_FEW = 500  # units of work


def _below(factor: Expression, name: str) -> Expression | None:
    """What a factor with the variable divides by."""
    if not isinstance(factor, Power) or not isinstance(factor.exponent, Rational):
        return None
    divides = factor.exponent.value < 0 and name in symbols(factor.base)
    return power(factor.base, negate(factor.exponent)) if divides else None


def has_unknown(value: Expression) -> bool:
    """Whether a function occurs that nobody knows, as f, or a sum or an integral."""
    return any(
        isinstance(node, Bound) or (isinstance(node, Apply) and node.name.endswith("("))
        for node in nodes(value)
    )
