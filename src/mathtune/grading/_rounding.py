"""Numbers that are not the same but near: rounded ones, decimals as a computer prints them, tolerances.

Nothing here applies to letters, and every distance is measured from the gold answer.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mathtune.algebra import FLINT, Expression, Rational, numeric_value, precision, symbols

from ._verdict import Reason

if TYPE_CHECKING:
    import flint

    from ._asked import Rounding
    from ._finding import Task

__all__ = ["is_rounded_as_asked", "nearness"]


def nearness(task: Task, gold: Expression, given: Expression, *, gap: float = 0.0) -> Reason | None:
    """Why a number that is not the gold counts as it; None if it does not.

    Args:
        task: The policy and the work left.
        gold: One number.
        given: The other.
        gap: How far they are apart at least, as far as that is known.
    """
    decimal = (type(gold) is Rational and gold.digits is not None) or (
        type(given) is Rational and given.digits is not None
    )
    if not (decimal or task.policy.has_tolerance):
        return None
    if task.policy.rounded_gold and _is_rounded(task, gold, given, gap):
        return Reason.ROUNDED
    if _is_printed_decimal(task, gold, given, gap) or _is_printed_decimal(task, given, gold, gap):
        return Reason.ROUNDED
    if task.policy.has_tolerance and _within_tolerance(task, gold, given):
        return Reason.WITHIN_TOLERANCE
    return None


# A gold of fewer digits (0.5) is taken as exact; one of more is no measured or rounded number.
_ROUNDED_DIGITS = 3


_MOST_DIGITS = 400


def _digit_count(value: Fraction, places: int) -> int:
    """The digits to so many places; beyond 200 bits by estimate, as Python may refuse to print."""
    above, below = value.as_integer_ratio()
    whole = abs(above) * 10**places // below
    bits = whole.bit_length()
    return len(str(whole)) if bits < 200 and whole else bits * 301 // 1000  # log10(2) = 0.301


def _is_rounded(task: Task, gold: Expression, given: Expression, gap: float) -> bool:
    """Whether a decimal gold of three or more digits is the more exact given value, rounded."""
    if not isinstance(gold, Rational) or gold.digits is None or gap > 10.0**-gold.digits or symbols(given):
        return False
    if gold.digits > _MOST_DIGITS or _digit_count(gold.value, gold.digits) < (
        1 if task.asked.rounds else _ROUNDED_DIGITS
    ):
        return False
    if isinstance(given, Rational):
        if given.digits is not None and given.digits < gold.digits + 2:
            return False
        return bool(abs(given.value - gold.value) * 2 * 10**gold.digits <= 1)
    value = numeric_value(given, task.budget)
    if value is None or not value.imag.is_zero():
        return False
    import flint

    with FLINT, precision(200):
        error = abs(value.real - flint.arb(flint.fmpq(gold.value.numerator, gold.value.denominator)))
        return bool(error * 2 * 10**gold.digits <= 1)


def _is_printed_decimal(task: Task, exact: Expression, printed: Expression, gap: float) -> bool:
    """Whether a decimal is the exact value as a computer prints it, to twelve significant digits or more."""
    wanted = task.policy.decimal_digits
    if not wanted or not isinstance(printed, Rational) or not printed.digits or not printed.value:
        return False
    if isinstance(exact, Rational) and exact.digits is not None:
        return False
    margin = _margin(printed.value, printed.digits, wanted)
    if margin is None or gap > margin or symbols(exact):
        return False
    if isinstance(exact, Rational):
        return abs(exact.value - printed.value) <= margin
    number = numeric_value(exact, task.budget, 256)
    if number is None or not number.imag.is_zero():
        return False
    import flint

    with FLINT, precision(256):
        error = abs(number.real - flint.arb(flint.fmpq(printed.value.numerator, printed.value.denominator)))
        return bool(error <= flint.arb(flint.fmpq(margin.numerator, margin.denominator)))


def _margin(value: Fraction, digits: int, wanted: int) -> Fraction | None:
    """How far a decimal with so many places may be off as a computer prints it; None if it has too few."""
    count = 0 if digits > _MOST_DIGITS else _digit_count(value, digits)
    if count < wanted:
        return None
    unit = Fraction(1, 10**digits)
    return unit if count < _DIGITS_OF_A_DOUBLE else max(unit, abs(value) * _SHARE_OF_A_DOUBLE)


# A double has at most 17 digits of which 15 are sure; a calculation in doubles loses a few units more.
_DIGITS_OF_A_DOUBLE = 15
_SHARE_OF_A_DOUBLE = Fraction(1, 10**14)


def is_rounded_as_asked(task: Task, gold: Expression, given: Expression) -> bool:
    """Whether one number is the other, rounded as the problem asks: to whole numbers or finer."""
    rounding = task.asked.rounding
    if rounding is None or symbols(gold) or symbols(given):
        return False
    first, second = _real(task, gold), _real(task, given)
    if first is None or second is None:
        return False
    places = _places(rounding, first)
    if places is None or not 0 <= places <= _MOST_DIGITS:
        return False
    if not any(_has_places(side, places) for side in (gold, given)):
        return False
    if isinstance(gold, Rational) and isinstance(given, Rational):
        coarse, fine = (gold, given) if _has_places(gold, places) else (given, gold)
        return _is_rounded_up(coarse.value, fine.value, Fraction(1, 2 * 10**places))
    with FLINT, precision(_BITS):
        return bool(abs(first - second) * 2 * 10**places <= 1)


def _is_rounded_up(coarse: Fraction, fine: Fraction, half: Fraction) -> bool:
    """0.875 lies on the edge: it is rounded to 0.88, not to 0.87."""
    gap = abs(coarse - fine)
    return gap < half or (gap == half and abs(coarse) > abs(fine))


_BITS = 256


def _real(task: Task, value: Expression) -> flint.arb | None:
    number = numeric_value(value, task.budget, _BITS)
    return None if number is None or not number.imag.is_zero() else number.real


def _places(rounding: Rounding, gold: flint.arb) -> int | None:
    """The decimal places that so many significant digits of a number are."""
    if rounding.digits is None:
        return rounding.places
    exponent = _exponent(gold)
    return None if exponent is None else rounding.digits - 1 - exponent


def _exponent(number: flint.arb) -> int | None:
    """The place of the first digit: 2 for 345, -3 for 0.0012; None for zero and what may be zero."""
    size = float(abs(number).mid())
    if not 0 < size < float("inf"):
        return None
    return int(f"{size:e}".partition("e")[2])


def _has_places(value: Expression, places: int) -> bool:
    return isinstance(value, Rational) and (value.value * 10**places).denominator == 1


def _within_tolerance(task: Task, gold: Expression, given: Expression) -> bool:
    """Whether the policy's tolerance lets a number pass: relative, absolute or by significant digits."""
    if symbols(gold) or symbols(given):
        return False
    first, second = numeric_value(gold, task.budget, _BITS), numeric_value(given, task.budget, _BITS)
    if first is None or second is None:
        return False
    policy = task.policy
    with FLINT, precision(_BITS):
        gap = (first - second).abs_lower()
        size = first.abs_upper()
        limits = size * _exact(policy.relative_tolerance), _exact(policy.absolute_tolerance)
        if any(gap <= limit or limit.contains(gap) for limit in limits):  # the very edge passes
            return True
        exponent = _exponent(size) if policy.significant_digits else None
        if exponent is None:
            return False
        return bool(gap * 2 <= _exact(Fraction(10) ** (exponent - policy.significant_digits + 1)))


def _exact(number: float | Fraction) -> flint.arb:
    """A tolerance is the decimal that was written: 0.01 is a hundredth."""
    import flint

    ratio = number if isinstance(number, Fraction) else Fraction(repr(number))
    return flint.arb(flint.fmpq(ratio.numerator, ratio.denominator))
