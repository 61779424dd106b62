"""Arithmetic with whole numbers, one digit at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._kind import Draft, Kind, draw

if TYPE_CHECKING:
    from random import Random

__all__ = ["KINDS"]


def _sum(rng: Random) -> Draft:
    a, tens, ones = draw(rng, 11, 99), 10 * draw(rng, 1, 9), draw(rng, 1, 9)
    b = tens + ones
    return Draft(
        values=(str(a), str(b)), work=f"${a} + {b} = {a + tens} + {ones} = {a + b}$", answer=str(a + b)
    )


def _difference(rng: Random) -> Draft:
    tens, ones = 10 * draw(rng, 1, 8), draw(rng, 1, 9)
    b = tens + ones
    a = draw(rng, b, 99)
    return Draft(
        values=(str(a), str(b)), work=f"${a} - {b} = {a - tens} - {ones} = {a - b}$", answer=str(a - b)
    )


def _long_sum(rng: Random) -> Draft:
    a, hundreds, tens, ones = (
        draw(rng, 101, 899),
        100 * draw(rng, 1, 8),
        10 * draw(rng, 1, 9),
        draw(rng, 1, 9),
    )
    b, first = hundreds + tens + ones, a + hundreds
    work = f"${a} + {b} = {first} + {tens + ones} = {first + tens} + {ones} = {a + b}$"
    return Draft(values=(str(a), str(b)), work=work, answer=str(a + b))


def _negative(rng: Random) -> Draft:
    a = draw(rng, 2, 60)
    b = draw(rng, a + 1, 99)
    return Draft(
        values=(str(a), str(b)), work=f"${b} - {a} = {b - a}$, so ${a} - {b} = {a - b}$", answer=str(a - b)
    )


def _product(rng: Random) -> Draft:
    tens, ones, b = 10 * draw(rng, 1, 9), draw(rng, 1, 9), draw(rng, 3, 9)
    a = tens + ones
    return Draft(
        values=(str(a), str(b)),
        work=f"${a} \\cdot {b} = {tens * b} + {ones * b} = {a * b}$",
        answer=str(a * b),
    )


def _quotient(rng: Random) -> Draft:
    tens, ones, b = 10 * draw(rng, 1, 4), draw(rng, 1, 9), draw(rng, 3, 9)
    a, q = (tens + ones) * b, tens + ones
    work = f"${a} = {tens * b} + {ones * b}$, so ${a} \\div {b} = {tens} + {ones} = {q}$"
    return Draft(values=(str(a), str(b)), work=work, answer=str(q))


def _two_products(rng: Random) -> Draft:
    a, b, c, d = (draw(rng, 2, 9) for _ in range(4))
    work = f"${a} \\cdot {b} + {c} \\cdot {d} = {a * b} + {c * d} = {a * b + c * d}$"
    return Draft(values=(str(a), str(b), str(c), str(d)), work=work, answer=str(a * b + c * d))


def _brackets(rng: Random) -> Draft:
    a, b, c, d = draw(rng, 2, 9), draw(rng, 2, 9), draw(rng, 2, 9), draw(rng, 1, 30)
    total = a * (b + c)
    work = f"${a}({b} + {c}) - {d} = {a} \\cdot {b + c} - {d} = {total} - {d} = {total - d}$"
    return Draft(values=(str(a), str(b), str(c), str(d)), work=work, answer=str(total - d))


def _long_product(rng: Random) -> Draft:
    a, tens, ones = draw(rng, 12, 49), 10 * draw(rng, 1, 2), draw(rng, 2, 9)
    b, a_tens, a_ones = tens + ones, a // 10 * 10, a % 10
    work = (
        f"${a} \\cdot {tens} = {a * tens}$, "
        f"${a} \\cdot {ones} = {a_tens * ones} + {a_ones * ones} = {a * ones}$, "
        f"${a * tens} + {a * ones} = {a * b}$"
    )
    return Draft(values=(str(a), str(b)), work=work, answer=str(a * b))


KINDS = (
    Kind(
        name="sum",
        level=1,
        wordings=("Compute $@1 + @2$.", "What is $@1 + @2$?", "Find the sum of $@1$ and $@2$."),
        make=_sum,
    ),
    Kind(
        name="difference",
        level=1,
        wordings=("Compute $@1 - @2$.", "What is $@1 - @2$?", "Subtract $@2$ from $@1$."),
        make=_difference,
    ),
    Kind(
        name="long sum",
        level=2,
        wordings=("Compute $@1 + @2$.", "What is $@1 + @2$?", "Find the sum of $@1$ and $@2$."),
        make=_long_sum,
    ),
    Kind(
        name="negative difference",
        level=2,
        wordings=("Compute $@1 - @2$.", "What is $@1 - @2$?", "Subtract $@2$ from $@1$."),
        make=_negative,
    ),
    Kind(
        name="product",
        level=3,
        wordings=(
            "Compute $@1 \\cdot @2$.",
            "What is $@1 \\cdot @2$?",
            "Find the product of $@1$ and $@2$.",
        ),
        make=_product,
    ),
    Kind(
        name="quotient",
        level=3,
        wordings=("Compute $@1 \\div @2$.", "What is $@1 \\div @2$?", "Divide $@1$ by $@2$."),
        make=_quotient,
    ),
    Kind(
        name="two products",
        level=4,
        wordings=(
            "Compute $@1 \\cdot @2 + @3 \\cdot @4$.",
            "What is $@1 \\cdot @2 + @3 \\cdot @4$?",
        ),
        make=_two_products,
    ),
    Kind(
        name="brackets",
        level=4,
        wordings=("Compute $@1(@2 + @3) - @4$.", "What is $@1(@2 + @3) - @4$?"),
        make=_brackets,
    ),
    Kind(
        name="long product",
        level=5,
        wordings=(
            "Compute $@1 \\cdot @2$.",
            "What is $@1 \\cdot @2$?",
            "Find the product of $@1$ and $@2$.",
        ),
        make=_long_product,
    ),
)
