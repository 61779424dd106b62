"""Functions by cases: branches with conditions, compared on the parts of the line where both hold.

A branch's interval is run through by a new variable (`x = a + s^2` for `x > a`), so that two formulas that
agree there and nowhere else are compared as formulas.
"""

# ruff: noqa: FBT001  (every look has the same four arguments)
from __future__ import annotations

import math
from fractions import Fraction

import attrs

from mathtune.algebra import (
    POINTS,
    Expression,
    Match,
    Rational,
    Variable,
    add,
    divide,
    has_step,
    infinite_sign,
    multiply,
    negate,
    numeric_value,
    point,
    power,
    rational,
    substitute,
    symbols,
)

from ._families import free_names
from ._finding import OTHER, SAME, Finding, Task
from ._intervals import INFINITY, MINUS_INFINITY, Interval, UnsolvableError
from ._regions import complement, intersection, same_region, solve, union
from ._residues import Residues, residues
from ._values import Inequality, Items, Labelled, Phrase, Quantity, Region, Value, is_by_cases, unnamed

__all__ = ["same_pieces"]

_MOST_PIECES = 8
_LARGEST_MODULUS = 24
_WHOLE = [Interval(MINUS_INFINITY, False, INFINITY, False)]
_LATER = [Interval(rational(0), False, INFINITY, False)]
_OTHERWISE = frozenset(["otherwise", "else", "elsewhere"])


@attrs.frozen
class _Piece:
    value: Expression
    condition: Value | None
    """None stands for everything that no other branch takes."""


