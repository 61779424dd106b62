"""Letters behind a number that stand for units or large counts: `20 m/s`, `5 N*m`, `70k`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mathtune.algebra import Expression, Multiply, Power, Rational, Variable, multiply

from ._values import Quantity

if TYPE_CHECKING:
    from ._units import Unit

__all__ = ["factors_of", "in_full", "unit_less", "with_letter_unit"]

# Letters that stand for a unit where the other side has one; mu and k are prefixes of a letter.
_LETTER_UNITS = frozenset("mgshLlNJWVKTACFMu") | {"Pa", "Hz", "Omega", "min"}
_LETTER_PREFIXES = {"mu": Fraction(1, 10**6), "k": Fraction(1_000)}


# What a letter means beside a temperature, and beside pounds and pence.
_BESIDE: dict[tuple[tuple[str, int], ...], dict[str, str]] = {
    (("K", 1),): {"C": "celsius", "F": "fahrenheit"},
    (("P", 1),): {"p": "pence"},
}


def with_letter_unit(value: Quantity, other: Unit | None = None) -> Quantity:
    """`20 m/s` is written with letters; beside a measure they are units, of its kind where they may be."""
    if value.unit is not None:
        return value
    beside = {} if other is None else _BESIDE.get(other.dimension, {})
    number: list[Expression] = []
    names: list[str] = []
    for factor in _single_factors(value.expression):
        base, times = _letter_power(factor)
        if base is None:
            number.append(factor)
        elif base in _LETTER_PREFIXES:
            number.append(Rational(_LETTER_PREFIXES[base]))
        elif base in beside and times == 1:
            names.append(beside[base])
        elif base in _LETTER_UNITS and times is not None and abs(times) <= _HIGHEST_POWER:
            names.append(f"{base}^{times}")
        else:
            return value
    return Quantity(_with_digits(multiply(*number)), " ".join(names)) if names else value


def _single_factors(value: Expression) -> list[Expression]:
    """The factors of a product; `A m` under a bar, as in `N/(A m)`, one by one."""
    factors: list[Expression] = []
    for factor in factors_of(value):
        if isinstance(factor, Power) and isinstance(factor.base, Multiply):
            factors += [Power(inner, factor.exponent) for inner in factor.base.factors]
        else:
            factors.append(factor)
    return factors


def _with_digits(number: Expression) -> Expression:
    """The decimal places that a coefficient had: a product keeps its value only."""
    if not isinstance(number, Rational) or number.value.denominator == 1:
        return number
    for places in range(1, _MOST_PLACES):
        if (number.value * 10**places).denominator == 1:
            return Rational(number.value, places)
    return number


_MOST_PLACES = 20
_HIGHEST_POWER = 99  # as units are read


def _letter_power(factor: Expression) -> tuple[str | None, int | None]:
    """The name and whole power of a letter; no name for anything else."""
    times = 1
    while isinstance(factor, Power):
        exponent = factor.exponent
        whole = isinstance(exponent, Rational) and exponent.value.denominator == 1
        if not whole or not isinstance(exponent, Rational):
            return (factor.base.name, None) if isinstance(factor.base, Variable) else (None, None)
        times *= int(exponent.value)
        factor = factor.base
    if not isinstance(factor, Variable):
        return None, None
    return ("m", times * int(factor.name[-1])) if factor.name in _METRES else (factor.name, times)


# What the digit behind the letter of `5 m2` makes of it.
_METRES = frozenset(["m_2", "m_3"])


def factors_of(value: Expression) -> tuple[Expression, ...]:
    """The factors of a product; the value itself, if it is none."""
    return value.factors if isinstance(value, Multiply) else (value,)


def unit_less(value: Expression) -> Expression:
    """`79 g` as an answer to 79: a unit's letters behind a number, where the gold is a bare number.

    Not the other way round: a gold `4s` may hold a variable.
    """
    if not isinstance(value, Multiply) or not isinstance(value.factors[0], Rational):
        return value
    bare = with_letter_unit(Quantity(value))
    return value if bare.unit is None else bare.expression


def in_full(value: Expression) -> Expression:
    """`70k` is 70,000, where the other side is a number."""
    if not isinstance(value, Multiply) or len(value.factors) != 2:
        return value
    number, letter = value.factors
    scale = _COUNTS.get(letter.name) if isinstance(letter, Variable) else None
    return Rational(number.value * scale) if scale and isinstance(number, Rational) else value


_COUNTS = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9}
