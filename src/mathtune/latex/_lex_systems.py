"""Names as algebra systems, Python and spreadsheets write them: `Sqrt[2]`, `np.pi`, `POWER(2, 3)`.

Each is known by what only such a system writes (a square bracket right behind a capitalised name, a module
and a point, capitals before a parenthesis), so that words and products of letters stay what they are.
"""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
# ruff: noqa: FBT001  (every rule of the lexer has one signature: text, position, tokens, spaced)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._names import CONSTRUCTORS, FUNCTIONS

if TYPE_CHECKING:
    from ._tokens import Token

__all__ = ["LONE_LETTERS", "lone_letter", "system_name"]

# Mathematica's names before a square bracket; what is not here is the same name in small letters.
_MATHEMATICA = {
    "Log": "Log[",
    "Conjugate": "conj",
    "D": "diff",
    "Integrate": "int",
    "Surd": "root",
    "Piecewise": "Piecewise",
}
_MODULES = frozenset(["math", "cmath", "np", "numpy", "sp", "sympy", "Math", "mpmath", "mp"])
_AFTER_POINT = re.compile(r"\.(?=[A-Za-z])")
_EMPTY_CALL = re.compile(r"\(\s*\)")
# What names of classes have behind a point.
_KIND = re.compile(r"\.(open|Lopen|Ropen)(?=\()")


def system_name(word: str, text: str, start: int, end: int, spaced: bool) -> tuple[list[Token], int] | None:
    """Give the tokens of a name that only a system writes, and where reading goes on; or None."""
    following = text[end : end + 1]
    if following == "[" and word[0].isupper():
        name = _MATHEMATICA.get(word) or FUNCTIONS.get(word.lower())
        return ([("fn", name, start, end, spaced)], end) if name else None
    if following == ".":
        if word in _MODULES and (point := _AFTER_POINT.match(text, end)):
            return [], point.end()
        kind = _KIND.match(text, end) if word == "Interval" else None
        return ([("fn", f"Interval{kind.group()}", start, kind.end(), spaced)], kind.end()) if kind else None
    if following != "(":
        return None
    empty = _EMPTY_CALL.match(text, end)
    if empty is not None and word in ("set", "FiniteSet", "EmptySet", "PI"):
        return [("sym", "pi" if word == "PI" else "emptyset", start, empty.end(), spaced)], empty.end()
    name = CONSTRUCTORS.get(word)
    if name is None and word.isupper():
        name = CONSTRUCTORS.get(word.lower()) or FUNCTIONS.get(word.lower())
    return ([("fn", name, start, end, spaced)], end) if name else None


# Letters that are signs in some places.
LONE_LETTERS = frozenset("xXUIj")
_POWER_OF_TEN = re.compile(r"\s*10\s*(?:\^|\*\*|[\u00b2\u00b3\u00b9\u2070-\u207b])")
_SPACED_DIGIT = re.compile(r"\s+\d")
_OPENING = re.compile(r"\s*(?:\\left\s*)?(?:[(\[{]|\\\{)")
_FACTOR = re.compile(r"\s*\*\s*(?:\d|sqrt)")


def lone_letter(
    letter: str, text: str, end: int, tokens: list[Token], spaced: bool
) -> tuple[str, str] | None:
    """Read the letter in `1.5 x 10^3`, `2 x 3`, `(1,2) U (3,4)`, `3*I`, `2+3j`; None if it is one."""
    last = tokens[-1][0] if tokens else ""
    if letter in "xX":
        if tokens and tokens[-1][1] == "⟩":
            return ("op", "×") if text[end:].lstrip()[:1] == "<" else None
        if last not in ("num", "word"):
            return None
        crossed = _POWER_OF_TEN.match(text, end) or (
            spaced and "\\" not in text and _SPACED_DIGIT.match(text, end)
        )
        return ("op", "×") if crossed and (last == "num" or spaced) else None
    if letter == "U":
        return ("op", "∪") if last in ("close", "}") and _OPENING.match(text, end) else None
    if letter == "j":
        return ("let", "i") if last == "num" and not spaced and not _has_other_letters(text) else None
    multiplied = len(tokens) > 1 and tokens[-1][1] == "*" and tokens[-2][0] in ("num", "close")
    return ("let", "i") if "\\" not in text and (multiplied or _FACTOR.match(text, end)) else None


_OTHER_LETTER = re.compile(r"[A-Za-ik-z\\]")


def _has_other_letters(text: str) -> bool:
    """Whether this is no complex number as Python prints one; those are short."""
    return len(text) > 80 or _OTHER_LETTER.search(text) is not None
