"""Runs of letters: a function, a constant, a separator, a condition, or a word that stays as it is."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
# ruff: noqa: RUF001  (the signs of mathematics look like letters)
# ruff: noqa: FBT001  (every rule of the lexer has one signature: text, position, tokens, spaced)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._lex_systems import LONE_LETTERS, lone_letter, system_name
from ._names import BARE, CALLED_ONLY, CONDITIONS, CONSTANTS, FUNCTIONS, GREEK, SEPARATORS
from ._tokens import after_value, reread

if TYPE_CHECKING:
    from ._tokens import Token

__all__ = ["DEGREES", "NAMES_A_VALUE", "PERCENTS", "is_second", "letters"]


_RUN = re.compile(r"[A-Za-z]{2,}")


DEGREES = frozenset(["deg", "degree", "degrees"])


PERCENTS = frozenset(["percent", "pct", "percentage"])


def letters(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    found = _RUN.match(text, position) if text[position + 1 : position + 2].isalpha() else None
    if found is None:
        return _letter(text, position, tokens, spaced)
    word, end = found.group(), found.end()
    if word in _BETWEEN_NUMBERS and _stands_between_numbers(text, end, tokens):
        tokens.append((*_BETWEEN_NUMBERS[word], position, end, spaced))
        return end
    if word[1] in "CP" and (chosen := _CHOSEN.match(text, position)):
        return _chosen(chosen, tokens, spaced)
    known = system_name(word, text, position, end, spaced) if text[end : end + 1] in _AFTER_NAMES else None
    if known is not None:
        tokens.extend(known[0])
        return known[1]
    if word in _BACKSLASH_LOST and text[end : end + 1] == "{":
        tokens.append(("cmd", _BACKSLASH_LOST[word], position, end, spaced))
        return end
    if word in _ASCII_BIG and text[end : end + 1] == "_":
        tokens.append(("big", word, position, end, spaced))
        return end
    between = _BETWEEN.get(word)
    if (
        between is not None
        and tokens
        and (after_value(tokens) or (word == "mod" and tokens[-1][0] == "open"))
    ):
        tokens.append((*between, position, end, spaced))
        return end
    if word == "US" and _DOLLAR.match(text, end):
        return end
    second = word == "sec" and is_second(text, end, tokens)
    said: list[Token] = [("word", word, position, end, spaced)] if second else []
    tokens.extend(said or _read_word(word, position, end, spaced, text))
    return end


def _letter(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    """One letter alone."""
    letter, end = text[position], position + 1
    if letter == "R" and not position and _REAL.match(text):
        return end  # the Brazilian currency
    named = _OF_AXIS.match(text, position) if text[end : end + 1] == "-" else None
    if named is not None:
        tokens.append(("word", named.group(), position, named.end(), spaced))
        return named.end()
    sign = lone_letter(letter, text, end, tokens, spaced) if letter in LONE_LETTERS else None
    kind, value = sign or ("let", letter)
    tokens.append((kind, value, position, end, spaced))
    return end


def _stands_between_numbers(text: str, end: int, tokens: list[Token]) -> bool:
    return bool(tokens) and tokens[-1][0] == "num" and text[end:].lstrip(" $}")[:1].isdecimal()


def is_second(text: str, end: int, tokens: list[Token]) -> bool:
    """Whether `sec` is a unit: nothing is behind it that it could be the secant of, or `ft/` before it."""
    per = len(tokens) > 1 and tokens[-1][1] == "/" and tokens[-2][0] in {"word", "text"}
    return per or not _ARGUMENT.match(text, end)


# `nCr`, `nC_r`, `nC2`: the numbers of ways to choose and to arrange, with a letter before.
_CHOSEN = re.compile(r"([nm])([CP])_?(?:\{([a-z0-9]+)\}|([krmi0-9]))(?![A-Za-z0-9(])")


def _chosen(found: re.Match[str], tokens: list[Token], spaced: bool) -> int:
    start, end = found.span()
    if tokens and tokens[-1][1] == "^":  # `^nC_r`, whose n is above
        tokens.append(("let", found[1], start, start + 1, spaced))
        return start + 1
    tokens += [("fn", FUNCTIONS[f"n{found[2]}r"], start, end, spaced), ("open", "(", start, end, False)]
    tokens += [("let", found[1], start, end, False), ("sep", ",", start, end, False)]
    tokens += [(*token[:2], start, end, False) for token in reread(found[3] or found[4])]
    tokens.append(("close", ")", start, end, False))
    return end


_REAL = re.compile(r"R\$\s*\d")
_OF_AXIS = re.compile(r"[xyz]-(?:intercepts?|coordinates?|ax[ie]s)\b")
# What stands behind a name that only an algebra system, Python or a spreadsheet writes.
_AFTER_NAMES = ("[", "(", ".")
_BACKSLASH_LOST = {"frac": "frac", "dfrac": "frac", "tfrac": "frac", "binom": "binom", "sqrt": "sqrt"}
# Operators between two numbers: 3 to 4 is the ratio 3:4, and AsciiMath writes xx for a cross.
_BETWEEN_NUMBERS = {"to": ("op", ":"), "xx": ("op", "×")}
# Words that are operators between two values.
_BETWEEN = {
    "mod": ("op", "mod"), "union": ("op", "∪"), "intersect": ("op", "∩"), "intersection": ("op", "∩"),
    "choose": ("infix", "choose"), "elementof": ("rel", "∈"), "notelementof": ("rel", "∉"),
    "notin": ("rel", "∉"),
    "subset": ("rel", "⊂"), "superset": ("rel", "⊃"), "subseteq": ("rel", "⊆"), "superseteq": ("rel", "⊇"),
    "nounadd": ("op", "+"), "nounsub": ("op", "-"), "nounmul": ("op", "*"), "noundiv": ("op", "/"),
    "nounpow": ("op", "^"), "nouneq": ("rel", "="),
}  # fmt: skip
_DOLLAR = re.compile(r"\\?\$")
# Words that are signs before what they need: a set in brackets or by its letter, an angle by its points.
_SIGNS_BEFORE = {
    "in": (("rel", "∈"), re.compile(r"\s*[(\[{]|\s+[A-Z]\s*\$?(?:\Z|[,:|]|and\b|or\b)")),
    "angle": (("op", "∠"), re.compile(r"\s+[A-Z]{1,3}(?![A-Za-z])")),
}
_ASCII_BIG = frozenset(["sum", "prod", "int", "lim"])


_FIXED_WORDS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(DEGREES, ("op", "°")),
    **dict.fromkeys(PERCENTS, ("op", "%")),
    "not": ("op", "¬"),
}


# What may begin an argument: `sec` without one is a second.
_ARGUMENT = re.compile(r"\s*[\\^(A-Za-z0-9{|√π-]")


# `max at x = 2`: no function, as nothing is to be compared.
NAMES_A_VALUE = re.compile(
    r"[\s$]*(?:\\text\s*\{\s*)?(?:\.\s*(?:(?:\\left|\$)\s*)?\(|at|when|is|value|occurs)(?![A-Za-z])"
)


# What ends a value, with which "and" or "or" may stand together.
_VALUE_ENDS = frozenset("0123456789)]}")


def _read_word(word: str, start: int, end: int, spaced: bool, text: str) -> list[Token]:
    lower = word.lower()
    fixed = _FIXED_WORDS.get(lower)
    if fixed is not None:
        return [(*fixed, start, end, spaced)]
    if word in ("max", "min") and NAMES_A_VALUE.match(text, end):
        return [("word", word, start, end, spaced)]
    if word in FUNCTIONS and (word not in CALLED_ONLY or _CALL.match(text, end)):
        return [("fn", FUNCTIONS[word], start, end, spaced)]
    if word in CONSTANTS and lower in CONSTANTS:
        return [("sym", CONSTANTS[word], start, end, spaced)]
    if lower in SEPARATORS:
        return [("sep", SEPARATORS[lower], start, end, spaced)]
    if word in GREEK:
        return [("sym", word, start, end, spaced)]
    sign = _SIGNS_BEFORE.get(word)
    if sign is not None and sign[1].match(text, end) and (spaced or word != "in"):
        return [(*sign[0], start, end, spaced)]
    if lower in CONDITIONS:
        return [("cond", word, start, end, spaced)]
    return (
        _parted(word, start, end, spaced, text)
        or _split_word(word, start, end, spaced)
        or [("word", word, start, end, spaced)]
    )


_CALL = re.compile(r" ?\(|\\left\(")


def _parted(word: str, start: int, end: int, spaced: bool, text: str) -> list[Token] | None:
    """`xdx` under an integral is x dx, `orx` behind a value or x."""
    if len(word) == 3 and word[1] == "d" and ("∫" in text or "int" in text):
        return [("let", word[0], start, start + 1, spaced), ("word", word[1:], start + 1, end, False)]
    joint = word[:-1]
    if not spaced and joint in ("and", "or") and text[start - 1 : start] in _VALUE_ENDS:
        return [("sep", SEPARATORS[joint], start, end - 1, spaced), ("let", word[-1], end - 1, end, False)]
    return None


_ARGUMENTS = frozenset("xyztun")


def _split_word(word: str, start: int, end: int, spaced: bool) -> list[Token] | None:
    """`sinx` is sin x, `xsin` x sin, `npi` n pi; any other run stays a word."""
    if word in ("mins", "secs"):  # minutes and seconds, no functions of s
        return None
    if word == "minf":  # Maxima's minus infinity
        return [("op", "-", start, start + 1, spaced), ("sym", "infty", start + 1, end, False)]
    if word[0] == word[-1] and word[0] in _ARGUMENTS and word[1:-1] in BARE:  # xsinx, but not `using`
        middle = end - 1
        return [
            ("let", word[0], start, start + 1, spaced),
            ("fn", FUNCTIONS[word[1:-1]], start + 1, middle, False),
            ("let", word[-1], middle, end, False),
        ]
    if word[:2] not in _HEADS and word[-2:] not in _TAILS:
        return None
    for size in (len(word) - 1, len(word) - 2):
        if size < 2:
            continue
        head, tail = word[:size], word[size:]
        if head in BARE and head not in CALLED_ONLY and len(tail) == 1:
            middle = start + size
            return [("fn", FUNCTIONS[head], start, middle, spaced), ("let", tail, middle, end, False)]
        head, tail = word[: len(word) - size], word[len(word) - size :]
        known = tail in BARE and tail not in CALLED_ONLY
        if len(head) == 1 and (known or tail == "pi"):
            middle = start + 1
            kind = ("fn", FUNCTIONS[tail]) if known else ("sym", "pi")
            return [("let", head, start, middle, spaced), (*kind, middle, end, False)]
    return None


# How names of functions begin and end.
_HEADS = frozenset(name[:2] for name in BARE)
_TAILS = frozenset([*(name[-2:] for name in BARE), "pi"])
