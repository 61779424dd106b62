"""Small matrices of numbers modulo a prime: what random matrices need to tell formulas apart."""

from __future__ import annotations

from functools import reduce
from operator import mul

__all__ = ["PRIME", "Matrix", "MisfitError", "determinant", "inverse", "plus", "raised", "scaled", "times"]

PRIME = 2**61 - 1
Matrix = tuple[tuple[int, ...], ...]


class MisfitError(Exception):
    """A sum or product of matrices whose sizes do not fit."""


def plus(one: Matrix, other: Matrix) -> Matrix:
    if len(one) != len(other) or len(one[0]) != len(other[0]):
        raise MisfitError
    pairs = zip(one, other, strict=True)
    return tuple(tuple((a + b) % PRIME for a, b in zip(*rows, strict=True)) for rows in pairs)


def scaled(factor: int, value: Matrix) -> Matrix:
    return tuple(tuple(factor * cell % PRIME for cell in row) for row in value)


def times(one: Matrix, other: Matrix) -> Matrix:
    """The product; what is one by one multiplies like a number."""
    for scale, value in ((one, other), (other, one)):
        if len(scale) == len(scale[0]) == 1:
            return scaled(scale[0][0], value)
    if len(one[0]) != len(other):
        raise MisfitError
    columns = tuple(zip(*other, strict=True))
    return tuple(tuple(sum(map(mul, row, column)) % PRIME for column in columns) for row in one)


def raised(base: Matrix, exponent: int) -> Matrix:
    """A power of a square matrix, by squaring."""
    result = tuple(tuple(int(row == column) for column in range(len(base))) for row in range(len(base)))
    while exponent:
        result = times(result, base) if exponent % 2 else result
        base, exponent = times(base, base), exponent // 2
    return result


def determinant(value: Matrix) -> int:
    return _eliminated(value, value)[0]


def inverse(value: Matrix) -> Matrix:
    """The inverse of a square matrix.

    Raises:
        ZeroDivisionError: It has none.
    """
    found, result = _eliminated(value, raised(value, 0))
    if not found:
        raise ZeroDivisionError
    return result


def _eliminated(value: Matrix, beside: Matrix) -> tuple[int, Matrix]:
    """The determinant, and what the steps that turn the matrix into the identity make of another."""
    rows = [[*row, *other] for row, other in zip(value, beside, strict=True)]
    pivots = []
    for at in range(len(rows)):
        place = next((row for row in range(at, len(rows)) if rows[row][at]), None)
        if place is None:
            return 0, beside
        if place != at:
            rows[at], rows[place] = rows[place], rows[at]
            pivots.append(-1)
        pivot = rows[at][at]
        pivots.append(pivot)
        inverted = pow(pivot, -1, PRIME)
        rows[at] = [cell * inverted % PRIME for cell in rows[at]]
        for row in range(len(rows)):
            if row != at and rows[row][at]:
                factor = rows[row][at]
                pairs = zip(rows[row], rows[at], strict=True)
                rows[row] = [(cell - factor * above) % PRIME for cell, above in pairs]
    return reduce(mul, pivots) % PRIME, tuple(tuple(row[len(value) :]) for row in rows)
