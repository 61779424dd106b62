"""What a kind of drill is: a level, some wordings, and a maker that draws numbers and works them out."""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

__all__ = ["Draft", "Kind", "draw", "fraction", "linear", "plus", "reduction"]


@attrs.frozen(kw_only=True)
class Draft:
    """What a maker drew: the values that a wording shows as `@1`, `@2`, ..., work and answer in LaTeX."""

    values: tuple[str, ...]
    work: str
    answer: str


@attrs.frozen(kw_only=True)
class Kind:
    """One kind of drill. Its level says how many steps of which size the work takes (see the package)."""

    name: str
    level: int
    wordings: tuple[str, ...]
    make: Callable[[Random], Draft]


def draw(rng: Random, low: int, high: int, *, but: tuple[int, ...] = ()) -> int:
    """Draw an integer from low to high, both included, except those in `but`."""
    while (number := rng.randrange(low, high + 1)) in but:
        pass
    return number


def fraction(numerator: int, denominator: int) -> str:
    r"""Write a fraction of positive denominator as it stands; a whole number stays whole.

    >>> fraction(-2, 3), fraction(4, 1)
    ('-\\frac{2}{3}', '4')
    """
    if denominator == 1:
        return str(numerator)
    return f"{'-' if numerator < 0 else ''}\\frac{{{abs(numerator)}}}{{{denominator}}}"


def reduction(numerator: int, denominator: int) -> tuple[str, str]:
    r"""Write the steps that bring a fraction to lowest terms, and the result.

    >>> print(*reduction(12, 18))
    \frac{12}{18} = \frac{2 \cdot 6}{3 \cdot 6} = \frac{2}{3} \frac{2}{3}
    """
    common = gcd(numerator, denominator)
    top, bottom = numerator // common, denominator // common
    lowest = fraction(top, bottom)
    raw = f"\\frac{{{numerator}}}{{{denominator}}}"
    if common == 1:
        return (raw if bottom != 1 else f"{raw} = {lowest}"), lowest
    if bottom == 1:
        return f"{raw} = {lowest}", lowest
    return f"{raw} = \\frac{{{top} \\cdot {common}}}{{{bottom} \\cdot {common}}} = {lowest}", lowest


def plus(number: int, unit: str = "") -> str:
    """Write a later term of a sum with its sign; nothing for zero.

    >>> plus(3, "x"), plus(-1, "x"), plus(0, "x"), plus(-1)
    (' + 3x', ' - x', '', ' - 1')
    """
    if number == 0:
        return ""
    size = "" if abs(number) == 1 and unit else str(abs(number))
    return f" {'-' if number < 0 else '+'} {size}{unit}"


def linear(slope: int, shift: int, unit: str = "x") -> str:
    """Write slope x + shift.

    >>> linear(3, -2), linear(-1, 0)
    ('3x - 2', '-x')
    """
    size = {1: "", -1: "-"}.get(slope, str(slope))
    return f"{size}{unit}{plus(shift)}"
