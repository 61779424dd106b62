r"""Numbers as most people write them, read by one regular expression and without a tree.

Digits with a point or in thousands, a fraction, a mixed number; before it a letter that it is given to or
dollars, behind it degrees, percent or a unit's name: `0.75`, `1,250`, `2\frac{1}{2}`, `x = 5`, `5 feet`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ._units import is_unit_word

__all__ = ["Figure", "Ratio", "figure", "plain_ratio"]


# A fraction of whole numbers, perhaps not in lowest terms, and whether it was written as a decimal.
Ratio = tuple[int, int, bool]


_PLAIN = re.compile(
    r"\s*(?:\$\s*)?(?:([-+])\s*)?(?:(\d{1,18})(?:\.(\d{1,18}))?|\\[dt]?frac\s*\{(\d{1,18})\}\s*\{(\d{1,18})\}"
    r"|(\d{1,18})/(\d{1,18}))\s*(?:\$\s*)?\Z"
)


_CLOSING = (")", "]")
_MOST_DIGITS = 18  # longer numbers have a tree
_MOST_CHARACTERS = 120  # of a figure, with what may stand around it


def plain_ratio(text: str) -> Ratio | None:
    r"""The integer, decimal or fraction that a text is, if it is nothing else.

    >>> plain_ratio("-7"), plain_ratio("0.50"), plain_ratio(r"\frac{1}{0}")
    ((-7, 1, False), (50, 100, True), None)
    """
    if len(text) < _MOST_DIGITS and text.isdecimal():  # as most answers are
        return int(text), 1, False
    found = None if text[-1:].isalpha() or text[-1:] in _CLOSING else _PLAIN.match(text)
    if found is None:
        return None
    sign, whole, decimals, top, bottom, left, right = found.groups()
    if decimals is not None:
        above, below = int(whole + decimals), 10 ** len(decimals)
    elif whole is not None:
        above, below = int(whole), 1
    else:
        above, below = int(top or left), int(bottom or right)
    return (-above if sign == "-" else above, below, decimals is not None) if below else None


class Figure(NamedTuple):
    """A fraction, perhaps not in lowest terms, the decimal places it was written with, and its marks."""

    above: int
    below: int
    places: int | None
    label: str | None
    unit: str | None


_DIGITS = r"(\d{1,3}(?:(?:,\\!|\{,\})\s?\d{3}){1,5}|\d{1,18})"
_THOUSANDS = r"([1-9]\d{0,2}(?:,\d{3}){1,5}|" + _DIGITS[1:]
_PART = r"\s*(?:\{(\d{1,18})\}|(\d))"
_FIGURE = re.compile(
    # most other texts have a bracket or a letter that no figure has behind its name
    r"(?=\W*[A-Za-z]?[^A-Zbeg-hj-qsu-z()\[\]<>_;:|&*]*\Z)"
    # e and i are numbers, as E may be
    r"\s*(?:\$\s*)?(?:([a-df-hj-zA-DF-Z])\s*=\s*)?(?:([-+])\s*)?(?:(\\\$)\s*)?"
    rf"(?:{_DIGITS}?\s*\\[dt]?frac{_PART}{_PART}|{_DIGITS}/(\d{{1,18}})|{_THOUSANDS}?(?:\.(\d{{1,18}}))?)"
    r"(\s*\^\s*(?:\\circ|\{\s*\\circ\s*\})|°)?(\s*\\?%)?\s*(?:\$\s*)?\Z"
)
_MEASURE = re.compile(r"([\d.,]{1,20}) ([A-Za-z]{2,12})\Z")
_GROUPING = str.maketrans("", "", ",\\!{} ")


def figure(text: str) -> Figure | None:
    r"""The number that a text is, if it is written in one of the plain ways.

    >>> figure(r"2\frac{1}{2}")[:2], figure("x = -0.75").label, figure(r"2\frac{3}{2}")
    ((5, 2), 'x', None)
    """
    if len(text) < _MOST_DIGITS and text.isdecimal():
        return Figure(int(text), 1, None, None, None)
    measure = _MEASURE.match(text) if text[-1:].isalpha() else None
    if measure is not None:
        return _measured(measure[1], measure[2])
    found = _FIGURE.match(text) if len(text) <= _MOST_CHARACTERS else None
    if found is None:
        return None
    label, sign, dollar, *written, decimals, degrees, percent = found.groups()
    if not dollar and text.count("$") == 1 and text.lstrip()[0] == "$":
        dollar = "$"  # one sign alone opens no formula
    if bool(dollar) + bool(degrees) + bool(percent) > 1:
        return None
    value = _value(written, decimals)
    if value is None:
        return None
    above, below = value
    unit = "dollar" if dollar else "degree" if degrees else "percent" if percent else None
    places = None if decimals is None else len(decimals)
    return Figure(-above if sign == "-" else above, below, places, label, unit)


def _measured(number: str, name: str) -> Figure | None:
    """`5 years`, but not `5 apples`, and not `7 csec`, which is a product with a secant."""
    is_unit = is_unit_word(name) and name not in _MORE_THAN_UNITS and name[1:] != "sec"
    found = figure(number) if is_unit else None
    return found and found._replace(unit=name)


# An angle may be the other side's in radians; the rest are powers and letters.
_MORE_THAN_UNITS = frozenset(["deg", "degree", "degrees", "squared", "cubed", "hbar", "psi"])


def _value(written: list[str | None], decimals: str | None) -> tuple[int, int] | None:
    whole, top, digit, below, last, left, right, digits = written
    above = top or digit
    if above is not None:
        return _mixed(_integer(whole or "0"), int(above), int(below or last or "0"), proper=whole is not None)
    if right is not None:
        return (_integer(left or "0"), int(right)) if int(right) else None
    if decimals is not None:
        return _integer(digits or "0") * 10 ** len(decimals) + int(decimals), 10 ** len(decimals)
    return (_integer(digits), 1) if digits else None


def _mixed(whole: int, above: int, below: int, *, proper: bool) -> tuple[int, int] | None:
    r"""`2\frac{3}{2}` is a product, and nothing is divided by zero."""
    if not below or (proper and above >= below):
        return None
    return whole * below + above, below


def _integer(digits: str) -> int:
    return int(digits) if digits.isdecimal() else int(digits.translate(_GROUPING))
