"""Formulas, and sums and products of matrices."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from mathtune.algebra import Variable, add, multiply
from mathtune.latex import (
    Accent,
    Big,
    Call,
    Fraction,
    Group,
    List,
    Matrix,
    Node,
    Number,
    Power,
    Prefix,
    Product,
    Relation,
    Root,
    Subscript,
    Sum,
    Symbol,
    Text,
    Word,
)

from ._arrays import array_value, is_nested
from ._formulas import NotScalarError, formula
from ._values import Items, Labelled, Quantity, Table, Value
from ._words import ProseError

if TYPE_CHECKING:
    from ._values import Read

__all__ = ["array", "is_matrix", "matrix", "scalar"]


def scalar(node: Node) -> Value:
    """A formula; one with ± is two values."""
    try:
        return Quantity(formula(node))
    except NotScalarError:
        pass
    try:
        pair = (Quantity(formula(node, 1)), Quantity(formula(node, -1)))
    except NotScalarError:
        return array(node)
    return _with_every_sign(node) or Items(kind="family", items=pair)


def _with_every_sign(node: Node) -> Items | None:
    r"""`\pm 1 \pm i` means four numbers, for two would be \pm(1 + i); None for all else."""
    terms = node.terms if isinstance(node, Sum) else ()
    signed = [term for term in terms if isinstance(term, Prefix) and term.operator == "±"]
    if len(signed) != len(terms) or len(terms) != 2:
        return None
    choices = itertools.product(*((formula(term, 1), formula(term, -1)) for term in terms))
    return Items(kind="family", items=tuple(Quantity(add(*choice)) for choice in choices))


def array(node: Node) -> Value:
    """Vectors and matrices computed; `A(1, 2)` is a point and N(0, 1) a distribution, no product."""
    if isinstance(node, Prefix) and node.operator == "±":
        signed = (node.argument, Prefix("-", node.argument))
        return Items(kind="family", items=tuple(map(_computed, signed)))
    if isinstance(node, Big) and node.sign == "bigcup":
        return _united(node)
    if isinstance(node, Product) and len(node.factors) == 2 and node.operators == ("",):
        name, group = node.factors
        listed = isinstance(group, Group) and group.opening == "(" and isinstance(group.body, List)
        if listed and isinstance(name, Symbol) and name.name.isupper():
            return Labelled(name.name, _computed(group))
        if isinstance(name, Number) and group == _INTEGERS:  # 2Z
            multiples = Quantity(multiply(formula(name), Variable("k")))
            return Items(kind="set", items=(multiples,), opening="{Z", closing="}")
    if isinstance(node, Product) and set(node.operators) == {_CROSS}:
        try:
            pairs = _cartesian(node)
        except NotScalarError:
            pairs = None
        if pairs is not None:
            return pairs
    return _computed(node)


def _united(node: Big) -> Value:
    r"""`\bigcup_{k \in \mathbb{Z}} (2k\pi, 2k\pi + \pi)` is the family of these intervals."""
    over, body = node.lower, node.body
    known = isinstance(over, Relation) and over.operators == ("∈",) and over.sides[1] == _INTEGERS
    over_all = isinstance(over, Relation) and over.operators == ("=",) and over.sides[1] == _FIRST
    if (
        not (known or (over_all and node.upper == _FIRST.argument))
        or not isinstance(body, Group)
        or not isinstance(body.body, List)
    ):
        raise ProseError
    try:
        ends = tuple(Quantity(formula(item)) for item in body.body.items)
    except NotScalarError:
        raise ProseError from None
    return Items(kind="tuple", items=ends, opening=body.opening, closing=body.closing)


_FIRST = Prefix("-", Symbol("infty"))  # where all whole numbers begin
_MOST_PAIRS = 400
_CROSS = "×"  # noqa: RUF001  (the sign of the product)


def _cartesian(node: Product) -> Value | None:
    r"""`\{1, 2\} \times \{3, 4\}`: all pairs."""
    sets: list[tuple[Node, ...]] = []
    for factor in node.factors:
        if not isinstance(factor, Group) or factor.opening != "{" or factor.body is None:
            return None
        sets.append(factor.body.items if isinstance(factor.body, List) else (factor.body,))
    if math.prod(map(len, sets)) > _MOST_PAIRS:
        return None
    entries = [[Quantity(formula(item)) for item in items] for items in sets]
    found = itertools.product(*entries)
    pairs = (Items(kind="tuple", items=pair, opening="(", closing=")") for pair in found)
    return Items(kind="set", items=tuple(pairs), opening="{", closing="}")


_INTEGERS = Accent("mathbb", Symbol("Z"))


def _computed(node: Node) -> Value:
    try:
        return array_value(node)
    except NotScalarError:
        raise ProseError from None


def is_matrix(node: Node) -> bool:
    if type(node) in _SCALARS:
        return False
    if isinstance(node, Prefix):
        return is_matrix(node.argument)
    if isinstance(node, Group):
        return is_nested(node) or (
            node.opening in ("", "(", "[") and node.body is not None and is_matrix(node.body)
        )
    if isinstance(node, (Product, Sum)):
        return any(map(is_matrix, node.factors if isinstance(node, Product) else node.terms))
    if isinstance(node, Power):
        return is_matrix(node.base) and isinstance(node.exponent, Symbol)
    written_out = isinstance(node, Matrix) and node.environment != "vmatrix"
    return written_out or (isinstance(node, Call) and node.name == "matrix")


# What is no matrix at a glance: most nodes.
_SCALARS = frozenset([Number, Symbol, Fraction, Root, Text, Word, Subscript])


def matrix(node: Matrix, read: Read) -> Value | None:
    if node.environment == "vmatrix":
        return None
    return Table(tuple(tuple(read(cell) for cell in row) for row in node.rows))
