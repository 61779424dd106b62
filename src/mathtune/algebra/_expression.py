"""Exact expressions: what a scalar answer means.

Constructors fold rational arithmetic as they build, so a rational number is always one `Rational`, and
anything that could explode (`9^{9^9}`) stays as it is, by its size, before it is computed.
"""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

import functools
import math
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

from ._budget import BudgetExceededError
from ._folds import FOLDS, folded_power

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "Add",
    "Apply",
    "Bound",
    "Constant",
    "Expression",
    "Multiply",
    "Power",
    "Rational",
    "Variable",
    "add",
    "apply",
    "divide",
    "infinite_sign",
    "multiply",
    "negate",
    "nodes",
    "polynomial_root",
    "power",
    "rational",
    "size",
    "substitute",
    "symbols",
    "with_real_roots",
]


def _written(value: Fraction) -> str:
    """Give what `repr` gives; in hexadecimal digits beyond the 4,300 that Python makes decimal ones of."""
    above, below = value.as_integer_ratio()
    if max(above.bit_length(), below.bit_length()) < _MOST_BITS:
        return repr(value)
    return f"Fraction({above:#x}, {below:#x})"


_MOST_BITS = 14_000


@attrs.frozen
class Rational:
    """An exact rational number; `digits` are the decimals it was written with, `None` if written exactly."""

    # two integers are compared and hashed much faster than two fractions
    value: Fraction = attrs.field(eq=Fraction.as_integer_ratio, repr=_written)
    digits: int | None = attrs.field(default=None, eq=False)


@attrs.frozen
class Constant:
    """`pi`, `e`, `i`, `infty`, `phi`."""

    name: str


@attrs.frozen
class Variable:
    """A free letter; `x_1` and `f'` are names of their own."""

    name: str


class _Compound:
    """What has parts; its free names are kept once they were asked for, as nearly every rule asks again."""

    __slots__ = ("names",)
    names: frozenset[str]


@attrs.frozen
class Add(_Compound):
    """A sum."""

    terms: tuple[Expression, ...]


@attrs.frozen
class Multiply(_Compound):
    """A product."""

    factors: tuple[Expression, ...]


@attrs.frozen
class Power(_Compound):
    """A power; roots are powers with a rational exponent."""

    base: Expression
    exponent: Expression


@attrs.frozen
class Apply(_Compound):
    """A function by name; `real` roots and unknown functions are names too."""

    name: str
    arguments: tuple[Expression, ...]


@attrs.frozen
class Bound(_Compound):
    """A sum, product, integral, limit or derivative with its own variable."""

    kind: str
    variable: str
    body: Expression
    lower: Expression | None
    upper: Expression | None


Expression = Rational | Constant | Variable | Add | Multiply | Power | Apply | Bound

ZERO = Rational(Fraction(0))
ONE = Rational(Fraction(1))
MINUS_ONE = Rational(Fraction(-1))
INFINITY = Constant("infty")


@functools.lru_cache(maxsize=512)
def rational(numerator: int, denominator: int = 1) -> Rational:
    """An exact fraction of integers."""
    return Rational(Fraction(numerator) if denominator == 1 else Fraction(numerator, denominator))


def add(*terms: Expression) -> Expression:
    """The sum, with its rational terms folded into one."""
    total: Rational | None = None
    rest: list[Expression] = []
    for term in terms:
        if type(term) is Rational:
            total = term if total is None else _plus(total, term)
        elif type(term) is Add:
            rest.extend(term.terms)
        else:
            rest.append(term)
    if not rest:
        return ZERO if total is None else _undecimal(total)
    if total is not None and total.value:
        rest.append(_undecimal(total))
    return rest[0] if len(rest) == 1 else Add(tuple(rest))


def multiply(*factors: Expression) -> Expression:
    """The product, with its rational factors folded into one."""
    total: Rational | None = None
    rest: list[Expression] = []
    for factor in factors:
        if type(factor) is Rational:
            total = factor if total is None else _times(total, factor)
        elif type(factor) is Multiply:
            for inner in factor.factors:
                if type(inner) is Rational:
                    total = inner if total is None else _times(total, inner)
                else:
                    rest.append(inner)
        else:
            rest.append(factor)
    if not rest:
        return ONE if total is None else _undecimal(total)
    if total is not None and total.value != 1:
        rest.insert(0, _undecimal(total))
    return rest[0] if len(rest) == 1 else Multiply(tuple(rest))


def _undecimal(number: Rational) -> Rational:
    """The number as a part of a sum or product, which keeps no decimals."""
    return number if number.digits is None else Rational(number.value)


