"""Asymptotic answers: approximations, judged by their values at a point of each regime.

HARDMath asks for formulas that approximate a solution for small and for large values of a parameter. No two
such formulas need be the same function; what counts is how near they come, at the point that the data set
names, to the value that was computed numerically.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import Budget, BudgetExceededError, Rational, numeric_value, substitute, symbols

from ._grade import DEFAULT
from ._tiers import Side
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
    """

    name: str
    point: Fraction
    values: tuple[complex, ...]


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
    from mathtune.answers import extract_answer

    answer = extract_answer(response, policy=policy)
    formulas = _formulas(Side(response if answer is None else answer.text).value)
    budget = Budget(policy.work)
    matched = []
    for place, regime in enumerate(regimes):
        count = len(regime.values)
        in_turn = len(regimes) > 1 and len(formulas) == count * len(regimes)
        used = formulas[place * count : (place + 1) * count] if in_turn else formulas
        try:
            if _is_near(used, regime, tolerance, budget):
                matched.append(regime.name)
        except BudgetExceededError:
            break
    return AsymptoticGrade(matched=tuple(matched), score=len(matched) / len(regimes) if regimes else 0.0)


def _formulas(value: Value) -> list[Expression]:
    if isinstance(value, (Labelled, Restricted)):
        return _formulas(value.value)
    if isinstance(value, Items):
        return [formula for item in value.items for formula in _formulas(item)]
    return [value.expression] if isinstance(value, Quantity) else []


def _is_near(formulas: list[Expression], regime: Regime, tolerance: float, budget: Budget) -> bool:
    """Whether every value is met by a formula, and none is left over."""
    found = [_value_at(formula, regime.point, budget) for formula in formulas]
    left = [value for value in found if value is not None]
    if len(left) != len(regime.values):
        return False
    for wanted in regime.values:
        nearest = min(left, key=lambda value: abs(value - wanted))
        if abs(nearest - wanted) > tolerance * abs(wanted):
            return False
        left.remove(nearest)
    return True


def _value_at(formula: Expression, point: Fraction, budget: Budget) -> complex | None:
    names = symbols(formula)
    if len(names) > 1:
        return None
    number = numeric_value(substitute(formula, {name: Rational(point) for name in names}), budget)
    return None if number is None else complex(float(number.real.mid()), float(number.imag.mid()))


_COMPLEX = re.compile(r"[-+]?\d*\.?\d+(?:e[-+]?\d+)?(?:[-+]\d*\.?\d*(?:e[-+]?\d+)?j)?|[-+]?\d*\.?\d*j")


def hardmath_regimes(row: Mapping[str, object]) -> list[Regime]:
    """The regimes of a HARDMath row: `small_eval_point`, `small_numerical` and the same for `large`.

    >>> hardmath_regimes({"small_eval_point": "0.1", "small_numerical": "[1.+0.j 2.5-1.j]"})
    [Regime(name='small', point=Fraction(1, 10), values=((1+0j), (2.5-1j)))]
    """
    regimes = []
    for name in ("small", "large"):
        point, values = row.get(f"{name}_eval_point"), row.get(f"{name}_numerical")
        if point in (None, "None", "") or values in (None, "None", ""):
            continue
        numbers = _COMPLEX.findall(str(values).replace(". ", ".0 ").replace(".j", ".0j").replace(".+", ".0+"))
        found = tuple(complex(text) for text in numbers)
        regimes.append(Regime(name=name, point=Fraction(str(point)), values=found))
    return regimes
