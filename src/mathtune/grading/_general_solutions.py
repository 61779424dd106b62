"""General solutions whose constants are called, placed and combined in other ways: the same members.

A member through a point, or through two, is found by Newton's method; agreement is asked for elsewhere. Only
real constants count: e^{x+C} has no negative members, and is not Ce^x.
"""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import (
    Expression,
    Rational,
    Variable,
    add,
    derivative,
    negate,
    numeric_value,
    rational,
    size,
    substitute,
    symbols,
)

from ._finding import SAME, Finding, Task
from ._values import Equation, Labelled, Quantity, Value, unnamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["SPACE_AND_TIME", "are_given", "is_constant_name", "is_indexed", "same_general_solutions"]

# The letters that functions are taken of.
_ARGUMENTS = ("x", "t", "theta", "u", "s", "z", "r")
# What the phase of an oscillation is called.
_PHASES = frozenset(["phi", "alpha", "beta", "delta", "theta", "psi", "epsilon"])
# Two of these are variables both: a constant of integration absorbs no function of the other.
SPACE_AND_TIME = frozenset(["x", "y", "z", "t", "theta"])
_VALUE = "#value"
_MOST_CONSTANTS = 2
# In longer formulas constants are not searched for.
_LARGEST_SEARCHED = 150


def is_constant_name(name: str) -> bool:
    """Whether a letter stands for a constant of integration by habit."""
    return name in ("A", "B", "C", "D", "c", "K", "k") or is_indexed(name)


def is_indexed(name: str) -> bool:
    """C_1, c_2, A_1."""
    return name[0] in "CcKkAB" and name[1:].lstrip("_").isdecimal()


@attrs.frozen
class _Family:
    """What is zero on each member, by its constants and the variable."""

    gap: Expression
    constants: tuple[str, ...]
    variable: str


def same_general_solutions(task: Task, gold: Value, given: Value) -> Finding | None:
    """Whether two families with as many free constants have the same members."""
    name = _name_of(gold) or _name_of(given) or _VALUE
    one, other = _sides(gold, name), _sides(given, name)
    if one is None or other is None:
        return None
    letters = [symbols(left) | symbols(right) for left, right in (one, other)]
    constants = _free_constants(letters[0], letters[1], solved=_is_solution(gold, given))
    if constants is None or are_given(constants[0] | constants[1], task.asked.context):
        return None
    shared = letters[0] & letters[1] - constants[0]
    variable = next((letter for letter in _ARGUMENTS if letter in shared and letter != name), None)
    others = shared - {variable} - {name}
    value = name if name in shared else min(others) if len(others) == 1 else None
    if variable is None or value is None or not SPACE_AND_TIME.isdisjoint(others - {value}):
        return None
    gaps = [add(left, negate(right)) for left, right in (one, other)]
    if max(map(size, gaps)) > _LARGEST_SEARCHED:
        return None
    fixed: dict[str, Expression] = {n: rational(3 + ord(n[0]) % 7, 4) for n in others - {value}}
    fixed[value] = Variable(_VALUE)
    pair = [
        _Family(substitute(gap, fixed), tuple(sorted(names)), variable)
        for gap, names in zip(gaps, constants, strict=True)
    ]
    compare = _same_slopes if len(constants[0]) == 1 else _same_members
    return SAME if compare(task, pair[0], pair[1]) else None


def _name_of(value: Value) -> str | None:
    return value.label if isinstance(value, Labelled) and len(value.label) == 1 else None


def _sides(value: Value, name: str) -> tuple[Expression, Expression] | None:
    if isinstance(value, Equation):
        return value.left, value.right
    inner = unnamed(value)
    if not isinstance(inner, Quantity) or inner.unit is not None:
        return None
    return Variable(name), inner.expression


def _is_solution(gold: Value, given: Value) -> bool:
    """`y = ...` on both sides: a solution, in which a lone C is no capacity."""
    return all(isinstance(side, Equation) or _name_of(side) == "y" for side in (gold, given))


