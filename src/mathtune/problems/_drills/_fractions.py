"""Fractions with small denominators, always brought to lowest terms."""

from __future__ import annotations

from math import gcd, lcm
from typing import TYPE_CHECKING

from ._kind import Draft, Kind, draw, fraction, reduction

if TYPE_CHECKING:
    from random import Random

__all__ = ["KINDS"]

_COMPUTE = ("Compute $@1$.", "What is $@1$?", "Evaluate $@1$.")


def _proper(rng: Random, low: int, high: int) -> tuple[int, int]:
    """Draw a fraction below one in lowest terms."""
    while True:
        bottom = draw(rng, low, high)
        top = draw(rng, 1, bottom - 1)
        if gcd(top, bottom) == 1:
            return top, bottom


def _lowest_terms(rng: Random) -> Draft:
    (top, bottom), times = _proper(rng, 2, 12), draw(rng, 2, 9)
    steps, answer = reduction(top * times, bottom * times)
    return Draft(values=(fraction(top * times, bottom * times),), work=f"${steps}$", answer=answer)


def _of_a_number(rng: Random) -> Draft:
    (top, bottom), times = _proper(rng, 2, 9), draw(rng, 2, 12)
    number = bottom * times
    work = f"${number} \\div {bottom} = {times}$, ${top} \\cdot {times} = {top * times}$"
    return Draft(values=(fraction(top, bottom), str(number)), work=work, answer=str(top * times))


def _same_denominator(rng: Random) -> Draft:
    bottom = draw(rng, 3, 20)
    a, c = draw(rng, 1, bottom), draw(rng, 1, bottom)
    steps, answer = reduction(a + c, bottom)
    asked = f"{_raw(a, bottom)} + {_raw(c, bottom)}"
    return Draft(values=(asked,), work=f"${a} + {c} = {a + c}$, ${steps}$", answer=answer)


def _mixed(rng: Random) -> Draft:
    whole, (top, bottom) = draw(rng, 1, 9), _proper(rng, 2, 9)
    work = f"${whole} \\cdot {bottom} + {top} = {whole * bottom} + {top} = {whole * bottom + top}$"
    return Draft(
        values=(f"{whole}{fraction(top, bottom)}",), work=work, answer=fraction(whole * bottom + top, bottom)
    )


def _product(rng: Random) -> Draft:
    (a, b), (c, d) = _proper(rng, 2, 9), _proper(rng, 2, 9)
    steps, answer = reduction(a * c, b * d)
    asked = f"{fraction(a, b)} \\cdot {fraction(c, d)}"
    return Draft(values=(asked,), work=f"${asked} = {steps}$", answer=answer)


def _quotient(rng: Random) -> Draft:
    (a, b), (c, d) = _proper(rng, 2, 9), _proper(rng, 2, 9)
    steps, answer = reduction(a * d, b * c)
    asked = f"{fraction(a, b)} \\div {fraction(c, d)}"
    return Draft(
        values=(asked,), work=f"${asked} = {fraction(a, b)} \\cdot {_raw(d, c)} = {steps}$", answer=answer
    )


def _unlike(rng: Random) -> tuple[int, int, int, int]:
    """Draw two proper fractions of different denominators (like ones are another kind's problem)."""
    a, b = _proper(rng, 2, 9)
    while (other := _proper(rng, 2, 9))[1] == b:
        pass
    return a, b, *other


def _unlike_sum(rng: Random) -> Draft:
    return _combined(*_unlike(rng), 1)


def _unlike_difference(rng: Random) -> Draft:
    a, b, c, d = _unlike(rng)
    if a * d < c * b:
        a, b, c, d = c, d, a, b
    return _combined(a, b, c, d, -1)


def _combined(a: int, b: int, c: int, d: int, sign: int) -> Draft:
    common, mark = lcm(b, d), "+" if sign > 0 else "-"
    left, right = a * common // b, c * common // d
    steps, answer = reduction(left + sign * right, common)
    asked = f"{fraction(a, b)} {mark} {fraction(c, d)}"
    work = f"${asked} = {_raw(left, common)} {mark} {_raw(right, common)} = {steps}$"
    return Draft(values=(asked,), work=work, answer=answer)


def _raw(top: int, bottom: int) -> str:
    return f"\\frac{{{top}}}{{{bottom}}}"


KINDS = (
    Kind(
        name="lowest terms",
        level=1,
        wordings=("Simplify $@1$.", "Write $@1$ in lowest terms.", "Reduce $@1$."),
        make=_lowest_terms,
    ),
    Kind(
        name="fraction of a number",
        level=1,
        wordings=("What is $@1$ of $@2$?", "Find $@1$ of $@2$.", "Compute $@1$ of $@2$."),
        make=_of_a_number,
    ),
    Kind(name="same denominator", level=2, wordings=_COMPUTE, make=_same_denominator),
    Kind(
        name="mixed number",
        level=2,
        wordings=("Write $@1$ as a fraction.", "Write $@1$ as one fraction.", "Which fraction is $@1$?"),
        make=_mixed,
    ),
    Kind(name="product of fractions", level=3, wordings=_COMPUTE, make=_product),
    Kind(name="quotient of fractions", level=4, wordings=_COMPUTE, make=_quotient),
    Kind(name="sum of fractions", level=5, wordings=_COMPUTE, make=_unlike_sum),
    Kind(name="difference of fractions", level=5, wordings=_COMPUTE, make=_unlike_difference),
)
