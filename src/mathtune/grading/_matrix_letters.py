r"""Formulas whose capital letters are matrices: `(AB)^T` is `B^TA^T`, and `AB` is not `BA`.

Letters do not tell that they are matrices, but a transpose does, and so may the problem. Both formulas are
worked out once with random matrices modulo a prime, by which different ones are told apart.
"""

from __future__ import annotations

import random
import re
from functools import reduce
from operator import add, mul
from typing import TYPE_CHECKING

from mathtune.latex import Group, Number, Power, Prefix, Product, Relation, Sum, Symbol, Word

if TYPE_CHECKING:
    import flint

    from mathtune.latex import Node

__all__ = ["are_matrices", "same_with_matrices"]

_PRIME = 2**61 - 1
_SIZE = 3
_LONG_POWER = 10  # digits
_TRANSPOSED = re.compile(r"\^(?:T|\{-?T\}|\{?-?\\(?:top|intercal|(?:math|text)(?:sf|rm) ?\{?T\b))")
_COMMUTE = re.compile(r"commut|\bAB ?= ?BA\b|diagonal matri")


def are_matrices(gold: str, given: str, context: str | None) -> bool:
    """Whether both answers transpose something, or the problem speaks of matrices that may not commute.

    >>> are_matrices("(AB)^T", "B^TA^T", None), are_matrices("AB", "BA", "Let A and B be matrices.")
    (True, True)
    >>> are_matrices("AB", "BA", None), are_matrices("AB", "BA", "Let A and B be matrices that commute.")
    (False, False)
    """
    if context is not None and "matri" in context:
        return _COMMUTE.search(context) is None
    return "^" in gold and bool(_TRANSPOSED.search(gold) and _TRANSPOSED.search(given))


def same_with_matrices(gold: Node, given: Node) -> bool | None:
    """Whether two formulas are the same for all matrices; None where they are no such formulas.

    >>> from mathtune.latex import parse
    >>> same_with_matrices(parse("AB"), parse("BA")), same_with_matrices(parse("2x"), parse("x+x"))
    (False, None)
    """
    try:
        if _is_law(gold) and _is_law(given):
            return None
        first, second = (_value(_right(node)) for node in (gold, given))
    except (_NoMatrixError, ZeroDivisionError):
        return None
    if _is_number(first) and _is_number(second):
        return None
    same = bool(first == second)
    return None if same and _is_law(gold) != _is_law(given) else same


class _NoMatrixError(Exception):
    """Something that is no formula of matrices."""


def _right(node: Node) -> Node:
    """The right side of `X = A^{-1}B`."""
    return node.sides[1] if isinstance(node, Relation) and node.operators == ("=",) else node


def _is_law(node: Node) -> bool:
    """`A^T = -A` says more than its right side."""
    return isinstance(node, Relation) and not isinstance(node.sides[0], Symbol)


def _value(node: Node) -> flint.nmod_mat:  # noqa: PLR0911  (one return a case)
    """The formula's matrix; a number is that multiple of the identity."""
    if isinstance(node, Number) and node.text.isdecimal():
        return _multiple(int(node.text))
    if isinstance(node, Symbol):
        return _letter(node.name)
    if isinstance(node, Word) and node.text.isupper():
        return reduce(mul, map(_letter, node.text))
    if isinstance(node, Group) and node.body is not None and node.opening in ("(", "[", ""):
        return _value(node.body)
    if isinstance(node, Prefix) and node.operator == "-":
        return -_value(node.argument)
    if isinstance(node, Sum):
        return reduce(add, map(_value, node.terms))
    if isinstance(node, Product) and not any(node.operators):
        return reduce(mul, map(_value, node.factors))
    if isinstance(node, Power):
        return _power(_value(node.base), node.exponent)
    raise _NoMatrixError


def _letter(name: str) -> flint.nmod_mat:
    """A capital letter is a matrix, I the identity; a small one is a number."""
    import flint

    if name == "I":
        return _multiple(1)
    chance = random.Random(name)  # noqa: S311  (the same letter, the same matrix)
    if len(name) != 1 or not name.isupper():
        return _multiple(chance.randrange(_PRIME))
    return flint.nmod_mat(_SIZE, _SIZE, [chance.randrange(_PRIME) for _ in range(_SIZE**2)], _PRIME)


def _multiple(number: int) -> flint.nmod_mat:
    import flint

    cells = [number % _PRIME if at % (_SIZE + 1) == 0 else 0 for at in range(_SIZE**2)]
    return flint.nmod_mat(_SIZE, _SIZE, cells, _PRIME)


def _is_number(value: flint.nmod_mat) -> bool:
    return bool(value == _multiple(int(value[0, 0])))


def _power(base: flint.nmod_mat, exponent: Node) -> flint.nmod_mat:
    """A power by a whole number, the transpose, and the inverse of each."""
    import flint

    if isinstance(exponent, Prefix) and exponent.operator == "-":
        return _power(base, exponent.argument).inv()
    if isinstance(exponent, Number) and exponent.text.isdecimal() and len(exponent.text) < _LONG_POWER:
        return base ** int(exponent.text)
    if exponent not in _TRANSPOSES or _is_number(base):
        raise _NoMatrixError  # x^T A x: a small letter is a vector here
    cells = [int(base[column, row]) for row in range(_SIZE) for column in range(_SIZE)]
    return flint.nmod_mat(_SIZE, _SIZE, cells, _PRIME)


_TRANSPOSES = (Symbol("T"), Symbol("top"), Symbol("intercal"))
