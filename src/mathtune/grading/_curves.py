"""Lines and planes, given by a point and directions, by coordinates in a parameter, or by equations."""

# ruff: noqa: FBT001  (every look has the same four arguments)
from __future__ import annotations

from mathtune.algebra import Variable, substitute

from ._families import free_names, same_steps
from ._finding import OTHER, SAME, Finding, Task
from ._matching import match
from ._subspaces import coordinates_of, is_parametric, is_point, subspace
from ._values import Equation, Items, Labelled, Quantity, Table, Value, unnamed

__all__ = ["same_curve"]

# Letters that are taken for the parameter of a line even where nothing says so.
_USUAL = frozenset(["t", "s", "lambda", "mu"])


def same_curve(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    """Whether two lines, planes or linear systems hold the same points.

    A bare tuple with a letter in it is a point, unless the letter is t, s, lambda or mu; over the integers a
    line is no line.
    """
    graphs = _as_graph(gold, given), _as_graph(given, gold)
    if graphs != (gold, given):
        return match(task, *graphs)
    gold, given = _of_points(gold), _of_points(given)
    gold, given = _as_points(gold, given), _as_points(given, gold)
    if says_integer:
        return SAME if same_steps(gold, given, task.budget) else None
    return _same_subspace(task, gold, given) if _could_be(gold) and _could_be(given) else None


def _same_subspace(task: Task, gold: Value, given: Value) -> Finding | None:
    runs = is_parametric(gold), is_parametric(given)
    if not any(runs) or is_point(given if runs[0] else gold):
        return None
    first, second = coordinates_of(gold), coordinates_of(given)
    if first is None or second is None or len(first) != len(second):
        return None
    if not (_is_curve(gold) and _is_curve(given)):
        return None
    names = second if _is_bare(gold) else first
    one, other = subspace(gold, names, task.budget), subspace(given, names, task.budget)
    if not one or not other:
        return None  # all of space is no curve
    return SAME if one == other else OTHER


def _as_graph(value: Value, other: Value) -> Value:
    """`{(t, t^2) : t ∈ R}` beside an equation is y = x^2; else the very value."""
    if not isinstance(value, Items) or value.opening != "{R" or not isinstance(other, (Labelled, Equation)):
        return value
    point = value.items[0]
    pair = point.items if isinstance(point, Items) and point.kind == "tuple" else ()
    found = [item.expression for item in pair if isinstance(item, Quantity)]
    if len(found) == len(pair) == 2 and _PARAMETER in found:
        at = found.index(_PARAMETER)
        height = substitute(found[1 - at], {_PARAMETER.name: Variable("xy"[at])})
        return Labelled("yx"[at], Quantity(height))
    return value


_PARAMETER = Variable("t")


def _of_points(value: Value) -> Value:
    """The point that runs through `{(t, 2t) : t ∈ R}`."""
    return value.items[0] if isinstance(value, Items) and value.opening == "{R" else value


def _as_points(value: Value, other: Value) -> Value:
    """`r(t) = (1 + 2t, 3 - t)` is a line beside what is one; beside a formula in t it is a function."""
    if (
        not isinstance(value, Labelled)
        or len(value.arguments) != 1
        or not isinstance(value.value, (Items, Table))
    ):
        return value
    function = isinstance(other, Labelled) and bool(other.arguments)
    return value if function or value.arguments[0] in free_names(other) else value.value


def _could_be(value: Value) -> bool:
    return not isinstance(value, Labelled) or not value.arguments


def _is_bare(value: Value) -> bool:
    return isinstance(value, Items) and value.kind == "tuple"


def _is_curve(value: Value) -> bool:
    """Whether the form says that this is a set of points."""
    inner = unnamed(value)
    if not is_parametric(inner):
        return True
    names = free_names(inner)
    labelled = isinstance(inner, Items) and inner.kind == "list"
    return labelled or (len(names) <= 2 and names <= _USUAL)