def _free_constants(
    first: frozenset[str], second: frozenset[str], *, solved: bool
) -> tuple[frozenset[str], frozenset[str]] | None:
    """The constants of both: letters that only one side has, or else C and indexed ones."""
    own, other = first - second, second - first
    if own or other:
        if not 0 < len(own) == len(other) <= _MOST_CONSTANTS:
            return None
        pair = (own, other)
        return (
            pair if _are_constants(*pair) or _is_oscillation(*pair) or _is_oscillation(other, own) else None
        )
    shared = frozenset(name for name in first if is_indexed(name) or (solved and name in "Cc"))
    return (shared, shared) if 0 < len(shared) <= _MOST_CONSTANTS else None


def _are_constants(one: frozenset[str], other: frozenset[str]) -> bool:
    both = one | other
    return all(map(is_constant_name, both)) and any(name[0] in "CcKk" for name in both)


def _is_oscillation(one: frozenset[str], other: frozenset[str]) -> bool:
    """A and B beside an amplitude and a phase."""
    phases = other & _PHASES
    return (
        len(one) == 2 and len(phases) == 1 and all(is_constant_name(n) or n in "Rr" for n in other - phases)
    )


def are_given(names: frozenset[str], context: str | None) -> bool:
    """Whether the problem itself speaks of one of the letters, and not as of a constant of integration."""
    if context is None or "constant" in context:
        return False
    letters = "".join(re.findall(r"\$[^$]*\$", context))
    return any(re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", letters) for name in names)


_PLACES = ((0.37, 0.61), (0.9, -0.83), (1.4, 1.72), (0.55, -1.9), (0.23, 2.6), (1.15, -0.31), (0.8, 1.2))
_FEWEST = 3


def _same_slopes(task: Task, one: _Family, other: _Family) -> bool:
    """Curves with one constant: through every point go the same ones, which their slopes there tell."""
    agreed = 0
    for x, y in _PLACES:
        place = {one.variable: x, _VALUE: y}
        first = _slopes_through(task, one, place)
        second = _slopes_through(task, other, place)
        if bool(first) != bool(second) or not _meet(first, second):
            return False
        agreed += bool(first)
    return agreed >= _FEWEST


def _meet(first: list[float], second: list[float]) -> bool:
    return not first or any(_is_near(a, b) for a in first for b in second)


def _slopes_through(task: Task, family: _Family, place: dict[str, float]) -> list[float]:
    rise, run = derivative(family.gap, family.variable), derivative(family.gap, _VALUE)
    if rise is None or run is None:
        return []
    found = []
    for constants in _solutions(task, [_at(family.gap, place)], family.constants):
        point = {**place, **dict(zip(family.constants, constants, strict=True))}
        above, below = _number(task, rise, point), _number(task, run, point)
        if above is not None and below:
            found.append(-above / below)
    return found


_SAMPLES = ((0.7, -1.3), (-0.9, -0.4), (1.2, 0.8), (-0.6, 1.1))
_ARGUMENTS_TRIED = (0.4, 1.1, 0.7, 1.9, 2.6)


def _same_members(task: Task, one: _Family, other: _Family) -> bool:
    """Functions with two constants: each member of one, through two of its points, is one of the other."""
    solved = all(derivative(family.gap, _VALUE) == rational(1) for family in (one, other))
    return solved and _covers(task, one, other) and _covers(task, other, one)


def _covers(task: Task, family: _Family, member: _Family) -> bool:
    zero: dict[str, float] = {_VALUE: 0.0}
    agreed = 0
    for sample in _SAMPLES:
        chosen = dict(zip(member.constants, sample, strict=True))
        gaps = [_number(task, member.gap, {**zero, **chosen, member.variable: x}) for x in _ARGUMENTS_TRIED]
        values = [-gap for gap in gaps if gap is not None]
        if len(values) < len(gaps):
            continue
        points = [{_VALUE: y, family.variable: x} for x, y in zip(_ARGUMENTS_TRIED, values, strict=True)]
        if not _has_member(task, family, points):
            return False
        agreed += 1
    return agreed >= 2


def _has_member(task: Task, family: _Family, points: list[dict[str, float]]) -> bool:
    """Whether a member goes through all points: found by the first ones, seen at the others."""
    size = len(family.constants)
    through = [_at(family.gap, point) for point in points]
    for constants in _solutions(task, through[:size], family.constants):
        found = dict(zip(family.constants, constants, strict=True))
        gaps = [_number(task, gap, found) for gap in through[size:]]
        if all(gap is not None and abs(gap) < _NEAR for gap in gaps):
            return True
    return False


# Starts of the search for two constants; one is looked for between a change of signs.
_STARTS = (0.8, -0.7, 2.3)
_SCANNED = tuple(math.sinh(step / 4) for step in range(-24, 25))
_MOST_CHANGES = 4
_STEPS = 25
_NEAR = 1e-9
_LARGEST = 1e6


def _solutions(task: Task, gaps: list[Expression], names: tuple[str, ...]) -> Iterator[tuple[float, ...]]:
    """Real zeros, as Newton's method finds them from several starts."""
    slopes = [[derivative(gap, name) for name in names] for gap in gaps]
    known = [[slope for slope in row if slope is not None] for row in slopes]
    if any(len(row) < len(names) for row in known):
        return
    if len(names) > 1:
        starts: Iterable[tuple[float, ...]] = itertools.product(_STARTS, repeat=2)
    elif names[0] in symbols(known[0][0]):
        starts = _changes(task, gaps[0], names[0])
    else:
        starts = [(0.0,)]  # of a straight line, any place will do
    for start in starts:
        found = _newton(task, gaps, known, names, start)
        if found is not None:
            yield found


def _changes(task: Task, gap: Expression, name: str) -> list[tuple[float]]:
    """Places between which a function changes its sign, and the ends of where it has a value."""
    values = [_number(task, gap, {name: place}) for place in _SCANNED]
    found = []
    for (at, value), (after, following) in itertools.pairwise(zip(_SCANNED, values, strict=True)):
        if value is not None and following is not None and value * following <= 0 and value != following:
            found.append((at + (after - at) * value / (value - following),))
        elif (value is None) != (following is None):
            found.append((at if following is None else after,))
    return found[:_MOST_CHANGES]


def _newton(
    task: Task,
    gaps: list[Expression],
    slopes: list[list[Expression]],
    names: tuple[str, ...],
    start: tuple[float, ...],
) -> tuple[float, ...] | None:
    place = start
    for _ in range(_STEPS):
        point = dict(zip(names, place, strict=True))
        values = [_number(task, gap, point) for gap in gaps]
        matrix = [[_number(task, slope, point) for slope in row] for row in slopes]
        step = _step(matrix, values)
        if step is None:
            return None
        place = tuple(a - b for a, b in zip(place, step, strict=True))
        if not max(map(abs, place)) < _LARGEST:
            return None
        if max(map(abs, step)) < _SETTLED * (1 + max(map(abs, place))):
            return place
    return None


_SETTLED = 1e-12


def _step(matrix: list[list[float | None]], values: list[float | None]) -> tuple[float, ...] | None:
    """The solution of one or two linear equations; None where there is none."""
    numbers = [entry for row in matrix for entry in row if entry is not None]
    right = [value for value in values if value is not None]
    if len(numbers) < len(matrix) ** 2 or len(right) < len(matrix):
        return None
    if len(right) == 1:
        return (right[0] / numbers[0],) if numbers[0] else None
    a, b, c, d = numbers
    whole = a * d - b * c
    if not whole:
        return None
    return (right[0] * d - b * right[1]) / whole, (a * right[1] - right[0] * c) / whole


def _at(expression: Expression, point: dict[str, float]) -> Expression:
    by: dict[str, Expression] = {}
    for name, value in point.items():
        above, below = value.as_integer_ratio()
        by[name] = rational(above, below)
    return substitute(expression, by)


def _number(task: Task, expression: Expression, point: dict[str, float]) -> float | None:
    """The real value at a point, or None if there is none."""
    value = _at(expression, point)
    if isinstance(value, Rational):
        return float(value.value)
    ball = numeric_value(value, task.budget, 80)
    if ball is None or abs(float(ball.imag.mid())) > _NEAR:
        return None
    found = float(ball.real.mid())
    return found if math.isfinite(found) else None


def _is_near(one: float, other: float) -> bool:
    return abs(one - other) <= _NEAR * (1 + abs(one) + abs(other))
