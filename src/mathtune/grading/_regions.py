"""Sets of real numbers: inequalities, intervals and unions -> one normal form, a sorted list of intervals."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import (
    Apply,
    Budget,
    BudgetExceededError,
    Expression,
    Match,
    Rational,
    Variable,
    add,
    infinite_sign,
    negate,
    numeric_value,
    real_order,
    symbols,
    whole_number,
)

from ._intervals import INFINITY, MINUS_INFINITY, Interval, UnsolvableError
from ._monotone import inverted
from ._roots import solution
from ._values import Equation, Inequality, Items, Labelled, Named, Quantity, Region, Value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["complement", "integer_members", "intersection", "same_region", "solve", "union", "unknown_of"]


def solve(value: Value, budget: Budget, unknown: str | None = None) -> list[Interval]:
    """The intervals of a set or statement, sorted and joined; for its own unknown, if none is named.

    Raises:
        UnsolvableError: It has several unknowns, or is not solvable by the means here.
    """
    return _Solver(budget, unknown or unknown_of(value)).joined(value)


def union(intervals: list[Interval], budget: Budget) -> list[Interval]:
    """The same points as sorted intervals that do not touch."""
    return _Solver(budget, None).union(intervals)


def intersection(first: list[Interval], second: list[Interval], budget: Budget) -> list[Interval]:
    """The points of both."""
    return _Solver(budget, None).intersection(first, second)


def complement(intervals: list[Interval], budget: Budget) -> list[Interval]:
    """The points of the line that lie in none of the sorted intervals."""
    return _Solver(budget, None).complement(intervals)


_MOST_MEMBERS = 1_000


def integer_members(value: Value, *, natural: bool, most: int = _MOST_MEMBERS) -> list[int] | None:
    """The whole numbers in a set of real numbers, if they are few and its ends are rational."""
    budget = Budget(2_000)
    try:
        intervals = solve(value, budget)
    except (UnsolvableError, BudgetExceededError):
        return None
    members: list[int] = []
    for interval in intervals:
        first, last = _whole_end(interval.low, 1, budget), _whole_end(interval.high, -1, budget)
        if natural and (first is None or first < 1) and infinite_sign(interval.low) <= 0:
            first = 1
        if first is None or last is None or last - first > most:
            return None
        ends = [(interval.low, interval.low_closed), (interval.high, interval.high_closed)]
        outside = {end.value for end, closed in ends if isinstance(end, Rational) and not closed}
        members.extend(n for n in range(first, last + 1) if n not in outside)
    return members


def _whole_end(end: Expression, direction: int, budget: Budget) -> int | None:
    """The first whole number from an end inwards."""
    if isinstance(end, Rational):
        above, below = end.value.numerator, end.value.denominator
        return -(-above // below) if direction > 0 else above // below
    if infinite_sign(end):
        return None
    number = numeric_value(end, budget, 256)
    whole = None if number is None else whole_number(number.real.floor())
    return None if whole is None else whole + (direction > 0)


def same_region(
    first: list[Interval], second: list[Interval], same: Callable[[Expression, Expression], Match]
) -> bool:
    """Whether two lists of intervals are one set."""
    if len(first) != len(second):
        return False
    for one, other in zip(first, second, strict=True):
        if (one.low_closed, one.high_closed) != (other.low_closed, other.high_closed):
            return False
        if not (_same_end(one.low, other.low, same) and _same_end(one.high, other.high, same)):
            return False
    return True


def _same_end(one: Expression, other: Expression, same: Callable[[Expression, Expression], Match]) -> bool:
    if one == other:
        return True
    if infinite_sign(one) or infinite_sign(other):
        return infinite_sign(one) == infinite_sign(other)
    return same(one, other) is Match.EQUAL


def unknown_of(value: Value) -> str | None:
    """The variable that inequalities are solved for: the one that stands alone on a side, or the only one."""
    names: set[str] = set()
    alone: set[str] = set()
    _collect(value, names, alone)
    if len(names) == 1:
        return next(iter(names))
    if len(alone) == 1 and not names & _USUAL:
        return next(iter(alone))
    usual = [name for name in _ORDER if name in names]
    if len(alone) == 1 and alone <= set(usual):
        return next(iter(alone))
    return usual[0] if usual else None


# What an inequality with several letters is solved for, unless one of these stands alone.
_ORDER = ("x", "y", "z", "t", "theta")
_USUAL = frozenset(_ORDER)


def _collect(value: Value, names: set[str], alone: set[str]) -> None:
    if isinstance(value, (Inequality, Equation)):
        for side in (value.left, value.right):
            names |= symbols(side)
            if isinstance(side, Variable):
                alone.add(side.name)
    elif isinstance(value, Region):
        for part in value.parts:
            _collect(part, names, alone)
    elif isinstance(value, Labelled):
        names.add(value.label)
        alone.add(value.label)


@attrs.define
class _Solver:
    budget: Budget
    unknown: str | None

    def joined(self, value: Value) -> list[Interval]:
        return self.union(self.solve(value))

    def solve(self, value: Value) -> list[Interval]:
        self.budget.spend(30)
        if isinstance(value, Inequality):
            return self._inequality(value)
        if isinstance(value, Region):
            return self._region(value)
        if isinstance(value, Items):
            return self._items(value)
        if isinstance(value, Named) and value.name == "R":
            return [Interval(MINUS_INFINITY, False, INFINITY, False)]
        if isinstance(value, Labelled):
            return self.solve(value.value)
        if isinstance(value, Quantity):
            if isinstance(value.expression, Variable):
                raise UnsolvableError  # A ∩ B: a letter that may be a set
            return [Interval(value.expression, True, value.expression, True)]
        if isinstance(value, Equation):
            return self._inequality(Inequality("=", value.left, value.right))
        raise UnsolvableError

    def _items(self, items: Items) -> list[Interval]:
        if items.kind in ("set", "family", "list"):
            if items.opening == "{|":
                raise UnsolvableError
            found = list(map(self.solve, items.items))
            if items.kind == "set" and any(isinstance(item, Items) for item in items.items):
                raise UnsolvableError  # a set of sets or of points
            if not all(found):
                raise UnsolvableError  # (1, 2), (2, 1) are points
            return [interval for intervals in found for interval in intervals]
        if len(items.items) != 2 or not all(isinstance(item, Quantity) for item in items.items):
            raise UnsolvableError
        low, high = (item.expression for item in items.items if isinstance(item, Quantity))
        if items.opening not in "([" or items.closing not in ")]":
            raise UnsolvableError
        interval = Interval(
            low,
            items.opening == "[" and not infinite_sign(low),
            high,
            items.closing == "]" and not infinite_sign(high),
        )
        return [] if self._is_empty(low, high) else [interval]

    def _region(self, region: Region) -> list[Interval]:
        if len({part.label for part in region.parts if isinstance(part, Labelled)}) > 1:
            raise UnsolvableError  # x = 0 or y = 0
        parts = [self.joined(part) for part in region.parts]
        if region.operator == "not":
            return self.complement(parts[0])
        if region.operator == "list":  # x > 2, x ≠ 3 is meant together; x < 1, x > 3 can only mean either
            both = functools.reduce(self.intersection, parts)
            return both or [interval for part in parts for interval in part]
        if region.operator == "or":
            return [interval for part in parts for interval in part]
        result = parts[0]
        for part in parts[1:]:
            result = self.intersection(result, part if region.operator == "and" else self.complement(part))
        return result

    def _inequality(self, value: Inequality) -> list[Interval]:
        """Linear in the unknown: solve; the rest is left to sampling between roots."""
        if value.operator in ("<", "≤") and (infinite_sign(value.right) > 0 or infinite_sign(value.left) < 0):
            return [Interval(MINUS_INFINITY, False, INFINITY, False)]
        if self.unknown is None:
            raise UnsolvableError
        together = inverted(value, self.unknown)
        if together is not None:
            return functools.reduce(self.intersection, map(self._inequality, together))
        return self._distance(value, self.unknown) or solution(value, self.unknown, self.budget)

    def _distance(self, value: Inequality, unknown: str) -> list[Interval] | None:
        """`|x - a| < r` with letters in a or r is a - r < x < a + r."""
        inner = (
            value.left.arguments[0] if isinstance(value.left, Apply) and value.left.name == "abs" else None
        )
        if inner is None or unknown in symbols(value.right) or value.operator not in "<≤":
            return None
        letters = symbols(value.left) | symbols(value.right)
        if len(letters) == 1 and isinstance(value.right, Rational):
            return None
        both = (value.operator, inner, value.right), (value.operator, negate(value.right), inner)
        return functools.reduce(self.intersection, (self._inequality(Inequality(*one)) for one in both))

    def _is_empty(self, low: Expression, high: Expression) -> bool:
        return self._width(low, high) > 0

    def _width(self, low: Expression, high: Expression) -> int:
        """The order of two ends; a < x < b holds somewhere, or nobody would write it."""
        try:
            return self._order(low, high)
        except UnsolvableError:
            return -1

    def _order(self, one: Expression, other: Expression) -> int:
        """-1, 0 or 1.

        Raises:
            UnsolvableError: The order is not known.
        """
        first, second = infinite_sign(one), infinite_sign(other)
        if first or second:
            return (first > second) - (first < second)
        if isinstance(one, Rational) and isinstance(other, Rational):
            return (one.value > other.value) - (one.value < other.value)
        if one == other:
            return 0
        known = real_order(one, other)
        if known:
            return known
        gap = numeric_value(add(one, negate(other)), self.budget, 256)
        if gap is None or not gap.imag.contains(0):
            raise UnsolvableError
        if gap.real > 0:
            return 1
        if gap.real < 0:
            return -1
        return 0

    def union(self, intervals: list[Interval]) -> list[Interval]:
        if len(intervals) < 2:
            return intervals
        ordered = sorted(intervals, key=functools.cmp_to_key(self._by_low))
        result = [ordered[0]]
        for interval in ordered[1:]:
            last = result[-1]
            touch = self._order(interval.low, last.high)
            if touch < 0 or (touch == 0 and (interval.low_closed or last.high_closed)):
                result[-1] = self._spanned(last, interval)
            else:
                result.append(interval)
        return result

    def _by_low(self, one: Interval, other: Interval) -> int:
        order = self._order(one.low, other.low)
        return order or (other.low_closed - one.low_closed)

    def _spanned(self, first: Interval, second: Interval) -> Interval:
        order = self._order(first.high, second.high)
        closed = (
            first.high_closed or second.high_closed
            if order == 0
            else (first if order > 0 else second).high_closed
        )
        low_closed = first.low_closed or (second.low_closed and self._order(first.low, second.low) == 0)
        return Interval(first.low, low_closed, first.high if order >= 0 else second.high, closed)

    def intersection(self, first: list[Interval], second: list[Interval]) -> list[Interval]:
        result = []
        self.budget.spend(len(first) * len(second))
        for one in first:
            for other in second:
                common = self._common(one, other)
                if common is not None:
                    result.append(common)
        return self.union(result)

    def _common(self, one: Interval, other: Interval) -> Interval | None:
        low_order = self._order(one.low, other.low)
        high_order = self._order(one.high, other.high)
        low = one.low if low_order >= 0 else other.low
        high = one.high if high_order <= 0 else other.high
        low_closed = (
            one.low_closed and other.low_closed
            if low_order == 0
            else (one if low_order > 0 else other).low_closed
        )
        high_closed = (
            one.high_closed and other.high_closed
            if high_order == 0
            else (one if high_order < 0 else other).high_closed
        )
        width = self._width(low, high)
        if width > 0 or (width == 0 and not (low_closed and high_closed)):
            return None
        return Interval(low, low_closed, high, high_closed)

    def complement(self, intervals: list[Interval]) -> list[Interval]:
        result = []
        low: Expression = MINUS_INFINITY
        closed = False
        for interval in intervals:
            if infinite_sign(interval.low) != -1:
                result.append(Interval(low, closed, interval.low, not interval.low_closed))
            low, closed = interval.high, not interval.high_closed
            if infinite_sign(low) == 1:
                return result
        result.append(Interval(low, closed, INFINITY, False))
        return result
