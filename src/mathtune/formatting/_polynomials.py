"""Exact polynomials and matrices with python-flint's names, for an exported grader, which has no flint.

Polynomials in several letters are sympy's sparse ones, which are made of numbers and never of text. Only what
the engine uses is here.
"""

# ruff: noqa: N801, ANN401, SLF001  (flint's names; sympy's rings have no types; values of one class meet)
from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import mpmath  # type: ignore[import-untyped, unused-ignore]  # published without types

from ._ball_precision import ctx
from ._balls import acb, ball

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["acb_mat", "fmpq", "fmpq_mat", "fmpq_mpoly", "fmpq_mpoly_ctx", "fmpq_poly", "fmpz_poly"]


class fmpq(Fraction):
    """A rational number."""

    __slots__ = ()

    @property
    def p(self) -> int:
        return self.numerator

    @property
    def q(self) -> int:
        return self.denominator

    def __truediv__(self, other: Any) -> fmpq:  # type: ignore[override]  # (the engine divides by no floats)
        return fmpq(Fraction(self) / other)


class fmpq_mpoly_ctx:
    """The letters of polynomials."""

    def __init__(self, names: Sequence[str]) -> None:
        from sympy import QQ, Symbol
        from sympy.polys.orderings import lex
        from sympy.polys.rings import PolyRing

        # sympy has no polynomials without letters; one that nobody uses does no harm
        self.ring = PolyRing([Symbol(name) for name in names or ("x0",)], QQ, lex)

    @staticmethod
    def get(names: Sequence[str], _order: str) -> fmpq_mpoly_ctx:
        return fmpq_mpoly_ctx(names)

    def constant(self, value: Any) -> fmpq_mpoly:
        number = Fraction(value)
        return fmpq_mpoly(self.ring.ground_new(self.ring.domain(number.numerator, number.denominator)))

    def gens(self) -> tuple[fmpq_mpoly, ...]:
        return tuple(map(fmpq_mpoly, self.ring.gens))

    def gen(self, at: int) -> fmpq_mpoly:
        return fmpq_mpoly(self.ring.gens[at])


class fmpq_mpoly:
    """A polynomial in several letters."""

    __slots__ = ("_element",)
    __hash__ = None  # type: ignore[assignment]  # (compared, never kept in sets)

    def __init__(self, element: Any) -> None:
        self._element = element

    def __add__(self, other: fmpq_mpoly) -> fmpq_mpoly:
        return fmpq_mpoly(self._element + other._element)

    def __mul__(self, other: Any) -> fmpq_mpoly:
        if isinstance(other, fmpq_mpoly):
            return fmpq_mpoly(self._element * other._element)
        domain, number = self._element.ring.domain, Fraction(other)
        return fmpq_mpoly(self._element.mul_ground(domain(number.numerator, number.denominator)))

    def __pow__(self, times: int) -> fmpq_mpoly:
        return fmpq_mpoly(self._element**times)

    def __truediv__(self, other: fmpq_mpoly) -> fmpq_mpoly:
        return fmpq_mpoly(self._element.quo(other._element))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, fmpq_mpoly) and bool(self._element == other._element)

    def __bool__(self) -> bool:
        return bool(self._element)

    def __len__(self) -> int:
        return len(self._element)

    def gcd(self, other: fmpq_mpoly) -> fmpq_mpoly:
        return fmpq_mpoly(self._element.gcd(other._element))

    def factor(self) -> tuple[fmpq, list[tuple[fmpq_mpoly, int]]]:
        """Give the unit, and the irreducible factors with how often each occurs."""
        unit, factors = self._element.factor_list()
        return _rational(unit), [(fmpq_mpoly(factor), int(times)) for factor, times in factors]

    def is_constant(self) -> bool:
        return bool(self._element.is_ground)

    def total_degree(self) -> int:
        return max((sum(exponents) for exponents in self._element), default=-1)

    def leading_coefficient(self) -> fmpq:
        return _rational(self._element.LC)

    def coeffs(self) -> list[fmpq]:
        return [_rational(value) for value in self._element.values()]

    def to_dict(self) -> dict[tuple[int, ...], fmpq]:
        return {tuple(exponents): _rational(value) for exponents, value in self._element.items()}


def _rational(value: Any) -> fmpq:
    return fmpq(int(value.numerator), int(value.denominator))


