"""Answers as people write them in prose: `at least 3`, `half an hour`, `5'6"`, `1010 in base 2`.

Such a text would parse as a product of letters; it is read here first, by one small rule a kind. A rule takes
the whole answer or nothing: no rule looks for its pattern inside a longer text.
"""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING

from mathtune.algebra import rational
from mathtune.errors import LatexSyntaxError
from mathtune.latex import parse

from ._around import LABEL, corrected, without_mark, without_remark
from ._calendar import read_clock, read_colon, read_date
from ._foreign_joints import conditional, joined, stated
from ._formulas import NotScalarError
from ._named_items import labelled_parts
from ._number_words import NUMBER_WORDS, ordinal_number
from ._points import roman_number
from ._reading import read
from ._said_curves import said_circle, said_line
from ._said_names import equal_letters, only_these, titled
from ._said_numbers import (
    counted,
    dimensions,
    divided,
    grouped_digits,
    in_parts,
    measure_in_parts,
    number_in_base,
    owed,
    things,
    two_numbers,
    with_decimal_comma,
)
from ._said_operations import said_operation
from ._said_sets import all_but, between, bounded, described, indivisible, multiples
from ._values import Labelled, Phrase, Quantity, Restricted, Value
from ._words import ProseError, known_phrase, normalise_words, number_of, read_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._words import ReadText

__all__ = ["read_plain"]

# Letters of Latin and Cyrillic alphabets beyond the English one.
_FOREIGN = re.compile(r"(?<!\\)[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u04ff]")
# What makes a text worth a look: one simple pattern each, as most answers have none of it.
# Each begins with what it is found by, so that the rest of a text is passed over fast.
_WORDS = re.compile(r"[A-Za-z](?<![\\A-Za-z][A-Za-z])[A-Za-z]{2,}(?![A-Za-z(])")
_SHORT_WORDS = re.compile(
    r"[ {](?=[aAbceioópPrRsy&\\])"
    r"(?:(?:sq|cu|c\.c)\b|(?:is|in|at|by|or|[rR]|[yoóe](?= [a-z] ?=)|\\?&)[ }]|[aApP]\.?\s?[mM]\b)"
)
_BEFORE_NUMBER = re.compile(r"[a-zL](?:(?<![\\a-z][a-zL])[a-z]?\.?|[a-z] \+) \d")
_DIGITS = re.compile(
    r"\d(?=[:'’^\\h_,./+\srRaApP~-])"  # most figures end with another sign
    r"(?:[:'’]|\^\{?\\prime|\\!:|h\d|_\d{3}|,\d\d,\d|-\d\d-\d|/\d{1,2}/\d|\.\(\d|\.\d{3}[.,]\d| ?[rR] ?\d"
    r"|\s?[aApP]\.?[mM]\b"
    r"|(?:[\s~]|\\[ ,;]){0,3}\\(?:text|mathrm)\{\s?[aApP]\.?[mM]\b"
    r"|,\d{1,2}\s*(?:[a-zA-Zµ°€£%]|\\[%t,m ])|\s\d{3},\d|\+\s*\Z)"
)
_MARKS = re.compile(
    r"_\{?1[1-6]|[€£$] ?\d[\d. ]*,\d\d(?!\d)|\$\s*-|\$ ?[\d.,]+ ?[kKmMbB]|× ?\d|[或和与、，第（且]|[为是]-"
)
_LEADING = re.compile(
    r"\W*(?:\\(?:[lg]eq?|[lg]t|sim)(?![A-Za-z])|[<>≤≥=~]|(?:an?|no|up|at) )"
    r"|\s*(?:\*\*|\"|#{1,6}\s|\((?:[a-h1-9]|i{1,3})\)|\\(?:text|mathrm)\s*\{\s*(?:Rs|USD|EUR|GBP|INR|US))"
    r"|0[box]|Rs\.?\d"
)
_FIGURE = re.compile(r"\d")
_LONGEST = 160

_WRAPPED = re.compile(r"\\(?:text|textbf|textit|textrm|textnormal|mathrm|mathbf|mbox)\s*\{([^{}\\]*)\}")
_BLANKS = re.compile(r"(?:\\[ ,;:!]|\\q?quad(?![a-zA-Z])|~(?!\s)|(?<!\s)~|\s)+")
_ODD_BLANK = re.compile(r"[\\~\s](?:(?<! )|\s)")  # what is no single blank
_SCRIPT = re.compile(r"\^\s*\{?\s*(st|nd|rd|th|\\circ)\s*\}?")
_PRIMES = re.compile(r"\^\{(?:\\prime ?){1,2}\}|\^\\prime")


