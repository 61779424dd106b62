"""Ratios: `2:4:6`, `1/2 : 1/3`."""

from __future__ import annotations

import itertools

from mathtune.algebra import divide, rational
from mathtune.latex import Product

from ._values import Items, Quantity, Value
from ._words import ProseError

__all__ = ["parted_by_colons", "ratio"]


def parted_by_colons(node: Product) -> Product:
    """`1/2 : 1/3`: the colon parts what the slashes join."""
    starts = [0, *(at + 1 for at, sign in enumerate(node.operators) if sign == ":"), len(node.factors)]
    parts = []
    for start, end in itertools.pairwise(starts):
        factors = node.factors[start:end]
        parts.append(factors[0] if len(factors) == 1 else Product(factors, node.operators[start : end - 1]))
    return Product(tuple(parts), (":",) * (len(parts) - 1))


def ratio(parts: list[Value]) -> Value:
    """`2:4:6` is 1:2:3: each part over the first."""
    first = parts[0]
    if not all(isinstance(part, Quantity) for part in parts) or not isinstance(first, Quantity):
        raise ProseError
    if first.expression == rational(0):
        raise ProseError
    over = tuple(Quantity(divide(p.expression, first.expression)) for p in parts if isinstance(p, Quantity))
    return Items(kind="tuple", items=over, opening=":", closing=":")
