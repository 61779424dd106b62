"""Sums and products with dots: `1 + 2 + ... + n`, `a_0 + a_1 + ... + a_k`, `1 + x + x^2/2 + ...`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from mathtune.algebra import (
    Apply,
    Bound,
    Budget,
    Expression,
    Match,
    Rational,
    Variable,
    add,
    compare,
    divide,
    multiply,
    negate,
    rational,
    substitute,
    symbols,
)

from ._values import NotScalarError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["product_with_dots", "with_dots"]


def with_dots(shown: list[Expression], at: int) -> Expression:
    """The sum of a progression; else one unknown, named by its terms, or by its ends if they are letters.

    Terms before the run (`n - (...)` has its own group) do not occur in answers, so the whole sum is the run.

    Args:
        shown: The terms without the dots.
        at: The place of the dots.

    Raises:
        NotScalarError: The dots stand first, or among several terms behind them.
    """
    general = _by_general_term(shown, at, "sum")
    if general is not None:
        return general
    progression = _progression(shown, at)
    if progression is not None:
        return progression
    if at == len(shown) and at > 1:
        return _endless(shown)
    if at == 0 or at != len(shown) - 1:
        raise NotScalarError
    names = [term.name for term in shown if isinstance(term, Variable)]
    if len(names) == len(shown) and _are_successive(names[:at]):  # a_0 + a_1 + ... + a_k: its ends name it
        shown = [shown[0], shown[-1]]
    return Apply("ellipsis", tuple(sorted(shown, key=repr)))


def _endless(shown: list[Expression]) -> Expression:
    """`1/2 + 1/4 + 1/8 + ...` has a sum; else the terms shown name the series, of `a_1 + a_3 + ...` two."""
    ratio = divide(shown[1], shown[0])
    falls = isinstance(ratio, Rational) and abs(ratio.value) < 1
    if len(shown) >= _SHOWN_OF_RATIO and falls and _steady(shown, lambda a: multiply(a, ratio)):
        return divide(shown[0], add(rational(1), negate(ratio)))
    names = [term.name for term in shown if isinstance(term, Variable)]
    if len(names) == len(shown) > 1 and _step_of(names):
        shown = shown[:2]
    return Apply("series(", tuple(shown))


_LONGEST_INDEX = 9  # digits


def _are_successive(names: list[str]) -> bool:
    """Whether letters go on by one each time, where their indices are numbers: a_0, a_1, a_2."""
    if not all(name.partition("_")[2].isdecimal() for name in names):
        return True
    return len(names) == 1 or _step_of(names) in (1, -1)


def _step_of(names: list[str]) -> int | None:
    """The step from each index to the next, where it is the same for all: 2 of a_1, a_3, a_5."""
    places = [name.partition("_")[2] for name in names]
    if not all(place.isdecimal() and len(place) <= _LONGEST_INDEX for place in places):
        return None
    steps = {int(after) - int(place) for place, after in itertools.pairwise(places)}
    return steps.pop() if len(steps) == 1 == len({name.partition("_")[0] for name in names}) else None


def product_with_dots(shown: list[Expression], at: int) -> Expression:
    """The product of `1 · 3 · 5 ⋯ (2n - 1)`, `n(n - 1)(n - 2) ⋯ 1`: by its last factor, or in equal steps.

    Raises:
        NotScalarError: Neither shows how the factors go on.
    """
    found = _by_general_term(shown, at, "prod")
    if found is not None:
        return found
    step = _step(shown[0], shown[1]) if at > 1 else rational(1)
    if step is None or at != len(shown) - 1:
        raise NotScalarError
    if not _steady(shown[:-1], lambda a: add(a, step)):
        raise NotScalarError
    count = divide(add(shown[-1], negate(shown[0])), step)
    factor = add(shown[0], multiply(step, Variable(_INDEX)))
    return Bound("prod", _INDEX, factor, rational(0), count)


def _step(first: Expression, second: Expression) -> Rational | None:
    """The number by which the second factor is larger; None where it is none, or 0."""
    gap = add(second, negate(first))
    there = substitute(gap, dict.fromkeys(symbols(gap), rational(7)))
    if not isinstance(there, Rational) or not there.value:
        return None
    return there if compare(gap, there, Budget(500)).match is Match.EQUAL else None


_INDEX = "#place"


def _by_general_term(shown: list[Expression], at: int, kind: str) -> Expression | None:
    r"""`1 + \frac12 + ... + \frac1n`: the last term is the general one if those before it are its first."""
    if at != len(shown) - 1 or at < 2:
        return None
    letters = symbols(shown[-1]) & _COUNTING
    name = next(iter(letters)) if len(letters) == 1 else None
    if name is None or any(name in symbols(term) for term in shown[:-1]):
        return None
    for start in (1, 0, 2):
        first = [substitute(shown[-1], {name: rational(start + place)}) for place in range(at)]
        pairs = zip(first, shown[:-1], strict=True)
        if all(compare(one, term, Budget(500)).match is Match.EQUAL for one, term in pairs):
            body = substitute(shown[-1], {name: Variable(_INDEX)})
            return Bound(kind, _INDEX, body, rational(start), Variable(name))
    return None


_COUNTING = frozenset("nNmk")


def _progression(shown: list[Expression], at: int) -> Expression | None:
    """The sum of `1 + 2 + ... + n` and of `1 + x + x^2 + ... + x^{n-1}`: in equal steps or ratios."""
    if at != len(shown) - 1 or at < 2 or all(isinstance(term, Variable) for term in shown):
        return None
    first, second, last = shown[0], shown[1], shown[-1]
    step = add(second, negate(first))
    if isinstance(step, Rational) and step.value and _steady(shown[:-1], lambda a: add(a, step)):
        terms = add(divide(add(last, negate(first)), step), rational(1))
        return divide(multiply(terms, add(first, last)), rational(2))
    if at < _SHOWN_OF_RATIO and not symbols(second):
        return None
    ratio = divide(second, first)
    if ratio == rational(1) or not _steady(shown[:-1], lambda a: multiply(a, ratio)):
        return None
    return divide(add(multiply(last, ratio), negate(first)), add(ratio, rational(-1)))


# 1 + 2 + ... + 64 may be either; three terms tell.
_SHOWN_OF_RATIO = 3


def _steady(terms: list[Expression], following: Callable[[Expression], Expression]) -> bool:
    pairs = itertools.pairwise(terms)
    return all(compare(following(one), other, Budget(500)).match is Match.EQUAL for one, other in pairs)
