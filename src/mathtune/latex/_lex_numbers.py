"""NUMBER: digits with separators, decimals and exponents."""

# ruff: noqa: FBT001  (every rule of the lexer has one signature: text, position, tokens, spaced)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._tokens import Token

__all__ = ["number"]


# Digits before a sign that continues no number: nineteen in twenty of all numbers.
_ALONE = re.compile(
    r"(?!(?<=[-\u2212])0,)\d+(?:\.\d+)?(?![\d.({~eEsnrt\u0304\u0305]|\\[^A-Za-z]|\s(?:\d{3}|\{)|,(?:\d{3}|0\d|\s?[{\\]|\d+\s*[a-z\\]))"
)
# No list has an item 05 or -0, so `0,05` and `-0,5` have a decimal comma.
_DECIMAL_COMMA = re.compile(r"(?:\d+,0(?:\d|\d{3,})|(?<=[-\u2212])0,\d+)(?![\d,.])")
_DIGITS = re.compile(
    r"\d+\.(?=\s*\\(?:overline|bar|dot)\b)|\d+(?:\.\d+)?|\.\d+|\.(?=\\(?:overline|bar|dot)\b)"
)


_SPECIAL_GROUPS = re.compile(
    r"\d{1,3}(?:(?:,?\s?\{,\s?\}\s?|,\s?\\!\s?|\\!,\s?|,\\,|,\\ |,\{\}|\\[,;:! ]|[~ ,])\d{3}(?!\d))+"
)


_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(?:,\d{3}(?!\d))+(?!,\d)")


_BRACED_COMMA = re.compile(r"\{,\}(\d+)")


_FRACTIONAL = re.compile(r"\.\d+")


_EXPONENT = re.compile(r"[eE][+\u2212-]?\d+(?![\d.]*[a-zA-Z^])")


_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z])")


_DOTS = re.compile(r"\.{2,}")


def number(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """NUMBER = digits [groups of three] [. digits] [e digits]; a final point is a full stop."""
    alone = _ALONE.match(text, position)
    if alone is not None:
        end = alone.end()
        tokens.append(("num", text[position:end], position, end, spaced))
        return end
    in_list = position > 1 and text[position - 1] == "," and text[position - 2].isdecimal()
    in_list = in_list or (bool(tokens) and tokens[-1][1] in ("^", "_"))  # `\\log_10 250`
    decimal = (
        None if in_list else _DECIMAL_COMMA.match(text, position) or _coefficient(text, position, tokens)
    )
    if decimal is not None:
        tokens.append(("num", decimal.group().replace(",", "."), position, decimal.end(), spaced))
        return decimal.end()
    if not in_list and (found := _COMMA_GROUPS.match(text, position)) and not _has_more_groups(text, found):
        fraction = _FRACTIONAL.match(text, found.end())
        end = fraction.end() if fraction else found.end()
        tokens.append(("grp", tuple(text[position:end].split(",")), position, end, spaced))
        return end
    special = None if in_list or text[position] == "0" else _SPECIAL_GROUPS.match(text, position)
    plain = special or _DIGITS.match(text, position)
    if plain is None:
        return _point(text, position, tokens, spaced)
    repeating = _repeating(text, position, plain.end())
    if repeating is not None:
        tokens.append(("rep", repeating[:2], position, repeating[2], spaced))
        return repeating[2]
    digits = re.sub(r"\D", "", special.group()) if special else plain.group()
    return _rest_of_number(text, position, tokens, spaced, (digits, plain.end()))


def _coefficient(text: str, position: int, tokens: list[Token]) -> re.Match[str] | None:
    """`y = 0,5x`: behind a sign, and outside of brackets, no list begins."""
    found = _COMMA_BEFORE_LETTER.match(text, position)
    behind = bool(tokens) and tokens[-1][0] in ("rel", "op")
    return found if found and behind and not any(token[0] == "open" for token in tokens) else None


_COMMA_BEFORE_LETTER = re.compile(r"0,\d+(?=x(?![a-z])|\s*\\(?:cdot|times)(?![a-z]))")


def _has_more_groups(text: str, found: re.Match[str]) -> bool:
    special = _SPECIAL_GROUPS.match(text, found.start())
    return special is not None and special.end() > found.end()


def _rest_of_number(text: str, start: int, tokens: list[Token], spaced: bool, known: tuple[str, int]) -> int:
    """What may follow the digits: a decimal part, an exponent, the ending of an ordinal."""
    digits, end = known
    if "." not in digits and (comma := _BRACED_COMMA.match(text, end)):  # `3{,}5` is a decimal comma
        end = comma.end()
        digits += "." + comma.group(1)
    if "." not in digits and (fraction := _FRACTIONAL.match(text, end)):
        end = fraction.end()
        digits += fraction.group()
    exponent = _EXPONENT.match(text, end)
    if exponent and _is_scientific(digits, exponent.group(), text):
        end = exponent.end()
        digits += exponent.group().lower().replace("\u2212", "-")
    tokens.append(("num", digits, start, end, spaced))
    ordinal = _ORDINAL.match(text, end)
    if ordinal:
        tokens.append(("op", "th", end, ordinal.end(), False))
        end = ordinal.end()
    return end


# A macron or overline that combines with the digit before it, or parentheses around a period.
_MARKS_OF_PERIOD = ("\u0304", "\u0305", "(")
_OVERLINED = re.compile(r"(\d*\.\d*?)((?:\d[\u0304\u0305])+)")
_LINE_FIRST = re.compile(r"(\d*\.)(?:[\u0304\u0305](\d+)|\((\d{1,9})\))")
_PARENTHESISED = re.compile(r"(\d+\.\d{1,3})\((\d{1,9})\)[\s$]*\Z")


def _repeating(text: str, position: int, end: int) -> tuple[str, str, int] | None:
    """`0.6̅`, `0.(3)`, and as the whole answer `0.1(6)`: elsewhere that is a product."""
    after = end + 1 if text[end : end + 1] == "." else end
    if text[after : after + 1] not in _MARKS_OF_PERIOD:
        return None
    found = _OVERLINED.match(text, position) or _LINE_FIRST.match(text, position)
    if found is None and not text[:position].strip(" $-"):
        found = _PARENTHESISED.match(text, position)
    return (
        (found.group(1), re.sub(r"\D", "", text[found.end(1) : found.end()]), found.end()) if found else None
    )


_COMMAND = re.compile(r"\\[a-zA-Z]")


def _is_scientific(digits: str, exponent: str, text: str) -> bool:
    """`5.1e-2` is a number; `2e-2` in LaTeX is two e minus two."""
    return "." in digits or exponent[0] == "E" or len(exponent) > 3 or not _COMMAND.search(text)


_ARRAYS = ("<", "[[", "matrix(")


def _point(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    found = _DOTS.match(text, position)
    if found:
        tokens.append(("sym", "ldots", position, found.end(), spaced))
        return found.end()
    rest = text[position + 1 :].lstrip(" \n$")
    if tokens and tokens[-1][0] == "close" and rest.startswith(_ARRAYS):  # a product of arrays
        tokens.append(("op", "*", position, position + 1, spaced))
        return position + 1
    if rest and (rest[0].isalpha() or rest[0].isdecimal()) and tokens and not rest.startswith("\\"):
        tokens.append(("stop", ".", position, position + 1, spaced))
    return position + 1
