"""Words -> values: numbers in words, times of day, phrases that mean a set."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import (
    Constant,
    Rational,
    negate,
    rational,
)

from ._chinese_numbers import chinese_number
from ._languages import IN_OTHER_LANGUAGES
from ._number_words import ordinal_number, read_number_words
from ._values import (
    Items,
    Named,
    Phrase,
    Quantity,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    # How a rule for prose reads a part of its text.
    ReadText = Callable[[str], "Value | None"]

__all__ = [
    "EMPTY",
    "NAMED_SETS",
    "POSITIVE",
    "ProseError",
    "known_phrase",
    "normalise_words",
    "number_of",
    "read_words",
]


EMPTY = Items(kind="set", items=(), opening="{", closing="}")


class ProseError(Exception):
    """The tree is a sentence, to be compared by its words."""


def read_words(text: str) -> Value:
    """Words that have a mathematical meaning, a list of words, or the words themselves."""
    words = normalise_words(text)
    number = read_number_words(words)
    if number is None:
        number = chinese_number(words)
    if number is not None:
        return Quantity(Rational(number))
    place = ordinal_number(words)
    if place is not None:
        return Quantity(rational(place))
    known = known_phrase(words)
    if known is not None:
        return known
    if _VERDICT.match(text.lower()):
        return _truth_values(text) or Phrase(words.replace(" ", ", ", 1))
    follows = " then " in text and "if" not in words.split()
    pieces = (_THEN.sub(",", text) if follows else text.replace(" and ", ",")).split(",")
    if 1 < len(pieces) <= _MOST_PIECES and all(
        0 < len(normalise_words(p).split()) <= 2 and not p.strip().startswith("not ")
        for p in pieces
        if p.strip()
    ):
        items = tuple(read_words(piece) for piece in pieces if piece.strip())
        return Items(kind="tuple" if follows else "list", items=items)
    return Phrase(words, _PERSON.match(text) is not None)


# `William Shakespeare`, who is Shakespeare; but New York is not York.
_PERSON = re.compile(
    r"(?!(?:North|South|East|West|New|San|Saint|Los|Las|Upper|Lower|Great) )"
    r"(?:[A-Z][a-z]{1,20} ){1,3}[A-Z][a-z]{1,20}\Z"
)


def _truth_values(text: str) -> Value | None:
    """`True, False, True`: the truth of several statements, in their order."""
    said = [_TRUTH.get(piece.strip(" .").lower(), "") for piece in text.split(",")]
    whole = len(said) > 1 and all(said)
    return Items(kind="tuple", items=tuple(map(Phrase, said)), opening="(", closing=")") if whole else None


_MOST_PIECES = 20
_THEN = re.compile(r",? (?:and )?then ")  # `red, then blue` has an order
_TRUTH = {"true": "true", "t": "true", "false": "false", "f": "false"}
_VERDICT = re.compile(r"\W*(?:yes|no|true|false)\s*[,.;:\u2014-]+\s*[a-z]")


def known_phrase(words: str) -> Value | None:
    """The set or number that normalised words mean, or the phrase that stands for all that say the same."""
    found = _PHRASES.get(words)
    if found is None and (words[-2:-1] == " " or "non-" in words):
        found = _PHRASES.get(_OF_LETTER.sub("", words).replace("non-", "non"))
    if found is None:
        before, _, last = words.rpartition(" ")
        if _SUBJECT.match(words):
            found = _PHRASES.get(_SUBJECT.sub("", words))
        elif last in _NOUNS:
            found = _PHRASES.get(before)
    if found is None and words.endswith((" equal", " same")) and _ARE_EQUAL.match(words):
        return _EQUAL
    if found is None and "no" in words and (_NO_SOLUTION.match(words) or _NOT_EXISTING.match(words)):
        return EMPTY
    return _INFINITY if found is None and "infinit" in words and _INFINITELY_MANY.match(words) else found


# `there are no real solutions`, `the system has no solution`, `no such integers exist`
_NO_SOLUTION = re.compile(
    r"(?:(?:there (?:is|are|exists?)|it has|(?:system|equation|inequality|problem) has|(?:has|have)) )?"
    r"no (?:such |real |integer |valid |possible |positive |common )*"
    r"(?:solutions?|limits?|roots?|values?|integers?|numbers?|answers?|triangles?|intersections?(?: points?)?"
    r"|x|n|(?<=such )(?!.* (?:than|except|but|besides)\b)[a-z-]+(?: (?!exists?\b|is\b|are\b)[a-z]+){0,2})?"
    r"(?: exists?| to (?:system|equation)| (?:(?:is|are) )?possible| in (?:integers|reals|real numbers)"
    r"|(?: of [a-z])? satisf(?:y|ies) (?:it|(?:this |given )?(?:equation|inequality|condition|system)s?))?\Z"
)
_NOT_EXISTING = re.compile(
    r"(?:(?:there )?(?:does|do) not exist (?:such|any) [a-z]+(?: [a-z]+){0,2}"
    r"|such [a-z]+(?: [a-z]+){0,2} (?:does|do) not exist)\Z"
)
# `there are infinitely many such triangles`
_INFINITELY_MANY = re.compile(
    r"(?:(?:there (?:are|exist)|it has|(?:system|equation|problem) has) )?"
    r"(?:infinitely many|infinite number of)(?: (?:such|different|distinct|real|integer|positive|possible))*"
    r"(?: [a-z]+)?(?: exist)?\Z"
)
# What is said of a thing stands behind it or before it: `the slope is undefined`, `undefined slope`.
_NOUNS = ("limit", "slope", "statement", "claim", "integral", "value", "expression", "series", "system")
_SUBJECT = re.compile(rf"(?:it|this|that|there|they|{'|'.join(_NOUNS)}) (?:is |are )?")
_ARE_EQUAL = re.compile(
    r"(?:(?:both|two|all|these)(?: of them)? )?"
    r"(?:(?:they|quantities|numbers|values|expressions|amounts) )?are (?:equal|same)\Z"
)
# `all integers n`, `all real values of x`
_OF_LETTER = re.compile(r"(?<=[a-z]{3}) (?:of )?[a-z]\Z")
_EQUAL = Phrase("equal")


# Letters and digits are words, and so are the signs of mathematics.
_NO_WORD = re.compile(r"[^\w+\-=<>/^.:%≤≥≠±∓∈∉⊂⊆∪∩→⇒!*∀∃∨∧⇔]|_")


def number_of(value: Value | None) -> Quantity | None:
    """The value, if it is a number or formula."""
    return value if isinstance(value, Quantity) else None


# Whose something is: Andrew's is Andrew's, and not of Andrews, whose own is Andrews' or Andrews's.
_OWNER = re.compile(r"\b(?!(?:It|That|This|He|She|There|Here|What|Who|Where|Let|How)')([A-Z][a-z]+)'s\b")


def normalise_words(text: str) -> str:
    """Lower case, no marks but letters and digits, single blanks, no articles."""
    if "'s" in text:
        text = _OWNER.sub(r"\1", text)
    text = text.replace("'", "").replace("¬(", "notall ").replace("¬", "not ")
    words = [word.strip(".:") for word in _NO_WORD.sub(" ", _said_relations(text)).split()]
    if len(words) > 1:
        words = [word for word in words if word not in ("the", "a", "an", "The", "An")]
    return " ".join(filter(None, words)).lower()


_RELATIONS = {
    "∼": " is similar to ",
    " ~ ": " is similar to ",
    "≅": " is congruent to ",
    "∥": " is parallel to ",
    "⊥": " is perpendicular to ",
}


def _said_relations(text: str) -> str:
    """Signs between figures as the words that they stand for: similar triangles may not be congruent."""
    if text.isascii() and " ~ " not in text:
        return text
    for sign, word in _RELATIONS.items():
        text = text.replace(sign, word)
    return text


POSITIVE = Items(
    kind="tuple",
    items=(Quantity(rational(0)), Quantity(Constant("infty"))),
    opening="(",
    closing=")",
)

_NONNEGATIVE = attrs.evolve(POSITIVE, opening="[")

# Sets of numbers in other letters; the naturals begin with 1 here, as "positive integers" do.
NAMED_SETS: dict[str, Value] = {
    **dict.fromkeys(("\\mathbb{Z}^+", "\\mathbb{Z}_+", "\\mathbb{N}^*", "\\mathbb{N}^+"), Named("N")),
    **dict.fromkeys(("\\mathbb{N}_0", "\\mathbb{N}_{0}", "\\mathbb{N}^0"), Named("N0")),
    **dict.fromkeys(("\\mathbb{R}^+", "\\mathbb{R}_+", "\\mathbb{R}_( > 0)", "\\mathbb{R}^( > 0)"), POSITIVE),
    **dict.fromkeys(("\\mathbb{R}_( ≥ 0)", "\\mathbb{R}^( ≥ 0)", "\\mathbb{R}_0^+"), _NONNEGATIVE),
    **{
        f"\\mathbb{{{letter}}}{mark}( {least})": Named(name)
        for letter in "ZN"
        for mark in "_^"
        for least, name in (("> 0", "N"), ("≥ 1", "N"), ("≥ 0", "N0"))
    },
}


def _phrases(*lines: tuple[str, Value]) -> dict[str, Value]:
    return {words: value for line, value in lines for words in line.split(", ")}


_INFINITY = Quantity(Constant("infty"))

_SENSES: dict[str, Value] = {
    "none": EMPTY,
    "infinity": _INFINITY,
}


def _sense(sense: str) -> Value:
    number = Quantity(Rational(Fraction(sense))) if sense[0].isdecimal() else Phrase(sense)
    return _SENSES.get(sense, number)


# Numbers by their kind: each is a set, said with or without `all`, `any` or `the set of`.
_KINDS_OF_NUMBERS: dict[str, Value] = {
    "real number": Named("R"),
    "real value": Named("R"),
    "real": Named("R"),
    "integer": Named("Z"),
    "positive integer": Named("N"),
    "natural number": Named("N"),
    "nonnegative integer": Named("N0"),
    "rational number": Named("Q"),
    "rational": Named("Q"),
    "complex number": Named("C"),
    **dict.fromkeys(("positive real number", "positive real"), POSITIVE),
    **dict.fromkeys(("nonnegative real number", "nonnegative real"), _NONNEGATIVE),
}
_PHRASES = {
    **{
        f"{quantity}{kind}s": numbers
        for kind, numbers in _KINDS_OF_NUMBERS.items()
        for quantity in ("", "all ", "set of ", "set of all ")
    },
    **{
        f"{quantity} {kind}": numbers
        for kind, numbers in _KINDS_OF_NUMBERS.items()
        if kind not in ("real", "rational", "positive real", "nonnegative real")
        for quantity in ("any", "every", "all")
    },
} | _phrases(
    ("emptyset, empty set, empty, null set, none, nothing, no values, no value, no such", EMPTY),
    (
        "does not exist, dne, do not exist, not exist, undefined, not defined, is undefined, doesnt exist",
        EMPTY,
    ),
    ("all real x, any real x, all x, every x", Named("R")),
    ("infinity, infinite, infinite solutions, positive infinity, plus infinity", _INFINITY),
    ("unendlich viele lösungen, unendlich viele, infinitas soluciones", _INFINITY),
    ("negative infinity, minus infinity", Quantity(negate(Constant("infty")))),
    ("none exist, none exists, inconsistent, unsolvable, not solvable", EMPTY),
    ("not false, correct, not incorrect, not wrong", Phrase("true")),
    ("not true, incorrect, wrong, not correct", Phrase("false")),
    ("equal, same", _EQUAL),
    ("both, both of them, both of these, both are true, both statements, both are correct", Phrase("both")),
    ("both statements are true, both statements are correct", Phrase("both")),
    ("pair, couple", Quantity(rational(2))),
    ("nil", Quantity(rational(0))),
    ("impossible, not possible, cannot be done, cant be done, can not be done", Phrase("impossible")),
    ("cannot be determined, can not be determined, cant be determined", Phrase("cannot be determined")),
    (
        "not enough data, insufficient data, impossible to determine, impossible to tell",
        Phrase("cannot be determined"),
    ),
    ("one-to-one", Phrase("injective")),
    ("not enough information, insufficient information", Phrase("cannot be determined")),
    ("cannot determine, there is not enough information", Phrase("cannot be determined")),
    ("none of above, none of these, none of them, none of options", Phrase("none of above")),
    ("all of above, all of these, all of them", Phrase("all of above")),
    (">, greater than, is greater than", Phrase(">")),
    ("<, less than, is less than", Phrase("<")),
    *((said, _sense(sense)) for said, sense in IN_OTHER_LANGUAGES),
    ("=, equal to, is equal to, equals", Phrase("=")),
)
