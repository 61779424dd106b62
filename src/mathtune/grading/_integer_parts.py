r"""`[x]` as the integer part of x, where the problem says that it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.latex import Group, List

from ._asked import LONGEST_PROBLEM
from ._rebuilt import rebuilt

if TYPE_CHECKING:
    from mathtune.latex import Node

__all__ = ["in_view_of"]

_PART = r"\b(?:(?:integer|integral|whole) part|(?:greatest|largest) integer|floor)\b"
_BRACKET = r"\[\s*[a-zA-Z]\s*\]"
_SAID = re.compile(rf"{_BRACKET}[^.?!\[\]]{{0,80}}{_PART}|{_PART}[^.?!\[\]]{{0,80}}{_BRACKET}", re.IGNORECASE)


def in_view_of(problem: str, node: Node) -> Node:
    """The tree, with integer parts for square brackets if the problem says that they are."""
    return _with_integer_parts(node) if _says_integer_part(problem) else node


def _says_integer_part(problem: str) -> bool:
    """Whether a problem defines square brackets as the integer part."""
    return _SAID.search(problem, max(0, len(problem) - LONGEST_PROBLEM)) is not None


def _with_integer_parts(node: Node) -> Node:
    """The tree with the signs of the floor for square brackets around one value."""
    if isinstance(node, Group) and (node.opening, node.closing) == ("[", "]") and node.body is not None:
        body = _with_integer_parts(node.body)
        return Group("[", body, "]") if isinstance(body, List) else Group("⌊", body, "⌋")
    return rebuilt(node, _with_integer_parts)
