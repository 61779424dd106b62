"""Asymptotic answers: approximations, judged by their values at a point of each regime.

HARDMath asks for formulas that approximate a solution for small and for large values of a parameter. No two
such formulas need be the same function; what counts is how near they come, at the point that the data set
names, to the value that was computed numerically.
"""

from __future__ import annotations

import cmath
import itertools
import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import (
    Budget,
    Rational,
    numeric_value,
    substitute,
    symbols,
    with_real_roots,
)
from mathtune.errors import DataError
from mathtune.latex import MAX_CHARACTERS

from ._grade import DEFAULT, TOO_COMPLEX
from ._side import Side
from ._values import Items, Labelled, Quantity, Restricted, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mathtune.algebra import Expression
    from mathtune.policy import Policy

__all__ = ["AsymptoticGrade", "Regime", "grade_asymptotic", "hardmath_regimes"]

# HARDMath's own evaluation accepts 5 % of the numerical value.
DEFAULT_TOLERANCE = 0.05


@attrs.frozen(kw_only=True)
class Regime:
    """One end of an approximation.

    Attributes:
        name: For example "small".
        point: Where to evaluate.
        values: The numerical values there: one, or all roots of an equation.
        approximations: What the data set's own formulas give there, where it says so. An answer that agrees
            with them is as good as the gold, however far both are from the numerical values.
    """

    name: str
    point: Fraction
    values: tuple[complex, ...]
    approximations: tuple[complex, ...] = ()


@attrs.frozen(kw_only=True)
class AsymptoticGrade:
    """What an approximation earns.

    Attributes:
        matched: The names of the regimes in which it comes near enough.
        score: Their share of all regimes, from 0 to 1.
    """

    matched: tuple[str, ...]
    score: float


def grade_asymptotic(
    response: str,
    regimes: Sequence[Regime],
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    policy: Policy = DEFAULT,
) -> AsymptoticGrade:
    r"""Judge an approximation by its values, with partial credit by regime.

    Args:
        response: A whole response, or an answer: one formula for all regimes, or one for each in their order.
        regimes: Where to evaluate, and the values to come near to.
        tolerance: The relative distance that is near enough.
        policy: How an answer may be known in a response, and the work it may cost.

    >>> small = Regime(name="small", point=Fraction(1, 10), values=(1.1052,))
    >>> large = Regime(name="large", point=Fraction(10), values=(22026.5,))
    >>> grade_asymptotic(r"\boxed{1 + x}", [small, large])
    AsymptoticGrade(matched=('small',), score=0.5)
    """
    budget = Budget(policy.work)
    matched = []
    try:
        for regime, formulas in _by_regime(response, regimes, policy):
            found = _values_at(formulas, regime.point, budget)
            if any(_is_near(found, wanted, tolerance) for wanted in (regime.values, regime.approximations)):
                matched.append(regime.name)
    except TOO_COMPLEX:
        pass  # what was matched before stands
    names = tuple(regime.name for regime in regimes if regime.name in matched)
    return AsymptoticGrade(matched=names, score=len(names) / len(regimes) if regimes else 0.0)


def _by_regime(
    response: str, regimes: Sequence[Regime], policy: Policy
) -> list[tuple[Regime, list[Expression]]]:
    """The formulas for each regime: all of them, or in turn where there are as many as all regimes want.

    The regimes may stand in boxes of their own, in the order in which the response comes to them.
    """
    from mathtune.answers import all_boxed, extract_answer

    wanted = sum(len(regime.values) for regime in regimes)
    answer = extract_answer(response, policy=policy)
    alone = len(response) <= MAX_CHARACTERS and "\\boxed" not in response
    formulas = _formulas(Side(response).value) if alone else []
    if not formulas and answer is not None:
        formulas = _formulas(Side(answer.text).value)
    if len(regimes) > 1 and len(formulas) == wanted:
        return _shared(formulas, regimes)
    boxes = all_boxed(response) if len(regimes) > 1 else None
    several = [] if boxes is None else _formulas(Side(boxes.text).value)
    if boxes is not None and len(several) >= wanted:  # the last ones, after those of the steps
        return _shared(several[-wanted:], _as_mentioned(response, regimes))
    return [(regime, formulas) for regime in regimes]


def _shared(formulas: list[Expression], regimes: Sequence[Regime]) -> list[tuple[Regime, list[Expression]]]:
    rest = iter(formulas)
    return [(regime, list(itertools.islice(rest, len(regime.values)))) for regime in regimes]


def _as_mentioned(response: str, regimes: Sequence[Regime]) -> list[Regime]:
    """The regimes in the order in which a response comes to them, or as given if it names not all of them."""
    places = [response.rfind(regime.name) for regime in regimes]
    if -1 in places:
        return list(regimes)
    return [regime for _place, regime in sorted(zip(places, regimes, strict=True), key=lambda pair: pair[0])]


