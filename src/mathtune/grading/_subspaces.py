"""Lines, planes and linear systems -> one normal form: the reduced equations of the points they hold.

`r = (1,2) + t(3,4)`, `x = 1+3t, y = 2+4t`, `4x - 3y + 2 = 0` and a system of two planes are all sets of
points that linear equations cut out; two of them are the same if their reduced echelon forms are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mathtune.algebra import (
    Expression,
    Quotient,
    TooLargeError,
    Variable,
    add,
    linear_coefficients,
    negate,
    quotients,
    symbols,
)

from ._equations import as_zero
from ._values import Equation, Items, Labelled, Quantity, Region, Table, Value

if TYPE_CHECKING:
    from mathtune.algebra import Budget

__all__ = ["Rows", "coordinates_of", "is_parametric", "is_point", "subspace"]

Rows = tuple[tuple[Any, ...], ...]
_AXES = ("x", "y", "z")
_PARAMETERS = frozenset(["t", "s", "u", "v", "k", "lambda", "mu", "m", "n", "r", "alpha", "beta"])


def coordinates_of(value: Value) -> tuple[str, ...] | None:
    """The names of the coordinates, as far as the value says them; None if it is no set of points."""
    if isinstance(value, Labelled) and isinstance(value.value, (Items, Table)):
        return None if value.arguments else coordinates_of(value.value)
    equations = _equations(value)
    if equations is not None:
        labels = {part.label for part in _parts(value) if isinstance(part, Labelled)}
        names = {name for equation in equations for name in symbols(equation)}
        return tuple(sorted(labels if is_parametric(value) else names))
    entries = _entries(value)
    return _AXES[: len(entries)] if entries is not None else None


def is_parametric(value: Value) -> bool:
    """Whether parameters run: `x = 1+2t, y = 2+3t` or `(1+2t, 2+3t)`."""
    if isinstance(value, Labelled):
        return is_parametric(value.value)
    entries = _entries(value)
    if entries is not None:
        return bool(frozenset().union(*map(symbols, entries)))
    parts = _parts(value)
    labels = [part.label for part in parts if isinstance(part, Labelled)]
    if len(labels) != len(parts) or len(set(labels)) < len(labels) or len(labels) < 2:
        return False
    given = [part.value for part in parts if isinstance(part, Labelled)]
    letters = frozenset().union(
        *(symbols(value.expression) for value in given if isinstance(value, Quantity))
    )
    return bool(letters) and not letters & set(labels) and letters <= _PARAMETERS


def is_point(value: Value) -> bool:
    """Whether this is one point: coordinates, all of them numbers."""
    entries = _entries(value.value if isinstance(value, Labelled) else value)
    return entries is not None and not any(map(symbols, entries))


def subspace(value: Value, names: tuple[str, ...], budget: Budget) -> Rows | None:
    """The reduced equations in the named coordinates, or None if the value is no such set.

    The last column is the constant; no rows mean all points, and a row of zeros before a one means none.
    """
    if isinstance(value, Labelled) and isinstance(value.value, (Items, Table)):
        return subspace(value.value, names, budget)
    entries = _entries(value)
    if entries is None:
        equations = _equations(value)
    elif len(entries) == len(names):
        equations = [add(Variable(n), negate(entry)) for n, entry in zip(names, entries, strict=True)]
    else:
        return None
    if equations is None:
        return None
    try:
        lines = quotients(equations, budget)
    except TooLargeError:
        return None
    letters = {name for equation in equations for name in symbols(equation)}
    return _reduced(lines, sorted(letters - set(names)), names)


def _parts(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Items) and value.kind in ("list", "tuple"):
        return value.items
    if isinstance(value, Region) and value.operator in ("and", "list"):
        return value.parts
    return (value,)


def _equations(value: Value) -> list[Expression] | None:
    """What each equation of a system sets to zero."""
    found = []
    for part in _parts(value):
        if isinstance(part, Labelled) and (part.arguments or not isinstance(part.value, Quantity)):
            return None
        gap = as_zero(part) if isinstance(part, (Equation, Labelled)) else None
        if gap is None:
            return None
        found.append(gap)
    return found or None


def _entries(value: Value) -> list[Expression] | None:
    """The coordinates of a point or of a parametrised one."""
    cells: tuple[Value, ...] = ()
    if isinstance(value, Items) and value.kind == "tuple":
        cells = value.items
    elif isinstance(value, Table) and all(len(row) == 1 for row in value.rows):
        cells = tuple(row[0] for row in value.rows)
    found = [cell.expression for cell in cells if isinstance(cell, Quantity)]
    return found if 2 <= len(found) == len(cells) <= len(_AXES) else None


def _reduced(lines: list[Quotient], parameters: list[str], names: tuple[str, ...]) -> Rows | None:
    """Parameters stand in the first columns: rows in which they do not occur are what is left of them."""
    import flint

    columns = [*parameters, *names]
    rows = [linear_coefficients(line, columns) for line in lines]
    if any(row is None for row in rows):
        return None
    matrix, rank = flint.fmpq_mat(rows).rref()
    first = len(parameters)
    kept = [[matrix[at, c] for c in range(matrix.ncols())] for at in range(rank)]
    free = [row for row in kept if not any(row[:first])]
    return tuple(tuple(row[first:]) for row in free)
