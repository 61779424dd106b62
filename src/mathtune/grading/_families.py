r"""Families over an integer: `x = \pi/4 + k\pi` for every whole k, as residues modulo a period."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import Any

import attrs

from mathtune.algebra import (
    FLINT,
    Budget,
    Constant,
    Expression,
    Rational,
    Variable,
    add,
    divide,
    has_name,
    multiply,
    negate,
    numeric_value,
    precision,
    rational,
    substitute,
    symbols,
)

from ._values import (
    Equation,
    Inequality,
    Items,
    Labelled,
    Quantity,
    Region,
    Restricted,
    Statement,
    Table,
    Value,
    unnamed,
)

__all__ = ["INTEGERS", "PARAMETERS", "free_names", "rename", "same_family", "same_shifted", "substituted"]

# Letters that stand for whole numbers by habit, unsaid, and those that may where a text says so.
INTEGERS = frozenset("knmljNKM") | {"ell"}
PARAMETERS = INTEGERS | frozenset("pqrst")
MAX_RESIDUES = 200
PI = Constant("pi")


@attrs.frozen
class _Line:
    """start + step * parameter, for every whole number."""

    start: Expression
    step: Expression


def free_names(value: Value) -> frozenset[str]:
    """The free variables of a value."""
    if type(value) is Quantity:
        return symbols(value.expression)
    if isinstance(value, (Equation, Inequality)):
        return symbols(value.left) | symbols(value.right)
    if isinstance(value, Restricted):
        return free_names(value.value)
    if isinstance(value, Labelled):
        return free_names(value.value) - set(value.arguments)
    return frozenset().union(*map(free_names, _inside(value)))


def _inside(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Items):
        return value.items
    if isinstance(value, Region):
        return value.parts
    return tuple(cell for row in value.rows for cell in row) if isinstance(value, Table) else ()


def rename(value: Value, old: str, new: str) -> Value:
    """The value with one free variable renamed."""
    return substituted(value, {old: Variable(new)})


def substituted(value: Value, by: dict[str, Expression]) -> Value:
    """The value with free variables replaced."""
    if isinstance(value, Quantity):
        return Quantity(substitute(value.expression, by), value.unit)
    if isinstance(value, Items):
        return attrs.evolve(value, items=tuple(substituted(item, by) for item in value.items))
    if isinstance(value, Labelled):
        return attrs.evolve(value, value=substituted(value.value, by))
    if isinstance(value, Restricted):
        return Restricted(substituted(value.value, by), substituted(value.condition, by))
    if isinstance(value, Region):
        return attrs.evolve(value, parts=tuple(substituted(part, by) for part in value.parts))
    if isinstance(value, Equation):
        return Equation(substitute(value.left, by), substitute(value.right, by))
    if isinstance(value, Inequality):
        return Inequality(value.operator, substitute(value.left, by), substitute(value.right, by))
    if isinstance(value, Statement):
        return Statement(value.operator, substituted(value.left, by), substituted(value.right, by))
    if isinstance(value, Table):
        return Table(tuple(tuple(substituted(cell, by) for cell in row) for row in value.rows))
    return value


def same_family(gold: Value, given: Value, budget: Budget, *, integer: bool, named: bool) -> bool:
    """Whether both describe the same numbers when their one parameter runs over the integers.

    Args:
        gold: One value: a formula, or several.
        given: The other.
        budget: The work it may cost.
        integer: Whether a text says that the parameter is an integer; else only multiples of pi or degrees
            tell.
        named: Whether the values are given to a name, as in x = n pi; else only k is taken for a parameter.
    """
    budget.spend(50)
    letters = PARAMETERS if integer else INTEGERS if named else frozenset("k")
    if not (free_names(gold) | free_names(given)) & letters:
        return False  # (n-2)π is the sum of a polygon's angles
    first, second = _lines(gold, integer=integer), _lines(given, integer=integer)
    if not first or not second:
        return False
    period = _common_period([line.step for line in (*first, *second)], budget)
    if period is None:
        return False
    one, other = _residues(first, period, budget), _residues(second, period, budget)
    return one is not None and other is not None and _same_starts(one, other, period, budget)


def same_shifted(gold: Value, given: Value, budget: Budget) -> Value | None:
    """The given intervals with their parameter moved so that they start where the gold ones do.

    `(kπ + 5π/6, kπ + 4π/3)` is `(kπ - π/6, kπ + π/3)` with the next k.
    """
    names = free_names(gold)
    if names != free_names(given) or len(names) != 1 or not names <= PARAMETERS:
        return None
    (name,) = names
    pair = [_first_entry(value) for value in (gold, given)]
    if pair[0] is None or pair[1] is None:
        return None
    lines = [_line(entry, name) for entry in pair if entry is not None]
    if lines[0] is None or lines[1] is None:
        return None
    shift = _ratio(add(lines[0].start, negate(lines[1].start)), lines[1].step, budget)
    if shift is None or shift.denominator != 1 or not shift:
        return None
    return substituted(given, {name: add(Variable(name), Rational(shift))})


def same_steps(gold: Value, given: Value, budget: Budget) -> bool:
    """Whether two points that move in equal steps, as (3 + 5k, 2 - 7k), run through the same places."""
    first, second = _moving(gold), _moving(given)
    if first is None or second is None or first.keys() != second.keys() or not _same_brackets(gold, given):
        return False
    steps = [(line.step, second[name].step) for name, line in first.items()]
    if any(_is_zero(one) != _is_zero(other) for one, other in steps):
        return False
    turns = {_ratio(one, other, budget) for one, other in steps if not _is_zero(one)}
    if turns not in ({Fraction(1)}, {Fraction(-1)}):
        return False
    shifts = set()
    for name, line in first.items():
        gap = add(line.start, negate(second[name].start))
        still = _is_zero(line.step)
        if still and not _is_zero(gap):
            return False
        shifts |= set() if still else {_ratio(gap, line.step, budget)}
    (shift,) = shifts if len(shifts) == 1 else (None,)
    return shift is not None and shift.denominator == 1


def _same_brackets(one: Value, other: Value) -> bool:
    """Two tuples may be intervals."""
    if not isinstance(one, Items) or not isinstance(other, Items) or {one.kind, other.kind} != {"tuple"}:
        return True
    return (one.opening, one.closing) == (other.opening, other.closing)


def _moving(value: Value) -> dict[str, _Line] | None:
    """The coordinates of a point that are linear in one letter, by their names or places."""
    if not isinstance(value, Items) or value.kind not in ("tuple", "list") or len(value.items) < 2:
        return None
    names = free_names(value)
    if len(names) != 1 or not names <= PARAMETERS:
        return None
    (name,) = names
    found: dict[str, _Line] = {}
    for place, item in enumerate(value.items):
        inner = unnamed(item)
        line = _line_or_place(inner.expression, name) if isinstance(inner, Quantity) else None
        if line is None:
            return None
        found[item.label if isinstance(item, Labelled) else "xyz"[place : place + 1] or str(place)] = line
    return found


def _line_or_place(value: Expression, name: str) -> _Line | None:
    return _line(value, name) if name in symbols(value) else _Line(value, rational(0))


def _first_entry(value: Value) -> Expression | None:
    inner = unnamed(value)
    if isinstance(inner, Region) and len(inner.parts) == 1:
        inner = inner.parts[0]
    first = inner.items[0] if isinstance(inner, Items) and inner.kind == "tuple" else None
    return first.expression if isinstance(first, Quantity) else None


def _lines(value: Value, *, integer: bool) -> list[_Line] | None:
    if isinstance(value, (Labelled, Restricted)):
        return _lines(value.value, integer=integer)
    if isinstance(value, Items) and value.kind != "tuple" and value.opening not in _NOT_OF_INTEGERS:
        parts = [_lines(item, integer=integer) for item in value.items]
        if any(part is None for part in parts) or len(_named(value)) > 1:
            return None  # x = 8 + 5k, y = -5 - 7k are a point's coordinates
        return [line for part in parts if part is not None for line in part]
    return _lines_of(value, integer=integer) if isinstance(value, Quantity) else None


def _named(value: Items) -> set[str]:
    return {item.label for item in value.items if isinstance(item, Labelled)}


# Described sets whose letter does not run through all whole numbers.
_NOT_OF_INTEGERS = frozenset(["{R", "{N"])


def _lines_of(value: Quantity, *, integer: bool) -> list[_Line] | None:
    """The line of a linear formula; two of one with (-1)^n, for even and for odd n."""
    names = symbols(value.expression)
    if len(names) != 1 or not names <= (PARAMETERS if integer else INTEGERS):
        return None  # πr may be half a circle's length
    (name,) = names
    scale: Expression = divide(PI, rational(180)) if value.unit == "degree" else rational(1)
    whole = multiply(scale, value.expression)
    if not integer and not _is_angular(whole):
        return None
    line = _line(whole, name)
    if line is not None:
        return [line]
    twice = multiply(rational(2), Variable(name))
    halves = [_line(substitute(whole, {name: add(twice, rational(odd))}), name) for odd in (0, 1)]
    found = [half for half in halves if half is not None]
    return found if len(found) == 2 else None


def _is_angular(value: Expression) -> bool:
    return has_name(value, "pi")


def _line(value: Expression, name: str) -> _Line | None:
    at = [substitute(value, {name: rational(place)}) for place in (0, 1, 2, 5)]
    step = add(at[1], negate(at[0]))
    for place, end in ((2, at[2]), (5, at[3])):
        if not _is_zero(add(end, negate(at[0]), multiply(rational(-place), step))):
            return None
    return None if _is_zero(step) else _Line(at[0], step)


def _is_zero(value: Expression) -> bool:
    if isinstance(value, Rational):
        return not value.value
    ball = numeric_value(value, Budget(500), _BITS)
    return ball is not None and bool(ball.contains(0)) and float(ball.abs_upper()) < _TINY


# Starts and steps are compared at this precision; what is smaller than this counts as zero.
_BITS = 256
_TINY = 1e-50
_LARGEST_DENOMINATOR = 720


def _common_period(steps: list[Expression], budget: Budget) -> Expression | None:
    """The least common multiple of the steps, which must be rational multiples of the first."""
    ratios: list[Fraction] = []
    for step in steps:
        ratio = _ratio(step, steps[0], budget)
        if ratio is None:
            return None
        ratios.append(abs(ratio))
    period = ratios[0]
    for ratio in ratios[1:]:
        numerator = period.numerator * ratio.numerator // gcd(period.numerator, ratio.numerator)
        period = Fraction(numerator, gcd(period.denominator, ratio.denominator))
        if numerator > 10**9:
            return None
    return multiply(Rational(period), steps[0])


def _ratio(one: Expression, other: Expression, budget: Budget) -> Fraction | None:
    quotient = divide(one, other)
    if isinstance(quotient, Rational):
        return quotient.value
    ball = numeric_value(quotient, budget, _BITS)
    if ball is None:
        return None
    middle = float(ball.real.mid())
    if not abs(middle) < _MOST_TURNS:
        return None
    near = Fraction(middle).limit_denominator(_LARGEST_DENOMINATOR)
    return near if _is_zero(add(quotient, Rational(-near))) else None


def _residues(lines: list[_Line], period: Expression, budget: Budget) -> list[Expression] | None:
    found: list[Expression] = []
    for line in lines:
        ratio = _ratio(period, line.step, budget)
        count = 0 if ratio is None else abs(int(ratio))
        if not 0 < count <= MAX_RESIDUES - len(found):
            return None
        found.extend(add(line.start, multiply(rational(at), line.step)) for at in range(count))
    return found


def _same_starts(
    first: list[Expression], second: list[Expression], period: Expression, budget: Budget
) -> bool:
    """Whether the starts are the same up to whole multiples of the period."""
    turns = [_turns(starts, period, budget) for starts in (first, second)]
    if turns[0] is None or turns[1] is None:
        return False
    budget.spend(len(first) * len(second))
    with FLINT, precision(_BITS):
        return _meets(turns[0], turns[1]) and _meets(turns[1], turns[0])


def _turns(starts: list[Expression], period: Expression, budget: Budget) -> list[Any] | None:
    found = [numeric_value(divide(start, period), budget, _BITS) for start in starts]
    return None if any(turn is None for turn in found) else found


def _meets(first: list[Any], second: list[Any]) -> bool:
    return all(any(_is_whole(one - other) for other in second) for one in first)


# Starts farther apart than so many periods are not compared.
_MOST_TURNS = 1e9


def _is_whole(gap: Any) -> bool:  # noqa: ANN401  (flint.acb)
    if not gap.imag.contains(0):
        return False
    middle = float(gap.real.mid())
    if not abs(middle) < _MOST_TURNS:
        return False
    return float((gap - round(middle)).abs_upper()) < _TINY
