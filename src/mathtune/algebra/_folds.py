"""Functions of rational numbers that are worked out at once: what `power` and `apply` fold.

Each gives None where the result is not rational, or too large to be written down.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FOLDS", "folded_power"]

# What is folded takes some tens of microseconds, as an answer may hold a thousand of them: a power has at
# most so many bits, a factorial or binomial so many factors. Larger ones are compared without expansion.
MAX_BITS = 25_000
MAX_FACTORS = 1_500


def folded_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    if exponent.denominator != 1 or (not base and exponent <= 0):
        return None
    whole = exponent.numerator
    if base.denominator == 1 and -1 <= base.numerator <= 1:
        return base if whole % 2 else base * base
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    return None if abs(whole) * bits > MAX_BITS else base**whole


def _fold_factorial(value: Fraction) -> Fraction | None:
    if value.denominator != 1 or not 0 <= value <= MAX_FACTORS:
        return None
    return Fraction(math.factorial(int(value)))


def _fold_binomial(top: Fraction, below: Fraction) -> Fraction | None:
    if top.denominator != 1 or below.denominator != 1 or not 0 <= top <= 20_000 or below < 0:
        return None
    if min(below, abs(top - below)) > MAX_FACTORS // 2:
        return None
    return Fraction(math.comb(int(top), int(below)))


def _fold_floor(value: Fraction) -> Fraction:
    return Fraction(value.numerator // value.denominator)


def _fold_ceil(value: Fraction) -> Fraction:
    return Fraction(-(-value.numerator // value.denominator))


def _fold_round(value: Fraction) -> Fraction:
    return _fold_floor(value + Fraction(1, 2)) if value >= 0 else -_fold_floor(-value + Fraction(1, 2))


def _fold_mod(value: Fraction, modulus: Fraction) -> Fraction | None:
    return value % modulus if modulus else None


def _fold_gcd(*values: Fraction) -> Fraction | None:
    if any(v.denominator != 1 for v in values):
        return None
    return Fraction(math.gcd(*(int(v) for v in values)))


def _fold_lcm(*values: Fraction) -> Fraction | None:
    if any(v.denominator != 1 for v in values) or sum(v.numerator.bit_length() for v in values) > MAX_BITS:
        return None
    return Fraction(math.lcm(*(int(v) for v in values)))


def _fold_sign(value: Fraction) -> Fraction:
    return Fraction((value > 0) - (value < 0))


def _fold_step(value: Fraction) -> Fraction | None:
    return Fraction(int(value > 0)) if value else None


# name: (number of arguments, 0 for any; what computes the value)
FOLDS: dict[str, tuple[int, Callable[..., Fraction | None]]] = {
    "factorial": (1, _fold_factorial),
    "binom": (2, _fold_binomial),
    "floor": (1, _fold_floor),
    "ceil": (1, _fold_ceil),
    "round": (1, _fold_round),
    "abs": (1, abs),
    "mod": (2, _fold_mod),
    "gcd": (0, _fold_gcd),
    "lcm": (0, _fold_lcm),
    "max": (0, max),
    "min": (0, min),
    "sgn": (1, _fold_sign),
    "step": (1, _fold_step),
    "frac": (1, lambda value: value - _fold_floor(value)),
}
