"""Counting: products of choices, orders, committees, quotients of factorials."""

from __future__ import annotations

from math import comb, prod
from typing import TYPE_CHECKING

from ._kind import Draft, Kind, draw

if TYPE_CHECKING:
    from random import Random

__all__ = ["KINDS"]

_THINGS = ("books", "cards", "coins", "flags", "pens", "players", "runners", "songs", "stamps", "students")


def _two_things(rng: Random) -> tuple[str, str]:
    first, second = rng.sample(_THINGS, 2)
    return first, second


def _choices(rng: Random) -> Draft:
    a, b, things = draw(rng, 2, 20), draw(rng, 2, 9), _two_things(rng)
    return Draft(values=(str(a), str(b), *things), work=f"${a} \\cdot {b} = {a * b}$", answer=str(a * b))


def _integers_between(rng: Random) -> Draft:
    low = draw(rng, 2, 60)
    high = draw(rng, low + 2, 99)
    work = f"${high} - {low} + 1 = {high - low} + 1 = {high - low + 1}$"
    return Draft(values=(str(low), str(high)), work=work, answer=str(high - low + 1))


def _falling(n: int, k: int) -> tuple[str, int]:
    """Give the steps of n (n - 1) ... (n - k + 1) for k = 2 or 3, and the product."""
    factors, value = " \\cdot ".join(str(n - i) for i in range(k)), prod(range(n - k + 1, n + 1))
    middle = f" = {n * (n - 1)} \\cdot {n - 2}" if k == 3 else ""
    return f"{factors}{middle} = {value}", value


def _orders(rng: Random) -> Draft:
    things, k = rng.choice(_THINGS), draw(rng, 2, 3)
    n = draw(rng, k + 2, 12)
    steps, value = _falling(n, k)
    return Draft(values=(str(n), things, str(k)), work=f"${steps}$", answer=str(value))


def _committee(rng: Random) -> Draft:
    things, k = rng.choice(_THINGS), draw(rng, 2, 3)
    n = draw(rng, k + 2, 12 if k == 2 else 9)
    steps, ordered = _falling(n, k)
    work = f"${steps}$, ${ordered} \\div {2 if k == 2 else 6} = {comb(n, k)}$"
    return Draft(values=(str(n), things, str(k)), work=work, answer=str(comb(n, k)))


def _factorials(rng: Random) -> Draft:
    k = draw(rng, 2, 3)
    n, extra = draw(rng, k + 2, 12 if k == 2 else 10), draw(rng, 1, 9)
    steps, value = _falling(n, k)
    work = f"${steps}$, ${value} + {extra} = {value + extra}$"
    return Draft(values=(f"\\frac{{{n}!}}{{{n - k}!}} + {extra}",), work=work, answer=str(value + extra))


def _two_committees(rng: Random) -> Draft:
    n, m, things = draw(rng, 3, 9), draw(rng, 3, 6), _two_things(rng)
    first, second = comb(n, 2), comb(m, 2)
    work = (
        f"$\\binom{{{n}}}{{2}} = {first}$, $\\binom{{{m}}}{{2}} = {second}$, "
        f"${first} \\cdot {second} = {first * second}$"
    )
    return Draft(values=(str(n), str(m), *things), work=work, answer=str(first * second))


KINDS = (
    Kind(
        name="choices",
        level=1,
        wordings=(
            "There are $@1$ @3 and $@2$ @4. In how many ways can one of each be chosen?",
            "How many pairs hold one of $@1$ @3 and one of $@2$ @4?",
        ),
        make=_choices,
    ),
    Kind(
        name="integers between",
        level=1,
        wordings=(
            "How many integers are there from $@1$ to $@2$?",
            "Count the integers from $@1$ to $@2$.",
            "How many integers $n$ satisfy $@1 \\le n \\le @2$?",
        ),
        make=_integers_between,
    ),
    Kind(
        name="orders",
        level=2,
        wordings=(
            "In how many orders can $@3$ of $@1$ @2 be placed?",
            "How many ordered lists of $@3$ out of $@1$ @2 are there?",
        ),
        make=_orders,
    ),
    Kind(
        name="committee",
        level=3,
        wordings=(
            "In how many ways can $@3$ of $@1$ @2 be chosen?",
            "How many sets of $@3$ out of $@1$ @2 are there?",
        ),
        make=_committee,
    ),
    Kind(
        name="factorials",
        level=4,
        wordings=("Compute $@1$.", "What is $@1$?", "Find $@1$."),
        make=_factorials,
    ),
    Kind(
        name="two committees",
        level=5,
        wordings=(
            "There are $@1$ @3 and $@2$ @4. In how many ways can two of each be chosen?",
            "How many sets hold two of $@1$ @3 and two of $@2$ @4?",
        ),
        make=_two_committees,
    ),
)
