"""Numbers in double precision with a bound of the error: enough to prove most differences, at once.

A bound holds for certain: every step adds ten times what IEEE 754 allows it to lose. What has a letter
without a value, or a function that is not listed here, or leaves the real domain, has no enclosure, and is
left to balls of any precision.
"""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs

from ._expression import Add, Apply, Constant, Expression, Multiply, Power, Rational, Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

__all__ = ["Place", "as_double", "least_gap", "real_order"]

# A step loses at most half of 2^-52, relatively.
_STEP = 2e-15
# Absolutely, near the smallest numbers there are, it loses less than this.
_LEAST = 1e-300
_EXACT = 1 << 53
_LARGEST_EXPONENT = 64
# Bases whose value is known less well than this have no power here.
_LEAST_KNOWN = 1e-6
# A value and how far it may be off.
_Enclosure = tuple[complex, float]
_CONSTANTS: dict[str, complex] = {"pi": math.pi, "e": math.e, "i": 1j}


@attrs.frozen
class Place:
    """The values of letters, and what a bare logarithm is times the natural one, where that is settled."""

    letters: Mapping[str, Fraction]
    log: float | None = None


_NOWHERE = Place({})


def least_gap(first: Expression, second: Expression, place: Place = _NOWHERE) -> float | None:
    """How far two numbers are apart at least: 0 if they may be equal, None if that is not known here.

    Args:
        first: One expression.
        second: The other.
        place: The values of the letters, and what a bare logarithm means.

    >>> from mathtune.algebra import Variable, power, rational
    >>> root = power(rational(2), rational(1, 2))
    >>> least_gap(root, rational(3)) > 1.5, least_gap(root, root), least_gap(root, Variable("x"))
    (True, 0.0, None)
    """
    try:
        one = _enclosure(first, place)
        other = None if one is None else _enclosure(second, place)
    except (OverflowError, ZeroDivisionError):
        return None
    if one is None or other is None:
        return None
    margin = 2 * (one[1] + other[1]) + _STEP * (abs(one[0]) + abs(other[0]))
    return max(abs(one[0] - other[0]) - margin, 0.0)


def real_order(first: Expression, second: Expression) -> int:
    """Whether a real number is less (-1) or greater (1) than another for certain; 0 where that is not known.

    >>> from mathtune.algebra import rational
    >>> real_order(rational(2), rational(3))
    -1
    """
    one, other = as_double(first), as_double(second)
    if one is None or other is None or not least_gap(first, second):
        return 0
    return 1 if one > other else -1


def as_double(expression: Expression) -> float | None:
    """A real number in double precision; None if it has letters, or is not known here."""
    try:
        found = _enclosure(expression, _NOWHERE)
    except (OverflowError, ZeroDivisionError):
        return None
    if found is None or isinstance(found[0], complex):
        return None
    return found[0]


def _enclosure(expression: Expression, place: Place) -> _Enclosure | None:
    kind = type(expression)
    if kind is Rational:
        return _fraction(expression.value)  # type: ignore[union-attr]
    if kind is Variable:
        value = place.letters.get(expression.name)  # type: ignore[union-attr]
        return None if value is None else _fraction(value)
    if kind is Multiply:
        return _product(expression, place)  # type: ignore[arg-type]
    if kind is Add:
        return _sum(expression, place)  # type: ignore[arg-type]
    if kind is Power:
        return _power(expression, place)  # type: ignore[arg-type]
    if kind is Constant:
        known = _CONSTANTS.get(expression.name)  # type: ignore[union-attr]
        return None if known is None else (known, _STEP * abs(known))
    return _applied(expression, place) if kind is Apply else None  # type: ignore[arg-type]


def _fraction(value: Fraction) -> _Enclosure:
    above, below = value.as_integer_ratio()
    quotient = above / below
    return quotient, 0.0 if below == 1 and -_EXACT < above < _EXACT else _STEP * abs(quotient) + _LEAST