def same_pieces(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    """Whether two functions agree wherever their branches overlap, and have one domain."""
    del says_integer
    if not (is_by_cases(gold) or is_by_cases(given)):
        return None
    first, second = _pieces(gold), _pieces(given)
    if first is None or second is None:
        return None
    name = _variable(first + second)
    if name is None:
        return _at_points(task, first, second)
    by_remainders = _by_remainders(task, first, second, name)
    if by_remainders is not None:
        return by_remainders
    try:
        return _by_intervals(task, first, second, name)
    except UnsolvableError:
        return None


def _pieces(value: Value) -> list[_Piece] | None:
    inner = unnamed(value)
    if isinstance(inner, Quantity):
        return [_Piece(inner.expression, None)]
    if not isinstance(inner, Items) or inner.opening != "{=" or len(inner.items) > _MOST_PIECES:
        return None
    found = []
    for item in inner.items:
        if not isinstance(item, Items) or not isinstance(item.items[0], Quantity):
            return None
        condition = item.items[1]
        last = isinstance(condition, Phrase) and bool(_OTHERWISE & set(condition.words.split()))
        found.append(_Piece(item.items[0].expression, None if last else condition))
    return found


def _variable(pieces: list[_Piece]) -> str | None:
    names = frozenset().union(*(_condition_names(p.condition) for p in pieces if p.condition is not None))
    return next(iter(names)) if len(names) == 1 else None


def _condition_names(condition: Value) -> frozenset[str]:
    names = free_names(condition)
    if isinstance(condition, Labelled):
        return names | {condition.label}
    return names


def _at_points(task: Task, first: list[_Piece], second: list[_Piece]) -> Finding | None:
    """Branches with conditions on several letters, as x < t: by values off their borders; t is a time."""
    names = sorted(_letters(first) | _letters(second))
    seen: set[int] = set()
    for number in range(POINTS):
        places = point(names, number, frozenset(), _REACH)
        place: dict[str, Expression] = {
            name: Rational(abs(value) if name == "t" else value) for name, value in places.items()
        }
        one, other = _taken(task, first, place), _taken(task, second, place)
        if one is None or other is None or one == other == []:
            continue
        if not one or not other:  # defined on one side only
            return OTHER
        values = (substitute(pieces[at].value, place) for pieces, (at,) in ((first, one), (second, other)))
        if task.same(*values) is not Match.EQUAL:
            return OTHER
        seen |= {one[0], -1 - other[0]}
    return SAME if len(seen) == len(first) + len(second) else None


_REACH = Fraction(2)


def _letters(pieces: list[_Piece]) -> frozenset[str]:
    conditions = (_condition_names(piece.condition) for piece in pieces if piece.condition is not None)
    return frozenset().union(*(symbols(piece.value) for piece in pieces), *conditions)


def _taken(task: Task, pieces: list[_Piece], place: dict[str, Expression]) -> list[int] | None:
    """The one branch that holds at a point, or none; None if that cannot be told, or several do."""
    otherwise: list[int] = []
    found: list[int] = []
    for at, piece in enumerate(pieces):
        if piece.condition is None:
            otherwise = [at]
            continue
        holds = _holds(task, piece.condition, place)
        if holds is None:
            return None
        found += [at] * holds
    return (found or otherwise) if len(found) < 2 else None


def _holds(task: Task, condition: Value, place: dict[str, Expression]) -> bool | None:
    """Whether a condition holds at a point off its border."""
    if isinstance(condition, Region) and condition.operator in {"and", "list", "or"}:
        parts = [_holds(task, part, place) for part in condition.parts]
        if None in parts:
            return None
        return any(parts) if condition.operator == "or" else all(parts)
    if not isinstance(condition, Inequality) or condition.operator == "≠":
        return None
    gap = numeric_value(substitute(add(condition.right, negate(condition.left)), place), task.budget)
    return None if gap is None or gap.real.contains(0) else bool(gap.real > 0)


def _by_remainders(task: Task, first: list[_Piece], second: list[_Piece], name: str) -> Finding | None:
    """Branches for even and odd n, or by other remainders."""
    classes = [_remainder_classes(pieces) for pieces in (first, second)]
    if classes[0] is None or classes[1] is None:
        return None
    known = [one for side in classes if side for one in side if one is not None]
    modulus = math.lcm(1, *(one.modulus for one in known))
    if not known or modulus > _LARGEST_MODULUS:
        return None
    for remainder in range(modulus):
        at = add(multiply(rational(modulus), Variable("k")), rational(remainder))
        values = []
        for pieces, side in ((first, classes[0]), (second, classes[1])):
            value = _branch(pieces, side, remainder)
            if value is None:
                return OTHER
            values.append(substitute(value, {name: at}))
        if task.same(values[0], values[1]) is not Match.EQUAL:
            return OTHER
    return SAME


def _remainder_classes(pieces: list[_Piece]) -> list[Residues | None] | None:
    found = [None if piece.condition is None else residues(piece.condition) for piece in pieces]
    pairs = zip(pieces, found, strict=True)
    return found if all(piece.condition is None or one is not None for piece, one in pairs) else None


def _branch(pieces: list[_Piece], classes: list[Residues | None], remainder: int) -> Expression | None:
    otherwise = None
    for piece, one in zip(pieces, classes, strict=True):
        if one is None:
            otherwise = piece.value
        elif remainder % one.modulus in one.remainders:
            return piece.value
    return otherwise


def _by_intervals(task: Task, first: list[_Piece], second: list[_Piece], name: str) -> Finding:
    one, other = _domains(task, first), _domains(task, second)
    scalar = any(len(pieces) == 1 and pieces[0].condition is None for pieces in (first, second))
    joined = scalar or (_meet(task, first, one, name) and _meet(task, second, other, name))
    everywhere = [[interval for part in parts for interval in part] for parts in (one, other)]
    stepped = any(len(pieces) == 1 and has_step(pieces[0].value) for pieces in (first, second))
    if not (_later_only(task, everywhere) if stepped else _same_domain(task, *everywhere, joined=joined)):
        return OTHER
    for piece, parts in zip(first, one, strict=True):
        for counterpart, others in zip(second, other, strict=True):
            for common in intersection(parts, others, task.budget):
                if not _agree_on(task, piece.value, counterpart.value, common, name):
                    return OTHER
    return SAME


def _meet(task: Task, pieces: list[_Piece], parts: list[list[Interval]], name: str) -> bool:
    """Whether the branches meet at each place that none of them has, as |x| does without x = 0."""
    for gap in complement(union([one for part in parts for one in part], task.budget), task.budget):
        beside = [
            substitute(piece.value, {name: gap.low})
            for piece, part in zip(pieces, parts, strict=True)
            if any(gap.low in {interval.low, interval.high} for interval in part)
        ]
        if gap.low != gap.high or len(beside) < 2 or task.same(beside[0], beside[1]) is not Match.EQUAL:
            return False
    return True


def _domains(task: Task, pieces: list[_Piece]) -> list[list[Interval]]:
    """Where each branch holds; what stands first takes precedence over "otherwise" only."""
    solved = [None if piece.condition is None else solve(piece.condition, task.budget) for piece in pieces]
    taken = union([interval for part in solved if part is not None for interval in part], task.budget)
    rest = complement(taken, task.budget) if taken else _WHOLE
    return [rest if part is None else part for part in solved]


def _later_only(task: Task, everywhere: list[list[Interval]]) -> bool:
    """Whether both sides say what holds after 0: Laplace's transform sees no more of it."""
    gaps = (complement(union(part, task.budget), task.budget) for part in everywhere)
    missing = [one for gap in gaps for one in intersection(gap, _LATER, task.budget)]
    return all(one.low == one.high for one in missing)


def _same_domain(task: Task, first: list[Interval], second: list[Interval], *, joined: bool) -> bool:
    """The same points, but for single ones where branches meet or one side has no conditions."""
    one, other = union(first, task.budget), union(second, task.budget)
    if same_region(one, other, task.same):
        return True
    if not joined or _WHOLE not in (one, other):
        return False
    missing = complement(other if one == _WHOLE else one, task.budget)
    return all(interval.low == interval.high for interval in missing)


def _agree_on(task: Task, one: Expression, other: Expression, interval: Interval, name: str) -> bool:
    if one == other:
        return True
    if interval.low == interval.high:
        there = {name: interval.low}
        steps = has_step(one) or has_step(other)
        return steps or task.same(substitute(one, there), substitute(other, there)) is Match.EQUAL
    inside = {name: _running(interval, name)}
    if task.same(substitute(one, inside), substitute(other, inside)) is not Match.EQUAL:
        return False
    if has_step(one) or has_step(other):
        return True  # a step has no one value where it steps
    ends = [end for end, closed in _ends(interval) if closed]
    return all(
        task.same(substitute(one, {name: end}), substitute(other, {name: end})) is Match.EQUAL for end in ends
    )


def _ends(interval: Interval) -> tuple[tuple[Expression, bool], tuple[Expression, bool]]:
    return (interval.low, interval.low_closed), (interval.high, interval.high_closed)


def _running(interval: Interval, name: str) -> Expression:
    """An expression that takes every value of the open interval and no other."""
    low, high = interval.low, interval.high
    square = power(Variable("#s"), rational(2))
    if infinite_sign(low) and infinite_sign(high):
        return Variable(name)
    if infinite_sign(high):
        return add(low, square)
    if infinite_sign(low):
        return add(high, negate(square))
    width = add(high, negate(low))
    return add(low, divide(multiply(width, square), add(rational(1), square)))
