r"""All orders of a tuple: `(1, 2, 3) \text{ and permutations}`, `\text{any permutation of } (1, 2, 3)`."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import attrs

from mathtune.latex import Group, List, Node, Product, Text, Word

from ._values import Items, Value

if TYPE_CHECKING:
    from ._values import Read

__all__ = ["all_permuted", "permuted"]

_MOST_ITEMS = 5
_BEHIND = re.compile(
    r"[\W]*(?:(?:and|or|with|plus) )?(?:all |any |its |their |the |of )*"
    r"(?:(cyclic )?permutations?|symmetric(?: (?:pair|one|solution)s?)?)\W*\Z"
)
_BEFORE = re.compile(r".*\b(cyclic )?permutations? of(?: the (?:triple|tuple|numbers))?\W*\Z")


def permuted(node: Product, read: Read) -> Value | None:
    """All orders of the tuple in front of such words, or behind them."""
    kinds = set(map(type, node.factors))
    if Group not in kinds or kinds.isdisjoint((Text, Word)):
        return None
    groups = [factor for factor in node.factors if isinstance(factor, Group) and factor.opening == "("]
    if not groups:
        return None
    at = node.factors.index(groups[-1])
    before, behind = (_said(part) for part in (node.factors[:at], node.factors[at + 1 :]))
    found = _BEHIND.match(behind) if behind else _BEFORE.match(before)
    orders = _orders(read(groups[-1]), cyclic=bool(found[1])) if found else ()
    return Items(kind="family", items=orders) if orders else None


def all_permuted(node: List, read: Read) -> Value | None:
    r"""`(1, 1), (1, 2) \text{ and their permutations}`: such words behind a list hold for all of it."""
    last = node.items[-1]
    words = last.factors if isinstance(last, Product) else (last,)
    if not isinstance(words[-1], (Text, Word)):
        return None
    tuples = node.items[:-1]
    if isinstance(words[0], Group):
        tuples, words = (*tuples, words[0]), words[1:]
    found = _BEHIND.match(_said(words))
    if not found or not all(isinstance(item, Group) for item in tuples):
        return None
    values = [read(item) for item in tuples]
    orders = [_orders(value, cyclic=bool(found[1])) for value in values]
    return Items(kind="family", items=tuple(itertools.chain(*orders))) if all(orders) else None


def _orders(value: Value, *, cyclic: bool) -> tuple[Value, ...]:
    """The tuples of the same items; none of what is no tuple, or a long one."""
    if not isinstance(value, Items) or value.kind != "tuple" or not 1 < len(value.items) <= _MOST_ITEMS:
        return ()
    turned = [value.items[place:] + value.items[:place] for place in range(len(value.items))]
    orders = turned if cyclic else itertools.permutations(value.items)
    return tuple(attrs.evolve(value, items=order) for order in dict.fromkeys(orders))


def _said(factors: tuple[Node, ...]) -> str:
    """The words of some factors, and a sign for what is none."""
    words = (f.text if isinstance(f, (Text, Word)) else "#" for f in factors)
    return " ".join(" ".join(words).lower().split())