def _plus(first: Rational, second: Rational) -> Rational:
    """The sum; it is fractions whose digits add up."""
    below, under = first.value.denominator, second.value.denominator
    _keep_short(below, under, _LONGEST_BELOW)
    return Rational(first.value + second.value)


def _times(first: Rational, second: Rational) -> Rational:
    """The product; whole numbers, as most are, need no greatest common divisors."""
    (one, below), (other, under) = first.value.as_integer_ratio(), second.value.as_integer_ratio()
    _keep_short(one, other)
    _keep_short(below, under)
    return rational(one * other, below * under)


# Bits of a number that sums or products of numbers come to; each sum of fractions asks for common divisors.
_LONGEST = 60_000
_LONGEST_BELOW = 20_000


def _keep_short(first: int, second: int, most: int = _LONGEST) -> None:
    """Refuse to go on with numbers that grow with each term or factor of an answer.

    Raises:
        BudgetExceededError: Their product is too long.
    """
    if first.bit_length() + second.bit_length() > most:
        raise BudgetExceededError


def negate(term: Expression) -> Expression:
    """Minus one times the term; a decimal keeps its digits."""
    if type(term) is Rational:
        above, below = term.value.as_integer_ratio()
        return rational(-above, below) if term.digits is None else Rational(-term.value, term.digits)
    return multiply(MINUS_ONE, term)


def divide(numerator: Expression, denominator: Expression) -> Expression:
    """The quotient; a division by zero stays unfolded and has no value."""
    under, over = denominator.value.as_integer_ratio() if type(denominator) is Rational else (0, 1)
    if not under:
        return multiply(numerator, power(denominator, MINUS_ONE))
    if type(numerator) is Rational:
        above, below = numerator.value.as_integer_ratio()
        return rational(above * over, below * under)
    return multiply(numerator, rational(over, under))


def power(base: Expression, exponent: Expression) -> Expression:
    """The power, folded where the result is rational and not too large."""
    if type(exponent) is not Rational:
        return Power(base, exponent)
    if type(base) is Rational:
        folded = folded_power(base.value, exponent.value)
        if folded is not None:
            return Rational(folded)
    return base if exponent.value == 1 else Power(base, exponent)


def apply(name: str, *arguments: Expression) -> Expression:
    """A function of its arguments, folded where integers make it cheap."""
    arity, fold = FOLDS.get(name, (0, None))
    if fold is not None and arity in (0, len(arguments)) and all(type(a) is Rational for a in arguments):
        values = [a.value for a in arguments if type(a) is Rational]
        folded = fold(*values) if arity or len(values) > 1 else values[0]
        if folded is not None:
            return Rational(folded)
    if name == "mod" and type(arguments[-1]) is Rational:
        remainder = _remainder(arguments[0], arguments[-1].value)
        if remainder is not None:
            return Rational(Fraction(remainder))
    return Apply(name, arguments)


# A remainder's modulus, and the exponents in it: what they ask for takes some tens of microseconds.
_MOST_BITS = 256


def _remainder(value: Expression, modulus: Fraction) -> int | None:
    """What a whole number leaves, also where it has powers that are too large to be written down."""
    whole = modulus.numerator
    if modulus.denominator != 1 or whole <= 0 or whole.bit_length() > _MOST_BITS:
        return None
    if isinstance(value, Rational):
        return value.value.numerator % whole if value.value.denominator == 1 else None
    if isinstance(value, Power):
        base, exponent = _remainder(value.base, modulus), value.exponent
        if base is None or not isinstance(exponent, Rational) or exponent.value.denominator != 1:
            return None
        raised = exponent.value.numerator
        return pow(base, raised, whole) if 0 < raised < 1 << _MOST_BITS else None
    if not isinstance(value, (Add, Multiply)):
        return None
    parts = value.terms if isinstance(value, Add) else value.factors
    known = [left for part in parts if (left := _remainder(part, modulus)) is not None]
    if len(known) < len(parts):
        return None
    return (sum(known) if isinstance(value, Add) else math.prod(known)) % whole


def polynomial_root(coefficients: list[int], place: int) -> Expression:
    """The real root at a place (from 0, in ascending order) of a polynomial, constant coefficient first."""
    return Apply("polynomial root", (rational(place), *(rational(c) for c in coefficients)))


def infinite_sign(expression: Expression) -> int:
    """1 for infinity, -1 for minus infinity, 0 for everything else."""
    if type(expression) is not Multiply:
        return int(_is_infinity(expression))
    factors = expression.factors
    if Constant not in map(type, factors) or not any(map(_is_infinity, factors)):
        return 0
    return -1 if isinstance(factors[0], Rational) and factors[0].value < 0 else 1


