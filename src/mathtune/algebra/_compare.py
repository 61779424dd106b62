"""Are two exact expressions the same function of their variables?

In this order: the same expression; two rational numbers; rational functions modulo primes; balls at rising
precision. `DIFFERENT` is proved. `EQUAL` is exact for rational numbers, certain but for a negligible chance
modulo primes, and otherwise means agreement to at least 18 digits at several points of the common domain
(constants: to 150 digits).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from ._as_written import WHOLE, same_as_written, work_as_written
from ._expression import Rational, Variable, infinite_sign
from ._match import Match
from ._numeric import Setting, same_values
from ._points import INTEGER_NAMES
from ._residue import FIELDS, is_rational, residue
from ._traits import has_bound

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._budget import Budget
    from ._expression import Expression

__all__ = ["Comparison", "compare"]


@attrs.frozen
class Comparison:
    """The match, and the means that decided it: `same`, `exact`, `modular`, `as written`, `numeric`."""

    match: Match
    means: str


_PLAIN = (Rational, Variable)
_EQUAL = Comparison(Match.EQUAL, "exact")
_DIFFERENT = Comparison(Match.DIFFERENT, "exact")


def compare(
    first: Expression,
    second: Expression,
    budget: Budget,
    *,
    common_log: bool = False,
    integers: frozenset[str] = INTEGER_NAMES,
) -> Comparison:
    r"""Compare two expressions.

    Args:
        first: One expression.
        second: The other.
        budget: The work it may cost.
        common_log: Whether a bare `\log` has base 10.
        integers: The variables that run over the integers.

    >>> from mathtune.algebra import Budget, Variable, add, power, rational
    >>> x = Variable("x")
    >>> square = power(add(x, rational(1)), rational(2))
    >>> compare(square, add(power(x, rational(2)), rational(1)), Budget()).match
    <Match.DIFFERENT: 'different'>
    """
    if type(first) in _PLAIN and type(second) in _PLAIN:
        return _EQUAL if first == second else _DIFFERENT
    if first == second:
        return Comparison(Match.EQUAL, "same")
    ends = infinite_sign(first), infinite_sign(second)
    if any(ends):
        return _EQUAL if ends[0] == ends[1] else _DIFFERENT
    return _compare(first, second, Setting(budget, common_log, integers))


def _compare(first: Expression, second: Expression, setting: Setting) -> Comparison:
    if is_rational(first) and is_rational(second):
        match = _compare_residues(first, second, setting.budget)
        if match is not Match.UNKNOWN:
            return Comparison(match, "modular")
    if has_bound(first) and has_bound(second):
        setting.budget.spend(work_as_written(first, second))
        if same_as_written(first, second, _equality(setting)):
            return Comparison(Match.EQUAL, "as written")
    return Comparison(same_values(first, second, setting), "numeric")


def _compare_residues(first: Expression, second: Expression, budget: Budget) -> Match:
    agreed = 0
    for field in range(len(FIELDS)):
        left = residue(first, field, budget)
        right = residue(second, field, budget)
        if left is None or right is None:
            continue
        if left != right:
            return Match.DIFFERENT
        agreed += 1
    return Match.EQUAL if agreed else Match.UNKNOWN


def _equality(setting: Setting) -> Callable[[Expression, Expression], bool]:
    """Whether two parts of the expressions are the same."""
    integers = setting.integers | {WHOLE}

    def equal(first: Expression, second: Expression) -> bool:
        found = compare(first, second, setting.budget, common_log=setting.common_log, integers=integers)
        return found.match is Match.EQUAL

    return equal
