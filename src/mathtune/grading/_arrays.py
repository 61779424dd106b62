r"""Arithmetic of vectors and matrices as written: `(1,2) + t(3,4)`, `A^{-1}`, `u \cdot v`, `u \times v`."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

import attrs

from mathtune.algebra import Expression, Rational, add, divide, multiply, negate, rational, size
from mathtune.latex import (
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
    Sum,
    Symbol,
    Text,
)

from ._formulas import NotScalarError, formula
from ._functions import minors_determinant
from ._values import Items, Quantity, Table, Value

__all__ = ["array_value", "is_nested"]

_Rows = tuple[tuple[Expression, ...], ...]
_MOST_CELLS = 400
_LARGEST_SIZE = 4_000
_LARGEST_POWER = 12
_LONGEST_PRODUCT = 200  # factors; one by one, they cost their square
_LARGEST_INVERSE = 4
_TRANSPOSES = (Symbol("T"), Symbol("top"), Symbol("intercal"), Text("T"))


@attrs.frozen
class _Array:
    """Rows of expressions; a tuple is one row that is written in a line."""

    rows: _Rows
    in_line: bool = False

    @property
    def is_vector(self) -> bool:
        return len(self.rows) == 1 or all(len(row) == 1 for row in self.rows)

    @property
    def cells(self) -> tuple[Expression, ...]:
        return tuple(cell for row in self.rows for cell in row)


def array_value(node: Node) -> Value:
    """The tuple, matrix or number that a sum or product of vectors and matrices gives.

    Raises:
        NotScalarError: It is no such thing, or the shapes do not fit.
    """
    found = _evaluated(node)
    if not isinstance(found, _Array):
        return Quantity(found)
    if found.in_line:
        cells = tuple(map(Quantity, found.rows[0]))
        return Items(kind="tuple", items=cells, opening="(", closing=")")
    return Table(tuple(tuple(map(Quantity, row)) for row in found.rows))


def _evaluated(node: Node) -> _Array | Expression:
    if isinstance(node, Matrix) and node.environment != "vmatrix":
        return _matrix(node.rows)
    if isinstance(node, Call) and node.name == "matrix":
        return _matrix(tuple(map(_row, node.arguments)))
    if isinstance(node, Group) and node.opening in ("(", "[", "⟨", ""):
        return _grouped(node)
    if isinstance(node, Prefix) and node.operator in "+-":
        inner = _evaluated(node.argument)
        return inner if node.operator == "+" else _times(rational(-1), inner)
    if isinstance(node, Sum):
        return _sum([_evaluated(term) for term in node.terms])
    if isinstance(node, Product):
        return _product(node)
    if isinstance(node, Fraction):
        return _over(_evaluated(node.numerator), formula(node.denominator))
    if isinstance(node, Power):
        base = _evaluated(node.base)
        return _power(base, node.exponent) if isinstance(base, _Array) else formula(node)
    return formula(node)


def _row(node: Node) -> tuple[Node, ...]:
    """`[1, 2]`, a row of `matrix([1, 2], [3, 4])`."""
    if not isinstance(node, Group) or node.opening != "[" or node.body is None:
        raise NotScalarError
    return node.body.items if isinstance(node.body, List) else (node.body,)


def is_nested(node: Group) -> bool:
    """`[[1, 2], [3, 4]]`, a matrix as programs write it."""
    rows = node.body.items if isinstance(node.body, List) and node.opening == "[" else ()
    return len(rows) > 0 and all(isinstance(row, Group) and row.opening == "[" for row in rows)


def _matrix(cells: tuple[tuple[Node, ...], ...]) -> _Array:
    rows = tuple(tuple(formula(cell) for cell in row) for row in cells)
    if len({len(row) for row in rows}) != 1 or sum(map(len, rows)) > _MOST_CELLS:
        raise NotScalarError
    return _Array(rows)


def _grouped(node: Group) -> _Array | Expression:
    if node.body is None or (node.opening, node.closing) in _HALF_OPEN:
        raise NotScalarError
    if isinstance(node.body, List) and is_nested(node):
        return _matrix(tuple(map(_row, node.body.items)))
    if isinstance(node.body, List) and node.opening:
        return _Array((tuple(formula(item) for item in node.body.items),), in_line=True)
    return _evaluated(node.body)


_HALF_OPEN = frozenset([("(", "]"), ("[", ")")])  # intervals


def _sum(terms: list[_Array | Expression]) -> _Array | Expression:
    total = terms[0]
    for term in terms[1:]:
        total = _plus(total, term)
    return total


def _plus(one: _Array | Expression, other: _Array | Expression) -> _Array | Expression:
    if isinstance(one, _Array) and isinstance(other, _Array):
        if [len(row) for row in one.rows] != [len(row) for row in other.rows]:
            raise NotScalarError
        rows = zip(one.rows, other.rows, strict=True)
        return _Array(tuple(tuple(map(add, *pair)) for pair in rows), one.in_line and other.in_line)
    if isinstance(one, _Array) or isinstance(other, _Array):
        raise NotScalarError
    return add(one, other)


def _product(node: Product) -> _Array | Expression:
    if len(node.factors) > _LONGEST_PRODUCT:
        raise NotScalarError
    value = _evaluated(node.factors[0])
    for operator, factor in zip(node.operators, node.factors[1:], strict=True):
        other = _evaluated(factor)
        if not operator and type(value) is type(other) is Rational:
            raise NotScalarError  # two numbers side by side
        if operator == "/":
            if isinstance(other, _Array):
                raise NotScalarError
            value = _over(value, other)
        elif operator in ("", "*", "×", "·"):
            value = _multiplied(value, other, operator)
        else:
            raise NotScalarError
    return value


def _multiplied(one: _Array | Expression, other: _Array | Expression, operator: str) -> _Array | Expression:
    if not (isinstance(one, _Array) and isinstance(other, _Array)):
        return _times(other, one) if isinstance(one, _Array) else _times(one, other)
    same = one.is_vector and other.is_vector and len(one.cells) == len(other.cells) > 1
    if operator == "×" and same and len(one.cells) == 3:
        return _cross(one, other)
    if operator and same and one.in_line == other.in_line and len(one.rows) == len(other.rows):
        return add(*map(multiply, one.cells, other.cells))
    return _matrix_product(one, other)


def _times(scale: _Array | Expression, value: _Array | Expression) -> _Array | Expression:
    if isinstance(scale, _Array):
        raise NotScalarError
    if not isinstance(value, _Array):
        return multiply(scale, value)
    return attrs.evolve(value, rows=tuple(tuple(multiply(scale, c) for c in row) for row in value.rows))


def _over(value: _Array | Expression, scale: Expression) -> _Array | Expression:
    return _times(divide(rational(1), scale), value) if isinstance(value, _Array) else divide(value, scale)


def _cross(one: _Array, other: _Array) -> _Array:
    (a, b, c), (x, y, z) = one.cells, other.cells
    cells = tuple(
        add(multiply(p, s), negate(multiply(q, r)))
        for p, s, q, r in ((b, z, c, y), (c, x, a, z), (a, y, b, x))
    )
    return attrs.evolve(one, rows=(cells,) if len(one.rows) == 1 else tuple((cell,) for cell in cells))


def _matrix_product(one: _Array, other: _Array) -> _Array:
    columns = list(zip(*other.rows, strict=True))
    if one.in_line or len(one.rows[0]) != len(other.rows) or len(one.rows) * len(columns) > _MOST_CELLS:
        raise NotScalarError
    rows = tuple(tuple(add(*map(multiply, row, column)) for column in columns) for row in one.rows)
    if sum(size(cell) for row in rows for cell in row) > _LARGEST_SIZE:
        raise NotScalarError  # powers of a matrix of letters grow without bound
    return _Array(rows)


def _power(base: _Array, exponent: Node) -> _Array:
    if exponent in _TRANSPOSES:
        turned = tuple(zip(*base.rows, strict=True))
        return base if base.in_line else _Array(turned)  # a tuple is a column already
    inverse = isinstance(exponent, Prefix) and exponent.operator == "-"
    inner = exponent.argument if isinstance(exponent, Prefix) and inverse else exponent
    if not isinstance(inner, Number) or not inner.text.isdecimal() or len(base.rows) != len(base.rows[0]):
        raise NotScalarError
    times = int(inner.text) if len(inner.text) < 3 else _LARGEST_POWER + 1
    if not 0 < times <= _LARGEST_POWER:
        raise NotScalarError
    factor = _inverse(base) if inverse else base
    result = factor
    for _ in range(times - 1):
        result = _matrix_product(result, factor)
    return result


def _inverse(base: _Array) -> _Array:
    """The adjugate over the determinant."""
    size = len(base.rows)
    rows = [list(row) for row in base.rows]
    whole = minors_determinant(rows)
    if size > _LARGEST_INVERSE or (isinstance(whole, Rational) and not whole.value):
        raise NotScalarError
    found = []
    for i in range(size):
        row = []
        for j in range(size):  # cofactors, transposed
            minor = [[*line[:i], *line[i + 1 :]] for at, line in enumerate(rows) if at != j]
            value = minors_determinant(minor) if minor else rational(1)
            row.append(divide(negate(value) if (i + j) % 2 else value, whole))
        found.append(tuple(row))
    return _Array(tuple(found))
