r"""Letters that an answer defines itself: `\sqrt{k/\mu} \text{ where } \mu = mM/(m+M)`."""

# ruff: noqa: FBT001  (every look has the same four arguments)
from __future__ import annotations

from typing import TYPE_CHECKING

from ._families import free_names, substituted
from ._matching import match
from ._values import Items, Labelled, Quantity, Restricted, Value

if TYPE_CHECKING:
    from ._finding import Finding, Task

__all__ = ["same_defined"]


def same_defined(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    """Compare two values, with the letters that only one of them has and defines replaced."""
    del says_integer
    one, other = _written_out(gold, given), _written_out(given, gold)
    return None if one is gold and other is given else match(task, one, other)


def _written_out(value: Value, beside: Value) -> Value:
    """The value without the definitions behind it; the very value if it has none."""
    if isinstance(value, Restricted):
        return _replaced(value.value, (value.condition,), beside) or value
    if not isinstance(value, Items) or value.kind != "list" or len(value.items) < 2:
        return value
    if isinstance(beside, Items) and beside.kind == "list":
        return value  # several values beside several values
    return _replaced(value.items[0], value.items[1:], beside) or value


def _replaced(value: Value, definitions: tuple[Value, ...], beside: Value) -> Value | None:
    """The value with each defined letter replaced; None where something else is said behind it."""
    foreign = free_names(value) - free_names(beside)
    for definition in _each(definitions):
        known = isinstance(definition, Labelled) and not definition.arguments
        if not known or not isinstance(definition, Labelled) or definition.label not in foreign:
            return None
        meaning = definition.value
        if not isinstance(meaning, Quantity) or meaning.unit or definition.label in free_names(meaning):
            return None
        value = substituted(value, {definition.label: meaning.expression})
    return value


def _each(definitions: tuple[Value, ...]) -> tuple[Value, ...]:
    """Definitions parted by `and` or commas are one each."""
    lists = (d.items if isinstance(d, Items) and d.kind == "list" else (d,) for d in definitions)
    return tuple(part for parts in lists for part in parts)