class fmpq_poly:
    """A polynomial in one letter, the constant first."""

    def __init__(self, coefficients: Iterable[Any]) -> None:
        self._coefficients = [Fraction(c) for c in coefficients]
        while self._coefficients and not self._coefficients[-1]:
            self._coefficients.pop()

    def coeffs(self) -> list[Fraction]:
        return list(self._coefficients)

    def denom(self) -> int:
        return math.lcm(*(c.denominator for c in self._coefficients))

    def derivative(self) -> fmpq_poly:
        return fmpq_poly(n * c for n, c in enumerate(self._coefficients) if n)

    def gcd(self, other: fmpq_poly) -> fmpq_poly:
        one, two = self, other
        while two._coefficients:
            one, two = two, one._divided(two)[1]
        top = one._coefficients[-1] if one._coefficients else Fraction(1)
        return fmpq_poly(c / top for c in one._coefficients)

    def __truediv__(self, other: fmpq_poly) -> fmpq_poly:
        return self._divided(other)[0]

    def _divided(self, other: fmpq_poly) -> tuple[fmpq_poly, fmpq_poly]:
        """Give quotient and remainder."""
        rest, below = list(self._coefficients), other._coefficients
        found = [Fraction(0)] * max(0, len(rest) - len(below) + 1)
        for at in reversed(range(len(found))):
            found[at] = rest[at + len(below) - 1] / below[-1]
            for n, c in enumerate(below):
                rest[at + n] -= found[at] * c
        return fmpq_poly(found), fmpq_poly(rest)


class fmpz_poly:
    """A polynomial with whole coefficients, the constant first."""

    def __init__(self, coefficients: Any) -> None:
        self._coefficients = [int(c) for c in coefficients]

    def coeffs(self) -> list[int]:
        return list(self._coefficients)

    def factor(self) -> tuple[int, list[tuple[fmpz_poly, int]]]:
        from sympy import Poly, Symbol

        content, factors = Poly(self._coefficients[::-1], Symbol("x")).factor_list()
        return int(content), [(fmpz_poly(f.all_coeffs()[::-1]), int(times)) for f, times in factors]

    def complex_roots(self) -> list[tuple[acb, int]]:
        found: list[tuple[acb, int]] = []
        for factor, times in self.factor()[1]:
            roots = mpmath.mp.polyroots(factor.coeffs()[::-1], maxsteps=500, extraprec=4 * mpmath.mp.prec)
            found += [(_root(root), times) for root in roots]
        return found


class fmpq_mat:
    """A matrix of rational numbers."""

    def __init__(self, rows: Iterable[Iterable[Any]]) -> None:
        self._rows = [[Fraction(entry) for entry in row] for row in rows]

    def __getitem__(self, place: tuple[int, int]) -> Fraction:
        return self._rows[place[0]][place[1]]

    def ncols(self) -> int:
        return len(self._rows[0]) if self._rows else 0

    def rref(self) -> tuple[fmpq_mat, int]:
        """Give the reduced echelon form and the rank."""
        rows, rank = [list(row) for row in self._rows], 0
        for column in range(self.ncols()):
            at = next((n for n in range(rank, len(rows)) if rows[n][column]), None)
            if at is None:
                continue
            rows[rank], rows[at] = rows[at], rows[rank]
            rows[rank] = [entry / rows[rank][column] for entry in rows[rank]]
            for n, row in enumerate(rows):
                if n != rank and row[column]:
                    rows[n] = [one - row[column] * two for one, two in zip(row, rows[rank], strict=True)]
            rank += 1
        return fmpq_mat(rows), rank


class acb_mat:
    """A matrix of complex balls."""

    def __init__(self, rows: Iterable[Iterable[Any]]) -> None:
        self._rows = [[acb(entry) for entry in row] for row in rows]

    def entries(self) -> list[acb]:
        return [entry for row in self._rows for entry in row]

    def solve(self, right: acb_mat) -> acb_mat:
        """Give the matrix that this one times it is the one on the right.

        Raises:
            ZeroDivisionError: This one may be singular.
        """
        size = len(self._rows)
        rows = [[*row, *more] for row, more in zip(self._rows, right._rows, strict=True)]
        for column in range(size):
            at = max(range(column, size), key=lambda n: float(rows[n][column].abs_lower()))
            if rows[at][column].contains(0):
                raise ZeroDivisionError("matrix is singular")
            rows[column], rows[at] = rows[at], rows[column]
            rows[column] = [entry / rows[column][column] for entry in rows[column]]
            for n in range(size):
                if n != column:
                    factor = rows[n][column]
                    rows[n] = [one - factor * two for one, two in zip(rows[n], rows[column], strict=True)]
        return acb_mat(row[size:] for row in rows)

    def __mul__(self, other: acb_mat) -> acb_mat:
        columns = list(zip(*other._rows, strict=True))
        return acb_mat([_dot(row, column) for column in columns] for row in self._rows)

    def __sub__(self, other: acb_mat) -> acb_mat:
        pairs = zip(self._rows, other._rows, strict=True)
        return acb_mat([a - b for a, b in zip(one, two, strict=True)] for one, two in pairs)


def _dot(row: Sequence[acb], column: Sequence[acb]) -> acb:
    return sum((a * b for a, b in zip(row, column, strict=True)), acb(0))


def _root(value: Any) -> acb:
    """Give a root; one beside the real line by no more than rounding is real: simple roots are apart."""
    near = mpmath.mp.ldexp(1 + abs(value), -mpmath.mp.prec // 2)
    real = ball(mpmath.mp.re(value), mpmath.mp.ldexp(1 + abs(value), 8 - ctx.prec))
    return acb(real) if abs(mpmath.mp.im(value)) < near else acb(real, ball(mpmath.mp.im(value), real.r))