def read_plain(text: str) -> Value | None:
    r"""What an answer in prose means; None for mathematics, and for words without such a meaning.

    >>> read_plain("half an hour")
    Quantity(expression=Rational(value=Fraction(1, 2), digits=None), unit='hour')
    >>> read_plain("x^2 + 1") is None
    True
    """
    if len(text) > _LONGEST or not _is_candidate(text):
        return None
    label = LABEL.match(text)
    if label:  # what stands behind it is LaTeX, if it was
        return _read_text(text[label.end() :].strip(" *\n"))
    plain = _flat(text)
    whole, parts = _WHOLE, _IN_PARTS
    if plain[:1].isdecimal():
        whole, parts = _WHOLE_FROM_FIGURE, _PARTS_FROM_FIGURE
    elif not _FIGURE.search(plain):
        whole, parts = _WHOLE_IN_WORDS, _PARTS_IN_WORDS
    for rule in whole:
        value = rule(plain)
        if value is not None:
            return value
    for rule_in_parts in () if plain.isalpha() else parts:  # one word has no parts
        value = rule_in_parts(plain, _read_text)
        if value is not None:
            return value
    prose = _prose(plain)
    if prose is not None:
        return prose
    rewritten = text.strip()[:1] in ('"', "*", "#", "\u201c") or " & " in text
    rewritten = rewritten or ("." in text and _ABBREVIATED.search(text) is not None)
    return _read_text(plain) if rewritten and plain != text else None


def _is_candidate(text: str) -> bool:
    found = _WORDS.search(text) or _DIGITS.search(text) or _LEADING.match(text)
    if found is None and ("$" in text or "_" in text or not text.isascii()):
        found = _MARKS.search(text)
    if found is None and " " in text:
        found = _SHORT_WORDS.search(text) or _BEFORE_NUMBER.search(text)
    if found is None and not text.isascii():
        found = _FOREIGN.search(text) or _CIRCLED.match(text)
    if found is None or "\\begin" in text:
        return False
    return "permutation" not in text or text.lstrip("$ ")[:1] != "("  # of a tuple: read from the tree


_NO_SIGNS = re.compile(r"\\!|(?<!\\)\\[\[\]()]")


def _flat(text: str) -> str:
    r"""The text without commands for text and blanks, quotation marks and a final stop."""
    if "\\" in text:
        text = _WRAPPED.sub(itemgetter(1), _NO_SIGNS.sub("", text))
        text = _PRIMES.sub(lambda found: "'" * found[0].count("prime"), text)
    flat = _SCRIPT.sub(itemgetter(1), text) if "^" in text else text
    flat = _BLANKS.sub(" ", flat) if _ODD_BLANK.search(flat) else flat
    flat = flat.replace("{,}", ",").replace("’", "'")
    if "\\" in flat or "&" in flat:
        flat = flat.replace(" & ", " and ").replace(" \\& ", " and ").replace("\\%", "%")
    if "$" in flat and flat.replace("\\$", "").count("$") % 2 == 0:
        flat = flat.replace("\\$", "€€").replace("$", "").replace("€€", "$")
    if "." in flat:
        flat = _ABBREVIATED.sub(_unabbreviated, flat)
    flat = flat.strip(" *#\u201c\u201d").rstrip(".") if not flat.rstrip().endswith("m.") else flat.strip(" *")
    return flat.strip('"') if flat.startswith('"') else flat


# Short names with a stop behind them: `45 sq. in.`, `3 min. 20 sec.`, `5 sq.cm`, `10 c.c.`
_ABBREVIATED = re.compile(
    r"(?<=[\d ])(?:(sq|cu|in|ft|yd|mi|lb|oz|min|sec|hr|gal|deg)\.(?![\w.])|(sq|cu)\.(?=[a-z])|c\.c\b\.?)"
)
_UNABBREVIATED = {"in": "inches", "min": "minutes"}


def _unabbreviated(found: re.Match[str]) -> str:
    if found[1]:
        return _UNABBREVIATED.get(found[1], found[1])
    return f"{found[2]} " if found[2] else "cc"


def _read_text(text: str) -> Value | None:
    """A part of the answer, in prose or mathematics."""
    value = read_plain(text)
    if value is not None:
        return value
    try:
        return read(parse(text))
    except (LatexSyntaxError, ProseError, NotScalarError):
        return None


