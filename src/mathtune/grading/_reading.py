"""Tree -> value: the one place where ambiguous writing is decided.

What cannot be decided from the answer alone stays open in the value (`(1, 2)` is `Items` with its brackets)
and is settled when the other answer's shape is known.

A rule takes a node, and the function that reads its parts if it has any; it gives None where the node is
nothing but a formula. The rules stand by subject: `_brackets` (several values), `_relations` (statements),
`_products` (measures, money, sets), `_texts` (words and names), `_matrices`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mathtune.latex import (
    Accent,
    Call,
    Cases,
    Fraction,
    Group,
    Lines,
    List,
    Matrix,
    Node,
    Number,
    Postfix,
    Power,
    Prefix,
    Product,
    Relation,
    Subscript,
    Sum,
    Symbol,
    Text,
    Where,
    Word,
)

from ._brackets import called, grouped, listed, stacked
from ._case_rows import by_cases
from ._matrices import matrix, scalar
from ._numerals import number_value
from ._products import marked, multiplied, signed, summed
from ._relations import related
from ._texts import accented, conditioned, indexed, plain_word, raised, symbol, worded
from ._values import Quantity
from ._with_units import divided

if TYPE_CHECKING:
    from ._values import Value

__all__ = ["read"]


def read(node: Node) -> Value:
    """The value of a tree.

    Raises:
        ProseError: It is no mathematics, but words.
    """
    kind = type(node)
    if kind is Number:
        return Quantity(number_value(node.text))  # type: ignore[union-attr]
    value: Value | None = None
    if kind in _RULES:
        value = _RULES[kind](node, read)
    elif kind in _LEAVES:
        value = _LEAVES[kind](node)
    return scalar(node) if value is None else value


_LEAVES: dict[type, Any] = {
    Word: plain_word,
    Symbol: symbol,
    Accent: accented,
    Subscript: indexed,
}


_RULES: dict[type, Any] = {
    List: listed,
    Group: grouped,
    Relation: related,
    Product: multiplied,
    Fraction: divided,
    Sum: summed,
    Postfix: marked,
    Prefix: signed,
    Text: worded,
    Power: raised,
    Matrix: matrix,
    Call: called,
    Cases: by_cases,
    Lines: stacked,
    Where: conditioned,
}
