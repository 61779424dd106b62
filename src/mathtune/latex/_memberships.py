r"""Sets of numbers in plain print: `k \in Z`, `x \in \mathbf{R}`, `n \in N^*`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ._tree import Accent, Power, Subscript, Symbol

if TYPE_CHECKING:
    from ._tree import Node

__all__ = ["set_of_numbers"]


def set_of_numbers(member: Node, within: Node) -> Node:
    r"""Behind a small letter and ∈ the capitals N, Z, Q and R are the sets, as `\mathbb` prints them."""
    base = within.base if isinstance(within, (Power, Subscript)) else within
    if base not in _CAPITALS or not isinstance(member, Symbol) or not member.name.islower():
        return within
    named = Accent("mathbb", base)
    return attrs.evolve(within, base=named) if isinstance(within, (Power, Subscript)) else named


_CAPITALS = frozenset(map(Symbol, "NZQR"))
