"""Series, integrals and limits as numbers: callables on balls in, a value with its margin out.

None of the means here is rigorous, except Arb's own quadrature: a value comes with a margin that was
estimated from two accuracies, and whoever compares such values looks at eight digits only.
"""

# ruff: noqa: ANN401  (python-flint has no types, and calls the integrand as it likes)
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ._evaluation import UnsupportedError, is_real

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MOST_LOOKED_AT", "improper_integral", "infinite_sum", "settled", "singular_integral"]

# Double-exponential quadrature: the transformed variable runs from -_REACH to _REACH, in steps of 1/_STEPS at
# first, then halved while the value still moves.
_STEPS = 5
_REACH = 4
_HALVINGS = 2
# Two values that differ by this share at first will not settle.
_HOPELESS = 0.3

# Terms of an infinite series that are looked at, and two orders of the transform that must agree.
MOST_LOOKED_AT = 56
_ORDERS = (26, 38)


def improper_integral(body: Callable[[Any], Any], anchor: Any, direction: int, *, both: bool) -> Any:
    """An integral to infinity, by double-exponential quadrature; twice the step estimates the error.

    Takahasi and Mori, Double exponential formulas for numerical integration, 1974.

    Raises:
        UnsupportedError: It does not settle.
    """
    import flint

    half_pi = flint.arb.pi() / 2

    def sample(t: Any) -> Any:
        inner = half_pi * t.sinh()
        slope = half_pi * t.cosh()
        place, weight = (inner.sinh(), slope * inner.cosh()) if both else (inner.exp(), slope * inner.exp())
        return body((anchor + direction * place).mid()) * weight

    return _double_exponential(sample)


def singular_integral(body: Callable[[Any], Any], low: Any, high: Any) -> Any:
    """An integral between finite ends at which the integrand may be infinite.

    Raises:
        UnsupportedError: It does not settle.
    """
    import flint

    half_pi = flint.arb.pi() / 2
    width = high - low
    aside = flint.arb(1) / 97  # the integrand may have a gap in the very middle

    def sample(t: Any) -> Any:
        t = t + aside
        inner = half_pi * t.sinh()
        weight = width * half_pi * t.cosh() / inner.cosh() ** 2 / 2
        share = 1 / (1 + (-2 * inner).exp())  # (1 + tanh) / 2, without cancellation near either end
        return body((low + width * share).mid()) * weight

    return _double_exponential(sample)


def _double_exponential(sample: Callable[[Any], Any]) -> Any:
    import flint

    total, steps = flint.acb(0), _STEPS
    for step in range(1 - steps * _REACH, steps * _REACH):
        total = total + sample(flint.arb(step) / steps)
    ends = [sample(flint.arb(side * _REACH)) for side in (-1, 1)]
    beyond = sum(float(end.abs_upper()) for end in ends)  # of what goes down slowly, some is left there
    total = total + ends[0] + ends[1]
    value = total / steps
    for halving in range(1, _HALVINGS + 1):
        steps *= 2
        for step in range(1 - steps * _REACH, steps * _REACH, 2):
            total = total + sample(flint.arb(step) / steps)
        before, value = value, total / steps
        error, size = float((value - before).abs_upper()), float(value.abs_upper())
        good = error <= (1e-8 if halving < _HALVINGS else 1e-6) * (1 + size)
        if good:  # halving the step should square the error; the power 1.3 leaves room
            return _widened(value, (error**1.3 + 1e-11) * (1 + size) + beyond)
        if not error <= _HOPELESS * (1 + size):
            raise UnsupportedError
    raise UnsupportedError


def settled(far: Any, near: Any) -> Any:
    """The limit of a function of which two values near the place are known.

    Raises:
        UnsupportedError: They differ too much.
    """
    gap, size = float((far - near).abs_upper()), float(near.abs_upper())
    if not gap <= 1e-9 * (1 + size):
        raise UnsupportedError
    return _widened(near, 2 * gap + 1e-12 * (1 + size))


def _widened(value: Any, margin: float) -> Any:
    import flint

    ball = flint.arb(0, margin)
    return value + flint.acb(ball, 0 if is_real(value) else ball)


def infinite_sum(term: Callable[[int], Any], start: int, *, product: bool) -> Any:
    """A convergent infinite series or product, by Levin's u-transform of its partial sums.

    The terms must go down (faster than 1/n where they do not alternate): the transform would give a value
    to some divergent series too. Levin, Development of non-linear transformations, 1973.

    Raises:
        UnsupportedError: It does not converge, or does not settle.
    """
    import flint

    total = flint.acb(1 if product else 0)
    sums: list[Any] = []
    terms: list[Any] = []
    tiny = flint.arb(2) ** (-flint.ctx.prec // 2)
    for place in range(MOST_LOOKED_AT):
        value = term(start + place)
        step = total * (value - 1) if product else value
        total = total + step
        if step.abs_upper() < tiny:
            if place > 4 and (product or not terms or terms[-1].abs_upper() < tiny * 2**40):
                return _widened(total, float(tiny.mid()) * 2.0**40)
            continue  # a zero term, as every other one of a cosine series
        terms.append(step)
        sums.append(total)
    if not _converges(terms):
        raise UnsupportedError
    first, second = (_levin(sums, terms, order) for order in _ORDERS)
    return settled(first, second)


def _converges(terms: list[Any]) -> bool:
    """Whether the terms that the transform uses go down, and those after them too."""
    top = _ORDERS[-1]
    return (
        len(terms) > top and _goes_down(terms, top // 2, top) and _goes_down(terms, top // 2, len(terms) - 1)
    )


def _goes_down(terms: list[Any], early: int, late: int) -> bool:
    if terms[early].contains(0):
        return False
    ratio = float(terms[late].abs_upper()) / float(terms[early].abs_lower())
    alternating = is_real(terms[late]) and bool(terms[late].real * terms[late - 1].real < 0)
    # of a monotone series n times the term must go down too: 1/n does not converge
    return ratio < 0.99 if alternating or not is_real(terms[late]) else ratio * late / early < 0.96


def _levin(sums: list[Any], terms: list[Any], order: int) -> Any:
    import flint

    above, below = flint.acb(0), flint.acb(0)
    for j in range(order + 1):
        weight = flint.fmpz(math.comb(order, j)) * flint.fmpz(j + 1) ** (order - 1)
        scale = flint.acb(-weight if j % 2 else weight) / (terms[j] * (j + 1))
        above = above + scale * sums[j]
        below = below + scale
    return above / below
