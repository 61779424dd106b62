"""One inequality or equation in one unknown -> the intervals on which it holds.

Linear ones are solved by hand, with any coefficients whose sign is known. Rational ones, with absolute
values, are decided between and at their critical points: the roots of the polynomials that each choice of
signs gives.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mathtune.algebra import (
    Add,
    Apply,
    Constant,
    Expression,
    Match,
    Multiply,
    Power,
    Rational,
    Variable,
    add,
    as_double,
    compare,
    derivative,
    divide,
    multiply,
    negate,
    numeric_value,
    polynomial_root,
    power,
    rational,
    substitute,
    symbols,
)

from ._intervals import INFINITY, MINUS_INFINITY, Interval, UnsolvableError

if TYPE_CHECKING:
    from mathtune.algebra import Budget

    from ._values import Inequality

__all__ = ["solution"]

# Polynomials of higher degree are not solved; answers have degree 6 at most.
MAX_DEGREE = 24
MAX_SIGNS = 3
# A value this small, in bits, at a root known to 256 bits counts as zero.
_ZERO_BITS = 100

Polynomial = list[Fraction]


def solution(value: Inequality, unknown: str, budget: Budget) -> list[Interval]:
    """Where `left < right` holds (or `≤`, `≠`, `=`), for real values of the unknown.

    Raises:
        UnsolvableError: It is not rational in the unknown, or a sign is not known.
    """
    alone = Variable(unknown)
    for number, letter, sign in ((value.left, value.right, 1), (value.right, value.left, -1)):
        if letter == alone and as_double(number) is not None:  # as in `a < x < b`
            return _half_line(value.operator, rational(sign), multiply(rational(-sign), number), budget)
    gap = add(value.right, negate(value.left))
    line = _linear(gap, unknown, budget)
    if line is not None:
        return _half_line(value.operator, *line, budget)
    if symbols(gap) != {unknown}:
        raise UnsolvableError
    return _between(value.operator, gap, unknown, budget)


def _linear(gap: Expression, unknown: str, budget: Budget) -> tuple[Expression, Expression] | None:
    """(slope, value at 0) if the gap is linear."""
    if _has_abs(gap):
        return None
    if not _is_polynomial(gap, unknown) and not _has_infinity(gap):
        return None
    at = [substitute(gap, {unknown: rational(place)}) for place in (0, 1, 2)]
    if any(_has_infinity(value) for value in at):
        raise UnsolvableError
    slope = add(at[1], negate(at[0]))
    if symbols(slope):  # letters that cancel leave a number
        exact = derivative(gap, unknown)
        slope = exact if isinstance(exact, Rational) else slope
    bend = add(at[2], negate(at[1]), negate(slope))
    if isinstance(bend, Rational):
        return None if bend.value else (slope, at[0])
    straight = compare(bend, rational(0), budget).match is Match.EQUAL
    return (slope, at[0]) if straight else None


def _is_polynomial(gap: Expression, unknown: str) -> bool:
    """Whether the unknown occurs in sums and products only."""
    if isinstance(gap, Add):
        return all(_is_polynomial(term, unknown) for term in gap.terms)
    if isinstance(gap, Multiply):
        return all(_is_polynomial(factor, unknown) for factor in gap.factors)
    if isinstance(gap, Power):
        whole = (
            isinstance(gap.exponent, Rational)
            and gap.exponent.value.denominator == 1
            and gap.exponent.value > 0
        )
        return unknown not in symbols(gap) or (whole and _is_polynomial(gap.base, unknown))
    return isinstance(gap, Variable) or unknown not in symbols(gap)


def _has_abs(value: Expression) -> bool:
    if isinstance(value, Apply):
        return value.name == "abs" or any(map(_has_abs, value.arguments))
    return any(map(_has_abs, _parts(value)))


def _parts(value: Expression) -> tuple[Expression, ...]:
    if isinstance(value, Add):
        return value.terms
    if isinstance(value, Multiply):
        return value.factors
    return (value.base, value.exponent) if isinstance(value, Power) else ()


def _has_infinity(value: Expression) -> bool:
    return value == Constant("infty") or any(map(_has_infinity, _parts(value)))


def _half_line(operator: str, slope: Expression, start: Expression, budget: Budget) -> list[Interval]:
    sign = _sign(slope, budget)
    if not sign:
        raise UnsolvableError
    root = divide(negate(start), slope)
    if operator == "=":
        return [Interval(root, True, root, True)]
    if operator == "≠":
        return [Interval(MINUS_INFINITY, False, root, False), Interval(root, False, INFINITY, False)]
    closed = operator == "≤"
    if sign > 0:
        return [Interval(root, closed, INFINITY, False)]
    return [Interval(MINUS_INFINITY, False, root, closed)]


def _sign(value: Expression, budget: Budget) -> int:
    if isinstance(value, Rational):
        return (value.value > 0) - (value.value < 0)
    if symbols(value):
        raise UnsolvableError
    number = numeric_value(value, budget, 256)
    if number is None or not number.imag.contains(0):
        raise UnsolvableError
    return int(number.real > 0) - int(number.real < 0)


def _between(operator: str, gap: Expression, unknown: str, budget: Budget) -> list[Interval]:
    """Test the statement at every critical point and once between any two."""
    points = _critical_points(gap, budget)
    budget.spend(20 * len(points) + 20)
    places = [number for _root, number in points]
    samples = _samples(places)
    holds_between = [_holds(operator, gap, {unknown: Rational(sample)}, budget) for sample in samples]
    holds_at = [_holds(operator, gap, {unknown: root}, budget) for root, _number in points]
    intervals: list[Interval] = []
    ends: list[Expression] = [MINUS_INFINITY, *(root for root, _number in points), INFINITY]
    for place, inside in enumerate(holds_between):
        low, high = ends[place], ends[place + 1]
        low_closed = place > 0 and holds_at[place - 1]
        high_closed = place < len(points) and holds_at[place]
        if inside:
            intervals.append(Interval(low, low_closed, high, high_closed))
        elif high_closed and not (place + 1 < len(holds_between) and holds_between[place + 1]):
            intervals.append(Interval(high, True, high, True))
    return intervals


def _samples(places: list[Fraction]) -> list[Fraction]:
    if not places:
        return [Fraction(1, 3)]
    middle = [(places[at] + places[at + 1]) / 2 for at in range(len(places) - 1)]
    return [places[0] - 1, *middle, places[-1] + 1]


def _holds(operator: str, gap: Expression, point: dict[str, Expression], budget: Budget) -> bool:
    value = substitute(gap, point)
    if isinstance(value, Rational):
        sign = (value.value > 0) - (value.value < 0)
    else:
        number = numeric_value(value, budget, 256)
        if number is None:
            return False  # a pole
        sign = _sign_of_ball(number)
    return {"<": sign > 0, "≤": sign >= 0, "=": sign == 0, "≠": sign != 0}[operator]


def _sign_of_ball(number: Any) -> int:  # noqa: ANN401  (flint.acb)
    if number.contains(0) and float(number.abs_upper()) < 2.0**-_ZERO_BITS:
        return 0
    if not number.imag.contains(0):
        raise UnsolvableError
    return int(number.real > 0) - int(number.real < 0)


def _critical_points(gap: Expression, budget: Budget) -> list[tuple[Expression, Fraction]]:
    """Roots of numerators and denominators for each choice of signs, sorted, with a rational near each."""
    found: dict[Fraction, Expression] = {}
    for numerator, denominator in _quotients(gap):
        for polynomial in (numerator, denominator):
            for root in _real_roots(polynomial, budget):
                number = numeric_value(root, budget, 256)
                if number is None:
                    raise UnsolvableError
                near = _near(number)
                found.setdefault(near, root)
    return [(found[near], near) for near in sorted(found)]


def _near(number: Any) -> Fraction:  # noqa: ANN401  (flint.acb)
    """The ball's middle to 64 binary places: equal roots give equal fractions."""
    import flint

    from mathtune.algebra import FLINT, precision, whole_number

    with FLINT, precision(400):
        scaled = (number.real * flint.arb(2) ** 64 + flint.arb(1) / 2).floor()
        whole = whole_number(scaled.mid())
    if whole is None:
        raise UnsolvableError
    return Fraction(whole, 1 << 64)


