"""Equations: the same up to rearrangement, a factor, denominators, or the letter they are solved for."""

from __future__ import annotations

import re

from mathtune.algebra import (
    Add,
    Expression,
    Match,
    Multiply,
    Power,
    Rational,
    TooLargeError,
    Variable,
    add,
    multiply,
    negate,
    power,
    quotients,
    rational,
    substitute,
    symbols,
)

from ._clashes import ratio_names
from ._finding import OTHER, OTHER_KIND, SAME, UNKNOWN, Finding, Task
from ._slopes import named_slope
from ._values import Equation, Items, Labelled, Quantity, Region, Value

__all__ = ["as_zero", "proportional", "same_zeros", "solved_for_each_other"]


def as_zero(value: Value, letters: frozenset[str] = frozenset()) -> Expression | None:
    """What an equation, or several joined by `or`, sets to zero: x = 1 or x = 2 is (x-1)(x-2) = 0.

    Args:
        value: The equation.
        letters: Letters of the other side; a name `PV` is a product where they hold P or V.
    """
    if isinstance(value, Equation):
        return add(value.left, negate(value.right))
    if isinstance(value, Labelled) and isinstance(value.value, Quantity):
        return add(_named(value.label, letters), negate(value.value.expression))
    if isinstance(value, Labelled) and isinstance(value.value, Items) and value.value.kind == "family":
        return _product_of([as_zero(Labelled(value.label, item)) for item in value.value.items])
    if isinstance(value, Items) and value.kind == "family":
        return _product_of([as_zero(item) for item in value.items])
    if isinstance(value, Region) and value.operator == "or":
        return _product_of([as_zero(part) for part in value.parts])
    return None


def _named(label: str, letters: frozenset[str]) -> Expression:
    marked = _MARKED.match(label)
    if marked:
        return Variable(f"{marked[1]} {marked[2]}")
    if 1 < len(label) < 5 and label.isalpha() and label not in letters and letters & set(label):
        return multiply(*map(Variable, label))
    parts = ratio_names(label)
    if len(parts) == len(("a", "b")) and all(len(part) == 1 for part in parts):
        return multiply(Variable(parts[0]), power(Variable(parts[1]), rational(-1)))
    return Variable(named_slope(label))


# A name with a sign over it, as it is printed: `\overrightarrow{AB}`.
_MARKED = re.compile(r"\\(overrightarrow|vec)\{?([A-Za-z]+)\}?\Z")


def _product_of(factors: list[Expression | None]) -> Expression | None:
    known = [factor for factor in factors if factor is not None]
    return multiply(*known) if known and len(known) == len(factors) else None


def same_zeros(task: Task, first: Expression, second: Expression) -> Finding:
    """Whether `first = 0` and `second = 0` say the same: up to a factor, or once denominators are cleared."""
    found = proportional(task, first, second)
    if found.match is not Match.DIFFERENT or not (_has_quotient(first) or _has_quotient(second)):
        return found
    if symbols(first) != symbols(second):
        return found
    return SAME if _same_numerators(task, first, second) else found


def proportional(task: Task, first: Expression, second: Expression) -> Finding:
    """Whether the quotient of two expressions is a number."""
    letters = symbols(first)
    if letters != symbols(second):
        return OTHER
    names = sorted(letters)
    if not names:
        return OTHER_KIND
    for place in (3, 5, 11, 17):
        point: dict[str, Expression] = {
            name: rational(place * 7 + 13 * at, 9 + 4 * at) for at, name in enumerate(names)
        }
        one, other = substitute(first, point), substitute(second, point)
        if (isinstance(one, Rational) and not one.value) or (isinstance(other, Rational) and not other.value):
            continue
        match = task.same(multiply(first, other), multiply(second, one))
        return SAME if match is Match.EQUAL else OTHER if match is Match.DIFFERENT else UNKNOWN
    return UNKNOWN


def _has_quotient(expression: Expression) -> bool:
    if isinstance(expression, (Add, Multiply)):
        parts = expression.terms if isinstance(expression, Add) else expression.factors
        return any(map(_has_quotient, parts))
    if not isinstance(expression, Power) or not symbols(expression.base):
        return False
    return isinstance(expression.exponent, Rational) and expression.exponent.value < 0


def _same_numerators(task: Task, first: Expression, second: Expression) -> bool:
    try:
        one, other = quotients([first, second], task.budget)
    except TooLargeError:
        return False
    if not one.above or not other.above:
        return False
    return bool(
        one.above * other.above.leading_coefficient() == other.above * one.above.leading_coefficient()
    )


def solved_for_each_other(task: Task, gold: Value, given: Value) -> Finding | None:
    r"""`y = e^x` and `x = \ln y`: each solved for a letter of the other, and each undoes the other."""
    first, second = _explicit(gold), _explicit(given)
    if first is None or second is None:
        return None
    (name, value), (other, inverse) = first, second
    if name == other or name not in symbols(inverse) or other not in symbols(value):
        return None
    there = task.same(substitute(value, {other: inverse}), Variable(name))
    back = task.same(substitute(inverse, {name: value}), Variable(other)) if there is Match.EQUAL else there
    return SAME if back is Match.EQUAL else OTHER


def _explicit(value: Value) -> tuple[str, Expression] | None:
    """The letter that stands alone, and what it equals."""
    if isinstance(value, Labelled) and isinstance(value.value, Quantity) and not value.arguments:
        return value.label, value.value.expression
    if isinstance(value, Equation):
        for side, other in ((value.left, value.right), (value.right, value.left)):
            if isinstance(side, Variable) and side.name not in symbols(other):
                return side.name, other
    return None