def _is_infinity(expression: Expression) -> bool:
    return type(expression) is Constant and expression.name == "infty"


def symbols(expression: Expression) -> frozenset[str]:
    """The names of the free variables."""
    kind = type(expression)
    if kind is Rational or kind is Constant:
        return _NO_NAMES
    if kind is Variable:
        return frozenset((expression.name,))  # type: ignore[union-attr]
    try:
        return expression.names  # type: ignore[union-attr]
    except AttributeError:
        names = _names(expression)
        object.__setattr__(expression, "names", names)  # the value of a frozen class stays what it is
        return names


def _names(expression: Expression) -> frozenset[str]:
    found = nodes(expression, bodies=False)
    kinds = set(map(type, found))
    names = _NO_NAMES
    if Variable in kinds:
        names = frozenset([node.name for node in found if type(node) is Variable])
    if Bound in kinds:
        names = names.union(*[_symbols_of_bound(node) for node in found if type(node) is Bound])
    return names


_NO_NAMES: frozenset[str] = frozenset()


def _symbols_of_bound(node: Bound) -> frozenset[str]:
    """The ends are outside of the sum or integral, where its variable may be a free one."""
    ends = [symbols(end) for end in (node.lower, node.upper) if end is not None]
    return (symbols(node.body) - {node.variable}).union(*ends)


def nodes(expression: Expression, *, bodies: bool = True) -> list[Expression]:
    """The expression and all its parts; without `bodies`, not what a sum, integral or limit is made of."""
    found = [expression]
    parts_of: Callable[[type], Callable[[Any], Iterable[Expression]] | None]
    parts_of = (_PARTS if bodies else _PARTS_OUTSIDE).get
    for node in found:  # the list grows while it is gone through
        parts = parts_of(type(node))
        if parts is not None:
            found += parts(node)
    return found


def _parts_of_bound(node: Bound) -> list[Expression]:
    return [part for part in (node.body, node.lower, node.upper) if part is not None]


_PARTS_OUTSIDE: dict[type, Callable[[Any], Iterable[Expression]]] = {
    Multiply: attrgetter("factors"),
    Add: attrgetter("terms"),
    Power: attrgetter("base", "exponent"),
    Apply: attrgetter("arguments"),
}
_PARTS: dict[type, Callable[[Any], Iterable[Expression]]] = {**_PARTS_OUTSIDE, Bound: _parts_of_bound}


def substitute(expression: Expression, values: dict[str, Expression]) -> Expression:
    """The expression with free variables (and constants, by their names) replaced."""
    if isinstance(expression, Rational):
        return expression
    if isinstance(expression, (Variable, Constant)):
        return values.get(expression.name, expression)
    if isinstance(expression, Add):
        return add(*[substitute(term, values) for term in expression.terms])
    if isinstance(expression, Multiply):
        return multiply(*[substitute(factor, values) for factor in expression.factors])
    if isinstance(expression, Power):
        return power(substitute(expression.base, values), substitute(expression.exponent, values))
    if isinstance(expression, Apply):
        return apply(expression.name, *(substitute(a, values) for a in expression.arguments))
    inner = {name: value for name, value in values.items() if name != expression.variable}
    return Bound(
        expression.kind,
        expression.variable,
        substitute(expression.body, inner),
        None if expression.lower is None else substitute(expression.lower, values),
        None if expression.upper is None else substitute(expression.upper, values),
    )


def with_real_roots(expression: Expression) -> Expression:
    """The expression with powers of odd denominators as real roots: (-8)^(1/3) becomes -2.

    >>> with_real_roots(power(rational(-8), rational(1, 3))).name
    'root'
    """
    if isinstance(expression, Add):
        return add(*map(with_real_roots, expression.terms))
    if isinstance(expression, Multiply):
        return multiply(*map(with_real_roots, expression.factors))
    if isinstance(expression, Apply):
        return apply(expression.name, *map(with_real_roots, expression.arguments))
    if not isinstance(expression, Power):
        return expression
    base, exponent = with_real_roots(expression.base), expression.exponent
    if isinstance(exponent, Rational) and exponent.value.denominator % 2 and exponent.value.denominator > 1:
        degree, times = rational(exponent.value.denominator), rational(exponent.value.numerator)
        return power(Apply("root", (base, degree)), times)
    return power(base, exponent)


def size(expression: Expression) -> int:
    """The nodes of an expression: what may grow on every step asks this first.

    >>> size(add(Variable("x"), rational(1)))
    3
    """
    return len(nodes(expression))
