r"""Formulas whose capital letters are matrices: `(AB)^T` is `B^TA^T`, `AB` is not `BA`, nor `x^Tx` `xx^T`.

Letters do not tell that they are matrices, but a transpose does, and so may the problem. Both formulas are
worked out once with random matrices modulo a prime, by which different ones are told apart. A small letter is
a column if it is transposed anywhere, else a number; what is one by one multiplies like a number.
"""

from __future__ import annotations

import random
import re
from functools import reduce
from typing import TYPE_CHECKING

import attrs

from mathtune.latex import Call, Fraction, Group, Number, Power, Prefix, Product, Relation, Sum, Symbol, Word

from ._prime_matrices import PRIME, Matrix, MisfitError, determinant, inverse, plus, raised, scaled, times

if TYPE_CHECKING:
    from mathtune.latex import Node

__all__ = ["are_matrices", "columns", "same_with_matrices"]

_SIZES = (3, 4)
_LONG_POWER, _LONG_NUMBER = 10, 1_000  # digits
_MARK = r"\^(?:T|\{-?T\}|\{?-?\\(?:top|intercal|(?:math|text)(?:sf|rm) ?\{?T\b))"
_TRANSPOSED = re.compile(_MARK)
_INVERSE, _FACTORS = r"\^\{?-1\b\}?", r"(?:[A-Z ]|\\[A-Z][a-z]{2,6}){1,3}"
# `PDP^{-1}`, `P^{-1}AP`: nobody multiplies a number by a letter and divides it by the same.
_CONJUGATED = re.compile(rf"([A-Z]){_FACTORS}\1{_INVERSE}|([A-Z]){_INVERSE}{_FACTORS}\2")
_COLUMN = re.compile(rf"([a-z])\}}?{_MARK}")
# The numbers of rows and columns: "an N x K matrix".
_SIZE = re.compile(
    r"([A-Za-z])[$ ]{0,3}(?:\\times|\u00d7|x|by)[$ ]{1,3}([A-Za-z])[$ ]{1,3}(?:[a-z]{4,8} )?matri"
)
_COMMUTE = re.compile(r"commut|\bAB ?= ?BA\b|diagonal matri")


def are_matrices(gold: str, given: str, context: str | None) -> bool:
    r"""Whether both answers transpose or conjugate, or the problem speaks of matrices that may not commute.

    >>> are_matrices("(AB)^T", "B^TA^T", None), are_matrices("AB", "BA", "Let A and B be matrices.")
    (True, True)
    >>> are_matrices("PDP^{-1}", "P^{-1}DP", None), are_matrices("AB^{-1}", "B^{-1}A", None)
    (True, False)
    >>> are_matrices("AB", "BA", None), are_matrices("AB", "BA", "Let A and B be matrices that commute.")
    (False, False)
    >>> are_matrices("NK", "KN", "How many entries has an $N \\times K$ matrix?")
    False
    """
    if context is not None and "matri" in context:
        sizes = {size for pair in _SIZE.findall(context) for size in pair}
        if sizes and sizes.issuperset(letter for letter in gold + given if letter.isupper()):
            return False
        return _COMMUTE.search(context) is None
    if "^" not in gold:
        return False
    transposed = _TRANSPOSED.search(gold) and _TRANSPOSED.search(given)
    return bool(transposed or _CONJUGATED.search(gold) or _CONJUGATED.search(given))


def columns(*texts: str) -> frozenset[str]:
    """The small letters that are transposed somewhere.

    >>> sorted(columns("x^TAx + z", "y^TAy"))
    ['x', 'y']
    """
    return frozenset(name for text in texts for name in _COLUMN.findall(text))


def same_with_matrices(gold: Node, given: Node, vectors: frozenset[str] = frozenset()) -> bool | None:
    """Whether two formulas are the same for all matrices; None where they are no such formulas.

    >>> from mathtune.latex import parse
    >>> same_with_matrices(parse("AB"), parse("BA")), same_with_matrices(parse("2x"), parse("x+x"))
    (False, None)
    >>> same_with_matrices(parse("x^Tx"), parse("xx^T"), frozenset("x"))
    False
    """
    if _is_law(gold) and _is_law(given):
        return None
    found = {_same_of_size(size, gold, given, vectors) for size in _SIZES}
    same = found.pop() if len(found) == 1 else None  # det(2A) is 8 det A for matrices of one size only
    return None if same and _is_law(gold) != _is_law(given) else same


def _same_of_size(size: int, gold: Node, given: Node, vectors: frozenset[str]) -> bool | None:
    reader = _Reader(size, vectors)
    try:
        first, second = reader.fitting(_right(gold)), reader.fitting(_right(given))
    except (_NoMatrixError, ZeroDivisionError):
        return None
    if reader.letters.keys().isdisjoint(vectors | _CAPITALS):
        return None
    if first is None or second is None:
        same = first is second  # xAx^T has no value where x^TAx has one
        return None if same or reader.is_unsure else False
    same = first == second
    return None if not same and reader.is_unsure else same


