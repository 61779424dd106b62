"""Rational functions, evaluated modulo primes at fixed pseudo-random points.

Two rational functions that differ at one point modulo a prime are different: that is a proof. Two that
agree at three points modulo primes of 62 bits are the same but for a chance below (degree / 2^62)^3. No
expansion takes place, so `(x-a)^{6000}` costs what `x-a` costs. Each prime is 1 modulo 4 and brings a
square root of -1, which stands for i.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from ._expression import Add, Constant, Multiply, Power, Rational, Variable

if TYPE_CHECKING:
    from fractions import Fraction

    from ._budget import Budget
    from ._expression import Expression

__all__ = ["FIELDS", "is_rational", "residue"]

# (prime, square root of -1): the three largest primes below 2^62 that are 1 modulo 4.
FIELDS = (
    (4611686018427387817, 4490822397581186023),
    (4611686018427387761, 3481184452870754207),
    (4611686018427387737, 4166598643325741967),
)


def is_rational(expression: Expression) -> bool:
    """Whether the expression is a rational function with rational (or Gaussian) coefficients."""
    kind = type(expression)
    if kind is Rational or kind is Variable:
        return True
    if kind is Add:
        return all(map(is_rational, expression.terms))  # type: ignore[union-attr]
    if kind is Multiply:
        return all(map(is_rational, expression.factors))  # type: ignore[union-attr]
    if kind is Power:
        exponent = expression.exponent  # type: ignore[union-attr]
        whole = type(exponent) is Rational and exponent.value.denominator == 1
        return whole and is_rational(expression.base)  # type: ignore[union-attr]
    return kind is Constant and expression.name == "i"  # type: ignore[union-attr]


def residue(expression: Expression, field: int, budget: Budget) -> int | None:
    """The value at the field's point modulo its prime; None where a denominator vanishes there."""
    prime, unit = FIELDS[field]
    budget.spend(1)
    kind = type(expression)
    if kind is Rational:
        return _fraction(expression.value, prime)  # type: ignore[union-attr]
    if kind is Variable:
        return _coordinate(expression.name, field)  # type: ignore[union-attr]
    if kind is Constant:
        return unit
    if kind is Power:
        return _power(expression, field, prime, budget)  # type: ignore[arg-type]
    is_sum = kind is Add
    parts = expression.terms if is_sum else expression.factors  # type: ignore[union-attr]
    total = 0 if is_sum else 1
    for part in parts:
        value = residue(part, field, budget)
        if value is None:
            return None
        total = (total + value if is_sum else total * value) % prime
    return total


def _fraction(value: Fraction, prime: int) -> int | None:
    above, below = value.as_integer_ratio()
    if below == 1:
        return above % prime
    if not below % prime:
        return None
    return above * pow(below, -1, prime) % prime


def _power(expression: Power, field: int, prime: int, budget: Budget) -> int | None:
    base = residue(expression.base, field, budget)
    exponent = expression.exponent.value.numerator  # type: ignore[union-attr]
    budget.spend(exponent.bit_length() // 64)
    if base is None or (exponent < 0 and not base):
        return None
    return pow(base, exponent, prime)


@functools.lru_cache(maxsize=512)
def _coordinate(name: str, field: int) -> int:
    """The variable's value: digits of its name, mixed; the same in every process and on every machine."""
    value = 0x9E3779B97F4A7C15 + field
    for letter in name:
        value = (value * 6364136223846793005 + ord(letter) * 1442695040888963407 + 1) % (1 << 64)
        value ^= value >> 29
    return value * value % FIELDS[field][0]
