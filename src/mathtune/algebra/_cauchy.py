"""Derivatives of any order as numbers, by Cauchy's formula: a mean of values on a circle around the place.

The trapezoid rule on a circle errs by the coefficients of far higher order only. Two circles must agree, so
that a singularity inside the larger one is no wrong value but none.
"""

# ruff: noqa: ANN401  (python-flint has no types)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._evaluation import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["nth_derivative", "working_bits"]

# Higher derivatives do not occur in answers.
_HIGHEST = 200
# Values on a circle beyond the order: the error of a circle a sixth as wide as it may be is 6^-24.
_MORE_VALUES = 24
# Circles around a place, as shares of its distance from 0, where most functions have their singularity.
_SHARES = (6, 9)


def working_bits(order: int) -> int:
    """The precision at which an order may be asked for: the values cancel by that power of the radius."""
    return 200 + 12 * order


def nth_derivative(body: Callable[[Any], Any], place: Any, order: int) -> Any:
    """The derivative of this order at a place.

    Raises:
        UnsupportedError: It is of too high an order, or does not settle.
    """
    import flint

    if not 0 <= order <= _HIGHEST:
        raise UnsupportedError
    middle = flint.acb(place.mid())
    reach = flint.arb(1) if abs(middle) > 1 or middle.is_zero() else flint.arb(abs(middle).mid())
    first, second = (_on_circle(body, middle, reach / share, order) for share in _SHARES)
    gap, size = (first - second).abs_upper(), second.abs_upper()
    if not gap <= (size + 1) * flint.arb(10) ** -12:
        raise UnsupportedError
    margin = flint.arb(0, float(gap) + float(size) * 1e-12)
    return second + flint.acb(margin, 0 if place.imag.is_zero() else margin)


def _on_circle(body: Callable[[Any], Any], middle: Any, radius: Any, order: int) -> Any:
    import flint

    count = order + _MORE_VALUES
    total = flint.acb(0)
    for step in range(count):
        turn = flint.acb(flint.arb(2 * step) / count).exp_pi_i()
        total = total + body(middle + radius * turn) / turn**order
    value = total / count / radius**order * flint.arb(order + 1).gamma()
    return flint.acb(value.real) if middle.imag.is_zero() else value
