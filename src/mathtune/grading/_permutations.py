r"""All orders of a tuple: `(1, 2, 3) \text{ and permutations}`, `\text{any permutation of } (1, 2, 3)`."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import attrs

from mathtune.latex import Group, Node, Product, Text, Word

from ._values import Items, Value

if TYPE_CHECKING:
    from ._values import Read

__all__ = ["permuted"]

_MOST_ITEMS = 5
_BEHIND = re.compile(
    r"[\W]*(?:(?:and|or|with|plus) )?(?:all |any |its |their |the |of )*(cyclic )?permutations?\W*\Z"
)
_BEFORE = re.compile(r".*\b(cyclic )?permutations? of(?: the (?:triple|tuple|numbers))?\W*\Z")


def permuted(node: Product, read: Read) -> Value | None:
    """The set of all orders of the tuple in front of such words, or behind them."""
    groups = [factor for factor in node.factors if isinstance(factor, Group) and factor.opening == "("]
    if not groups or not any(isinstance(factor, (Text, Word)) for factor in node.factors):
        return None
    at = node.factors.index(groups[-1])
    before, behind = (_said(part) for part in (node.factors[:at], node.factors[at + 1 :]))
    found = _BEHIND.match(behind) if behind else _BEFORE.match(before)
    value = read(groups[-1]) if found else None
    if found is None or not isinstance(value, Items) or not 1 < len(value.items) <= _MOST_ITEMS:
        return None
    size = len(value.items)
    turned = [value.items[place:] + value.items[:place] for place in range(size)]
    orders = turned if found[1] else itertools.permutations(value.items)
    kept = tuple(attrs.evolve(value, items=order) for order in dict.fromkeys(orders))
    return Items(kind="set", items=kept, opening="{", closing="}")


def _said(factors: tuple[Node, ...]) -> str:
    """The words of some factors, and a sign for what is none."""
    words = (f.text if isinstance(f, (Text, Word)) else "#" for f in factors)
    return " ".join(" ".join(words).lower().split())
