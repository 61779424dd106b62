"""Integrals of waves to infinity: half waves between the zeros of one phase, added up as a series.

Longman, Note on a method for computing infinite integrals of oscillatory functions, 1956.
"""

# ruff: noqa: ANN401  (python-flint has no types)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._evaluation import UnsupportedError, is_real
from ._expression import Apply, Bound, Expression, nodes, symbols
from ._quadrature import infinite_sum, singular_integral

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["oscillating_integral", "phase_of"]

_WAVES = frozenset(["sin", "cos"])
# Nodes of Gauss and Legendre on a half wave; the error of 14 is below 1e-20.
_NODES = 14
_HIGHEST_POWER = 3
# By this half wave, what goes to 0 at all is far below the first.
_FAR = 10_000


def phase_of(integral: Bound) -> Expression | None:
    """The argument of the first sine or cosine in which the variable of an integral stands."""
    for node in nodes(integral.body, bodies=False):
        if (
            isinstance(node, Apply)
            and node.name in _WAVES
            and integral.variable in symbols(node.arguments[0])
        ):
            return node.arguments[0]
    return None


def oscillating_integral(
    body: Callable[[Any], Any], phase: Callable[[Any], Any], anchor: Any, direction: int
) -> Any:
    """The integral from a real place to infinity in one direction.

    Args:
        body: The integrand.
        phase: The argument of its wave, a power of the variable and a constant.
        anchor: Where the integral begins.
        direction: 1 or -1.

    Raises:
        UnsupportedError: The phase is something else, or the half waves do not die away or settle.
    """
    import flint

    length, exponent = _first_half_wave(phase, direction)
    begin = direction * anchor.real.mid()
    before = int(float(((flint.arb(begin) / length) ** exponent).mid())) if begin > 0 else 0
    rule = [flint.arb.legendre_p_root(_NODES, k, weight=True) for k in range(_NODES)]

    def place(number: int) -> Any:
        return length * flint.arb(before + number).root(exponent)

    def along(at: Any) -> Any:
        return body(flint.acb(direction * at.real))

    def half_wave(number: int) -> list[Any]:
        low, high = place(number), place(number + 1)
        middle, half = (low + high) / 2, (high - low) / 2
        return [half * weight * along(flint.acb(middle + half * node)) for node, weight in rule]

    near, far = (sum(map(abs, half_wave(number))) for number in (1, _FAR))
    if not far < near / 2:  # a cosine cancels itself in each half wave, and yet has no integral
        raise UnsupportedError
    first = singular_integral(along, flint.acb(begin), flint.acb(place(1)))
    return first + infinite_sum(lambda number: sum(half_wave(number), flint.acb(0)), 1, product=False)


def _first_half_wave(phase: Callable[[Any], Any], direction: int) -> tuple[Any, int]:
    """How far the phase runs through π from 0, and the power of the variable in it."""
    import flint

    start, one, two = (phase(flint.acb(direction * at)) for at in (0, 1, 2))
    rise = one - start
    if not is_real(rise) or rise.real.contains(0):
        raise UnsupportedError
    for exponent in range(1, _HIGHEST_POWER + 1):
        if (two - start - 2**exponent * rise).abs_upper() < flint.arb(10) ** -20:
            return (flint.arb.pi() / abs(rise.real)).root(exponent), exponent
    raise UnsupportedError
