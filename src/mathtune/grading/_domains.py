r"""Families of solutions on the interval that the problem names: `\pi/6 + 2k\pi` for `$0 \le x < 2\pi$`."""

# ruff: noqa: FBT001  (a look at two values has four arguments)
from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.algebra import Expression, add, negate, numeric_value, rational, substitute, symbols

from ._families import PARAMETERS
from ._matching import match
from ._values import Items, Quantity, unnamed

if TYPE_CHECKING:
    from ._asked import Span
    from ._finding import Finding, Task
    from ._values import Value

__all__ = ["on_domain"]

# Whole numbers from -24 to 24 reach every value of a family on the intervals that problems name.
_REACH = 24
_MOST_VALUES = 40


def on_domain(task: Task, gold: Value, given: Value, _says_integer: bool) -> Finding | None:
    """Compare where one side is a family with a whole-number parameter and the other a list of values."""
    if task.asked.span is None:
        return None
    first, second = _families(gold), _families(given)
    if (first is None) == (second is None):
        return None
    family = first if first is not None else second
    values = _values(task, family or (), task.asked.span)
    if not 0 < len(values) <= _MOST_VALUES:
        return None
    items = Items(kind="list", items=tuple(map(Quantity, values)))
    return match(task, items, unnamed(given)) if first is not None else match(task, unnamed(gold), items)


def _families(value: Value) -> tuple[Expression, ...] | None:
    """The formulas of a family: each has one parameter and no other letter."""
    inner = unnamed(value)
    items = inner.items if isinstance(inner, Items) and inner.kind in ("list", "family", "set") else (inner,)
    formulas = [item.expression for item in map(unnamed, items) if isinstance(item, Quantity)]
    names = [symbols(formula) for formula in formulas]
    ranging = all(len(letters) == 1 and letters <= PARAMETERS for letters in names)
    return tuple(formulas) if formulas and len(formulas) == len(items) and ranging else None


def _values(task: Task, family: tuple[Expression, ...], span: Span) -> list[Expression]:
    """The members of a family that lie on the interval."""
    found: list[Expression] = []
    for formula in family:
        (name,) = symbols(formula)
        for count in range(-_REACH, _REACH + 1):
            value = substitute(formula, {name: rational(count)})
            if _lies_on(task, value, span):
                found.append(value)
    return found


def _lies_on(task: Task, value: Expression, span: Span) -> bool:
    below, above = _order(task, value, span.low), _order(task, value, span.high)
    return (below > 0 or (below == 0 and span.low_closed)) and (
        above < 0 or (above == 0 and span.high_closed)
    )


def _order(task: Task, one: Expression, other: Expression) -> int:
    gap = numeric_value(add(one, negate(other)), task.budget, 128)
    if gap is None:
        return 0
    return 1 if gap.real > 0 else -1 if gap.real < 0 else 0
