"""Linear equations in one unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._kind import Draft, Kind, draw, linear, plus, reduction

if TYPE_CHECKING:
    from random import Random

__all__ = ["KINDS"]

_WORDINGS = ("Solve $@1$ for $@2$.", "Find $@2$ if $@1$.", "What is $@2$ when $@1$?")
_UNKNOWNS = "xyzt"


def _shift(rng: Random) -> Draft:
    unknown, x, b = rng.choice(_UNKNOWNS), draw(rng, -20, 40), draw(rng, -40, 40, but=(0,))
    right = x + b
    return Draft(
        values=(f"{unknown}{plus(b)} = {right}", unknown),
        work=f"${unknown} = {right}{plus(-b)} = {x}$",
        answer=str(x),
    )


def _scale_and_shift(rng: Random) -> Draft:
    unknown, a, x, b = rng.choice(_UNKNOWNS), draw(rng, 2, 9), draw(rng, 1, 12), draw(rng, -30, 30, but=(0,))
    right = a * x + b
    work = f"${a}{unknown} = {right}{plus(-b)} = {a * x}$, so ${unknown} = {x}$"
    return Draft(values=(f"{linear(a, b, unknown)} = {right}", unknown), work=work, answer=str(x))


def _taken_away(rng: Random) -> Draft:
    unknown, a, x, b = rng.choice(_UNKNOWNS), draw(rng, 2, 9), draw(rng, -9, 9, but=(0,)), draw(rng, 1, 40)
    right = b - a * x
    left = f"{b} - {a}{unknown}"
    work = f"${a}{unknown} = {b}{plus(-right)} = {a * x}$, so ${unknown} = {x}$"
    if right == 0:
        work = f"${a}{unknown} = {b}$, so ${unknown} = {x}$"
    return Draft(values=(f"{left} = {right}", unknown), work=work, answer=str(x))


def _both_sides(rng: Random) -> Draft:
    unknown, c, x = rng.choice(_UNKNOWNS), draw(rng, 2, 7), draw(rng, 1, 9)
    a, b = c + draw(rng, 2, 7), draw(rng, -20, 20, but=(0,))
    d = (a - c) * x + b
    work = (
        f"${a}{unknown} - {c}{unknown} = {d}{plus(-b)}$, "
        f"${a - c}{unknown} = {(a - c) * x}$, so ${unknown} = {x}$"
    )
    return Draft(
        values=(f"{linear(a, b, unknown)} = {linear(c, d, unknown)}", unknown), work=work, answer=str(x)
    )


def _brackets(rng: Random) -> Draft:
    unknown, a, b, x = rng.choice(_UNKNOWNS), draw(rng, 2, 9), draw(rng, -9, 9, but=(0,)), draw(rng, 1, 15)
    right = a * (x + b)
    work = f"${unknown}{plus(b)} = {right} \\div {a} = {x + b}$, so ${unknown} = {x}$"
    return Draft(values=(f"{a}({unknown}{plus(b)}) = {right}", unknown), work=work, answer=str(x))


def _fraction(rng: Random) -> Draft:
    unknown, a, b = rng.choice(_UNKNOWNS), draw(rng, 2, 9), draw(rng, -20, 20, but=(0,))
    top = draw(rng, 1, 40, but=tuple(range(a, 41, a)))  # a whole solution would be another kind's problem
    steps, answer = reduction(top, a)
    work = f"${a}{unknown} = {top + b}{plus(-b)} = {top}$, so ${unknown} = {steps}$"
    return Draft(values=(f"{linear(a, b, unknown)} = {top + b}", unknown), work=work, answer=answer)


KINDS = (
    Kind(name="shift", level=1, wordings=_WORDINGS, make=_shift),
    Kind(name="scale and shift", level=2, wordings=_WORDINGS, make=_scale_and_shift),
    Kind(name="taken away", level=3, wordings=_WORDINGS, make=_taken_away),
    Kind(name="both sides", level=4, wordings=_WORDINGS, make=_both_sides),
    Kind(name="equation with brackets", level=4, wordings=_WORDINGS, make=_brackets),
    Kind(name="fractional solution", level=5, wordings=_WORDINGS, make=_fraction),
)
