"""Numbers and measures in prose: other groups of digits, bases, quotients, feet and inches."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import Rational, rational

from ._amounts import add_measures
from ._formulas import NotScalarError, in_base
from ._number_words import FIRST_WORDS, NUMBER_WORDS, leading_number, read_number_words
from ._plain_words import plain_phrase
from ._units import read_unit
from ._values import Items, Labelled, Quantity, Value
from ._words import number_of

if TYPE_CHECKING:
    from ._words import ReadText

__all__ = [
    "counted",
    "dimensions",
    "divided",
    "grouped_digits",
    "in_parts",
    "measure_in_parts",
    "number_in_base",
    "owed",
    "things",
    "two_numbers",
    "with_decimal_comma",
]

_GROUPED = re.compile(r"(\d{1,3})((?:\.\d{3})+),(\d+)\Z|(\d{1,3})((?:\.\d{3}){2,})\Z")
_APART = re.compile(r"\d{1,3}(?:(?:'\d{3})+|(?:_\d{3})+)(?:\.\d+)?\Z")
_ENDLESS = re.compile(r"(\d+)\.\((\d+)\)\Z")


_LAKHS = re.compile(r"(₹ ?|Rs\.? ?)?\d{1,2}(?:,\d{2})+,\d{3}(\.\d+)?\Z")


def _either(number: Value, text: str) -> Value:
    """A number, or the list that the same signs are: the other answer tells which."""
    parts = tuple(Quantity(rational(int(part))) for part in text.split(","))
    return Items(kind="approximation", items=(number, Items(kind="list", items=parts)))


def grouped_digits(text: str, read: ReadText) -> Value | None:
    """`1.234,56` and `1.234.567` as on the Continent, `1'234'567` as in Switzerland, `1_000`, `0.(3)`."""
    found = _GROUPED.match(text)
    if found:
        whole = (found[1] or found[4]) + (found[2] or found[5]).replace(".", "")
        tail = found[3] or ""
        return Quantity(Rational(Fraction(int(whole + tail), 10 ** len(tail)), len(tail) or None))
    lakhs = _LAKHS.match(text)  # 12,34,567 as in India
    if lakhs:
        if lakhs[1] or lakhs[2]:
            return read(text.replace(",", ""))
        return _either(Quantity(rational(int(text.replace(",", "")))), text)
    if _APART.match(text):
        return read(text.replace("'", "").replace("_", ""))
    endless = _ENDLESS.match(text)
    if endless:
        return read(f"{endless[1]}.\\overline{{{endless[2]}}}")
    return None


_GROUPS = r"(\d{1,3}(?:[. ]\d{3})+|\d{1,9})"
_COMMA_AMOUNT = re.compile(rf"(R\$|[$€£]) ?{_GROUPS},(\d\d)\Z")
_COMMA_MEASURE = re.compile(
    rf"(-?){_GROUPS},(\d{{1,2}}|\d{{4,9}}) ?([€£%°A-Za-zµμ][A-Za-zµμ°/^²³. \d-]{{0,30}})?\Z"
)


def with_decimal_comma(text: str, read: ReadText) -> Value | None:
    """`3,5 kg` and `€ 1.200,50`: a comma between digits and a unit is a decimal point; so is `1 234,5`."""
    amount = _COMMA_AMOUNT.match(text)
    if amount:
        sign = "" if amount[1] == "R$" else f"\\{amount[1]}" if amount[1] == "$" else amount[1]
        return read(f"{sign}{_whole(amount[2])}.{amount[3]}")
    found = _COMMA_MEASURE.match(text)
    if not found:
        return None
    sign, digits, decimals, unit = found.groups()
    if not unit:
        return read(f"{sign}{_whole(digits)}.{decimals}") if " " in digits else None
    if unit in "€£%°" or not read_unit(unit).is_noun:
        return read(f"{sign}{_whole(digits)}.{decimals} {unit}")
    return None


def _whole(digits: str) -> str:
    return digits.replace(".", "").replace(" ", "")


_BASES = {"binary": 2, "octal": 8, "hexadecimal": 16, "hex": 16}
_BASED = re.compile(
    r"\(?([0-9A-Fa-f]+)\)?\s*(?:,? ?\(?(?:in )?(?:base[- ](\w+)|(binary|octal|hexadecimal|hex))\)?"
    r"|_\{?\s*(\w+)\s*\}?)\Z"
)
_PREFIXED = {"0b": "2", "0o": "8", "0x": "16"}


def number_in_base(text: str) -> Value | None:
    """`1010 in base 2`, `52 (base 8)`, `(1010)_2`, `1F_{16}`, `0x1F`."""
    if text[:2] in _PREFIXED:
        return _digits(text[2:], _PREFIXED[text[:2]])
    found = _BASED.match(text)
    if not found or not any(c.isdecimal() for c in found[1] + (found[4] or "0")):
        return None
    base = found[2] or found[4] or str(_BASES.get(found[3] or ""))
    letters = found[4] and base != "16" and not found[1][:1].isdecimal()
    if letters and (len(base) < len("11") or found[1].isalpha()):
        return None  # A_1, a_n
    return _digits(found[1], str(NUMBER_WORDS.get(base.lower(), base)))


def _digits(digits: str, base: str) -> Value | None:
    try:
        value = in_base(digits.upper(), base)
    except NotScalarError:
        return None
    return None if value is None else Quantity(value, f"base {base}")


_OWED = re.compile(r"\$\s*-\s*(\d[\d,.]*)\Z")
_CODE = re.compile(
    r"(USD|US ?\$|EUR|GBP|INR|Rs\.?|JPY|RMB|CNY) ?(\d[\d,]*(?:\.\d+)?)(?: ?/-)?\Z", re.IGNORECASE
)


_SHORT_AMOUNT = re.compile(r"\$\s?(\d[\d,]*(?:\.\d+)?)\s?(k|m|mn|bn|b)\Z", re.IGNORECASE)
_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9}


def owed(text: str, read: ReadText) -> Value | None:
    """`$-5`, `USD 32`, `Rs. 500`, `Rs 500/-`."""
    code = _CODE.match(text)
    if code:
        name = "USD" if "$" in code[1] else code[1].rstrip(".").upper()
        return Quantity(_amount(code[2]), name)
    short = _SHORT_AMOUNT.match(text)
    if short:  # $70k
        return Quantity(Rational(_amount(short[1]).value * _SCALES[short[2].lower()]), "dollar")
    owed = _OWED.match(text)
    return read(f"-\\${owed[1]}") if owed else None


_COMPARED = re.compile(r"(?:it is |it's )?(\d{1,15}) (more|less|fewer) than (\d{1,15})\Z", re.IGNORECASE)
_OUT_OF = re.compile(
    r"([a-z]+|\d{1,15})[ -](?:in|out of)[ -](?:(?:every|a) )?([a-z]+(?:[- ][a-z]+)?|\d{1,15})(?: chance)?\Z",
    re.IGNORECASE,
)


def two_numbers(text: str) -> Value | None:
    """`3 out of 4`, `one in six` are fractions; `5 more than 3` is 8."""
    share = _OUT_OF.match(text)
    if share:
        part, whole = map(_count_in, share.groups())
        return Quantity(Rational(part / whole)) if part is not None and whole else None
    compared = _COMPARED.match(text)
    if compared:
        step = int(compared[1]) if compared[2] == "more" else -int(compared[1])
        return Quantity(rational(int(compared[3]) + step))
    return None


def _count_in(text: str) -> Fraction | None:
    """A whole number in digits or in words."""
    number = Fraction(text) if text.isdecimal() else read_number_words(text.lower())
    return number if number is not None and number.denominator == 1 else None


_REMAINDER = re.compile(
    r"(?i:(?:the )?quotient(?: is|:)? )?(?![A-Za-z]{2})([^,;:]{1,60}?)[,;]?"
    r"(?:(?i: (?:and |with )?(?:an? |the )?rem(?:ainder|\.)?(?: of| is|:)? )"
    r"|(?<=\d) ?[rR] ?(?=\d)|(?<![A-Z]) R ?(?=[-\u2212]?\w|\())([^,;:]{1,60})\Z"
)


_REMAINDER_FIRST = re.compile(
    r"(?i)(?:the )?remainder(?: is|:)? ([^,;:]{1,60}?)[,;]? (?:and )?(?:the )?quotient(?: is|:)? "
    r"([^,;:]{1,60})\Z"
)
# What stands between the two, or begins its name.
_R = re.compile(r"[rR](?:[eE][mM]| ?\d|(?<= R))")


def divided(text: str, read: ReadText) -> Value | None:
    """`3 R 2`, `quotient x + 1, remainder 3`: a quotient and its remainder."""
    one = "r" in text or text.count("R") == 1
    found = _REMAINDER.match(text) if one and _R.search(text) else None
    turned = None if found else _REMAINDER_FIRST.match(text)
    if not found and not turned:
        return None
    said = found.groups() if found else turned.groups()[::-1] if turned else ()
    parts = [number_of(read(part)) for part in said]
    items = tuple(part for part in parts if part is not None and part.unit is None)
    return Items(kind="tuple", items=items, opening="R", closing="R") if len(items) > 1 else None


_AMOUNT = r"((?:\d[\d,]*(?:\.\d+)?|\.\d+)(?: ?\d+/\d+)?)"
_SEVERAL = re.compile(
    rf"(\$?){_AMOUNT}\s*([a-zA-Z]+)?\.?,?\s*(?:and |\+ )?{_AMOUNT}\s*([a-zA-Z]+)\.?"
    rf"(?:,?\s*(?:and )?{_AMOUNT}\s*([a-zA-Z]+)\.?)?\Z"
)
_FEET = re.compile(r"(\d+)\s*'\s*(?:(\d+(?:\.\d+)?)\s*(?:''|\"|” ?))?\Z")


def measure_in_parts(text: str) -> Value | None:
    """`6 ft 2 in`, `1 h 30 min`, `5'6"`, `12 dollars and 50 cents`."""
    feet = _FEET.match(text)
    if feet and feet[2]:
        return Quantity(Rational(12 * Fraction(feet[1]) + Fraction(feet[2])), "inches")
    found = _SEVERAL.match(text)
    if not found or bool(found[1]) == bool(found[3]):
        return None
    pairs = [(found[2], "dollar" if found[1] else found[3]), (found[4], found[5]), (found[6], found[7])]
    measures: list[Value] = [Quantity(_amount(number), unit) for number, unit in pairs if number]
    return add_measures(measures, in_order="+" not in text)


def _amount(text: str) -> Rational:
    whole, _, part = text.replace(",", "").partition(" ")
    return Rational(Fraction(whole) + (Fraction(part) if part else 0))


_JOINT = re.compile(r",(?: ?and )?|;| and | (?<=[a-z] )(?<! is )(?=\d+ [a-z])")
_COUNT = re.compile(r"(-?\d+(?:\.\d+)?) ([a-z]+(?: [a-z]+)?)\Z", re.IGNORECASE)
_STATED = re.compile(r"(?:the )?([a-z]+(?: [a-z]+)??)(?: is| =|:)? (-?\d+(?:\.\d+)?)\Z", re.IGNORECASE)
_MOST_THINGS = 8


def things(text: str) -> Value | None:
    """`3 boys and 2 girls`, `mean 12, median 10`: numbers that belong to names, in any order."""
    parts = [part.strip() for part in _JOINT.split(text)]
    if not 1 < len(parts) <= _MOST_THINGS:
        return None
    counts = [_COUNT.match(part) for part in parts]
    stated = [_STATED.match(part) for part in parts]
    if all(counts):
        pairs = [(found[2], found[1]) for found in counts if found]
    elif all(stated):
        pairs = [(found[1], found[2]) for found in stated if found]
    else:
        return None
    names = [plain_phrase(name) for name, _number in pairs]
    if len(set(names)) < len(names) or any(_is_measured(name) or "or" in name.split() for name in names):
        return None
    items = tuple(
        Labelled(name, Quantity(_amount(number))) for name, (_n, number) in zip(names, pairs, strict=True)
    )
    return Items(kind="list", items=items)


def _is_measured(name: str) -> bool:
    """Coins are counted like other things."""
    unit = read_unit(name)
    return not unit.is_noun and unit.dimension != (("$", 1),)


_BY = re.compile(r"(.+?) (by|x|×|\\times) (.+)\Z")


def dimensions(text: str, read: ReadText) -> Value | None:
    """`8 cm by 5 cm`: the sides of a rectangle, in any order."""
    found = _BY.match(text) if text[:1].isdecimal() else None
    if not found or (found[2] != "by" and found[1].replace(".", "").isdecimal()):
        return None  # a number, and no length
    sides: list[Quantity] = []
    for said in found.group(1, 3):
        side = number_of(read(said))
        if side is None or not (found[2] == "by" or _is_length(side)):
            return None
        sides.append(side)
    if sides[0].unit is None:
        sides[0] = attrs.evolve(sides[0], unit=sides[1].unit)
    return Items(kind="list", items=tuple(sides))


def _is_length(side: Quantity) -> bool:
    return side.unit is not None and ("L", 1) in read_unit(side.unit).dimension


def in_parts(text: str) -> Value | None:
    """`two dollars and fifty cents`; `half of 30`."""
    first, joint, second = text.partition(" and ")
    if joint and first[:1].isalpha() and second[:1].isalpha():
        parts = [part for part in map(counted, (first, second)) if part is not None]
        return add_measures(parts) if len(parts) == 2 else None
    share, joint, whole = text.partition(" of ")
    found = leading_number(share.lower().split()) if joint and _WHOLE.match(whole) else None
    if found is None or found[1] < len(share.split()) or found[0].denominator == 1:
        return None
    return Quantity(Rational(found[0] * Fraction(whole)))


_WHOLE = re.compile(r"\d{1,9}(?:\.\d{1,9})?\Z")
_MOST_SAID = 4


def _with_fraction(words: list[str]) -> tuple[Fraction, int] | None:
    """The number of `2 and a half`, and how many words it takes."""
    part = leading_number(words[2:]) if words[1:2] == ["and"] and words[0].isdecimal() else None
    if part is None or not 0 < part[0] < 1:
        return None
    return int(words[0][:_LONGEST_COUNT]) + part[0], part[1] + 2


_LONGEST_COUNT = 12
_HYPHEN = re.compile(r"(?<=\w)-(?=[a-z])")  # of `twenty-one`; the one of `-four` is a sign


def counted(text: str) -> Value | None:
    """`half an hour`, `three and a half miles`: a number in words with a unit of measure."""
    first = text.partition(" ")[0].partition("-")[0].lower()
    may_count = first in FIRST_WORDS or first.isdecimal()
    words = _HYPHEN.sub(" ", text.lower()).split() if may_count else []
    found = leading_number(words) or _with_fraction(words)
    if found is None:
        return None
    number, size = found
    if size == len(words):
        return Quantity(Rational(number))
    rest = [word for word in words[size:] if word not in ("a", "an", "of")]
    unit = " ".join(rest)
    if any(sign.isdecimal() for sign in unit):
        return None
    if unit == "percent":
        return Quantity(Rational(number), unit)
    if not rest or len(rest) > _MOST_SAID or read_unit(unit).is_noun:
        return Quantity(Rational(number)) if rest in (["times"], ["in", "total"]) else None
    return Quantity(Rational(number), unit)
