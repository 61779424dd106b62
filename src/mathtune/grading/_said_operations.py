"""Arithmetic in words: `the square root of 5`, `pi over 2`, `x squared minus 9`, `0.3 repeating`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._number_words import leading_number, ordinal_number
from ._words import number_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from ._values import Value
    from ._words import ReadText

__all__ = ["said_operation"]

_LONGEST = 80
_SAID = re.compile(
    r"\b(?:root of|squared|cubed|to the|over|divided by|times|multiplied by|plus|minus|twice|half|repeating"
    r"|recurring)\b",
    re.IGNORECASE,
)
_OPERAND = r"(\([^()]*\)|-?\\frac\{[^{}]*\}\{[^{}]*\}|-?\\sqrt(?:\[\d\])?\{[^{}]*\}|\S+)"
_INDICES = {"square": "", "cube": "[3]", "fourth": "[4]", "fifth": "[5]"}
# `the square root of x squared` leaves open what is squared.
_UNCLEAR = re.compile(rf"root of {_OPERAND} (?:squared|cubed|to the)", re.IGNORECASE)


def said_operation(text: str, read_text: ReadText) -> Value | None:
    """A number or a formula whose operations are words; None where any other word is left."""
    if len(text) > _LONGEST or not _SAID.search(text) or _UNCLEAR.search(text):
        return None
    signs = _numbers_in_digits(text.removeprefix("the ").removeprefix("The "))
    for said, written in _OPERATIONS:
        signs = said.sub(written, signs)
    if signs == text or _is_prose(signs):
        return None
    return number_of(read_text(signs))


def _numbers_in_digits(text: str) -> str:
    """Number words as figures; `half`, which takes what follows, stays."""
    words, written, at = text.split(), [], 0
    small = text.lower().split()
    while at < len(words):
        found = None if small[at] in _NO_NUMBERS else leading_number(small[at:])
        written.append(words[at] if found is None else _in_digits(found[0]))
        at += 1 if found is None else found[1]
    return " ".join(written)


def _in_digits(number: Fraction) -> str:
    whole = number.denominator == 1
    return str(number) if whole else f"\\frac{{{number.numerator}}}{{{number.denominator}}}"


_NO_NUMBERS = ("a", "an", "half", "twice")


def _is_prose(signs: str) -> bool:
    """Whether a word is left that no formula has."""
    return any(word.lower() not in _NAMES for word in _WORD.findall(signs))


_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")
_NAMES = frozenset(["pi", "sin", "cos", "tan", "ln", "log", "theta", "alpha", "beta", "sqrt"])


def _repeated(found: re.Match[str]) -> str:
    return f"{found[1]}.\\overline{{{found[2]}}}"


def _root(found: re.Match[str]) -> str:
    return f"\\sqrt{_INDICES[found[1].lower()]}{{{found[2].strip('()')}}}"


def _power(found: re.Match[str]) -> str:
    exponent = ordinal_number(found[2].lower()) or found[2]
    return f"{found[1]}^{{{exponent}}}"


# In the order in which they bind.
_OPERATIONS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(said, re.IGNORECASE), written)
    for said, written in (
        (r"(\d*)\.(\d+),? (?:repeating|recurring)", _repeated),
        (rf"(?:the )?(square|cube|fourth|fifth) root of {_OPERAND}", _root),
        (rf"{_OPERAND} squared", r"\1^{2}"),
        (rf"{_OPERAND} cubed", r"\1^{3}"),
        (rf"{_OPERAND} to the (?:power (?:of )?)?(\S+)(?: power)?", _power),
        (rf"half (?:of )?{_OPERAND}", r"\\frac{\1}{2}"),
        (rf"twice {_OPERAND}", r"2 \\cdot \1"),
        (r" (?:divided by|over) ", " / "),
        (r" (?:times|multiplied by) ", r" \\cdot "),
        (r" plus ", " + "),
        (r"(?: |\A)minus ", " - "),
    )
)