def _formulas(value: Value) -> list[Expression]:
    if isinstance(value, (Labelled, Restricted)):
        return _formulas(value.value)
    if isinstance(value, Items):
        return [formula for item in value.items for formula in _formulas(item)]
    return [value.expression] if isinstance(value, Quantity) else []


def _values_at(formulas: list[Expression], point: Fraction, budget: Budget) -> list[complex]:
    found = [_value_at(formula, point, budget) for formula in formulas]
    return [value for value in found if value is not None]


def _is_near(found: list[complex], wanted: tuple[complex, ...], tolerance: float) -> bool:
    """Whether every value is met by a formula, and none is left over."""
    if not wanted or len(found) != len(wanted):
        return False
    left = list(found)
    for value in wanted:
        nearest = min(left, key=lambda one: _distance(one, value))
        if not _distance(nearest, value) <= tolerance * _distance(value, 0):
            return False
        left.remove(nearest)
    return True


def _distance(one: complex, other: complex) -> float:
    """As `abs(one - other)`, which raises where the distance is no float any more."""
    return math.hypot((one - other).real, (one - other).imag)


def _value_at(formula: Expression, point: Fraction, budget: Budget) -> complex | None:
    """The value, real where odd roots of negative numbers make it so: `(x - 9)^{1/3}` in a real solution."""
    names = symbols(formula)
    if len(names) > 1:
        return None
    at = substitute(formula, {name: Rational(point) for name in names})
    number = numeric_value(at, budget)
    if number is not None and not number.imag.contains(0):
        real = numeric_value(with_real_roots(at), budget)
        number = real if real is not None and real.imag.contains(0) else number
    return None if number is None else complex(float(number.real.mid()), float(number.imag.mid()))


_NUMBER = r"(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:e[-+]?\d{1,3})?"
_POINT = re.compile(rf"[-+]?{_NUMBER}\Z")
# numpy pads the real part with blanks before the sign of the imaginary one
_COMPLEX = re.compile(
    rf"(?<![\d.])(?:([-+]?{_NUMBER})\s*([-+]\s*{_NUMBER})j|([-+]?{_NUMBER})j|([-+]?{_NUMBER})(?=[\s,)\]]|\Z))"
)


def hardmath_regimes(row: Mapping[str, object]) -> list[Regime]:
    """The regimes of a HARDMath row, from its evaluation points with numerical and analytical values.

    Raises:
        DataError: An evaluation point is no number, or a formula is too large to be evaluated.

    >>> hardmath_regimes({"small_eval_point": "0.1", "small_numerical": "[1.+0.j 2.5 -1.j]"})
    [Regime(name='small', point=Fraction(1, 10), values=((1+0j), (2.5-1j)), approximations=())]
    """
    try:
        return _regimes(row)
    except TOO_COMPLEX as error:
        raise DataError(f"expected formulas that can be evaluated ({type(error).__name__})") from error


def _regimes(row: Mapping[str, object]) -> list[Regime]:
    gold = _formulas(Side(str(row.get("answer_val") or "").strip()).value)
    regimes = []
    for name in ("small", "large"):
        point, values = row.get(f"{name}_eval_point"), row.get(f"{name}_numerical")
        if point in (None, "None", "") or values in (None, "None", ""):
            continue
        if not _POINT.match(str(point)):
            raise DataError(f"expected a number, got {str(point)[:40]!r}", field=f"{name}_eval_point")
        at = Fraction(str(point))
        own = _printed_values(str(row.get(f"{name}_analytical")))
        regimes.append(
            Regime(
                name=name,
                point=at,
                values=_printed_values(str(values)),
                approximations=own or tuple(_values_at(gold, at, Budget())),
            )
        )
    return regimes or _regimes_without_points(gold)


# Where a row names no points, its formulas c ε^p are compared here: a wrong exponent is far off.
_FAR = Fraction(1, 1000)
_NAMES = {2: ("small", "large"), 3: ("small", "intermediate", "large")}


def _regimes_without_points(gold: list[Expression]) -> list[Regime]:
    names = _NAMES.get(len(gold), ())
    values = _values_at(gold, _FAR, Budget())
    if len(values) != len(names):
        return []
    return [Regime(name=name, point=_FAR, values=(v,)) for name, v in zip(names, values, strict=True)]


def _printed_values(text: str) -> tuple[complex, ...]:
    """The numbers of a printed array, list or formula without letters."""
    if len(text) > MAX_CHARACTERS or text.strip() in ("", "None"):
        return ()
    if "*" in text or "sqrt" in text:  # 2.5 - 0.45*30**(1/3)
        value = _value_of_text(text)
        return () if value is None else (value,)
    found = [
        complex(float(real or plain or 0), float((imaginary or alone or "0").replace(" ", "")))
        for real, imaginary, alone, plain in _COMPLEX.findall(text)
    ]
    return tuple(found) if all(map(cmath.isfinite, found)) else ()


def _value_of_text(text: str) -> complex | None:
    formulas = _formulas(Side(text.strip()).value)
    return _value_at(formulas[0], Fraction(1), Budget()) if len(formulas) == 1 else None
