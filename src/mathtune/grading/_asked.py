"""What the problem's text asks of its answer (digits, a unit, a base, an order), and what it says of letters.

Each is looked for only when a comparison turns on it. A demand is taken from the last two sentences, where
problems put it, and only if it is one: two different roundings or units ask for nothing to rely on.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import Constant, Expression, Rational, Variable, add, divide, multiply, power, rational
from mathtune.answers import SENTENCE_END
from mathtune.errors import LatexSyntaxError
from mathtune.latex import Number, Prefix, Sum, parse

from ._number_words import NUMBER_WORDS
from ._numerals import number_value
from ._units import read_unit
from ._values import Items, Phrase, Quantity
from ._yes_no import yes_no_question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mathtune.latex import Node

    from ._values import Value

__all__ = ["LONGEST_PROBLEM", "NOTHING_ASKED", "Asked", "Rounding", "Span", "as_asked"]

# A text may be long: demands stand at its end.
LONGEST_PROBLEM = 20_000

_BASE = re.compile(
    r"\bbase[- ]?\s*\$?\s*(\d{1,2}|two|three|four|five|six|seven|eight|nine|twelve|sixteen)\b", re.IGNORECASE
)

_NEAREST = re.compile(r"\bnearest\s+(?:\$?\d+\$?\s+)?\$?([a-z]+)(?:[- ]([a-z]+))?", re.IGNORECASE)
_PLACES = re.compile(
    r"\$?(\d{1,2}|(?<![a-z])[a-z]+)\$?\s+decimal\s+(?:places?|digits?|points?)", re.IGNORECASE
)
_DIGITS = re.compile(
    r"\$?(\d{1,2}|(?<![a-z])[a-z]+)\$?[ -]+sig(?:nificant|\.)?[ -]+(?:figures?|digits?|figs?)", re.IGNORECASE
)
_ANY_ROUNDING = re.compile(
    r"\b(?:nearest|round(?:ed)?|decimal places?|significant (?:digits?|figures?)|approximate)\b"
)
_ORDERED = re.compile(
    r"\bordered (?:pair|triple|quadruple|tuple)\b|\bin (?:which|what) order\b|\bthe order in which\b"
    r"|\brespectively\b",
    re.IGNORECASE,
)
_SORTED = re.compile(
    r"\b(?:arrange|order|rank|sort|put|list|write|give|state)\b[^.?!]{0,120}\b"
    r"(?:from (?:the )?(?:least|greatest|(?:small|larg|big|low|high|slow|fast|short|tall|long|light|heav"
    r"|cheap|old|young|earl|late|weak|strong|near|far|cold|hot|worst|best|first|last|left|right|top)[a-z]*\b)"
    r"|(?:increasing|decreasing|ascending|descending|alphabetical|chronological) order)",
    re.IGNORECASE,
)
_RANGED = re.compile(
    r"\brange of (?:possible |all )?(?!the |these |this )|\ba range\b|\binterval\b"
    r"|\bbetween (?:which|what)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"\b(?:what|which|as a|how many)\s+(?:percent(?:age)?|per cent)\b|\b(?:in|nearest) percent\b",
    re.IGNORECASE,
)

_LETTER = re.compile(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])")

_NAMED_PLACES = {
    "tenth": 1,
    "hundredth": 2,
    "thousandth": 3,
    "ten-thousandth": 4,
    "cent": 2,
    "penny": 2,
    "ten": -1,
    "hundred": -2,
    "thousand": -3,
    "million": -6,
}


@attrs.frozen
class Rounding:
    """So many decimal places, or so many significant digits."""

    places: int | None = None
    digits: int | None = None


@attrs.frozen
class Span:
    """An interval between two numbers."""

    low: Expression
    low_closed: bool
    high: Expression
    high_closed: bool


@attrs.frozen(slots=False)  # what is looked up once is kept in the instance
class Asked:
    """What one problem asks of its answer.

    >>> asked = Asked("Find the area in square inches. Round to the nearest tenth.")
    >>> asked.unit, asked.rounding
    ('square inches', Rounding(places=1, digits=None))
    """

    context: str | None

    @functools.cached_property
    def _text(self) -> str:
        return " ".join((self.context or "")[-LONGEST_PROBLEM:].split())

    @functools.cached_property
    def letters(self) -> frozenset[str]:
        """The letters that stand alone in the problem."""
        return frozenset(_LETTER.findall(self._text))

    @functools.cached_property
    def _demand(self) -> str:
        return " ".join(SENTENCE_END.split(self._text)[-2:])

    @functools.cached_property
    def base(self) -> int | None:
        """The base of numeration, where the problem names exactly one other than ten."""
        bases = {NUMBER_WORDS.get(word.lower()) or int(word) for word in _BASE.findall(self._text)} - {10}
        return bases.pop() if len(bases) == 1 else None

    @functools.cached_property
    def rounds(self) -> bool:
        """Whether the problem asks for a rounded number at all."""
        return _ANY_ROUNDING.search(self._text) is not None

    @functools.cached_property
    def rounding(self) -> Rounding | None:
        """The digits asked for, where it is one demand."""
        found = {*_nearest(self._demand)}
        found |= {Rounding(places=count) for count in _counts(_PLACES.findall(self._demand))}
        found |= {Rounding(digits=count) for count in _counts(_DIGITS.findall(self._demand))}
        return found.pop() if len(found) == 1 else None

    @functools.cached_property
    def unit(self) -> str | None:
        """The unit of measure, where it is one: `in square inches`, `How many hours`."""
        found = {unit for unit in _units(self._demand) if unit != "percent"}
        return found.pop() if len(found) == 1 else None

    @functools.cached_property
    def percent(self) -> bool:
        """Whether a bare number is a number of hundredths."""
        return _PERCENT.search(self._demand) is not None

    @functools.cached_property
    def ordered(self) -> bool:
        """Whether the order of several values is said to count."""
        return _ORDERED.search(self._demand) is not None or self.sorted

    @functools.cached_property
    def sorted(self) -> bool:
        """Whether several values are to be sorted."""
        return _SORTED.search(self._demand) is not None

    @functools.cached_property
    def ranged(self) -> bool:
        """Whether the answer is a range of values."""
        return _RANGED.search(self._demand) is not None

    @functools.cached_property
    def question(self) -> str | None:
        """The question that yes or no answers, if it is one."""
        return yes_no_question(self._text)

    @functools.cached_property
    def span(self) -> Span | None:
        """The interval on which the problem wants the solutions, where it names one."""
        found = {span for span in map(_span, _FORMULA.findall(self._text)) if span is not None}
        return found.pop() if len(found) == 1 else None

    @functools.cached_property
    def domain(self) -> Mapping[str, Expression]:
        """For each letter that is said to be positive or bounded, what takes just such values."""
        return _domain(self._text)


NOTHING_ASKED = Asked(None)


def as_asked(
    asked: Asked, gold: tuple[Node | None, Value], given: tuple[Node | None, Value]
) -> tuple[Value, Value]:
    """Two values, each with its tree, in view of the problem: lists in order, and `3-5` as a range.

    Lists without brackets are tuples, where the problem wants an ordered pair. Not so where it wants numbers
    sorted and the gold answer is not: then its order means nothing.
    """
    first, second = gold[1], given[1]
    if asked.ordered and not (asked.sorted and _is_unsorted(first)):
        return _in_order(first), _in_order(second)
    if type(first) is not type(second) and asked.ranged:
        return _as_range(gold[0]) or first, _as_range(given[0]) or second
    return first, second


def _as_range(tree: Node | None) -> Items | None:
    """`3-5`, where a range is asked for: the numbers from 3 to 5."""
    if not isinstance(tree, Sum) or len(tree.terms) != len(("low", "high")):
        return None
    low, behind = tree.terms
    high = behind.argument if isinstance(behind, Prefix) and behind.operator == "-" else None
    if not isinstance(low, Number) or not isinstance(high, Number) or float(low.text) >= float(high.text):
        return None
    ends = (Quantity(number_value(low.text)), Quantity(number_value(high.text)))
    return Items(kind="tuple", items=ends, opening="[", closing="]")


def _is_unsorted(value: Value) -> bool:
    items = value.items if isinstance(value, Items) else ()
    numbers = [item.expression for item in items if isinstance(item, Quantity)]
    known = [number.value for number in numbers if isinstance(number, Rational)]
    return len(known) == len(items) and known not in (sorted(known), sorted(known, reverse=True))


def _in_order(value: Value) -> Value:
    if not isinstance(value, Items) or value.kind != "list" or value.opening not in {"", ","}:
        return value
    plain = all(isinstance(item, (Quantity, Phrase)) for item in value.items)
    return attrs.evolve(value, kind="tuple", opening="(", closing=")") if plain else value


def _nearest(text: str) -> Iterable[Rounding]:
    for first, second in _NEAREST.findall(text):
        name = first.lower().rstrip("s")
        joined = f"{name}-{second.lower().rstrip('s')}"
        if joined in _NAMED_PLACES or name in _NAMED_PLACES:
            yield Rounding(places=_NAMED_PLACES.get(joined, _NAMED_PLACES.get(name)))
        elif name in ("whole", "integer", "percent", "degree") or not read_unit(first).is_noun:
            yield Rounding(places=0)


def _counts(words: list[str]) -> set[int]:
    counts = (NUMBER_WORDS.get(word.lower()) or (int(word) if word.isdecimal() else 0) for word in words)
    return {count for count in counts if count}


_UNIT_ASKED = re.compile(
    r"(?:\bin|\bhow many|\bnumber of)\s+(?:units of\s+)?"
    r"((?:square |cubic )?[A-Za-z]+(?:\s+per\s+[a-z]+)?)\b(?!\s*[\d$])",
    re.IGNORECASE,
)
_SHORT_UNITS = frozenset(["cm", "mm", "km", "kg", "mg", "mph", "kph", "feet", "ft", "mL", "cc"])


def _units(text: str) -> Iterable[str]:
    for unit in _UNIT_ASKED.findall(text):
        last = unit.split()[-1] if " per " not in unit else unit.split(" per ")[0].split()[-1]
        plural = last.endswith("s") and len(last) > 3
        if (plural or last in _SHORT_UNITS) and not read_unit(unit).is_noun:
            yield unit


_FORMULA = re.compile(r"\$([^$]{3,60})\$")
_LETTERS = r"((?:\$[a-zA-Z]\$,? ?(?:(?:and|or) )?)+|all (?:the )?variables|variables)"
_SAID_POSITIVE = re.compile(
    rf"\b(?:positive|non-?negative) (?:real )?(?:(?:numbers?|integers?|reals?|constants?) )?{_LETTERS}"
    rf"|{_LETTERS} ?(?:is|are|be|represents?) (?:all |a )?(?:positive|non-?negative)",
    re.IGNORECASE,
)
# `$x, y > 0$`, `$t \\le 5$`, and the same with one letter in plain text.
_BOUNDED = re.compile(
    r"^((?:[a-zA-Z]|\\[a-z]+)(?:\s*,\s*(?:[a-zA-Z]|\\[a-z]+))*)"
    r"\s*(>|<|\\geq?|\\leq?|[≥≤]|\\gt|\\lt)\s*(-?[\w\\./]+)$"
)
_PLAIN_BOUND = re.compile(r"(?<![\w$\\<>])([a-z] ?[<>≥≤] ?-?\d+)(?![\w$<>]|\.\d)")
# A standard deviation is positive, whether the problem says so or not.
_SPREAD = re.compile(r"\b(?:densit(?:y|ies)|normal|gaussian|variance|standard deviation)\b", re.IGNORECASE)
_BETWEEN = re.compile(
    r"^(.+?)\s*(?:<|\\leq?|\\lt|≤)\s*([a-zA-Z]|\\theta|\\alpha)\s*(?:<|\\leq?|\\lt|≤)\s*(.+)$"
)
_MOST_FORMULAS = 20


def _domain(text: str) -> dict[str, Expression]:
    """What takes the values of each letter; a letter of which two things are said may be any."""
    said = [("sigma", _above_zero("sigma"))] if _SPREAD.search(text) else []
    for groups in _SAID_POSITIVE.findall(text):
        letters = "".join(groups)
        names = re.findall(r"\$([a-zA-Z])\$", letters) if "$" in letters else list("abcdhpqrstuvwxyz")
        said += ((name, _above_zero(name)) for name in names)
    formulas = _FORMULA.findall(text)[:_MOST_FORMULAS] + _PLAIN_BOUND.findall(text)[:_MOST_FORMULAS]
    for formula in formulas:
        said += _bounds(formula.strip())
    values = {name: {value for other, value in said if other == name} for name, _ in said}
    return {name: found.pop() for name, found in values.items() if len(found) == 1 and name not in _WHOLE}


def _bounds(formula: str) -> Iterable[tuple[str, Expression]]:
    """`x, y > 0` and `0 < x < 1`: the letters, and what takes just such values."""
    bounded, between = _BOUNDED.match(formula), _BETWEEN.match(formula)
    end = _constant(bounded[3]) if bounded else None
    if bounded and end is not None:
        sign = 1 if bounded[2] in _ABOVE else -1
        names = (name.strip().lstrip("\\") for name in bounded[1].split(","))
        yield from ((name, _beyond(name, end, sign)) for name in names)
    elif between:
        low, high = _constant(between[1]), _constant(between[3])
        if low is not None and high is not None:
            name = between[2].lstrip("\\")
            yield name, _inside(name, low, high)


# Letters that stand for whole numbers in answers: their squares would not stand for all of them.
_WHOLE = frozenset("nmkl")


_INTERVAL = re.compile(r"^(?:[a-z] ?\\in ?)?(?:\\left)?([\[(])(.+?),(.+?)(?:\\right)?([\])])$")
_STRICT = re.compile(r"(?:<|\\lt)")


def _span(formula: str) -> Span | None:
    r"""`0 \le x < 2\pi` and `[0, 2\pi)`."""
    between, interval = _BETWEEN.match(formula.strip()), _INTERVAL.match(formula.strip())
    if between:
        low, high = _constant(between[1]), _constant(between[3])
        signs = formula[between.end(1) : between.start(2)], formula[between.end(2) : between.start(3)]
        closed = [_STRICT.search(sign) is None for sign in signs]
    elif interval:
        low, high = _constant(interval[2]), _constant(interval[3])
        closed = [interval[1] == "[", interval[4] == "]"]
    else:
        return None
    return None if low is None or high is None else Span(low, closed[0], high, closed[1])


def _above_zero(name: str) -> Expression:
    """The square of a letter takes every value that is not negative."""
    return power(Variable(name), rational(2))


def _beyond(name: str, end: Expression, sign: int) -> Expression:
    """What takes every value above an end, or below it."""
    return add(end, multiply(rational(sign), _above_zero(name)))


_ABOVE = frozenset([">", "\\ge", "\\geq", "≥", "\\gt"])


def _inside(name: str, low: Expression, high: Expression) -> Expression:
    """`low + (high - low) t²/(1 + t²)` takes every value from low up to high."""
    square = _above_zero(name)
    share = divide(square, add(rational(1), square))
    return add(low, multiply(add(high, multiply(rational(-1), low)), share))


def _constant(text: str) -> Expression | None:
    """A rational number or a rational multiple of π."""
    from ._formulas import NotScalarError, formula

    try:
        value = formula(parse(text))
    except (LatexSyntaxError, NotScalarError):
        return None
    factors = getattr(value, "factors", (value,))
    return value if all(isinstance(f, Rational) or f == Constant("pi") for f in factors) else None
