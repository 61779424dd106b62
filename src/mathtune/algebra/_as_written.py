"""Sums and integrals without a value here: two are the same if one can be written as the other.

The index may be shifted and renamed, constants drawn in, the first terms split off, neighbours taken
together, sums and integrals over one range added. What remains the same on both sides counts as one unknown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from ._expression import (
    Add,
    Apply,
    Bound,
    Multiply,
    Power,
    Rational,
    Variable,
    add,
    apply,
    infinite_sign,
    multiply,
    negate,
    nodes,
    power,
    rational,
    substitute,
    symbols,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._expression import Expression

    Equal = Callable[[Expression, Expression], bool]

__all__ = ["WHOLE", "same_as_written", "work_as_written"]

# An index is named by this and its depth, so that comparisons know it for a whole number.
WHOLE = "#whole"
_REAL = "#real"
_LINEAR = ("sum", "int")


def same_as_written(first: Expression, second: Expression, equal: Equal) -> bool:
    """Whether two expressions with sums or integrals are the same but for the way of writing them.

    Args:
        first: One expression.
        second: The other.
        equal: Whether two expressions are the same; a variable that is called `WHOLE_...` is a whole number.
    """
    depth = _depth(symbols(first) | symbols(second))
    one, other = _normal(first, depth), _normal(second, depth)
    seen: list[Bound] = []

    def known(bound: Bound) -> int | None:
        return next((place for place, other in enumerate(seen) if _same_bound(bound, other, equal)), None)

    def name(bound: Bound) -> Expression:
        if _has_ends(bound):
            return _between(bound, known, seen)
        place = known(bound)
        if place is None:
            seen.append(bound)
        return Variable(f"#{len(seen) - 1 if place is None else place}")

    return equal(_abstract(one, name), _abstract(other, name)) or _same_series(one, other, equal)


def work_as_written(first: Expression, second: Expression) -> int:
    """The nodes that this may visit: each sum or integral is written anew with all that it holds."""
    parts = [*nodes(first), *nodes(second)]
    return len(parts) * sum(type(part) is Bound for part in parts)


def _depth(names: frozenset[str]) -> int:
    """The first depth of which no index is free: that of the terms of a series is."""
    taken = [int(name.rpartition("_")[2]) for name in names if name.startswith((f"{WHOLE}_", f"{_REAL}_"))]
    return 1 + max(taken, default=-1)


def _has_ends(bound: Bound) -> bool:
    """An integral between two places, which is a difference of values of one function."""
    ends = (bound.lower, bound.upper)
    return bound.kind == "int" and not any(end is None or infinite_sign(end) for end in ends)


def _between(bound: Bound, known: Callable[[Bound], int | None], seen: list[Bound]) -> Expression:
    """The value of the primitive at the upper end less that at the lower, or its opposite."""
    free, sign = attrs.evolve(bound, lower=None, upper=None), 1
    place = known(free)
    if place is None:
        place, sign = known(attrs.evolve(free, body=negate(free.body))), -1
    if place is None:
        seen.append(free)
        place, sign = len(seen) - 1, 1
    upper, lower = (Apply(f"#{place}(", (end,)) for end in (bound.upper, bound.lower) if end is not None)
    return multiply(rational(sign), add(upper, negate(lower)))


def _normal(expression: Expression, depth: int) -> Expression:
    """Indices from 0 and named by their depth, constants drawn in, and one sum or integral for each range."""
    if isinstance(expression, Bound):
        return _normal_bound(expression, depth)
    if isinstance(expression, Add):
        return _added([_normal(term, depth) for term in expression.terms])
    if isinstance(expression, Multiply):
        return _drawn_in([_normal(factor, depth) for factor in expression.factors])
    if isinstance(expression, Power):
        return power(_normal(expression.base, depth), _normal(expression.exponent, depth))
    if isinstance(expression, Apply):
        return apply(expression.name, *(_normal(argument, depth) for argument in expression.arguments))
    return expression


def _normal_bound(bound: Bound, depth: int) -> Bound:
    counted = bound.kind in ("sum", "prod")
    index = Variable(f"{WHOLE if counted else _REAL}_{depth}")
    start = bound.lower if counted and isinstance(bound.lower, Rational) else rational(0)
    body = _normal(substitute(bound.body, _sequences(bound)), depth + 1)
    body = substitute(body, {bound.variable: add(index, start)})
    lower, upper = (None if end is None else _normal(end, depth) for end in (bound.lower, bound.upper))
    if lower is not None and upper is not None and start != rational(0):
        lower, upper = rational(0), upper if infinite_sign(upper) else add(upper, negate(start))
    return Bound(bound.kind, index.name, body, lower, upper)


def _sequences(bound: Bound) -> dict[str, Expression]:
    """`a_n` and `a_{n+1}` under a sum over n as a function of n that nobody knows."""
    found: dict[str, Expression] = {}
    for name in symbols(bound.body):
        base, _, place = name.partition("_")
        shift = _PLACE.match(place.replace("(", "").replace(")", "")) if place else None
        if shift and shift[1] == bound.variable:
            found[name] = Apply(f"{base}_(", (add(Variable(bound.variable), rational(int(shift[2] or 0))),))
    return found


_PLACE = re.compile(r"([A-Za-z]+)([+-]\d{1,3})?\Z")


def _drawn_in(factors: list[Expression]) -> Expression:
    """A product with one sum or integral is that of the product."""
    linear = [factor for factor in factors if isinstance(factor, Bound)]
    if len(linear) != 1 or linear[0].kind not in (*_LINEAR, "lim"):
        return multiply(*factors)
    bound = linear[0]
    rest = [factor for factor in factors if factor is not bound]
    if any(bound.variable in symbols(factor) for factor in rest):
        return multiply(*factors)
    return attrs.evolve(bound, body=_drawn_in([*rest, bound.body]))


def _added(terms: list[Expression]) -> Expression:
    """A sum in which sums and integrals over one range are one."""
    ranges: dict[tuple[str, Expression | None, Expression | None], list[Bound]] = {}
    rest: list[Expression] = []
    for term in terms:
        if isinstance(term, Bound) and term.kind in _LINEAR:
            ranges.setdefault((term.kind, term.lower, term.upper), []).append(term)
        else:
            rest.append(term)
    joined = (attrs.evolve(same[0], body=_added([b.body for b in same])) for same in ranges.values())
    return add(*rest, *joined)


def _same_bound(one: Bound, other: Bound, equal: Equal) -> bool:
    if one.kind != other.kind or one.variable != other.variable:
        return False
    for left, right in ((one.lower, other.lower), (one.upper, other.upper), (one.body, other.body)):
        if left is None or right is None:
            if left is not right:
                return False
        elif left != right and not equal(left, right):
            return False
    return True


def _abstract(expression: Expression, name: Callable[[Bound], Expression]) -> Expression:
    if isinstance(expression, Bound):
        return name(expression)
    if isinstance(expression, Add):
        return add(*(_abstract(term, name) for term in expression.terms))
    if isinstance(expression, Multiply):
        return multiply(*(_abstract(factor, name) for factor in expression.factors))
    if isinstance(expression, Power):
        return power(_abstract(expression.base, name), _abstract(expression.exponent, name))
    if isinstance(expression, Apply):
        return apply(expression.name, *(_abstract(argument, name) for argument in expression.arguments))
    return expression


def _same_series(first: Expression, second: Expression, equal: Equal) -> bool:
    """Infinite series of which one starts later, or takes two terms of the other at a time."""
    one, other = _series(first), _series(second)
    if one is None or other is None:
        return False
    return any(
        look(*sides, equal) for look in (_starts_later, _takes_two) for sides in ((one, other), (other, one))
    )


@attrs.frozen
class _Series:
    """An infinite sum from 0, by its terms, and what is added to it."""

    terms: Expression
    index: str
    rest: Expression

    def term(self, place: Expression) -> Expression:
        return substitute(self.terms, {self.index: place})


def _series(expression: Expression) -> _Series | None:
    terms = expression.terms if isinstance(expression, Add) else (expression,)
    infinite = [term for term in terms if isinstance(term, Bound) and _is_infinite(term)]
    if len(infinite) != 1:
        return None
    rest = add(*(term for term in terms if term is not infinite[0]))
    return _Series(infinite[0].body, infinite[0].variable, rest)


def _is_infinite(bound: Bound) -> bool:
    upper = bound.upper
    return (
        bound.kind == "sum" and bound.lower == rational(0) and upper is not None and infinite_sign(upper) > 0
    )


# So many terms may stand before the sign of a series.
_MOST_SPLIT_OFF = 2


def _starts_later(one: _Series, other: _Series, equal: Equal) -> bool:
    r"""`1 + x + \sum_{n=2}^\infty x^n` is the series from 0."""
    index = Variable(other.index)
    for count in range(1, _MOST_SPLIT_OFF + 1):
        if equal(one.term(add(index, rational(count))), other.terms):
            split_off = (one.term(rational(place)) for place in range(count))
            return equal(add(one.rest, *split_off), other.rest)
    return False


def _takes_two(one: _Series, other: _Series, equal: Equal) -> bool:
    """Every other term may be zero, as in the sine series of an odd function."""
    twice = multiply(rational(2), Variable(other.index))
    pair = add(one.term(twice), one.term(add(twice, rational(1))))
    return equal(one.rest, other.rest) and equal(pair, other.terms)