def _quotients(gap: Expression) -> list[tuple[Polynomial, Polynomial]]:
    """The gap as polynomial over polynomial; one for each choice of sign of each absolute value."""
    absolute: list[Expression] = []
    _collect_abs(gap, absolute)
    if len(absolute) > MAX_SIGNS:
        raise UnsolvableError
    found = []
    for choice in range(1 << len(absolute)):
        signs = {term: 1 if choice >> at & 1 else -1 for at, term in enumerate(absolute)}
        found.append(_quotient(gap, signs))
    found.extend(
        _quotient(term.arguments[0], {})
        for term in absolute
        if isinstance(term, Apply) and not _has_abs(term.arguments[0])
    )
    return found


def _collect_abs(value: Expression, found: list[Expression]) -> None:
    if isinstance(value, Apply):
        if value.name != "abs":
            raise UnsolvableError
        if value not in found:
            found.append(value)
        _collect_abs(value.arguments[0], found)
    for part in _parts(value):
        _collect_abs(part, found)


def _quotient(value: Expression, signs: dict[Expression, int]) -> tuple[Polynomial, Polynomial]:
    if isinstance(value, Rational):
        return [value.value], [Fraction(1)]
    if isinstance(value, Variable):
        return [Fraction(0), Fraction(1)], [Fraction(1)]
    if isinstance(value, Add):
        return _added([_quotient(term, signs) for term in value.terms])
    if isinstance(value, Multiply):
        numerator, denominator = [Fraction(1)], [Fraction(1)]
        for factor in value.factors:
            top, below = _quotient(factor, signs)
            numerator, denominator = _times(numerator, top), _times(denominator, below)
        return numerator, denominator
    if isinstance(value, Power):
        return _powered(value, signs)
    if isinstance(value, Apply) and value in signs:
        top, below = _quotient(value.arguments[0], signs)
        return [signs[value] * c for c in top], below
    raise UnsolvableError


