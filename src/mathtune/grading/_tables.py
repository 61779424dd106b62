"""Sums and products of matrices and scalars."""

from __future__ import annotations

from mathtune.algebra import (
    Expression,
    add,
    multiply,
)

from ._values import (
    Quantity,
    Table,
    Value,
)
from ._words import ProseError

__all__ = ["add_tables", "multiply_values"]


def multiply_values(one: Value, other: Value) -> Value:
    if isinstance(one, Table) and isinstance(other, Table):
        return _table_product(one, other)
    if isinstance(other, Table):
        one, other = other, one
    if isinstance(one, Table) and isinstance(other, Quantity):
        scale = other.expression
        return Table(tuple(tuple(Quantity(multiply(scale, entry(c))) for c in row) for row in one.rows))
    raise ProseError


def _table_product(one: Table, other: Table) -> Value:
    columns = list(zip(*other.rows, strict=True))
    if len(one.rows[0]) != len(other.rows) or len(one.rows) * len(columns) > 400:
        raise ProseError
    return Table(
        tuple(
            tuple(
                Quantity(add(*(multiply(entry(a), entry(b)) for a, b in zip(row, column, strict=True))))
                for column in columns
            )
            for row in one.rows
        )
    )


def entry(value: Value) -> Expression:
    if isinstance(value, Quantity) and value.unit is None:
        return value.expression
    raise ProseError


def add_tables(one: Value, other: Value) -> Table:
    """The sum of two matrices of one shape.

    Raises:
        ProseError: They are no matrices, or of different shapes.
    """
    if not (isinstance(one, Table) and isinstance(other, Table)):
        raise ProseError
    if [len(row) for row in one.rows] != [len(row) for row in other.rows]:
        raise ProseError
    pairs = zip(one.rows, other.rows, strict=True)
    return Table(
        tuple(tuple(Quantity(add(entry(a), entry(b))) for a, b in zip(*rows, strict=True)) for rows in pairs)
    )