class _NoMatrixError(Exception):
    """Something that is no formula of matrices."""


def _right(node: Node) -> Node:
    """The right side of `X = A^{-1}B`."""
    return node.sides[1] if isinstance(node, Relation) and node.operators == ("=",) else node


def _is_law(node: Node) -> bool:
    """`A^T = -A` says more than its right side."""
    return isinstance(node, Relation) and not isinstance(node.sides[0], Symbol)


@attrs.define
class _Reader:
    """Works formulas out, the same letter always as the same matrix."""

    size: int
    vectors: frozenset[str]
    letters: dict[str, Matrix] = attrs.field(factory=dict)

    @property
    def is_unsure(self) -> bool:
        """Whether beside columns there is a small letter that may be one: `(u^Tv)u`."""
        return bool(self.vectors and (self.letters.keys() & _SMALL) - self.vectors)

    def fitting(self, node: Node) -> Matrix | None:
        """The value; None where the sizes do not fit."""
        try:
            return self.value(node)
        except MisfitError:
            return None

    def value(self, node: Node) -> Matrix:  # noqa: PLR0911  (one return a case)
        if isinstance(node, (Number, Symbol, Word)):
            return self._leaf(node)
        if isinstance(node, Group) and node.body is not None and node.opening in ("(", "[", ""):
            return self.value(node.body)
        if isinstance(node, Prefix) and node.operator == "-":
            return scaled(-1, self.value(node.argument))
        if isinstance(node, Sum):
            return self._sum(node)
        if isinstance(node, Product) and not any(node.operators):
            return reduce(times, map(self.value, node.factors))
        if isinstance(node, Fraction):
            return times(self.value(node.numerator), _one_over(self.value(node.denominator)))
        if isinstance(node, Power):
            return self._power(node)
        if isinstance(node, Call) and node.name in ("det", "tr") and len(node.arguments) == 1:
            return _of_square(node.name, self.value(node.arguments[0]))
        raise _NoMatrixError

    def _leaf(self, node: Number | Symbol | Word) -> Matrix:
        if isinstance(node, Symbol):
            return self._letter(node.name)
        if isinstance(node, Word) and (node.text.isupper() or not self.vectors.isdisjoint(node.text)):
            return reduce(times, map(self._letter, node.text))
        if isinstance(node, Word) or not node.text.isdecimal() or len(node.text) > _LONG_NUMBER:
            raise _NoMatrixError
        return ((int(node.text) % PRIME,),)

    def _letter(self, name: str) -> Matrix:
        """A capital letter is a matrix, I the identity; a small one a column or a number."""
        if name not in self.letters:
            self.letters[name] = self._new_letter(name)
        return self.letters[name]

    def _new_letter(self, name: str) -> Matrix:
        chance = random.Random(name)  # noqa: S311  (the same letter, the same matrix)
        size = self.size
        if name == "I":
            return tuple(tuple(int(row == column) for column in range(size)) for row in range(size))
        rows, width = (size, size) if name in _CAPITALS else (size, 1) if name in self.vectors else (1, 1)
        return tuple(tuple(chance.randrange(PRIME) for _ in range(width)) for _ in range(rows))

    def _sum(self, node: Sum) -> Matrix:
        try:
            return reduce(plus, map(self.value, node.terms))
        except MisfitError:
            raise _NoMatrixError from None  # a number beside a matrix may stand for its multiple of I

    def _power(self, node: Power) -> Matrix:
        """A power by a whole number, the transpose, and the inverse of each."""
        base, exponent = self.value(node.base), node.exponent
        square = len(base) == len(base[0])
        if isinstance(exponent, Prefix) and exponent.operator == "-" and square:
            base, exponent = inverse(base), exponent.argument
        if exponent in _TRANSPOSES and (len(base) > 1 or not square):
            return tuple(zip(*base, strict=True))
        whole = isinstance(exponent, Number) and exponent.text.isdecimal() and square
        if not whole or not isinstance(exponent, Number) or len(exponent.text) > _LONG_POWER:
            raise _NoMatrixError
        return raised(base, int(exponent.text))


_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ") | {"Lambda", "Sigma"}
_SMALL = frozenset("abcdefghijklmnopqrstuvwxyz")
_TRANSPOSES = (Symbol("T"), Symbol("top"), Symbol("intercal"))


def _one_over(value: Matrix) -> Matrix:
    if len(value) > 1 or len(value[0]) > 1:
        raise _NoMatrixError
    return inverse(value)


def _of_square(name: str, value: Matrix) -> Matrix:
    """The determinant or the trace."""
    if len(value) != len(value[0]):
        raise _NoMatrixError
    return ((determinant(value) if name == "det" else sum(row[at] for at, row in enumerate(value)) % PRIME,),)
