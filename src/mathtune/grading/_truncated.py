r"""Series that break off: `1 - \frac{x^2}{2} + \cdots` beside `1 - \frac{x^2}{2} + O(x^4)`."""

# ruff: noqa: FBT001  (every look has the same four arguments)
from __future__ import annotations

import re

from mathtune.algebra import (
    Add,
    Apply,
    Bound,
    Expression,
    Match,
    Rational,
    add,
    infinite_sign,
    rational,
    substitute,
    symbols,
)

from ._equations import proportional
from ._finding import SAME, Finding, Task
from ._matching import match
from ._values import Quantity, Value, formula_of

__all__ = ["same_truncated"]


def same_truncated(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    """Compare orders, or the terms that are shown where one side ends in dots and the other in its order."""
    del says_integer
    first, second = formula_of(gold), formula_of(given)
    return (
        _same_orders(task, first, second)
        or _same_sum(task, first, second)
        or _same_sum(task, second, first)
        or _same_terms(task, first, second)
    )


def _same_terms(task: Task, first: Expression | None, second: Expression | None) -> Finding | None:
    one, other = _before_dots(first), _before_order(second)
    if one is None or other is None:
        one, other = _before_order(first), _before_dots(second)
    if (one is None or other is None) and (_asks_for_terms(task) or _is_small(first) or _is_small(second)):
        one, other = _shown(first), _shown(second)
        if one is first and other is second:
            return None
    return None if one is None or other is None else match(task, Quantity(one), Quantity(other))


def _same_orders(task: Task, first: Expression | None, second: Expression | None) -> Finding | None:
    r"""`O(n \log n)` is `O(n \log_2 n)`: an order has no constant factor."""
    if not isinstance(first, Apply) or not isinstance(second, Apply):
        return None
    same = first.name == second.name and first.name in _ORDERS
    return proportional(task, first.arguments[0], second.arguments[0]) if same else None


_ORDERS = frozenset(["O(", "o(", "Theta("])


def _same_sum(task: Task, first: Expression | None, second: Expression | None) -> Finding | None:
    r"""`1 - x^2 + x^4 - \cdots` beside an infinite sum that begins with these terms."""
    shown = first.arguments if isinstance(first, Apply) and first.name == "series(" else ()
    if len(shown) < _FEWEST_TERMS or not isinstance(second, Bound) or second.kind != "sum":
        return None
    if not isinstance(second.lower, Rational) or second.upper is None or not infinite_sign(second.upper):
        return None
    places = (add(second.lower, rational(step)) for step in range(_MOST_LOOKED_AT))
    terms = (substitute(second.body, {second.variable: place}) for place in places)
    written = [term for term in terms if term != rational(0)][: len(shown)]
    alike = (task.same(*pair) is Match.EQUAL for pair in zip(shown, written, strict=False))
    return SAME if len(written) == len(shown) and all(alike) else None


_FEWEST_TERMS = 3
_MOST_LOOKED_AT = 16


def _asks_for_terms(task: Task) -> bool:
    """Whether the problem wants an approximation, so that what comes after its terms need not be said."""
    return task.asked.context is not None and _APPROXIMATE.search(task.asked.context) is not None


def _is_small(series: Expression | None) -> bool:
    r"""Whether a series ends in an order of a small parameter: what it leaves out is small."""
    orders = series.terms if isinstance(series, Add) else ()
    return any(isinstance(term, Apply) and term.name == "O(" and symbols(term) == _SMALL for term in orders)


_SMALL = frozenset(["epsilon"])
_APPROXIMATE = re.compile(
    r"\b(?:asymptotic|leading|approximat|expansion|perturbation|first \w+ terms)", re.IGNORECASE
)


def _shown(series: Expression | None) -> Expression | None:
    """The terms without an order or dots behind them."""
    return _before_dots(series) or _before_order(series) or series


def _before_dots(series: Expression | None) -> Expression | None:
    return add(*series.arguments) if isinstance(series, Apply) and series.name == "series(" else None


def _before_order(series: Expression | None) -> Expression | None:
    if not isinstance(series, Add):
        return None
    shown = [term for term in series.terms if not (isinstance(term, Apply) and term.name == "O(")]
    return add(*shown) if len(shown) == len(series.terms) - 1 else None
