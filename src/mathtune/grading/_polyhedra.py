"""Regions of the plane and of space between straight boundaries: the same points, whatever their conditions.

A condition follows from others if they leave no room for its opposite, which elimination of the letters one
by one decides exactly (Fourier and Motzkin).
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import TooLargeError, add, linear_coefficients, negate, quotients

from ._families import free_names
from ._values import Inequality, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mathtune.algebra import Budget

__all__ = ["same_polyhedron"]

_MOST_CONDITIONS = 8
_MOST_LETTERS = 3
_MOST_COMBINED = 300


@attrs.frozen
class _Condition:
    """The sum of the letters by their weights, and a number (last), is above zero, or not below it."""

    weights: tuple[Fraction, ...]
    strict: bool

    def opposite(self) -> _Condition:
        return _Condition(tuple(-weight for weight in self.weights), not self.strict)


def same_polyhedron(first: Sequence[Value], second: Sequence[Value], budget: Budget) -> bool:
    """Whether two lists of inequalities hold at the same points; False too where one is not linear."""
    letters = frozenset().union(*map(free_names, (*first, *second)))
    if not 1 < len(letters) <= _MOST_LETTERS or max(len(first), len(second)) > _MOST_CONDITIONS:
        return False
    names = tuple(sorted(letters))
    one, other = (_conditions(parts, names, budget) for parts in (first, second))
    if one is None or other is None:
        return False
    return _follow(one, other, budget) and _follow(other, one, budget)


def _conditions(parts: Sequence[Value], names: tuple[str, ...], budget: Budget) -> list[_Condition] | None:
    found = []
    for part in parts:
        condition = _condition(part, names, budget) if isinstance(part, Inequality) else None
        if condition is None:
            return None
        found.append(condition)
    return found


def _condition(part: Inequality, names: tuple[str, ...], budget: Budget) -> _Condition | None:
    if part.operator == "≠":
        return None
    try:
        (gap,) = quotients([add(part.right, negate(part.left))], budget)
    except TooLargeError:
        return None
    weights = linear_coefficients(gap, names)
    if weights is None:
        return None
    numbers = (weight / gap.below.leading_coefficient() for weight in weights)
    return _Condition(tuple(Fraction(int(n.p), int(n.q)) for n in numbers), part.operator == "<")


def _follow(conditions: list[_Condition], given: list[_Condition], budget: Budget) -> bool:
    return not any(_is_possible([*given, condition.opposite()], budget) for condition in conditions)


def _is_possible(conditions: list[_Condition], budget: Budget) -> bool:
    """Whether all conditions hold somewhere; taken for possible where there are too many to tell."""
    for at in range(len(conditions[0].weights) - 1):
        above = [c for c in conditions if c.weights[at] > 0]
        below = [c for c in conditions if c.weights[at] < 0]
        budget.spend(len(above) * len(below))
        if len(above) * len(below) > _MOST_COMBINED:
            return True
        joined = (_combined(one, other, at) for one, other in itertools.product(above, below))
        conditions = [*(c for c in conditions if not c.weights[at]), *joined]
        if not conditions:
            return True
    return all(c.weights[-1] > 0 or (not c.strict and not c.weights[-1]) for c in conditions)


def _combined(one: _Condition, other: _Condition, at: int) -> _Condition:
    """What both say without one letter."""
    up, down = one.weights[at], -other.weights[at]
    weights = (a * down + b * up for a, b in zip(one.weights, other.weights, strict=True))
    return _Condition(tuple(weights), one.strict or other.strict)
