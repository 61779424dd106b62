r"""`\operatorname{span}\{(1, 2)\}`: the space that vectors span, by their reduced echelon form."""

from __future__ import annotations

from mathtune.algebra import Rational
from mathtune.latex import Group, List, Node, Product, Text, Word

from ._arrays import array_value
from ._values import Items, Named, NotScalarError, Quantity, Table

__all__ = ["span"]


def span(tree: Node) -> Named | None:
    r"""The space as a name, equal for all bases of it; None for everything else.

    >>> from mathtune.latex import parse
    >>> span(parse(r"\operatorname{span}\{(1,2)\}")) == span(parse(r"\operatorname{span}\{(2,4)\}"))
    True
    """
    if type(tree) is not Product or len(tree.factors) != 2 or any(tree.operators):
        return None
    word, group = tree.factors
    named = isinstance(word, (Text, Word)) and word.text.strip().lower() == "span"
    if not named or not isinstance(group, Group) or group.body is None:
        return None
    vectors = group.body.items if isinstance(group.body, List) else (group.body,)
    rows = [_entries(vector) for vector in vectors]
    return _reduced([row for row in rows if row is not None]) if None not in rows else None


def _entries(vector: Node) -> list[Rational] | None:
    try:
        value = array_value(vector)
    except NotScalarError:
        return None
    cells = value.items if isinstance(value, Items) else ()
    if isinstance(value, Table):
        cells = tuple(cell for row in value.rows for cell in row)
    numbers = [cell.expression for cell in cells if isinstance(cell, Quantity)]
    known = [number for number in numbers if isinstance(number, Rational)]
    return known if known and len(known) == len(cells) else None


def _reduced(rows: list[list[Rational]]) -> Named | None:
    import flint

    if len({len(row) for row in rows}) != 1:
        return None
    matrix = flint.fmpq_mat(
        [[flint.fmpq(n.value.numerator, n.value.denominator) for n in row] for row in rows]
    )
    reduced, rank = matrix.rref()
    kept = [[str(reduced[at, column]) for column in range(matrix.ncols())] for at in range(rank)]
    return Named(f"span of {kept}")
