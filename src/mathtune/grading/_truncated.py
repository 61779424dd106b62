r"""Series that break off: `1 - \frac{x^2}{2} + \cdots` beside `1 - \frac{x^2}{2} + O(x^4)`."""

# ruff: noqa: FBT001  (every look has the same four arguments)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.algebra import Add, Apply, Expression, add

from ._matching import match
from ._values import Labelled, Quantity, Value

if TYPE_CHECKING:
    from ._finding import Finding, Task

__all__ = ["same_truncated"]


def same_truncated(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    """Compare the terms that are shown, where one side ends in dots and the other in its order."""
    del says_integer
    first, second = _formula(gold), _formula(given)
    one, other = _before_dots(first), _before_order(second)
    if one is None or other is None:
        one, other = _before_order(first), _before_dots(second)
    if (one is None or other is None) and _asks_for_terms(task):
        one, other = _shown(first), _shown(second)
        if one is first and other is second:
            return None
    return None if one is None or other is None else match(task, Quantity(one), Quantity(other))


def _asks_for_terms(task: Task) -> bool:
    """Whether the problem wants an approximation, so that what comes after its terms need not be said."""
    return task.asked.context is not None and _APPROXIMATE.search(task.asked.context) is not None


_APPROXIMATE = re.compile(
    r"\b(?:asymptotic|leading|approximat|expansion|perturbation|first \w+ terms)", re.IGNORECASE
)


def _shown(series: Expression | None) -> Expression | None:
    """The terms without an order or dots behind them."""
    return _before_dots(series) or _before_order(series) or series


def _formula(value: Value) -> Expression | None:
    inner = value.value if isinstance(value, Labelled) else value
    return inner.expression if isinstance(inner, Quantity) else None


def _before_dots(series: Expression | None) -> Expression | None:
    return add(*series.arguments) if isinstance(series, Apply) and series.name == "series(" else None


def _before_order(series: Expression | None) -> Expression | None:
    if not isinstance(series, Add):
        return None
    shown = [term for term in series.terms if not (isinstance(term, Apply) and term.name == "O(")]
    return add(*shown) if len(shown) == len(series.terms) - 1 else None
