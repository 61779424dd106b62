"""A tree with its parts changed, whatever kind of node it is."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

    from mathtune.latex import Node

__all__ = ["rebuilt"]


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with each of its parts changed; the node itself, if none is."""
    fields = [field.name for field in attrs.fields(type(node))]
    parts = [getattr(node, name) for name in fields]
    changed = [_changed(part, change) for part in parts]
    if all(map(operator.is_, changed, parts)):
        return node
    return attrs.evolve(node, **dict(zip(fields, changed, strict=True)))


def _changed(part: Any, change: Callable[[Node], Node]) -> Any:  # noqa: ANN401  (a node, a sign, or a tuple of such)
    if isinstance(part, tuple):
        parts = tuple(_changed(one, change) for one in part)
        return part if all(map(operator.is_, parts, part)) else parts
    return change(part) if attrs.has(type(part)) else part
