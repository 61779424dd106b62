"""Numbers in double precision with a bound of the error: enough to prove most differences, at once.

A bound holds for certain: every step adds ten times what IEEE 754 allows it to lose. What has letters, or a
function that is not listed here, has no enclosure, and is left to balls of any precision.
"""

from __future__ import annotations

import math

from ._expression import Add, Apply, Constant, Expression, Multiply, Power, Rational

__all__ = ["are_far_apart"]

# A step loses at most half of 2^-52, relatively.
_STEP = 2e-15
_EXACT = 1 << 53
_LARGEST_EXPONENT = 64
# Bases whose value is known less well than this have no power here.
_LEAST_KNOWN = 1e-6
# A value and how far it may be off.
_Enclosure = tuple[complex, float]
_CONSTANTS: dict[str, complex] = {"pi": math.pi, "e": math.e, "i": 1j}


def are_far_apart(first: Expression, second: Expression) -> bool:
    """Whether two numbers differ for certain; False if they may be equal, or are none.

    >>> from mathtune.algebra import power, rational
    >>> root = power(rational(2), rational(1, 2))
    >>> are_far_apart(root, rational(141, 100)), are_far_apart(root, root)
    (True, False)
    """
    try:
        one = _enclosure(first)
        other = None if one is None else _enclosure(second)
    except (OverflowError, ZeroDivisionError):
        return False
    if one is None or other is None:
        return False
    return abs(one[0] - other[0]) > 2 * (one[1] + other[1]) + _STEP * (abs(one[0]) + abs(other[0]))


def _enclosure(expression: Expression) -> _Enclosure | None:
    kind = type(expression)
    if kind is Rational:
        above, below = expression.value.as_integer_ratio()  # type: ignore[union-attr]
        quotient = above / below
        return quotient, 0.0 if below == 1 and -_EXACT < above < _EXACT else _STEP * abs(quotient)
    if kind is Multiply:
        return _product(expression)  # type: ignore[arg-type]
    if kind is Add:
        return _sum(expression)  # type: ignore[arg-type]
    if kind is Power:
        return _power(expression)  # type: ignore[arg-type]
    if kind is Constant:
        known = _CONSTANTS.get(expression.name)  # type: ignore[union-attr]
        return None if known is None else (known, _STEP * abs(known))
    return _applied(expression) if kind is Apply else None  # type: ignore[arg-type]


def _sum(expression: Add) -> _Enclosure | None:
    total: complex = 0.0
    size = error = 0.0
    for term in expression.terms:
        part = _enclosure(term)
        if part is None:
            return None
        total += part[0]
        error += part[1]
        size += abs(part[0])
    return total, error + _STEP * size * len(expression.terms)


def _product(expression: Multiply) -> _Enclosure | None:
    total: complex = 1.0
    error = 0.0
    for factor in expression.factors:
        part = _enclosure(factor)
        if part is None:
            return None
        error = abs(total) * part[1] + abs(part[0]) * error + error * part[1]
        total *= part[0]
        error += _STEP * abs(total)
    return total, error


def _power(expression: Power) -> _Enclosure | None:
    exponent = expression.exponent
    base = _enclosure(expression.base) if type(exponent) is Rational else None
    if base is None or type(exponent) is not Rational:
        return None
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


def _with_error(value: complex, exponent: float, relative: float, base: float) -> _Enclosure:
    """The error of a power: of its base, as often as it is taken, and of the exponent."""
    times = abs(exponent)
    lost = 2 * times * relative + _STEP * (10 + times + times * abs(math.log(base)))
    return value, abs(value) * lost


def _applied(expression: Apply) -> _Enclosure | None:
    if expression.name not in _FUNCTIONS or len(expression.arguments) != 1:
        return None
    argument = _enclosure(expression.arguments[0])
    if argument is None or isinstance(argument[0], complex) or argument[1] > _LEAST_KNOWN:
        return None
    value, error = argument
    if expression.name == "ln":
        if value <= 2 * error:
            return None
        logarithm = math.log(value)
        return logarithm, 2 * error / value + _STEP * (1 + abs(logarithm))
    wave = math.sin(value) if expression.name == "sin" else math.cos(value)
    return wave, error + _STEP


_FUNCTIONS = frozenset(["sin", "cos", "ln"])
