"""One sign or two: operators, brackets, marks, and signs with another meaning in Maxima or HTML."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
# ruff: noqa: FBT001  (every rule of the lexer has one signature: text, position, tokens, spaced)
from __future__ import annotations

import functools
import re
from string import ascii_letters
from typing import TYPE_CHECKING, Any

from ._lex_systems import LONE_LETTERS
from ._tokens import after_value, reread

if TYPE_CHECKING:
    from ._tokens import Token

__all__ = [
    "ALONE",
    "SIMPLE",
    "VECTOR",
    "between_statements",
    "brace",
    "dollar",
    "factorial",
    "greater",
    "hashes",
    "percent",
    "quotation",
    "quote",
    "simple",
    "skip",
    "square",
]


SIMPLE = {
    "+": ("op", "+"), "-": ("op", "-"), "*": ("op", "*"), "/": ("op", "/"), "^": ("op", "^"), "_": ("op",
    "_"),
    ":": ("op", ":"), "(": ("open", "("), ")": ("close", ")"), "[": ("open", "["), "]": ("close", "]"),
    "{": ("{", "{"), "}": ("}", "}"), "|": ("bar", "|"), ",": ("sep", ","), ";": ("sep", ";"), "&": ("amp",
    "&"),
    "=": ("rel", "="), "<": ("rel", "<"), ">": ("rel", ">"), "!": ("op", "!"), "%": ("op", "%"),
    "'": ("op", "'"),
    '"': ("op", '"'), "#": ("rel", "≠"), "?": ("sym", "?"), "@": ("sym", "@"),
    "€": ("unit", "euro"), "£": ("unit", "sterling"), "¥": ("unit", "yensign"), "¢": ("unit", "cent"),
    "₹": ("unit", "rupee"),
}  # fmt: skip


_LONGER = {
    "**": ("op", "^"), "<=": ("rel", "≤"), ">=": ("rel", "≥"), "!=": ("rel", "≠"), "==": ("rel", "="),
    ":=": ("rel", "="), "=>": ("rel", "⇒"), "->": ("rel", "→"), "!!": ("op", "!!"), "+-": ("op", "±"),
    "=<": ("rel", "≤"), "<>": ("rel", "≠"), "&&": ("sep", "and"), "~=": ("rel", "≈"),
    "//": ("rel", "∥"), "≈≈": ("rel", "≈"), "≠≠": ("rel", "≠"), "/=": ("rel", "≠"),
}  # fmt: skip
_LONGEST = {"+/-": ("op", "±"), "=/=": ("rel", "≠"), "-/+": ("op", "∓")}


_LONGEST_STARTS = frozenset(sign[:2] for sign in _LONGEST)


_SECOND_SIGNS = frozenset(sign[1] for sign in (*_LONGER, *_LONGEST))
_LETTERS = frozenset(ascii_letters)
# What ends a number of one digit, as most are, at a glance; "" is the text's end.
_BEHIND_DIGIT = frozenset(["", *")}]+-*/^_=<>$%:;!|&", *(_LETTERS - set("eEsnrt"))])
# `R$ 5` is money, and of `y-axis` the letter is a part.
_MORE_THAN_LETTERS = LONE_LETTERS | set("Ryz")
# Behind an x as here it is no cross: that has a number behind it, or a vector.
_BEHIND_X = frozenset(["", *")}]+*/^_=>%:;,!|&"])
# Signs that mean one thing, whatever stands behind them, or before all signs but some, or only before some.
ALONE: dict[str, tuple[str, str, frozenset[str] | None, bool]] = {
    **{sign: (*SIMPLE[sign], None, False) for sign in "(),;^_}"},
    **{sign: (*SIMPLE[sign], _SECOND_SIGNS, False) for sign in "+-*/=:"},
    "{": ("{", "{", frozenset(",:;"), False),
    **{digit: ("num", digit, _BEHIND_DIGIT, True) for digit in "0123456789"},
    **{letter: ("let", letter, _LETTERS, False) for letter in _LETTERS - _MORE_THAN_LETTERS},
    **{letter: ("let", letter, _LETTERS | set("-$"), False) for letter in "Ryz"},
    "x": ("let", "x", _BEHIND_X, True),
}


# `<1, 2>`, with nothing in it that compares; `x < 1, y > 2` has a value on both sides of it.
VECTOR = re.compile(r"<[^<>=,]{1,100}(?:,[^<>=,]{1,100}){1,8}>[\s$.]*")


def simple(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    double = text[position : position + 2]
    if double in _LONGEST_STARTS and (found := _LONGEST.get(text[position : position + 3])):
        tokens.append((*found, position, position + 3, spaced))
        return position + 3
    found = None if double == "=<" and VECTOR.match(text, position + 1) else _LONGER.get(double)
    if found is not None and not (double == "+-" and text[position + 2 : position + 3] == "-"):
        tokens.append((*found, position, position + 2, spaced))
        return position + 2
    found = SIMPLE.get(text[position])
    if found is not None:
        tokens.append((*found, position, position + 1, spaced))
    return position + 1


def brace(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """`{,}` and `{:}` only take the blank away behind the sign."""
    if text[position + 2 : position + 3] == "}" and text[position + 1] in ",:;":
        return simple(text, position + 1, tokens, spaced) + 1
    tokens.append(("{", "{", position, position + 1, spaced))
    return position + 1


_OPENS = re.compile(r"\s*\(")
_COMPARED = re.compile(r"[<>=]")


def between_statements(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """`(x < 1) | (x > 4)`, `(1 < x) & (x < 4)`, as SymPy prints; all others are what they are."""
    if spaced and _BEFORE_STATEMENT.match(text, position) and _is_behind_statement(tokens):
        tokens.append(("sep", "or", position, position + 2, spaced))
        return position + 2
    closed = bool(tokens) and tokens[-1][:2] == ("close", ")") and "\\" not in text
    if not closed or not _OPENS.match(text, position + 1) or not _COMPARED.search(text):
        return simple(text, position, tokens, spaced)
    tokens.append(("sep", "or" if text[position] == "|" else "and", position, position + 1, spaced))
    return position + 1


# `x == 3 || x == 4`, as Mathematica prints; without relations on both sides these are lines or a norm.
_BEFORE_STATEMENT = re.compile(r"\|\| [^|<>=]{0,200}[^|<>=\s][^|<>=]?[<>=]")
_LONGEST_STATEMENT = 60


def _is_behind_statement(tokens: list[Token]) -> bool:
    """Whether a relation and its right side stand before; `||` right behind a sign opens a norm."""
    kinds = [token[0] for token in tokens[-_LONGEST_STATEMENT:]]
    return "rel" in kinds and kinds[-1] not in {"rel", "op", "open", "bar", "sep"}


def percent(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """Maxima writes its constants as %pi, %e, %i, %c; after a value the sign is a percent."""
    constant = _MAXIMA_CONSTANT.match(text, position)
    if constant is not None and not after_value(tokens):
        tokens.append(("let", "C", position, constant.end(), spaced))
        if constant[1]:
            tokens += [
                ("op", "_", position, constant.end(), False),
                ("num", constant[1], position, constant.end(), False),
            ]
        return constant.end()
    for name, token in _MAXIMA.items():
        end = position + 1 + len(name)
        if (
            text.startswith(name, position + 1)
            and not text[end : end + 1].isalpha()
            and not after_value(tokens)
        ):
            tokens.append((*token, position, end, spaced))
            return end
    return simple(text, position, tokens, spaced)


# `%c`, `%k1`: the constants of integration, as Maxima names them.
_MAXIMA_CONSTANT = re.compile(r"%[kc](\d?)(?![A-Za-z0-9])")
_MAXIMA: dict[str, tuple[str, Any]] = {
    "pi": ("sym", "pi"), "e": ("let", "e"), "i": ("let", "i"), "phi": ("sym", "phi"), "union": ("fn",
    "union"),
    "gamma": ("sym", "gamma"), "intersection": ("fn", "intersection"),
    **{name: ("sym", name) for name in ("alpha", "beta", "theta", "lambda", "omega", "delta", "sigma", "mu")},
}  # fmt: skip


def hashes(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    if text.startswith("#pm#", position):
        tokens.append(("op", "±", position, position + 4, spaced))
        return position + 4
    return simple(text, position, tokens, spaced)


def quote(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """A prime stands right after a value; before one it only quotes, and then the last one does too."""
    kind, sign = tokens[-1][:2] if tokens else ("", "")
    if kind == "word" and len(sign) <= _LONGEST_RUN and not spaced and not _quotes(text):
        _, _, start, _, blank = tokens.pop()  # x y', of which the last letter has the prime
        tokens += (("let", c, start + at, start + at + 1, blank and not at) for at, c in enumerate(sign))
    called = kind == "text" and text[position + 1 : position + 3].lstrip()[:1] == "("  # \text{Ai}'(0)
    marks = after_value(tokens) or sign in ("'", "°") or kind in {"sym", "fn"} or called
    if (spaced or not marks) and (named := _QUOTED.match(text, position)):
        for kind, value, start, end, blank in reread(named.group(1)):
            tokens.append((kind, value, position + 1 + start, position + 1 + end, blank))
        return named.end()
    if spaced or not marks or (position == len(text.rstrip()) - 1 and text.lstrip()[0] == "'"):
        return position + 1
    return simple(text, position, tokens, spaced)


@functools.lru_cache(maxsize=4)  # asked again at each of a text's quotation marks
def _quotes(text: str) -> bool:
    return _OPENS_QUOTE.search(text) is not None


_LONGEST_RUN = 3
_OPENS_QUOTE = re.compile(r"(?:^|[\s(,:=\[{])'")
# A key of a Python dictionary.
_QUOTED = re.compile(r"'([A-Za-z]\w{0,30})'(?=\s*:)")
_CLOSING_QUOTES = {'"': '"', "“": "”", "„": "“"}


_TO_BRACKET = re.compile(r"[\[\]]([^\[\]]*)[\[\]]")
_AFTER_INTERVAL = re.compile(r"[\s$).,;]*(?:\Z|\\c[ua]p|\\setminus|[∪∩U,;]|\\text)")


def square(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """`]0, 1[` is how half of Europe writes the open interval; other square brackets are what they are."""
    starts = not tokens or tokens[-1][0] in ("rel", "sep", "open") or tokens[-1][1] in ("∪", "∩", "∖")
    found = _TO_BRACKET.match(text, position) if starts else None
    if found is None or not ({",", ";"} & set(found.group(1))) or not _is_reversed(text, found):
        return simple(text, position, tokens, spaced)
    shift, last = position + 1, found.end() - 1
    tokens.append(("open", "(" if text[position] == "]" else "[", position, shift, spaced))
    for kind, value, start, end, blank in reread(found.group(1)):
        tokens.append((kind, value, shift + start, shift + end, blank))
    tokens.append(("close", ")" if text[last] == "[" else "]", last, last + 1, False))
    return found.end()


def _is_reversed(text: str, found: re.Match[str]) -> bool:
    pair = found.group()[0] + found.group()[-1]
    return pair != "[]" and (pair[1] == "]" or _AFTER_INTERVAL.match(text, found.end()) is not None)


def quotation(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """`["B", "F"]`: what is quoted is read as if it were not; right after a value the sign means inches."""
    if after_value(tokens) and not spaced:
        return simple(text, position, tokens, spaced)
    close = text.find(_CLOSING_QUOTES[text[position]], position + 1)
    if close < 0:
        return simple(text, position, tokens, spaced)
    shift = position + 1
    for kind, value, start, end, blank in reread(text[shift:close]):
        tokens.append((kind, value, shift + start, shift + end, blank))
    return close + 1


def greater(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """The end of a vector in `<` and `>`, or the relation."""
    last = position == len(text.rstrip()) - 1 and tokens and tokens[0][:2] == ("open", "⟨")
    if last or _is_vector_open(text, tokens):
        tokens.append(("close", "⟩", position, position + 1, spaced))
        return position + 1
    return simple(text, position, tokens, spaced)


# A vector in `<` and `>` has at most so many tokens.
_LONGEST_VECTOR = 60


def _is_vector_open(text: str, tokens: list[Token]) -> bool:
    """Whether a vector that `<` began has not ended."""
    for kind, value, start, _end, _spaced in reversed(tokens[-_LONGEST_VECTOR:]):
        if value == "⟩" and kind == "close":
            return False
        if value == "⟨" and kind == "open":
            return text[start : start + 1] == "<"
    return False


# A sign that ends a formula, and the next formula on a line of its own, or one that begins `y(2) =`.
_NEXT_FORMULA = re.compile(r"\$(?:[\s.;,]*\n\s*\$|[ \t]+\$(?=\s*\\?[a-zA-Z][^$=<>]{0,20}=))")


def dollar(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """A formula's end, or money; the next formula may stand on a line of its own."""
    if _AMOUNT.match(text, position) and text.count("$") == 1:
        tokens.append(("unit", "dollar", position, position + 1, spaced))
        return position + 1
    found = _NEXT_FORMULA.match(text, position)
    if found and tokens and tokens[-1][1] not in ("+", "-", "="):
        tokens.append(("line", "\n", position, found.end(), spaced))
        return found.end()
    return position + 1


# A sign that nothing closes, before an amount and no more mathematics.
_AMOUNT = re.compile(r"\$\s?\d[\d,]*(?:\.\d+)?(?=\s*\Z|\s+[a-z]{2}|[,;])")


def factorial(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """`3!=6` is a factorial and an equality, `x != 3` an inequality."""
    counted = not spaced and bool(tokens) and tokens[-1][0] in ("num", "close")
    if counted and text[position + 1 : position + 2] == "=":
        tokens.append(("op", "!", position, position + 1, False))
        return position + 1
    return simple(text, position, tokens, spaced)


def skip(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    del text, tokens, spaced
    return position + 1
