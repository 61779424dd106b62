"""Are two exact expressions the same function of their variables?

In this order: the same expression; two rational numbers; rational functions modulo primes; balls at rising precision.
`DIFFERENT` is proved. `EQUAL` is exact for rational numbers, certain but for a negligible chance modulo primes, and
otherwise means agreement to at least 18 digits at several points of the common domain (constants: to 60 digits).
"""

from __future__ import annotations

import enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from ._ball import Evaluation, UnsupportedError, evaluate, precision
from ._expression import Add, Apply, Bound, Multiply, Power, Rational, symbols
from ._residue import FIELDS, is_rational, residue

if TYPE_CHECKING:
    from ._budget import Budget
    from ._expression import Expression

__all__ = ["Comparison", "Match", "compare", "has_log", "numeric_value"]


class Match(enum.Enum):
    """How two expressions stand to each other."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@attrs.frozen
class Comparison:
    """The match, and the means that decided it: `same`, `exact`, `modular`, `numeric`."""

    match: Match
    means: str


# Letters that stand for whole numbers by habit; the points give them integers.
INTEGER_NAMES = frozenset("nkmNMKl") | {"ell"}

_CONSTANT_BITS = (64, 420)
_POINT_BITS = (96, 340)
_POINTS = 26
_ENOUGH = 5
_FEW = 3


def compare(
    first: Expression, second: Expression, budget: Budget, *, common_log: bool = False, integers: frozenset[str] = INTEGER_NAMES
) -> Comparison:
    """Compare two expressions.

    Args:
        first: One expression.
        second: The other.
        budget: The work it may cost.
        common_log: Whether a bare `\\log` has base 10.
        integers: The variables that run over the integers.

    >>> from mathtune.algebra import Budget, add, power, rational, Variable
    >>> x = Variable("x")
    >>> compare(power(add(x, rational(1)), rational(2)), add(power(x, rational(2)), rational(1)), Budget()).match
    <Match.DIFFERENT: 'different'>
    """
    if type(first) is Rational and type(second) is Rational:
        return Comparison(Match.EQUAL if first.value == second.value else Match.DIFFERENT, "exact")
    if first == second:
        return Comparison(Match.EQUAL, "same")
    if is_rational(first) and is_rational(second):
        match = _compare_residues(first, second, budget)
        if match is not Match.UNKNOWN:
            return Comparison(match, "modular")
    names = sorted(symbols(first) | symbols(second))
    if names:
        return Comparison(_compare_at_points(first, second, names, budget, common_log, integers), "numeric")
    return Comparison(_compare_constants(first, second, budget, common_log), "numeric")


def _compare_residues(first: Expression, second: Expression, budget: Budget) -> Match:
    agreed = 0
    for field in range(len(FIELDS)):
        left = residue(first, field, budget)
        right = residue(second, field, budget)
        if left is None or right is None:
            continue
        if left != right:
            return Match.DIFFERENT
        agreed += 1
    return Match.EQUAL if agreed else Match.UNKNOWN


def _compare_constants(first: Expression, second: Expression, budget: Budget, common_log: bool) -> Match:
    for bits in _CONSTANT_BITS:
        with precision(bits):
            try:
                left = Evaluation({}, budget, common_log=common_log)
                right = Evaluation({}, budget, common_log=common_log)
                one, other = evaluate(first, left), evaluate(second, right)
            except UnsupportedError:
                return Match.UNKNOWN
            if not one.overlaps(other):
                return Match.DIFFERENT
            rough = left.rough or right.rough
            if (rough or bits == _CONSTANT_BITS[-1]) and _agree(one, other, 30 if rough else bits // 2):
                return Match.EQUAL
    return Match.UNKNOWN


def _agree(one: Any, other: Any, bits: int) -> bool:  # noqa: ANN401  (flint.acb)
    """Whether the difference is known to be tiny, relatively or below 2^-bits."""
    import flint

    error = (one - other).abs_upper()
    scale = flint.arb(one.abs_upper()) + flint.arb(other.abs_upper())
    tiny = flint.arb(2) ** (-bits)
    return bool(error <= tiny * scale) or bool(error <= tiny * tiny)


def _compare_at_points(
    first: Expression, second: Expression, names: list[str], budget: Budget, common_log: bool, integers: frozenset[str]
) -> Match:
    natural, complex_ = 0, 0
    for number in range(_POINTS):
        found = _compare_at_point(first, second, _point(names, number, integers), budget, common_log)
        if found is None:
            continue
        agrees, is_natural = found
        if is_natural:
            if not agrees:
                return Match.DIFFERENT
            natural += 1
            if natural >= _ENOUGH:
                return Match.EQUAL
        else:
            complex_ += 1 if agrees else -_POINTS
    if natural >= _FEW:
        return Match.EQUAL
    if natural == 0 and complex_:
        return Match.EQUAL if complex_ >= _FEW else Match.DIFFERENT
    return Match.UNKNOWN


def _compare_at_point(
    first: Expression, second: Expression, point: dict[str, Fraction], budget: Budget, common_log: bool
) -> tuple[bool, bool] | None:
    """(agree?, on the real domain?) at one point, or None where one side has no value."""
    import flint

    for bits in _POINT_BITS:
        with precision(bits):
            place = {name: flint.acb(flint.fmpq(v.numerator, v.denominator)) for name, v in point.items()}
            left = Evaluation(place, budget, common_log=common_log)
            right = Evaluation(place, budget, common_log=common_log)
            try:
                one, other = evaluate(first, left), evaluate(second, right)
            except UnsupportedError:
                return None
            natural = left.natural and right.natural
            if not one.overlaps(other):
                return False, natural
            rough = left.rough or right.rough
            if _agree(one, other, 30 if rough else 60):
                return True, natural
    return None


def _point(names: list[str], number: int, integers: frozenset[str]) -> dict[str, Fraction]:
    """The point of this number: fixed fractions in one of several ranges, whole numbers for integer variables."""
    low, high, signed = _RANGES[number % len(_RANGES)]
    point = {}
    for place, name in enumerate(names):
        seed = _mix(number, place)
        if name.split("_")[0] in integers:
            top = 9 + number // 2
            point[name] = Fraction(seed % top + (top if name in ("n", "N") else 1))
            continue
        value = low + (high - low) * Fraction(seed % 9973, 9973)
        point[name] = -value if signed and seed >> 20 & 1 else value
    return point


_RANGES = (
    (Fraction(1, 10), Fraction(9, 10), False),
    (Fraction(1, 5), Fraction(3), True),
    (Fraction(11, 10), Fraction(3), False),
    (Fraction(1, 10), Fraction(9, 10), True),
    (Fraction(-3), Fraction(-1, 10), False),
    (Fraction(3), Fraction(10), False),
    (Fraction(1, 10), Fraction(2), False),
    (Fraction(10), Fraction(60), False),
    (Fraction(1, 50), Fraction(1, 4), True),
)


def _mix(number: int, place: int) -> int:
    value = (number * 2654435761 + place * 40503 + 97) % (1 << 32)
    value = (value ^ value >> 15) * 2246822519 % (1 << 32)
    value = (value ^ value >> 13) * 3266489917 % (1 << 32)
    return value ^ value >> 16


def has_log(expression: Expression) -> bool:
    """Whether a bare `\\log` occurs."""
    if isinstance(expression, Apply):
        return expression.name == "log" or any(map(has_log, expression.arguments))
    if isinstance(expression, Add):
        return any(map(has_log, expression.terms))
    if isinstance(expression, Multiply):
        return any(map(has_log, expression.factors))
    if isinstance(expression, Power):
        return has_log(expression.base) or has_log(expression.exponent)
    return isinstance(expression, Bound) and has_log(expression.body)


def numeric_value(expression: Expression, budget: Budget, bits: int = 128) -> Any | None:  # noqa: ANN401  (flint.acb)
    """The ball of a constant expression, or None if it has no value."""
    with precision(bits):
        try:
            return evaluate(expression, Evaluation({}, budget))
        except UnsupportedError:
            return None
