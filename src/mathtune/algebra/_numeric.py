"""Two expressions by their values: constants to many digits, functions at points of their common domain.

Balls that do not meet prove a difference. Equality is agreement: of constants to 150 digits, of functions to
75 digits at one point and to 18 at the others.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from ._ball import evaluate
from ._doubles import Place, least_gap
from ._evaluation import FLINT, Evaluation, NowhereError, UnsupportedError, precision
from ._expression import Rational, size, substitute, symbols
from ._match import Match
from ._points import INTEGER_NAMES, POINTS, point
from ._traits import (
    has_bound,
    has_jump,
    has_kink,
    largest_number,
    real_names,
    switches,
    whole_names,
    written_bits,
)

if TYPE_CHECKING:
    from ._budget import Budget
    from ._expression import Bound, Expression

__all__ = ["Setting", "numeric_value", "same_values"]

_COMMON = 1 / math.log(10)
_CONSTANT_BITS = (64, 1_000)
# (precision, bits that must agree): of an ordinary point, and of the first one on the real domain.
_POINT_BITS = ((96, 60), (340, 60))
_STRICT_BITS = ((340, 250), (900, 250))
_ROUGH_BITS = 26
_ENOUGH = 5
_ENOUGH_WITH_KINKS = 20
_FEW = 3


@attrs.frozen
class Setting:
    r"""What one comparison goes by: the work left, the meaning of `\log`, the letters of whole numbers."""

    budget: Budget
    common_log: bool = False
    integers: frozenset[str] = INTEGER_NAMES
    # Values of sums and integrals without letters, which are the same at every point.
    memo: dict[Bound, tuple[Any, bool]] = attrs.field(factory=dict, eq=False)


def same_values(first: Expression, second: Expression, setting: Setting) -> Match:
    """Whether two expressions have the same values wherever both have one."""
    names = sorted(symbols(first) | symbols(second))
    if names:
        setting.budget.spend(size(first) + size(second))
    place = Place(point(names, 0, setting.integers, Fraction(0)), _COMMON if setting.common_log else 1.0)
    gap = least_gap(first, second, place)
    if gap:
        return Match.DIFFERENT
    try:
        if names:
            return _compare_at_points(first, second, names, setting)
        return _compare_constants(first, second, setting, near=gap is not None)
    except NowhereError:
        return Match.UNKNOWN


def _compare_constants(first: Expression, second: Expression, setting: Setting, *, near: bool) -> Match:
    """Constants: a coarse look tells most differences, a fine one sees tiny terms beside huge ones.

    What is near for certain needs no coarse look.
    """
    for bits in _CONSTANT_BITS[1:] if near else _CONSTANT_BITS:
        found = _agreement(first, second, {}, setting, bits, bits // 2)
        if found is None:
            return Match.UNKNOWN
        agrees, _natural, rough = found
        if agrees is False:
            return Match.DIFFERENT
        if agrees and rough:
            return Match.EQUAL
        if agrees and bits == _CONSTANT_BITS[-1]:
            return _compare_closely(first, second, setting)
    return Match.UNKNOWN


def _compare_closely(first: Expression, second: Expression, setting: Setting) -> Match:
    r"""Constants with long numbers may agree in as many digits, as \sqrt{10^{300} + 1} and 10^{150}."""
    bits = 2 * (written_bits(first) + written_bits(second))
    if not _CONSTANT_BITS[-1] < bits < _MOST_BITS:
        return Match.EQUAL
    setting.budget.spend(bits // 8)
    found = _agreement(first, second, {}, setting, 2 * bits, bits)
    return Match.DIFFERENT if found is not None and found[0] is False else Match.EQUAL


# Longer numbers are not computed to their last digit.
_MOST_BITS = 20_000


def _compare_at_points(first: Expression, second: Expression, names: list[str], setting: Setting) -> Match:
    natural, complex_ = 0, 0
    integers = setting.integers | whole_names(first) | whole_names(second)
    integers -= real_names(first) | real_names(second)
    kinked = has_kink(first) or has_kink(second)
    bound = has_bound(first) or has_bound(second)  # quadrature is not exact to 75 digits anyway
    scale = max(largest_number(first), largest_number(second)) if kinked else Fraction(0)
    enough = _ENOUGH_WITH_KINKS if kinked else _ENOUGH
    jumps = has_jump(first) or has_jump(second)
    if kinked and (
        (len(names) == 1 and _differ_between_switches(first, second, names[0], setting))
        or (jumps and _differ_at_jumps(first, second, names, setting))
    ):
        return Match.DIFFERENT
    for number in range(POINTS):
        place = point(names, number, integers, scale)
        pair = (_at_exactly(first, place), _at_exactly(second, place)) if jumps else (first, second)
        found = _compare_at_point(*pair, place, setting, strict=natural == 0 and not bound, real=natural > 0)
        if found is None:
            continue
        agrees, is_natural = found
        if is_natural:
            if not agrees:
                return Match.DIFFERENT
            natural += 1
            if natural >= enough:
                return Match.EQUAL
        else:
            complex_ += 1 if agrees else -POINTS
    if natural >= _FEW:
        return Match.EQUAL
    if natural == 0 and complex_:
        return Match.EQUAL if complex_ >= _FEW else Match.DIFFERENT
    return Match.UNKNOWN


def _differ_between_switches(first: Expression, second: Expression, name: str, setting: Setting) -> bool:
    """Whether two functions differ between the places where one of them jumps: u(t - 1) and u(t - 1.001)."""
    places = sorted(switches(first, name) | switches(second, name))
    for low, high in itertools.pairwise(places):
        found = _compare_at_point(first, second, {name: (low + high) / 2}, setting, strict=False, real=False)
        if found == (False, True):
            return True
    return False


def _differ_at_jumps(first: Expression, second: Expression, names: list[str], setting: Setting) -> bool:
    r"""Whether two functions differ where floors jump, as ⌊x⌋ + 1 and ⌈x⌉ at whole x."""
    for number in _AT_JUMPS:
        place = dict.fromkeys(names, Fraction(number))
        pair = _at_exactly(first, place), _at_exactly(second, place)
        if _compare_at_point(*pair, place, setting, strict=False, real=False) == (False, True):
            return True
    return False


# A square, a cube and a power of two; a number with many divisors.
_AT_JUMPS = (64, 420)


def _compare_at_point(
    first: Expression,
    second: Expression,
    place: dict[str, Fraction],
    setting: Setting,
    *,
    strict: bool,
    real: bool,
) -> tuple[bool, bool] | None:
    """(agree?, on the real domain?) at one point, or None where a side has no value, or (`real`) no real one.

    A strict point asks for agreement to 75 digits, so that a tiny term beside a huge one is not overlooked.
    """
    for bits, wanted in _STRICT_BITS if strict else _POINT_BITS:
        found = _agreement(first, second, place, setting, bits, wanted, real=real)
        if found is None:
            return None
        agrees, natural, rough = found
        if agrees is not None:
            return agrees, natural
        if rough:
            return None  # what is an estimate is none the finer for more bits
    return None


def _at_exactly(expression: Expression, place: dict[str, Fraction]) -> Expression:
    return substitute(expression, {name: Rational(value) for name, value in place.items()})


def _agreement(  # noqa: PLR0917  (both sides, where, how, and how well)
    first: Expression,
    second: Expression,
    place: dict[str, Fraction],
    setting: Setting,
    bits: int,
    wanted: int,
    *,
    real: bool = False,
) -> tuple[bool | None, bool, bool] | None:
    """(agree? or None if the balls are too wide, on the real domain?, rough?) at one precision.

    Where the values have more digits before the point than were asked for, they are computed to the last one.
    """
    with FLINT, precision(bits):
        found = _evaluate_both(first, second, place, setting, real=real)
        if found is None:
            return None
        one, other, natural, rough = found
        if not one.overlaps(other):
            return False, natural, rough
        agrees = _agree(one, other, _ROUGH_BITS if rough else wanted)
        size = 0 if rough else _size(one)
    if agrees and wanted < size < _LARGEST_SIZE and wanted > _POINT_BITS[0][1]:
        with FLINT, precision(size + 200):
            setting.budget.spend(size // 8)
            found = _evaluate_both(first, second, place, setting)
            if found is not None and not found[0].overlaps(found[1]):
                return False, natural, rough
    return agrees or None, natural, rough


# Values of more bits than this before the point are compared by their leading digits only.
_LARGEST_SIZE = 8_000


def _agree(one: Any, other: Any, bits: int) -> bool:  # noqa: ANN401  (flint.acb)
    """Whether the difference is known to be tiny, relatively or below 2^-bits."""
    import flint

    error = (one - other).abs_upper()
    scale = flint.arb(one.abs_upper()) + flint.arb(other.abs_upper())
    tiny = flint.arb(2) ** (-bits)
    return bool(error <= tiny * scale) or bool(error <= tiny)


def _size(value: Any) -> int:  # noqa: ANN401  (flint.acb)
    """The bits before the point, roughly."""
    import flint

    top = flint.arb(value.abs_upper())
    return int(float(top.log()) * 1.4427) if top > 1 else 0


def _evaluate_both(
    first: Expression, second: Expression, place: dict[str, Fraction], setting: Setting, *, real: bool = False
) -> tuple[Any, Any, bool, bool] | None:
    """Both values, the cheaper first; None where one is missing, or the first is off the real domain."""
    import flint

    at = {name: flint.acb(flint.fmpq(v.numerator, v.denominator)) for name, v in place.items()}
    evaluation = Evaluation(at, setting.budget, common_log=setting.common_log, memo=setting.memo)
    turned = real and has_bound(first)
    sides = (second, first) if turned else (first, second)
    try:
        one = evaluate(sides[0], evaluation)
        if real and not evaluation.natural:
            return None
        other = evaluate(sides[1], evaluation)
    except NowhereError:
        raise
    except UnsupportedError:
        return None
    pair = (other, one) if turned else (one, other)
    return *pair, evaluation.natural, evaluation.rough


def numeric_value(expression: Expression, budget: Budget, bits: int = 128) -> Any | None:  # noqa: ANN401  (acb)
    """The ball of a constant expression, or None if it has no value."""
    with FLINT, precision(bits):
        try:
            return evaluate(expression, Evaluation({}, budget))
        except UnsupportedError:
            return None
