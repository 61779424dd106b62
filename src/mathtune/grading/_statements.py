"""Statements against statements: sets of numbers by intervals, conditions and relations as they stand."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import (
    INTEGER_NAMES,
    Expression,
    Rational,
    Variable,
    add,
    negate,
    numeric_value,
    rational,
    substitute,
    symbols,
)

from ._equations import proportional
from ._families import free_names, substituted
from ._finding import OTHER, OTHER_KIND, SAME, UNKNOWN, Finding, Task
from ._intervals import Interval, UnsolvableError
from ._points import letters_of
from ._polyhedra import same_polyhedron
from ._regions import same_region, solve, unknown_of
from ._several import ordered, unordered
from ._values import Equation, Inequality, Items, Named, Quantity, Region, Statement, Value

if TYPE_CHECKING:
    from ._finding import Matcher

__all__ = ["order_and_list", "regions", "relations"]


def regions(task: Task, gold: Value, given: Value, match: Matcher) -> Finding:
    """Sets of real numbers, however described, and conditions on several letters."""
    if _are_of_several(gold) != _are_of_several(given):
        return OTHER
    found = _intervals(task, gold, given, match)
    if not found.equal and (_is_whole(gold) or _is_whole(given)) and _same_integers(task, gold, given):
        return SAME
    if found.equal or len(task.names(gold) | task.names(given)) < 2:
        return found
    first, second = _conditions(gold), _conditions(given)
    straight = first is not None and second is not None and same_polyhedron(first, second, task.budget)
    return SAME if straight else found


def _are_of_several(value: Value) -> bool:
    """Whether alternatives are about different letters: `x < 1 or y > 2` is no set of numbers."""
    if not isinstance(value, Region) or value.operator != "or":
        return False
    letters = [free_names(part) for part in value.parts if isinstance(part, Inequality)]
    return len({next(iter(names)) for names in letters if len(names) == 1}) > 1


def _is_whole(value: Value) -> bool:
    """`integers greater than 3`, without end."""
    return isinstance(value, Region) and value.operator == "and" and Named("Z") in value.parts


def _same_integers(task: Task, gold: Value, given: Value) -> bool:
    """Whether two sets hold the same integers, where one says that it holds no others; n > 3 is n ≥ 4."""
    sides = []
    for value in (gold, given):
        names = task.names(value)
        if not _is_whole(value) and not (names and names <= INTEGER_NAMES):
            return False
        parts = value.parts if isinstance(value, Region) and _is_whole(value) else (value,)
        rest = tuple(part for part in parts if part != Named("Z"))
        try:
            found = solve(rest[0] if len(rest) == 1 else Region("and", rest), task.budget)
        except UnsolvableError:
            return False
        sides.append([_with_whole_ends(interval) for interval in found])
    return same_region(sides[0], sides[1], task.same)


def _with_whole_ends(interval: Interval) -> Interval:
    low, high = interval.low, interval.high
    if isinstance(low, Rational):
        below = math.ceil(low.value) if interval.low_closed else math.floor(low.value) + 1
        interval = attrs.evolve(interval, low=rational(below), low_closed=True)
    if isinstance(high, Rational):
        above = math.floor(high.value) if interval.high_closed else math.ceil(high.value) - 1
        interval = attrs.evolve(interval, high=rational(above), high_closed=True)
    return interval


def _intervals(task: Task, gold: Value, given: Value, match: Matcher) -> Finding:
    """The intervals that two sets make."""
    unknown, other = unknown_of(gold), unknown_of(given)
    if unknown is not None and other is not None and unknown != other:
        letters = task.names(gold), task.names(given)
        if unknown not in letters[1]:
            return (
                _as_written(task, gold, given, match) if other in letters[0] else OTHER
            )  # x > 2 is not t > 2
    try:
        first = solve(gold, task.budget)
        second = solve(given, task.budget, unknown if other is not None else None)
    except UnsolvableError:
        return _as_written(task, gold, given, match)
    if not first and not second and {type(gold), type(given)} == {Equation, Inequality}:
        return OTHER  # x^2 + 1 = 0 and x^2 + 1 < 0 have no solution each, and say different things
    return SAME if same_region(first, second, task.same) else OTHER


def order_and_list(task: Task, gold: Value, given: Value, match: Matcher) -> Finding | None:
    """`b < a < c` orders three names as the list b, a, c does."""
    chain, items = (gold, given) if isinstance(gold, Region) else (given, gold)
    if not isinstance(chain, Region) or not isinstance(items, Items) or chain.operator != "and":
        return None
    if items.kind == "set" or not all(isinstance(part, Inequality) for part in chain.parts):
        return None
    sides = [part.left for part in chain.parts if isinstance(part, Inequality)]
    last = chain.parts[-1]
    sides.append(last.right if isinstance(last, Inequality) else sides[-1])
    if not all(isinstance(side, Variable) for side in sides) or len(items.items) != len(sides):
        return None
    return ordered(task, tuple(map(Quantity, sides)), items.items, match)


def relations(task: Task, gold: Statement, given: Statement, match: Matcher) -> Finding:
    """Any other relation: the same sign between the same sides."""
    if gold.operator != given.operator:
        return OTHER
    pairs = _corresponding(gold), _corresponding(given)
    if pairs[0] and pairs[1]:
        return SAME if pairs[0] == pairs[1] else OTHER
    found = ordered(task, (gold.left, gold.right), (given.left, given.right), match)
    if found.equal or gold.operator not in _SYMMETRIC:
        return found
    return ordered(task, (gold.left, gold.right), (given.right, given.left), match)


# Relations that hold both ways.
_SYMMETRIC = frozenset(["∥", "⊥", "≅", "∼", "≁", "≢"])


def _corresponding(value: Statement) -> frozenset[frozenset[str]]:
    """Of `△ABC ≅ △DEF` the corners that belong together; empty for all else."""
    if (
        value.operator not in _SHAPES
        or not isinstance(value.left, Quantity)
        or not isinstance(value.right, Quantity)
    ):
        return frozenset()
    one, other = letters_of(value.left.expression), letters_of(value.right.expression)
    if len(one) < _FEWEST_CORNERS or len(one) != len(other):
        return frozenset()
    return frozenset(frozenset(pair) for pair in zip(one, other, strict=True))


_SHAPES = frozenset(["≅", "∼"])
_FEWEST_CORNERS = 3


def _as_written(task: Task, gold: Value, given: Value, match: Matcher) -> Finding:
    """Relations that cannot be solved are compared as they stand."""
    if isinstance(gold, Inequality) and isinstance(given, Inequality):
        return _inequalities(task, gold, given)
    first, second = _conditions(gold), _conditions(given)
    if first is not None and second is not None:
        return unordered(task, first, second, match)
    if isinstance(gold, Region) and isinstance(given, Region) and gold.operator == given.operator:
        if gold.operator == "minus":
            return ordered(task, gold.parts, given.parts, match)
        return unordered(task, gold.parts, given.parts, match)
    return OTHER_KIND


def _conditions(value: Value) -> tuple[Value, ...] | None:
    """Inequalities in two letters or more that all hold: `x > 0, y > 0`, `x, y > 0`, `0 < a < b`."""
    parts = _each(value)
    known = [part for part in parts if isinstance(part, Inequality)]
    letters = {name for part in known for name in free_names(part)}
    return parts if len(known) == len(parts) and (len(letters) > 1 or len(parts) == 1) else None


def _each(value: Value) -> tuple[Value, ...]:
    """What holds together, one by one."""
    if isinstance(value, Region) and value.operator in ("and", "list"):
        return tuple(part for inner in value.parts for part in _each(inner))
    shared = isinstance(value, Items) and value.kind == "list" and isinstance(value.items[-1], Inequality)
    return _shared_condition(value) if shared and isinstance(value, Items) else (value,)


def _shared_condition(items: Items) -> tuple[Value, ...]:
    """`x, y > 0`: the letters before the last one share its condition."""
    last = items.items[-1]
    named = [item.expression for item in items.items[:-1] if isinstance(item, Quantity)]
    letters = [letter for letter in named if isinstance(letter, Variable)]
    sides = (last.left, last.right) if isinstance(last, Inequality) else ()
    name = next((side.name for side in sides if isinstance(side, Variable)), None)
    if name is None or len(letters) < len(items.items) - 1:
        return items.items
    return (*(substituted(last, {name: letter}) for letter in letters), last)


def _inequalities(task: Task, gold: Inequality, given: Inequality) -> Finding:
    if gold.operator != given.operator:
        return OTHER
    first = add(gold.right, negate(gold.left))
    second = add(given.right, negate(given.left))
    found = proportional(task, first, second)
    if not found.equal or gold.operator == "≠":
        return found
    names = symbols(first)
    for place in (2, 5, 9):
        point: dict[str, Expression] = {
            n: rational(place * 7 + at, 9 + 2 * at) for at, n in enumerate(sorted(names))
        }
        one = numeric_value(substitute(first, point), task.budget)
        other = numeric_value(substitute(second, point), task.budget)
        if one is None or other is None:
            continue
        product = (one * other).real
        if product > 0:
            return SAME
        if product < 0:
            return OTHER
    return UNKNOWN
