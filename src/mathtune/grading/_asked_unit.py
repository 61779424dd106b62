"""An amount in the unit in which the problem asks for a bare number: 25 for $0.25 where it asks for cents.

And 0 for "no roots", where it asks how many roots there are.
"""

from __future__ import annotations

import re
from fractions import Fraction

__all__ = ["in_asked_unit"]

_MULTIPLES = "dozens?|hundreds?|thousands?|millions?|billions?"
_IN_MULTIPLES = re.compile(rf"(\$?\s?\d[\d.,]*) ({_MULTIPLES})\b.{{0,40}}\Z")
_MULTIPLES_ASKED = re.compile(rf"\b(?:how many|how much, in|in)(?: more)? ({_MULTIPLES})\b", re.IGNORECASE)
_DOLLARS = re.compile(r"\\?\$\s*(\d{0,30}\.\d{1,4})\$?")
_CENTS_ASKED = re.compile(r"\b(?:how many|in) cents\b", re.IGNORECASE)
_NONE = re.compile(
    r"(?:there (?:are|is) )?(?:none|no(?: [a-z]+){0,2} ([a-z]{3,}))(?: left| remain(?:s|ing)?)?\.?",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(?:how many|number of)\b([^.?]{0,160})", re.IGNORECASE)
_NUMBER = re.compile(r"\$?\s?\d[\d,]{0,30}(?:\.\d{1,30})?\$?")


def in_asked_unit(given: str, gold: str, problem: str) -> str:
    """The expected number, where an amount has it in the multiple or the cents in which a problem asks.

    Args:
        given: An answer.
        gold: The expected answer: only of a bare number the unit is left to the problem.
        problem: The problem's text.

    >>> in_asked_unit("7 dozen eggs", "7", "How many dozen eggs does he need?")
    '7'
    >>> in_asked_unit("no real roots", "0", "How many real roots are there?")
    '0'
    """
    if given[:1] in _NONE_OPENS and gold.strip("$ ") == "0" and _is_none(given, problem):
        return gold
    if "$" not in given and " " not in given:  # a bare number, as most are
        return given
    expected = _number(gold)
    dollars, multiple = _DOLLARS.fullmatch(given), _IN_MULTIPLES.match(given)
    if not (dollars or multiple) or expected is None:
        return given
    if dollars:
        cents = Fraction(dollars[1]) * 100 if _CENTS_ASKED.search(problem) else None
        return gold if cents == expected else given
    asked = _MULTIPLES_ASKED.search(problem)
    if not (asked and multiple) or asked[1].lower().rstrip("s") != multiple[2].rstrip("s"):
        return given
    return gold if _number(multiple[1]) == expected else given


_NONE_OPENS = ("n", "N", "t", "T")


def _is_none(given: str, problem: str) -> bool:
    """Whether an answer says that there is none of what a problem asks how many there are."""
    none, counted = _NONE.fullmatch(given), _COUNTED.search(problem)
    if none is None or counted is None:
        return False
    return none[1] is None or none[1].lower().removesuffix("s") in counted[1].lower()


def _number(text: str) -> Fraction | None:
    """A bare number, or a sum of money; None for anything else."""
    return Fraction(text.strip("$ ").replace(",", "")) if _NUMBER.fullmatch(text) else None