def _phrase(text: str) -> Value | None:
    return known_phrase(normalise_words(text)) if text in ("<", ">", "=") or text[:1].isalpha() else None


_AND_MORE = re.compile(r"(\d[\d.,]*) ?\+\Z")


def _and_more(text: str, read_text: ReadText) -> Value | None:
    """`15+`: fifteen or more."""
    found = _AND_MORE.match(text)
    return read_text(f"at least {found[1]}") if found else None


_IF = re.compile(r"if (.{1,60}?),? then (.{1,60}?),? else (.{1,60})\Z", re.IGNORECASE)
_ELSE = re.compile(r"(.{1,60}?) if (.{1,60}?) else (.{1,60})\Z")


def _branched(text: str, read_text: ReadText) -> Value | None:
    """`if x > 0 then x else -x`, and Python's `x if x > 0 else -x`."""
    found = _IF.match(text) or _ELSE.match(text) if " else " in text else None
    if not found:
        return None
    condition, value = found.group(1, 2) if text[:3].lower() == "if " else found.group(2, 1)
    return read_text(f"{value} if {condition}, {found[3]} otherwise")


_MULTIPLICITY = re.compile(
    r"(.+?),? \(?(?:(?:with|of) )?(?:a )?multiplicity (?:of )?(\w+)\)?\Z", re.IGNORECASE
)


def _multiple(text: str, read_text: ReadText) -> Value | None:
    """`2 (multiplicity 3)`: a root, and how often it counts."""
    found = _MULTIPLICITY.match(text) if "multiplicity" in text.lower() else None
    times = number_of(read_text(found[2])) if found else None
    value = read_text(found[1]) if found and times is not None else None
    return None if value is None or times is None else Restricted(value, Labelled("multiplicity", times))


_IN_BRACKETS = re.compile(r"([^()]+) \(([^()]+)\)\Z")


def _said_twice(text: str, read_text: ReadText) -> Value | None:
    """`seventy thousand dollars ($70,000)`, `7 (seven)`, `no solution (inconsistent)`: one value."""
    found = _IN_BRACKETS.match(text) if text.endswith(")") else None
    if not found:
        return None
    first, second = read_text(found[1]), read_text(found[2])
    if isinstance(first, Quantity) and isinstance(second, Quantity):
        spelt = any(word in NUMBER_WORDS for word in f"{found[1]} {found[2]}".lower().split())
        return second if spelt and first.expression == second.expression else None
    return first if first is not None and first == second else None


_MOST_SAID = 4
_SAID_EQUAL = re.compile(
    r"(?:[Tt]he )?([A-Za-z]|pO?H|[a-z]+ of [A-Za-z]) (?:is|equals|is equal to|must be) (\S.*)\Z"
)


def _said_equal(text: str, read_text: ReadText) -> Value | None:
    """`x is 5`."""
    found = _SAID_EQUAL.match(text)
    if not found or len(found[2].split()) > _MOST_SAID:
        return None
    value = number_of(read_text(found[2]))
    return None if value is None else Labelled(found[1], value)


_QUADRANT = re.compile(r"(?:the )?(?:(\w+) quadrant|(?:quadrant |Q ?)(\w+))\Z", re.IGNORECASE)
_CHINESE_QUADRANT = re.compile(r"第([一二三四])象限\Z")
_NAMED_THING = re.compile(
    r"(?:the )?(point|line|segment|line segment|ray|angle|side|edge|vertex|player|person|team|statement|graph"
    r"|equation|option|choice|answer|figure|box|bag|plan|store|company|machine) \(?([A-Z]{1,3})\)?\Z",
    re.IGNORECASE,
)


def _quadrant(text: str) -> Value | None:
    """`the fourth quadrant`, `quadrant IV`."""
    chinese = _CHINESE_QUADRANT.match(text)
    if chinese:
        return Labelled("quadrant", Quantity(rational("一二三四".index(chinese[1]) + 1)))
    found = _QUADRANT.match(text)
    if not found:
        return None
    said = found[1] or found[2]
    place = ordinal_number(said.lower()) or NUMBER_WORDS.get(said.lower()) or roman_number(said.upper())
    place = place or (int(said) if said.isdecimal() and len(said) == 1 else None)
    return Labelled("quadrant", Quantity(rational(place))) if place else None


