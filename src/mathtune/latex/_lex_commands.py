r"""Commands: `\` and letters or a sign, to one token; what only changes the look gives none."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
# ruff: noqa: PLR0917  (a rule for one command has read its name, too)
# ruff: noqa: FBT001  (every rule of the lexer has one signature: text, position, tokens, spaced)
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from mathtune.errors import LatexSyntaxError

from ._lex_texts import skip_argument, text_command
from ._lex_words import NAMES_A_VALUE
from ._names import (
    ACCENTS,
    CLOSING,
    CONSTANTS,
    DROPPED,
    FUNCTIONS,
    GREEK,
    OPENING,
    OPERATORS,
    RELATIONS,
    SPACES,
    TEXTS,
    TRANSPARENT,
)
from ._tokens import Token, after_value, opens_denial, reread

__all__ = ["command"]


_NAME = re.compile(r"[A-Za-z]+\*?")
# What `\\` may carry: the space to the next row.
_ROW_SPACE = re.compile(r"\s*\[\s*-?\d*\.?\d+\s*(?:pt|em|ex|mm|cm|in|mu)\s*\]")


def command(text: str, position: int, tokens: list[Token], spaced: bool, eaten: str = "") -> int:
    r"""COMMAND = `\` letters or `\` sign."""
    found = _NAME.match(text, position + 1)
    if not found:
        return _escaped(text, position, tokens, spaced)
    name, end = eaten + found.group(), found.end()
    token = _ONE_TOKEN.get(name)
    if token is not None:
        kind, value = token
        tokens.append((kind, value, position, end, spaced))
        return end
    if name.endswith("*") and name not in TEXTS and name not in SPACES:
        name, end = name[:-1], end - 1
    rule = _OWN_RULES.get(name)
    if rule is not None:
        return rule(text, position, end, name, tokens, spaced)
    known = _NAMED.get(name)
    if name in ("max", "min") and NAMES_A_VALUE.match(text, end):
        tokens.append(("word", name, position, end, spaced))
    elif known is not None:
        tokens.append((*known, position, end, spaced))
    elif text[end : end + 1] in ("(", "[") and not _is_symbol(name):
        raise LatexSyntaxError(f"expected a command that exists, found \\{name}", text, position, end)
    else:
        tokens.append(("sym", name, position, end, spaced))
    return end


def _is_symbol(name: str) -> bool:
    """Whether a command that no table names may be a symbol: a short one, or a known one."""
    return name in GREEK or name in CONSTANTS or name in _SYMBOLS


_SYMBOLS = frozenset(
    ["ell", "hbar", "nabla", "partial", "prime", "triangle", "square", "aleph", "imath", "jmath", "wp",
     "top", "bot", "forall", "exists", "emptyset", "varnothing", "ldots", "cdots", "dots", "neg",
     "lnot", "measuredangle", "Box", "dagger", "ddagger", "bigstar", "diamond", "bigtriangleup",
     "vartriangle", "blacksquare", "checkmark", "mho", "limsup", "liminf", "Pr", "ln", "hom", "arg",
     "det", "mathbb", "varpi", "varkappa", "digamma", "bigcirc"]
)  # fmt: skip


# Text, where the command starts and its name ends, the name, the tokens, whether a blank came before.
_Rule = Callable[[str, int, int, str, list[Token], bool], int]


def _looks_only(text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool) -> int:
    del text, start, name, tokens, spaced
    return end


def _drop(text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool) -> int:
    del start, name, tokens, spaced
    return skip_argument(text, end)


def _number_set(text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool) -> int:
    r"""`\R` is what many define for `\mathbb{R}`."""
    del text
    tokens += [("accent", "mathbb", start, end, spaced), ("let", _NUMBER_SETS[name], start, end, False)]
    return end


def _for_all(text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool) -> int:
    r"""`f(x) = x \forall x`: behind a statement it says where that holds; elsewhere it opens one."""
    del text, name
    kinds = [token[0] for token in tokens]
    behind = after_value(tokens) and "rel" in kinds and all(token[1] not in _QUANTIFIERS for token in tokens)
    tokens.append(("cond", "for all", start, end, spaced) if behind else ("op", "∀", start, end, spaced))
    return end


_QUANTIFIERS = ("∀", "∃")


def _similar(text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool) -> int:
    del name
    denies = opens_denial(text, end, tokens)
    tokens.append(("op", "¬", start, end, spaced) if denies else ("rel", "∼", start, end, spaced))
    return end


def _wide_space(text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool) -> int:
    r"""A wide space parts two equations, as in `x = 1 \quad y = 2`."""
    del name
    if _EQUATION.match(text, end) and after_value(tokens) and _EQUALS in [token[:2] for token in tokens]:
        kinds = [token[0] for token in tokens]
        if kinds.count("open") == kinds.count("close") and kinds.count("{") == kinds.count("}"):
            tokens.append(("sep", ",", start, end, spaced))
    return end


_EQUALS = ("rel", "=")
_EQUATION = re.compile(r"\s*[A-Za-z](?:_(?:\w|\{\w+\}))?(?:\([a-z]\))?\s*=")


_NUMBER_SETS = {
    "R": "R", "Z": "Z", "N": "N", "Q": "Q", "C": "C", "reals": "R", "Reals": "R", "integers": "Z",
    "natnums": "N", "cnums": "C", "Complex": "C",
}  # fmt: skip


def _stack(text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool) -> int:
    r"""`\stackrel{?}{=}` is the relation; what else is stacked is for the parser."""
    relation = _STACKED_RELATION.match(text, end)
    if relation is None:
        tokens.append((*_named(name), start, end, spaced))
        return end
    tokens.extend((*token[:2], start, relation.end(), spaced) for token in reread(relation.group(1)))
    return relation.end()


_STACKED_RELATION = re.compile(r"\s*\{[^{}]{0,40}\}\s*\{\s*([=<>]|\\[a-zA-Z]+)\s*\}")


def _sized(text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool) -> int:
    r"""`\left` and `\right` say whether a bar opens or closes; `.` is no delimiter at all."""
    del spaced
    while text[end : end + 1] == " ":
        end += 1
    if text[end : end + 1] in _PLAIN_DELIMITERS:
        return end
    kind = "open" if name == "left" else "close"
    for sign, mark in _DELIMITERS[kind]:
        if text.startswith(sign, end):
            tokens.append((kind, mark, start, end + len(sign), False))
            return end + len(sign)
    return end


def _bold(text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool) -> int:
    r"""`\mathbf{2 7 2}`: digits set apart are one number; `\mathbf{a} \times \mathbf{b}` are vectors."""
    del name
    if _BOLD_LETTER.match(text, end) and _BOLD_CROSS.search(text, 0, 2000):
        tokens.append(("accent", "vec", start, end, spaced))
        return end
    digits = _DIGITS_APART.match(text, end)
    if digits is None:
        return end
    tokens.append(("num", digits.group(1).replace(" ", ""), end, digits.end(), spaced))
    return digits.end()


# No letter of a set of numbers.
_BOLD_LETTER = re.compile(r"\s*(\{)?(?:[ABD-MOPS-Ya-z]|\\[oOms][a-z]+)(?(1)(?:_\w)?\}|(?![a-zA-Z]))")
_BOLD_CROSS = re.compile(r"\\times[\s(]*\\(?:mathbf|b[mo])|\\(?:mathbf|b[mo]\w*)[^\\]{1,9}\\times")
_DIGITS_APART = re.compile(r"\s*\{\s*(\d(?: \d)+)\s*\}")


def _environment(text: str, start: int, end: int, name: str, tokens: list[Token], spaced: bool) -> int:
    r"""`\begin{pmatrix}`: the name is no mathematics; what it is, the parser sees in the text."""
    tokens.append((*_named(name), start, end, spaced))
    braced = _BRACED_NAME.match(text, end)
    if braced is None:
        return end
    tokens += [("{", "{", end, end + 1, False), ("}", "}", braced.end() - 1, braced.end(), False)]
    return braced.end()


_BRACED_NAME = re.compile(r"\{[a-zA-Z]+\*?\}")


_PLAIN_DELIMITERS = frozenset("()")
# `\left]1,2\right[` is how half of Europe writes an open interval.
_MARKS = ((".", "."), ("|", "|"), ("\\|", "‖"), ("\\vert", "|"), ("\\Vert", "‖"))
_DELIMITERS = {"open": (*_MARKS, ("]", "(")), "close": (*_MARKS, ("[", ")"))}
_OWN_RULES: dict[str, _Rule] = {
    **dict.fromkeys(TRANSPARENT, _looks_only),
    **dict.fromkeys(SPACES, _looks_only),
    **dict.fromkeys(("quad", "qquad"), _wide_space),
    **dict.fromkeys(DROPPED, _drop),
    **dict.fromkeys(TEXTS, text_command),
    **dict.fromkeys(_NUMBER_SETS, _number_set),
    "forall": _for_all,
    "sim": _similar,
    **dict.fromkeys(("overset", "underset", "stackrel"), _stack),
    **dict.fromkeys(("left", "right"), _sized),
    **dict.fromkeys(("begin", "end"), _environment),
    **dict.fromkeys(("mathbf", "boldsymbol", "bm"), _bold),
}


def _named(name: str) -> tuple[str, Any]:
    return _NAMED.get(name) or ("sym", name)


_BRACED_ITEMS = re.compile(r"\s*\\?\{")
_TWO_SETS = re.compile(r"[\s$]*[A-Z]\s+\\\s+[A-Z][\s$]*\Z")  # A \ B in plain text


def _removes_from_set(text: str, end: int, tokens: list[Token]) -> bool:
    r"""`\mathbb{R} \ {0}`: a set of numbers, then braces."""
    if not tokens or not _BRACED_ITEMS.match(text, end):
        return False
    letter = tokens[-2] if tokens[-1][0] == "}" and len(tokens) > 1 else tokens[-1]
    return letter[0] == "let" and letter[1] in "RZNQC"


def _escaped(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    sign = text[position + 1 : position + 2]
    if sign == "\\":
        return _row_break(text, position, tokens, spaced)
    end = position + 2
    known = _ESCAPED.get(sign)
    if known is not None:
        tokens.append((*known, position, end, spaced))
    elif sign.isdecimal() or (sign == "-" and "\\begin" in text):  # a row break that lost a backslash
        tokens.append(("line", "\\\\", position, position + 1, spaced))
        return position + 1
    elif sign.isspace() and (_removes_from_set(text, end, tokens) or _TWO_SETS.match(text)):
        tokens.append(("op", "∖", position, position + 1, spaced))
    return end


def _row_break(text: str, position: int, tokens: list[Token], spaced: bool) -> int:
    if text.startswith("\\\\", position + 2):  # escaped more than once
        return position + 2
    found = _NAME.match(text, position + 2)
    if found and _is_doubled(found.group(), text):
        return command(text, position + 1, tokens, spaced)
    length = _ROW_SPACE.match(text, position + 2)
    end = length.end() if length else position + 2
    tokens.append(("line", "\\\\", position, end, spaced))
    return end


def _is_doubled(name: str, text: str) -> bool:
    r"""`\\frac` comes from text that was escaped twice; a line break is not followed by a command's name."""
    if "\\begin" in text and "\\\\begin" not in text and name not in ("frac", "sqrt", "text", "dfrac"):
        return False
    return len(name) > 1 and (
        name in TEXTS
        or name in SPACES
        or name in ("left", "right", "boxed", "end")
        or _named(name) != ("sym", name)
        or name in GREEK
        or name in CONSTANTS
    )


_ESCAPED = {
    "{": ("open", "{"), "}": ("close", "}"), "%": ("op", "%"), "$": ("unit", "dollar"), "|": ("bar", "‖"),
    "&": ("sep", "and"), "#": ("sym", "#"), "*": ("op", "*"), "_": ("op", "_"),  # the last two are Markdown's
}  # fmt: skip


_STRUCTURED = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac", "flatfrac", "xfrac"), "frac"),
    "textfrac": "frac",
    **dict.fromkeys(("sqrt", "surd"), "sqrt"),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), "binom"),
    **dict.fromkeys(("overset", "underset", "stackrel"), "overset"),
    **dict.fromkeys(("dv", "odv"), "dv"),
    **{name: name for name in ("begin", "substack", "root", "genfrac", "pmatrix", "bmatrix")},
    **{name: name for name in ("matrix", "cases")},
    **{name: name for name in ("SI", "qty", "ang", "norm", "abs", "dd", "pdv")},
}  # fmt: skip


_BIG = {
    "sum": "sum", "prod": "prod", "int": "int", "lim": "lim", "iint": "iint", "iiint": "iiint", "oint": "int",
    "limsup": "limsup", "liminf": "liminf", "bigcup": "bigcup", "bigcap": "bigcap",
}  # fmt: skip


_SIGNS = {"pm": "±", "mp": "∓", "neg": "¬", "lnot": "¬", "forall": "∀", "exists": "∃", "angle": "∠"}


# Names of functions in plain text that are no commands, or other ones.
_PLAIN_ONLY = frozenset(
    ["matrix", "int", "sum", "product", "diff", "limit", "oo", "oc", "co", "cc", "union",
     "intersection", "vec", "root", "mod", "re", "im", "real", "imag", "choose", "beta", "comb", "perm",
     "binom", "abs"]
)  # fmt: skip


_DOTS = ("ldots", "cdots", "dots", "dotsc", "dotsb", "vdots", "ddots", "dotsm")
# Tables of commands that are one token; of two that hold a name, the first counts.
_TABLES: tuple[tuple[str, dict[str, str]], ...] = (
    ("cmd", _STRUCTURED),
    ("big", _BIG),
    ("rel", RELATIONS),
    ("sep", {"land": "and", "wedge": "and", "lor": "or", "vee": "or"}),
    ("op", {**OPERATORS, **_SIGNS, "circ": "∘", "degree": "°", "prime": "'", "colon": ":"}),
    ("open", {name: sign for name, sign in OPENING.items() if name.isalpha()}),
    ("close", {name: sign for name, sign in CLOSING.items() if name.isalpha()}),
    (
        "fn",
        {name: value for name, value in FUNCTIONS.items() if name not in GREEK and name not in _PLAIN_ONLY},
    ),
    ("accent", {name: name for name in ACCENTS}),
    ("bar", {"vert": "|", "Vert": "‖"}),
    ("sym", CONSTANTS),
)
_NAMED: dict[str, tuple[str, str]] = {
    "end": ("endenv", "end"),
    "cr": ("line", "\\\\"),
    **{name: ("infix", name) for name in ("over", "choose", "atop", "brack")},
    **dict.fromkeys(
        ("ldots", "cdots", "dots", "dotsc", "dotsb", "vdots", "ddots", "dotsm"), ("sym", "ldots")
    ),
    **dict.fromkeys(("pounds", "textsterling"), ("unit", "sterling")),
    **dict.fromkeys(("euro", "texteuro", "EUR"), ("unit", "euro")),
    **dict.fromkeys(("varnothing", "emptyset"), ("sym", "emptyset")),
    **dict.fromkeys(("degree", "textdegree", "textcirc"), ("op", "°")),
    **{name: (kind, table[name]) for kind, table in reversed(_TABLES) for name in table},
}
# The commands that no rule looks into.
_ONE_TOKEN = {
    name: token for name, token in _NAMED.items() if name not in _OWN_RULES and name not in ("max", "min")
}
