r"""Numbers as most people write them, read by one regular expression and without a tree.

Digits with a point or LaTeX's thousands, a fraction, a mixed number; before it a letter that it is given to,
behind it a sign of degrees: `0.75`, `1{,}250`, `\frac34`, `2\frac{1}{2}`, `x = 5`, `60^\circ`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Figure", "are_apart", "are_equal", "figure"]


class Figure(NamedTuple):
    """A number as a ratio, the decimal places it was written with, and what stands around it."""

    numerator: int
    denominator: int
    places: int | None
    label: str | None
    degrees: bool


_DIGITS = r"(\d{1,3}(?:(?:,\\!|\{,\})\s?\d{3}){1,5}|\d{1,18})"
_PART = r"\s*(?:\{(\d{1,18})\}|(\d))"
_FIGURE = re.compile(
    r"\s*\$?\s*(?:([a-df-hj-zA-DF-Z])\s*=\s*)?([-+])?\s*"  # e and i are numbers, and a capital E may be one
    rf"(?:{_DIGITS}?\s*\\[dt]?frac{_PART}{_PART}|{_DIGITS}/(\d{{1,18}})|{_DIGITS}?(?:\.(\d{{1,18}}))?)"
    r"(\s*\^\s*(?:\\circ|\{\s*\\circ\s*\})|°)?\s*\$?\s*\Z"
)
_GROUPING = str.maketrans("", "", ",\\!{} ")


def figure(text: str) -> Figure | None:
    r"""The number that a text is, if it is written in one of the plain ways.

    >>> figure(r"2\frac{1}{2}")[:2], figure("x = -0.75")[:4], figure(r"2\frac{3}{2}")
    ((5, 2), (-75, 100, 2, 'x'), None)
    """
    found = _FIGURE.match(text)
    if found is None:
        return None
    label, sign, whole, top, digit, below, last, left, right, digits, decimals, degrees = found.groups()
    places = None if decimals is None else len(decimals)
    if top or digit:
        numerator, denominator = int(top or digit), int(below or last)
        if whole is not None and numerator >= denominator:
            return None  # a product
        numerator += _integer(whole) * denominator if whole else 0
    elif right:
        numerator, denominator = _integer(left), int(right)
    elif digits or decimals:
        numerator, denominator = _integer(digits or "0") * 10 ** (places or 0), 10 ** (places or 0)
        numerator += int(decimals or 0)
    else:
        return None
    if not denominator:
        return None
    return Figure(-numerator if sign == "-" else numerator, denominator, places, label, degrees is not None)


def _integer(digits: str) -> int:
    return int(digits) if digits.isdecimal() else int(digits.translate(_GROUPING))


def are_equal(one: Figure, other: Figure) -> bool:
    """Whether two figures have one value."""
    return one.numerator * other.denominator == other.numerator * one.denominator


def are_apart(one: Figure, other: Figure) -> bool:
    """Whether two figures differ by more than a rounding of either can explain."""
    places = [figure.places for figure in (one, other) if figure.places is not None]
    gap = abs(one.numerator * other.denominator - other.numerator * one.denominator)
    return gap * 10 ** min(places, default=0) > one.denominator * other.denominator or (
        gap > 0 and not places
    )
