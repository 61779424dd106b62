"""Digits -> exact numbers: decimals, repeating decimals, other bases, roots that come out."""

from __future__ import annotations

import functools
import math
from fractions import Fraction

from mathtune.algebra import Apply, Constant, Expression, Rational, add, divide, multiply, power, rational

__all__ = ["DEGREE", "double_factorial", "in_base", "integer", "number_value", "repeating", "root"]

DEGREE = divide(Constant("pi"), rational(180))

_MAX_EXPONENT = 4_000
_CHUNK = 4_000


def number_value(text: str) -> Expression:
    """The exact value of a decimal literal, however long."""
    return _short_value(text) if len(text) <= _SHORT else _value(text)


_SHORT = 8  # digits: such numbers are nearly all, and they recur


@functools.lru_cache(maxsize=2_048)
def _short_value(text: str) -> Expression:
    return _value(text)


def _value(text: str) -> Expression:
    if text.isdecimal() and len(text) <= _CHUNK:
        return Rational(Fraction(int(text)))
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    value = Fraction(integer(digits or "0"), 10 ** len(fraction))
    decimals = len(fraction) if "." in mantissa else None
    if exponent:
        shift = int(exponent) if len(exponent) < 12 else 10**12
        if abs(shift) > _MAX_EXPONENT:
            return multiply(Rational(value), power(rational(10), rational(shift)))
        value *= Fraction(10) ** shift
        decimals = None if decimals is None else max(decimals - shift, 0)
    return Rational(value, decimals)


def integer(digits: str) -> int:
    """int(digits), in pieces below Python's limit of 4,300 digits."""
    if len(digits) <= _CHUNK:
        return int(digits)
    power_of_ten: int = 10**_CHUNK
    return integer(digits[:-_CHUNK]) * power_of_ten + int(digits[-_CHUNK:])


def repeating(text: str, period: str) -> Expression:
    r"""`0.1\overline{6}`: the digits written, and those that repeat for ever."""
    _whole, _, fraction = text.partition(".")
    start = number_value(text if fraction else text.rstrip(".") or "0")
    return add(start, rational(integer(period), 10 ** len(fraction) * (10 ** len(period) - 1)))


_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def in_base(text: str, index: str) -> Expression | None:
    """The value of digits (and letters from A, and a point) in a base from 2 to 36, or from -36 to -2."""
    if not index.removeprefix("-").isdecimal() or len(index) > 3 or not text or len(text) > 200:
        return None
    base = int(index)
    whole, _, fraction = text.replace(" ", "").partition(".")
    digits = [_DIGITS.find(sign) for sign in whole + fraction]
    if not 2 <= abs(base) <= 36 or any(not 0 <= digit < abs(base) for digit in digits):
        return None
    value = 0
    for digit in digits:
        value = value * base + digit
    return rational(value, base ** len(fraction)) if fraction else rational(value)


def double_factorial(value: Expression) -> Expression:
    """The product n!!, of every other number down from n."""
    if not isinstance(value, Rational) or value.value.denominator != 1 or not 0 <= value.value <= 2_000:
        return Apply("double factorial", (value,))
    return rational(math.prod(range(int(value.value), 0, -2)))


def root(radicand: Expression, index: Expression) -> Expression:
    """The root; one of odd degree is real for negative numbers too."""
    if not isinstance(index, Rational) or index.value.denominator != 1 or index.value.numerator < 1:
        return power(radicand, divide(rational(1), index))
    degree = index.value.numerator
    exact = _exact_root(radicand.value, degree) if isinstance(radicand, Rational) else None
    if exact is not None:
        return exact
    if degree % 2:
        return Apply("root", (radicand, index))
    return power(radicand, _HALF if degree == 2 else rational(1, degree))


_HALF = rational(1, 2)


def _exact_root(radicand: Fraction, degree: int) -> Expression | None:
    r"""`\sqrt{49}` is 7."""
    if radicand.numerator < 0 or degree > _MAX_DEGREE:
        return None
    above = _integer_root(radicand.numerator, degree)
    below = None if above is None else _integer_root(radicand.denominator, degree)
    return None if above is None or below is None else Rational(Fraction(above, below))


_MAX_DEGREE = 64


def _integer_root(value: int, degree: int) -> int | None:
    if degree == 2:
        found = math.isqrt(value)
        return found if found * found == value else None
    if value.bit_length() > 1_000:
        return None
    found = round(value ** (1 / degree))
    return next((near for near in (found - 1, found, found + 1) if near >= 0 and near**degree == value), None)
