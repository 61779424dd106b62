"""Words in one spelling: the singular, small numbers as words, British and other forms as the usual ones."""

from __future__ import annotations

import re

from ._calendar import MONTHS
from ._number_words import NUMBER_WORDS, PLACES, ordinal_number
from ._points import roman_number
from ._said_names import TITLES

__all__ = ["NUMERALS", "plain_phrase", "plain_words", "properties"]

# The same word in other spellings and forms.
_VARIANTS = {
    "colour": "color",
    "grey": "gray",
    "larger": "greater",
    "bigger": "greater",
    "divergent": "diverge",
    "diverging": "diverge",
    "convergent": "converge",
    "one-to-one": "injective",
    "onto": "surjective",
    "absolutely": "absolute",
    "conditionally": "conditional",
    "rhombi": "rhombus",
    "vertices": "vertex",
    "parabolae": "parabola",
    "indices": "index",
    "increased": "increase",
    "decreased": "decrease",
    "increases": "increasing",
    "decreases": "decreasing",
    "up": "upward",
    "upwards": "upward",
    "down": "downward",
    "downwards": "downward",
    "bijection": "bijective",
    "injection": "injective",
    "surjection": "surjective",
    "every": "all",
    "pythagoras": "pythagorean",
    "nonsingular": "invertible",
    "orthogonal": "perpendicular",
    "sat": "saturday",
    "sun": "sunday",
    "mon": "monday",
    "tue": "tuesday",
    "wed": "wednesday",
    "thu": "thursday",
    "fri": "friday",
    **{name[:3]: name for name in MONTHS if len(name) > 3},
}


# Surnames that are a first name and an s: Andrews is not Andrew.
_SURNAMES = frozenset(
    word
    for line in (
        "abrams adams alexanders allens andrews arnolds barnes basils clements collins daniels davids davis",
        "edmonds edwards elliots evans francis georges gibbs gilberts harris henrys hughs jacobs james johns",
        "jones josephs marks martins matthews michaels owens pauls peters phillips philips richards roberts",
        "rogers samuels simons stephens stevens thomas walters watts williams willis",
    )
    for word in line.split()
)


# What relations, maps, sets and groups are or are not, whatever else they are.
_PROPERTIES = frozenset(
    word
    for line in (
        "reflexive symmetric antisymmetric transitive injective surjective bijective even odd periodic",
        "continuous differentiable bounded closed open compact connected convex finite infinite countable",
        "commutative associative abelian cyclic linear homogeneous",
    )
    for word in line.split()
)


def properties(words: list[str]) -> frozenset[str]:
    """The properties that plain words are nothing but a list of, those that are denied marked; else none.

    >>> sorted(properties(["closed", "not", "bounded"])), properties(["bounded", "below"])
    (['closed', 'not bounded'], frozenset())
    """
    if not _PROPERTIES.issuperset({*words} - {"not"}):
        return frozenset()
    return frozenset(
        f"not {word}" if words[at - 1 : at] == ["not"] else word
        for at, word in enumerate(words)
        if word != "not"
    )


def plain_phrase(phrase: str) -> str:
    """The words in one spelling, in the singular.

    >>> plain_phrase("Red Marbles")
    'red marble'
    """
    return " ".join(plain_words(phrase.lower()))


def plain_words(phrase: str) -> list[str]:
    said = [word.rstrip(",") for word in _in_short(phrase).split()]
    words = [
        word if at and said[at - 1] in TITLES else _plain_word(word)  # Dr. Adams is no Adam
        for at, word in enumerate(said)
    ]
    for at, word in enumerate(words):
        numeral = roman_number(word.upper()) if at and words[at - 1] in _NUMBERED else None
        if numeral is not None:
            words[at] = NUMERALS.get(str(numeral), word)
    return [word for word in words if word not in ("and", "but", "we")] or words


def _in_short(phrase: str) -> str:
    short = phrase.replace("null hypothesis", "h 0").replace("if and only if", "iff")
    for written, usual in _SPELLINGS:
        short = written.sub(usual, short)
    return short.replace(" h 0", " h0").replace(" h 1", " h1")


# Several words, or one with a hyphen or without, that are one word.
_SPELLINGS = (
    (
        re.compile(r"\b(?:(?:does not|doesnt|fails to) converge|is (?:not convergent|divergent))\b"),
        "diverges",
    ),
    (
        re.compile(r"\b(?:(?:do|does|did|can|could) not|dont|cannot|cant|fail(?:s|ed)? to) reject\b"),
        "fail to reject",
    ),
    (re.compile(r"\b(?:there is )?(?:not enough|insufficient) evidence to reject\b"), "fail to reject"),
    (re.compile(r"\bnon[- ](?=[a-z])"), "non"),
    (re.compile(r"\b(?:anti|counter)[- ]?clockwise"), "counterclockwise"),
    (re.compile(r"\bright[- ]angled?(?= triangle)"), "right"),
    (re.compile(r"\bstraight line\b"), "line"),
    (re.compile(r"\bpoint of inflection\b"), "inflection point"),
    (re.compile(r"\Athere (?:is|are) (?=no\b)"), ""),
    (re.compile(r"\brelative (?=m(?:axi|ini)m|extrem)"), "local "),
    (re.compile(r"\breflect(?:ion|ed) (?:over|about|in|through)\b"), "reflection across"),
    (re.compile(r"\bcircle of radius\b"), "circle with radius"),
    (re.compile(r"\bskewed (?:to )?(left|right)\b|\b(left|right)-skewed\b"), r"\1\2 skewed"),
)

# Kinds that are numbered in Roman numerals: a type I error is a type 1 error.
_NUMBERED = frozenset(
    ["type", "case", "class", "phase", "part", "stage", "level", "category", "form", "quadrant", "statement"]
)


def _plain_word(word: str) -> str:
    """One spelling for a word: the singular, numbers in digits."""
    variant = _VARIANTS.get(word)
    if variant is not None:
        return variant
    if word[0].isdecimal():
        return _in_words(word)
    if len(word) > 4 and word.endswith(("tre", "tres")):  # metre, theatre
        return f"{word.rstrip('s')[:-2]}er"
    if word in _SURNAMES:
        return word
    if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui":
        singular = f"{word[:-3]}y" if word.endswith("ies") else word[:-1]
        return _VARIANTS.get(singular, singular)
    return word


NUMERALS = {str(value): word for word, value in NUMBER_WORDS.items()}


def _in_words(word: str) -> str:
    """A small number as a word, so that `2 lines` are `two lines` and `3rd place` is the `third place`."""
    place = ordinal_number(word)
    if place is not None and place < len(PLACES):
        return PLACES[place]
    return NUMERALS.get(word, word)