def _sum(expression: Add, place: Place) -> _Enclosure | None:
    total: complex = 0.0
    size = error = 0.0
    for term in expression.terms:
        part = _enclosure(term, place)
        if part is None:
            return None
        total += part[0]
        error += part[1]
        size += abs(part[0])
    return total, error + _STEP * size * len(expression.terms)


def _product(expression: Multiply, place: Place) -> _Enclosure | None:
    total: complex = 1.0
    error = 0.0
    for factor in expression.factors:
        part = _enclosure(factor, place)
        if part is None:
            return None
        error = abs(total) * part[1] + abs(part[0]) * error + error * part[1]
        total *= part[0]
        error += _STEP * abs(total) + _LEAST
    return total, error


def _power(expression: Power, place: Place) -> _Enclosure | None:
    exponent = expression.exponent
    base = _enclosure(expression.base, place)
    if base is None:
        return None
    if type(exponent) is not Rational:
        return _raised(base, _enclosure(exponent, place))
    value, error = base
    size = abs(value)
    above, below = exponent.value.as_integer_ratio()
    if not error < _LEAST_KNOWN * size or abs(above) > _LARGEST_EXPONENT:
        return None
    if below == 1:
        return _with_error(value**above, float(above), error / size, size)
    if isinstance(value, complex) or value <= 0:
        return None
    number = above / below
    return _with_error(value**number, number, error / size, size)


def _raised(base: _Enclosure, exponent: _Enclosure | None) -> _Enclosure | None:
    """A positive number to the power of a real one."""
    if exponent is None or isinstance(base[0], complex) or isinstance(exponent[0], complex):
        return None
    (value, error), (number, gap) = base, exponent
    if not (error < _LEAST_KNOWN * value and gap < _LEAST_KNOWN and abs(number) < _LARGEST_EXPONENT):
        return None
    power, lost = _with_error(value**number, number, error / value, value)
    return power, lost + 2 * gap * power * (abs(math.log(value)) + 1)


def _with_error(value: complex, exponent: float, relative: float, base: float) -> _Enclosure:
    """The error of a power: of its base, as often as it is taken, and of the exponent."""
    times = abs(exponent)
    lost = 2 * times * relative + _STEP * (10 + times + times * abs(math.log(base)))
    return value, abs(value) * lost + _LEAST


def _applied(expression: Apply, place: Place) -> _Enclosure | None:
    name = expression.name
    if name.endswith("("):
        return _unknown(name, [_enclosure(argument, place) for argument in expression.arguments])
    base = _LOGARITHMS.get(name, place.log if name == "log" else None)
    if (base is None and name not in _GENTLE) or len(expression.arguments) != 1:
        return None
    argument = _enclosure(expression.arguments[0], place)
    if argument is None or isinstance(argument[0], complex) or argument[1] > _LEAST_KNOWN:
        return None
    value, error = argument
    if base is None:
        found = _GENTLE[name](value)
        return found, error + _STEP * (1 + abs(found))
    if value <= 2 * error:
        return None
    logarithm = base * math.log(value)
    return logarithm, 2 * error / value + _STEP * (1 + abs(logarithm))


# Functions that rise and fall by no more than their argument.
_GENTLE: dict[str, Callable[[float], float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "arctan": math.atan,
    "tanh": math.tanh,
    "abs": abs,
}
_LOGARITHMS = {"ln": 1.0}


def _unknown(name: str, arguments: list[_Enclosure | None]) -> _Enclosure | None:
    """A function nobody knows, as balls choose it."""
    total, lost = 1.0, 0.0
    for place, argument in enumerate(arguments):
        if argument is None or isinstance(argument[0], complex) or argument[1] > _LEAST_KNOWN:
            return None
        value, error = argument
        for letter in name:
            wave = math.sin(value * (ord(letter) % 17 + 2) / 7 + place + 1)
            total = total * 3 / 5 + wave * 2 / 3 + math.atan(value + ord(letter) % 11)
            lost += 4 * error + _STEP * (20 + place + 4 * abs(value) + abs(total))
    return total, lost
