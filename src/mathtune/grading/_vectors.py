"""Vectors as they are written: rows and columns, tuples, `2i + 3j - k`."""

from __future__ import annotations

from mathtune.algebra import (
    Budget,
    Expression,
    Match,
    compare,
    rational,
    substitute,
    symbols,
)

from ._values import (
    Items,
    Quantity,
    Table,
    Value,
)

__all__ = ["as_rows", "basis_vector"]


def basis_vector(value: Value, size: int) -> tuple[Value, ...] | None:
    """`2i + 3j - k`, with or without hats, and `2e_1 + 3e_2`, as a tuple."""
    if not isinstance(value, Quantity) or size not in (2, 3):
        return None
    names = symbols(value.expression)
    if not names:
        return None
    for pattern, letters in _BASES:
        basis = [pattern.format(letter) for letter in letters[:size]]
        zero: dict[str, Expression] = dict.fromkeys(
            [*basis, *(["i"] if pattern == "{}" else [])], rational(0)
        )
        if names.isdisjoint(basis) or not _vanishes(substitute(value.expression, zero)):
            continue
        return tuple(
            Quantity(substitute(value.expression, {**zero, name: rational(1)}), value.unit) for name in basis
        )
    return None


_BASES = (
    *((pattern, "ijk") for pattern in ("{}", "hat {}", "vec {}")),
    *((pattern, "123") for pattern in ("e_{}", "hat e_{}", "vec e_{}")),
)


def _vanishes(value: Expression) -> bool:
    return compare(value, rational(0), Budget(500)).match is Match.EQUAL


def _is_nested(value: Items) -> bool:
    """`{{1, 2}, {3, 4}}`, rows of one length, as Mathematica prints a matrix."""
    rows = [item for item in value.items if isinstance(item, Items) and item.kind == "set"]
    return len(rows) == len(value.items) and len({len(row.items) for row in rows}) == 1


def as_rows(value: Value) -> tuple[Value, ...] | None:
    """The entries of a matrix, a tuple or a list of rows, one after the other."""
    if isinstance(value, Items):
        if value.kind == "set" and not _is_nested(value):
            return None
        if any(isinstance(item, Items) for item in value.items):
            return tuple(c for item in value.items if isinstance(item, Items) for c in item.items)
        return value.items
    if isinstance(value, Table):
        return tuple(cell for row in value.rows for cell in row)
    return None
