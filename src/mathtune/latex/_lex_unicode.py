"""Signs beyond ASCII: scripts, digits of other alphabets, signs with a LaTeX name, words."""

# ruff: noqa: FBT001  (every rule of the lexer has one signature: text, position, tokens, spaced)
from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ._names import SEPARATORS, SUBSCRIPTS, SUPERSCRIPTS, UNICODE
from ._signs import SIMPLE
from ._tokens import reread

if TYPE_CHECKING:
    from ._tokens import Token

__all__ = ["foreign"]


def foreign(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """Beyond ASCII: scripts, digits of other alphabets, signs with a LaTeX name, words."""
    sign = text[position]
    for table, mark in ((SUPERSCRIPTS, "^"), (SUBSCRIPTS, "_")):
        if sign in table:
            return _scripts(text, position, tokens, spaced, table, mark)
    mapped = UNICODE.get(sign)
    if mapped is not None:
        return _mapped(text, position, tokens, spaced)
    if "\U0001d400" <= sign <= "\U0001d7ff":
        return _styled(text, position, tokens, spaced)
    if sign in SIMPLE:
        tokens.append((*SIMPLE[sign], position, position + 1, spaced))
    elif _is_accented(text, position, tokens, spaced):
        return position + 1
    elif sign.isalpha():
        end = position
        while end < len(text) and text[end].isalpha() and text[end] >= "\x80" and text[end] not in UNICODE:
            end += 1
        joint = SEPARATORS.get(text[position:end])
        tokens.append(("sep" if joint else "text", joint or text[position:end], position, end, spaced))
        return end
    elif sign.isprintable() and not sign.isspace():
        tokens.append(("text", sign, position, position + 1, spaced))
    return position + 1


# Marks that combine with the letter before them.
_MARKS = {
    "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u0307": "dot", "\u0308": "ddot",
    "\u20d7": "vec",
}  # fmt: skip


def _is_accented(text: str, position: int, tokens: list[Token], spaced: bool) -> bool:
    """Put the accent of `x̄`, whose mark stands behind the letter, before it; and read `ĵ` alone so."""
    sign = text[position]
    letter, mark = ("", sign) if sign in _MARKS else (*unicodedata.normalize("NFD", sign), "", "")[:2]
    if mark not in _MARKS or not letter.isascii():
        return False
    if letter and (text[position - 1 : position].isalpha() or text[position + 1 : position + 2].isalpha()):
        return False  # within a word
    if letter:
        tokens.append(("let", letter, position, position + 1, spaced))
    marked = bool(tokens) and tokens[-1][0] in {"let", "sym"}
    if marked:
        tokens.insert(-1, ("accent", _MARKS[mark], position, position, tokens[-1][4]))
    return marked


def _styled(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """Letters and digits of Unicode's mathematical alphabets are read as plain ones."""
    end = position
    while "\U0001d400" <= text[end : end + 1] <= "\U0001d7ff":
        end += 1
    plain = unicodedata.normalize("NFKC", text[position:end])
    tokens.extend((*token[:2], position, end, token[4] or spaced) for token in reread(plain))
    return end


def _mapped(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    r"""`π` is lexed as `\pi`, Arabic digits as the same number."""
    mapped = UNICODE[text[position]]
    if text[position] == "Σ" and _OVER_INDEX.match(text, position + 1):
        mapped = "\\sum "
    if not mapped.isdecimal():
        inner = _primes(mapped) if text[position] in _PRIMES else reread(mapped)
        tokens.extend((*token[:2], position, position + 1, token[4] or spaced) for token in inner)
        return position + 1
    end = position
    while UNICODE.get(text[end : end + 1], "-").isdecimal():
        end += 1
    digits = "".join(UNICODE[c] for c in text[position:end])
    tokens.append(("num", digits, position, end, spaced))
    return end


_PRIMES = "\u2032\u2033"
# What stands behind the letter Σ where it is the sign of a sum.
_OVER_INDEX = re.compile(r"_[{(]?[a-z]\s?=")


def _primes(marks: str) -> list[Token]:
    """Primes alone are marks, never quotation."""
    return [("op", mark, 0, 0, False) for mark in marks]


def _scripts(  # noqa: PLR0917  (a rule with its table)
    text: str, position: int, tokens: list[Token], spaced: bool, table: dict[str, str], mark: str
) -> int:
    """`x²³` has the exponent 23."""
    end = position
    while end < len(text) and text[end] in table:
        end += 1
    script = "".join(table[c] for c in text[position:end])
    tokens.extend([("op", mark, position, end, spaced), ("{", "{", position, end, False)])
    tokens.extend((*token[:2], position, end, token[4]) for token in reread(script))
    tokens.append(("}", "}", position, end, False))
    return end