def _named_thing(text: str, read_text: ReadText) -> Value | None:
    """`point P`, `player A`."""
    thing = _NAMED_THING.match(text)
    if thing and thing[1].lower() == "angle":
        return read_text(f"\\angle {thing[2]}")
    if not thing or not (thing[2].isupper() or thing[1].lower() in _PICKED):
        return None
    value = read_text(thing[2].upper())
    return None if value is None else Labelled(thing[1].lower(), value)


_PICKED = frozenset(["option", "choice", "answer"])

# Words that mathematics is written with: a text that holds one is no plain prose.
_MATHEMATICAL = frozenset(
    word
    for line in (
        "sin cos tan cot sec csc sinh cosh tanh coth sech csch arcsin arccos arctan arccot arcsec arccsc",
        "sen tg ctg",
        "asin acos atan arcsinh arccosh arctanh asinh acosh atanh arsinh arcosh artanh log ln lg exp sqrt",
        "cbrt abs max min gcd lcm mod sgn sign erf erfc floor ceil binom choose cis pi theta alpha beta",
        "gamma delta lambda sigma omega phi psi mu infinity inf union intersect cup cap sum",
        "prod int integral",
        "notin subset superset subseteq superseteq limit lim det dim deg arg matrix vector root",
        "factorial over",
    )
    for word in line.split()
)
_CIRCLED = re.compile(r"\s*[①-⑳](?:\s*[、,，和]?\s*[①-⑳])*\s*\Z")
_FOREIGN_PROSE = re.compile(r"[^\W\d_]+(?:[' -][^\W\d_]+)*\.?\Z")
_PROSE = re.compile(r"[A-Za-z][A-Za-z'-]*(?:,? [A-Za-z][A-Za-z'-]*)+\Z")


def _prose(text: str) -> Value | None:
    """Several words of a language: `a red ball`, `right triangle`, `it is odd`, `keine Lösung`."""
    if not text.isascii():
        if _CIRCLED.match(text):  # ①、③: statements picked by their numbers
            return Phrase("".join(sign for sign in text if sign not in " 、,，和"))
        foreign = len(text) > 1 and _FOREIGN.search(text) and _FOREIGN_PROSE.match(text)
        return read_words(text) if foreign else None
    if not _PROSE.match(text):
        return None
    words = text.lower().replace(",", "").split()
    long = [word for word in words if len(word) > 2 and word != "and"]
    if not long or not _MATHEMATICAL.isdisjoint(words):
        return None
    if words[0] == "not" and len(words) == 2 and len(words[1]) == 1:
        return None  # ¬p
    return read_words(text)


# Rules that know their text alone, then those that read parts of it.
_WHOLE: tuple[Callable[[str], Value | None], ...] = (
    _phrase,
    read_clock,
    read_colon,
    read_date,
    number_in_base,
    two_numbers,
    measure_in_parts,
    titled,
    things,
    multiples,
    indivisible,
    in_parts,
    counted,
    _quadrant,
    stated,
)
_IN_PARTS: tuple[Callable[[str, ReadText], Value | None], ...] = (
    joined,
    conditional,
    labelled_parts,
    grouped_digits,
    with_decimal_comma,
    owed,
    said_operation,
    divided,
    dimensions,
    without_remark,
    without_mark,
    corrected,
    bounded,
    between,
    all_but,
    described,
    equal_letters,
    only_these,
    said_circle,
    said_line,
    _and_more,
    _branched,
    _multiple,
    _said_twice,
    _said_equal,
    _named_thing,
)
# What these read has a figure in it,
_OF_FIGURES = (
    read_colon,
    measure_in_parts,
    things,
    indivisible,
    joined,
    grouped_digits,
    with_decimal_comma,
    owed,
    dimensions,
    _and_more,
)
# and what these read does not begin with one.
_FROM_WORDS = (
    _phrase,
    titled,
    multiples,
    indivisible,
    in_parts,
    owed,
    corrected,
    between,
    all_but,
    described,
    equal_letters,
    only_these,
    said_circle,
    said_line,
    _said_equal,
    _named_thing,
)
_WHOLE_IN_WORDS = tuple(rule for rule in _WHOLE if rule not in _OF_FIGURES)
_PARTS_IN_WORDS = tuple(rule for rule in _IN_PARTS if rule not in _OF_FIGURES)
_WHOLE_FROM_FIGURE = tuple(rule for rule in _WHOLE if rule not in _FROM_WORDS)
_PARTS_FROM_FIGURE = tuple(rule for rule in _IN_PARTS if rule not in _FROM_WORDS)