def _powered(value: Power, signs: dict[Expression, int]) -> tuple[Polynomial, Polynomial]:
    exponent = value.exponent
    if (
        not isinstance(exponent, Rational)
        or exponent.value.denominator != 1
        or abs(exponent.value) > MAX_DEGREE
    ):
        raise UnsolvableError
    top, below = _quotient(value.base, signs)
    numerator, denominator = [Fraction(1)], [Fraction(1)]
    for _ in range(abs(int(exponent.value))):
        numerator, denominator = _times(numerator, top), _times(denominator, below)
    return (numerator, denominator) if exponent.value > 0 else (denominator, numerator)


def _added(parts: list[tuple[Polynomial, Polynomial]]) -> tuple[Polynomial, Polynomial]:
    numerator, denominator = parts[0]
    for top, below in parts[1:]:
        if below == denominator:
            numerator = _plus(numerator, top)
        else:
            numerator = _plus(_times(numerator, below), _times(top, denominator))
            denominator = _times(denominator, below)
    return numerator, denominator


def _plus(one: Polynomial, other: Polynomial) -> Polynomial:
    size = max(len(one), len(other))
    padded = [[*p, *[Fraction(0)] * (size - len(p))] for p in (one, other)]
    return [a + b for a, b in zip(*padded, strict=True)]


def _times(one: Polynomial, other: Polynomial) -> Polynomial:
    if len(one) + len(other) > MAX_DEGREE + 2:
        raise UnsolvableError
    product = [Fraction(0)] * (len(one) + len(other) - 1)
    for at, a in enumerate(one):
        if a:
            for place, b in enumerate(other):
                product[at + place] += a * b
    return product


def _real_roots(polynomial: Polynomial, budget: Budget) -> list[Expression]:
    """The real roots, exact: rational, by the quadratic formula, or as the n-th root of a polynomial."""
    import flint

    while polynomial and not polynomial[-1]:
        polynomial = polynomial[:-1]
    if len(polynomial) < 2:
        return []
    budget.spend(4 * len(polynomial) ** 2)
    scale = 1
    for coefficient in polynomial:
        scale *= coefficient.denominator
        if scale.bit_length() > 2_000:
            raise UnsolvableError
    whole = flint.fmpz_poly([int(c * scale) for c in polynomial])
    roots: list[Expression] = []
    for factor, _times_over in whole.factor()[1]:
        roots.extend(_roots_of_factor([int(c) for c in factor.coeffs()]))
    return roots


def _roots_of_factor(coefficients: list[int]) -> list[Expression]:
    if len(coefficients) == 2:
        return [rational(-coefficients[0], coefficients[1])]
    if len(coefficients) == 3:
        c, b, a = coefficients
        inner = b * b - 4 * a * c
        if inner < 0:
            return []
        surd = power(rational(inner), rational(1, 2))
        return [divide(add(rational(-b), term), rational(2 * a)) for term in (negate(surd), surd)]
    return [polynomial_root(coefficients, at) for at in range(_real_count(coefficients))]


def _real_count(coefficients: list[int]) -> int:
    import flint

    return sum(
        1 for root, _times_over in flint.fmpz_poly(coefficients).complex_roots() if root.imag.is_zero()
    )
