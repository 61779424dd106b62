"""Numbers in words: `twenty-five`, `two and three quarters`, `negative one half`, `third`, `twice`."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction

from ._languages import IN_OTHER_LANGUAGES

__all__ = [
    "FIRST_WORDS",
    "NUMBER_WORDS",
    "PLACES",
    "leading_number",
    "names_no_number",
    "ordinal_number",
    "read_number_words",
]

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
NUMBER_WORDS = {word: value for value, word in enumerate(_SMALL.split())}
NUMBER_WORDS.update(
    {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
)

_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

PLACES = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
_ORDINALS = {word: value for value, word in enumerate(PLACES)}
_ORDINALS.update(
    {f"{word[:-1]}ieth": value for word, value in NUMBER_WORDS.items() if value > 20 and word[-1] == "y"}
)

# Parts of one: the ordinals, and the words of their own.
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4, "hundredth": 100, "hundredths": 100}
_PARTS.update({"thousandth": 1_000, "thousandths": 1_000})
for _word, _value in _ORDINALS.items():
    if _value > 2:
        _PARTS[_word] = _PARTS[f"{_word}s"] = _value

_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_MOST_WORDS = 12
# What a number in words may begin with.
FIRST_WORDS = frozenset([*NUMBER_WORDS, *_SCALES, *_PARTS, *_TIMES, "hundred", "dozen", "a", "an", "point"])
FIRST_WORDS |= {"negative", "minus"}
_IN_NUMBERS = FIRST_WORDS | {"and", ""}


def read_number_words(words: str) -> Fraction | None:
    """A number that is said in words alone.

    >>> read_number_words("three hundred and seven"), read_number_words("two-thirds")
    (Fraction(307, 1), Fraction(2, 3))
    >>> read_number_words("minus two and a half"), read_number_words("two point five")
    (Fraction(-5, 2), Fraction(5, 2))
    """
    parts = words.replace("-", " ").split()
    if not 0 < len(parts) <= _MOST_WORDS or parts[0] not in FIRST_WORDS:
        return None
    if parts[0] in ("negative", "minus") and len(parts) > 1:
        positive = _positive(parts[1:])
        return None if positive is None else -positive
    return _positive(parts)


def leading_number(parts: list[str]) -> tuple[Fraction, int] | None:
    """The longest number in words that a phrase begins with, and how many words it takes.

    >>> leading_number("two and a half hours".split())
    (Fraction(5, 2), 4)
    """
    if not parts or parts[0].partition("-")[0] not in FIRST_WORDS:
        return None
    words = itertools.takewhile(lambda part: _IN_NUMBERS.issuperset(part.split("-")), parts[:_MOST_WORDS])
    for size in range(len(list(words)), 0, -1):
        number = read_number_words(" ".join(parts[:size]))
        if number is not None:
            return number, size
    return None


def ordinal_number(words: str) -> int | None:
    """The place that an ordinal names.

    >>> ordinal_number("twenty-first"), ordinal_number("third"), ordinal_number("3rd")
    (21, 3, 3)
    """
    parts = words.replace("-", " ").split()
    if len(parts) == 1:
        word = parts[0]
        digits = word[:-2] if word[-2:] in ("st", "nd", "rd", "th") else ""
        return int(digits) if digits.isdecimal() and len(digits) < 10 else _ORDINALS.get(word)
    if len(parts) == 2 and NUMBER_WORDS.get(parts[0], 0) >= 20 and 0 < _ORDINALS.get(parts[1], 0) < 10:
        return NUMBER_WORDS[parts[0]] + _ORDINALS[parts[1]]
    return None


def names_no_number(text: str) -> bool:
    """Whether a text is all words, none of which is a number's name, Roman or that of a constant.

    >>> names_no_number("Further analysis is needed."), names_no_number("the third")
    (True, False)
    >>> names_no_number("quadrant IV"), names_no_number("it is x + y")
    (False, False)
    """
    if _PROSE.match(text) is None or _ROMAN.search(text):
        return False
    return _NAMING.isdisjoint(_WORD.findall(text.lower()))


_PROSE = re.compile(r"[A-Za-z][A-Za-z ,.;:'-]{3,400}\Z")
_WORD = re.compile(r"[a-z]+")
_ROMAN = re.compile(r"\b[ivxlcdme]+\b", re.IGNORECASE)
_NAMING = frozenset([*FIRST_WORDS, *_ORDINALS, "pair", "couple", "nil", "noon", "midday", "midnight"])
_NAMING = _NAMING.union(["hundreds", "dozens", "pi", "phi", "tau", "golden"]) - {"a", "an"}
_NAMING |= {
    phrase.split()[-1]
    for said, sense in IN_OTHER_LANGUAGES
    if sense[0].isdecimal()
    for phrase in said.split(", ")
}


def _positive(parts: list[str]) -> Fraction | None:
    if parts[-1] in _PARTS:
        return _with_part(parts)
    if "point" in parts:
        return _decimal(parts)
    if parts in (["half", "a", "dozen"], ["half", "dozen"]):
        return Fraction(6)
    if parts[0] == "half" and parts[-1] in _SCALES and parts[1:-1] in ([], ["a"]):
        return Fraction(_SCALES[parts[-1]], 2)
    if len(parts) == 1 and parts[0] in _TIMES:
        return Fraction(_TIMES[parts[0]])
    whole = _whole(parts)
    return None if whole is None else Fraction(whole)


def _with_part(parts: list[str]) -> Fraction | None:
    """`two thirds`, `a half`, `two and three quarters`."""
    denominator = _PARTS[parts[-1]]
    counted = parts[:-1]
    if "and" in counted:
        at = len(counted) - 1 - counted[::-1].index("and")
        whole, counted = _whole(counted[:at]), counted[at + 1 :]
        if whole is None or not counted:
            return None
    else:
        whole = 0
    if not counted and denominator not in (2, 4):
        return None  # `third` alone is a place
    numerator = 1 if counted in ([], ["a"], ["an"]) else _whole(counted)
    return None if numerator is None else whole + Fraction(numerator, denominator)


def _decimal(parts: list[str]) -> Fraction | None:
    at = parts.index("point")
    digits = [NUMBER_WORDS.get(word, 10) for word in parts[at + 1 :]]
    whole = _whole(parts[:at]) if at else 0
    if whole is None or not digits or max(digits) > 9:
        return None
    return whole + Fraction(int("".join(map(str, digits))), 10 ** len(digits))


def _whole(parts: list[str]) -> int | None:
    """`two thousand three hundred and five`; a word that does not fit makes it no number."""
    total, current, last = 0, 0, 10**15
    for at, part in enumerate(parts):
        value = NUMBER_WORDS.get(part)
        if value is not None:
            if at and (last <= value or last < 20 or (last < 100 and value > 9)):
                return None  # `two three`, `twelve one`
            current += value
            last = value
        elif part == "hundred" and (0 < current < 100 or parts[at - 1 : at] in ([], ["a"])):
            current = (current or 1) * 100
            last = 100
        elif part in _SCALES and (current or parts[at - 1 : at] in ([], ["a"])):
            total += (current or 1) * _SCALES[part]
            current, last = 0, _SCALES[part]
        elif part == "dozen" and at == len(parts) - 1:
            return (total + current or 1) * 12
        elif not ((part == "and" and last >= 100 and 0 < at < len(parts) - 1) or (part == "a" and at == 0)):
            return None
    return total + current if last < 10**15 else None
