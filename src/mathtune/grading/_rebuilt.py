"""A tree with its parts changed, and all of its nodes, whatever kinds of nodes they are."""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mathtune.latex import Node

__all__ = ["nodes_of", "rebuilt"]


def nodes_of(tree: Node) -> Iterator[Node]:
    """The tree's root and every node below it, in no order."""
    left: list[Any] = [tree]
    while left:
        part = left.pop()
        if isinstance(part, tuple):
            left.extend(part)
        elif names := _fields(part.__class__):
            yield part
            left.extend([getattr(part, name) for name in names])


@functools.cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(kind)) if attrs.has(kind) else ()


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with each of its parts changed; the node itself, if none is."""
    kind: type = type(node)
    fields = _fields(kind)
    parts = [getattr(node, name) for name in fields]
    changed = [_changed(part, change) for part in parts]
    if all(map(operator.is_, changed, parts)):
        return node
    return attrs.evolve(node, **dict(zip(fields, changed, strict=True)))


def _changed(part: Any, change: Callable[[Node], Node]) -> Any:  # noqa: ANN401  (a node, a sign, or a tuple of such)
    if isinstance(part, tuple):
        parts = tuple(_changed(one, change) for one in part)
        return part if all(map(operator.is_, parts, part)) else parts
    return change(part) if _fields(part.__class__) else part
