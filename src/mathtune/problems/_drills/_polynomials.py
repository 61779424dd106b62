"""Polynomials of degree one and two: values, sums, products, roots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._kind import Draft, Kind, draw, linear, plus

if TYPE_CHECKING:
    from random import Random

__all__ = ["KINDS"]

_VALUE = ("Find $@1$ at $x = @2$.", "If $f(x) = @1$, what is $f(@2)$?", "Evaluate $@1$ for $x = @2$.")


def _quadratic(a: int, b: int, c: int) -> str:
    return f"{'' if a == 1 else a}x^2{plus(b, 'x')}{plus(c)}"


def _linear_value(rng: Random) -> Draft:
    a, b, x = draw(rng, 2, 12), draw(rng, -20, 20, but=(0,)), draw(rng, 2, 9)
    work = f"${a} \\cdot {x}{plus(b)} = {a * x}{plus(b)} = {a * x + b}$"
    return Draft(values=(linear(a, b), str(x)), work=work, answer=str(a * x + b))


def _quadratic_value(rng: Random) -> Draft:
    b, c, x = draw(rng, -9, 9, but=(0,)), draw(rng, -9, 9, but=(0,)), draw(rng, 2, 9)
    first = x * x + b * x
    work = (
        f"${x}^2{plus(b)} \\cdot {x}{plus(c)} = {x * x}{plus(b * x)}{plus(c)} "
        f"= {first}{plus(c)} = {first + c}$"
    )
    return Draft(values=(_quadratic(1, b, c), str(x)), work=work, answer=str(first + c))


def _expansion(rng: Random) -> Draft:
    a, b = draw(rng, -9, 9, but=(0,)), draw(rng, -9, 9, but=(0,))
    work = f"${a}{plus(b)} = {a + b}$, ${a} \\cdot {_bracketed(b)} = {a * b}$"
    return Draft(values=(f"(x{plus(a)})(x{plus(b)})",), work=work, answer=_quadratic(1, a + b, a * b))


def _bracketed(number: int) -> str:
    return f"({number})" if number < 0 else str(number)


def _sum(rng: Random) -> Draft:
    a, d = draw(rng, 1, 9), draw(rng, 1, 9)
    b, c, e, f = (draw(rng, -9, 9, but=(0,)) for _ in range(4))
    work = f"${a} + {d} = {a + d}$, ${b}{plus(e)} = {b + e}$, ${c}{plus(f)} = {c + f}$"
    asked = f"({_quadratic(a, b, c)}) + ({_quadratic(d, e, f)})"
    return Draft(values=(asked,), work=work, answer=_quadratic(a + d, b + e, c + f))


def _larger_root(rng: Random) -> Draft:
    low = draw(rng, -9, 8, but=(0,))
    high = draw(rng, low + 1, 9, but=(0,))
    asked = _quadratic(1, -low - high, low * high)
    work = f"${asked} = (x{plus(-low)})(x{plus(-high)})$"
    return Draft(values=(asked,), work=work, answer=str(high))


def _remainder(rng: Random) -> Draft:
    a, b, c, x = draw(rng, 2, 5), draw(rng, -9, 9, but=(0,)), draw(rng, -9, 9, but=(0,)), draw(rng, 2, 6)
    square, first = a * x * x, a * x * x + b * x
    work = (
        f"${a} \\cdot {x * x}{plus(b)} \\cdot {x}{plus(c)} = {square}{plus(b * x)}{plus(c)} "
        f"= {first}{plus(c)} = {first + c}$"
    )
    return Draft(values=(_quadratic(a, b, c), linear(1, -x)), work=work, answer=str(first + c))


KINDS = (
    Kind(name="linear value", level=1, wordings=_VALUE, make=_linear_value),
    Kind(name="quadratic value", level=2, wordings=_VALUE, make=_quadratic_value),
    Kind(
        name="expansion",
        level=3,
        wordings=("Expand $@1$.", "Multiply out $@1$.", "Write $@1$ without brackets."),
        make=_expansion,
    ),
    Kind(
        name="sum of polynomials",
        level=3,
        wordings=("Simplify $@1$.", "Add: $@1$.", "Write $@1$ as one polynomial."),
        make=_sum,
    ),
    Kind(
        name="larger root",
        level=4,
        wordings=(
            "Find the larger root of $@1$.",
            "What is the larger solution of $@1 = 0$?",
            "Find the largest $x$ with $@1 = 0$.",
        ),
        make=_larger_root,
    ),
    Kind(
        name="remainder of a polynomial",
        level=5,
        wordings=(
            "Find the remainder when $@1$ is divided by $@2$.",
            "What remains when $@1$ is divided by $@2$?",
            "Divide $@1$ by $@2$. What is the remainder?",
        ),
        make=_remainder,
    ),
)
