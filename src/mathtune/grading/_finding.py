"""What a comparison of values finds, and the task that it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import (
    Budget,
    Expression,
    Match,
    Rational,
    Variable,
    compare,
    has_kink,
    has_log,
    power,
    rational,
    substitute,
    symbols,
)

from ._asked import NOTHING_ASKED, Asked
from ._families import free_names
from ._in_plane import differ_in_plane
from ._verdict import Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from mathtune.policy import Policy

    from ._values import Value

    # How a rule of comparing gets at the parts of values.
    Matcher = Callable[["Task", Value, Value], "Finding"]

__all__ = ["OTHER", "OTHER_COUNT", "OTHER_KIND", "SAME", "UNKNOWN", "Finding", "Matcher", "Task"]


@attrs.frozen
class Finding:
    """A match and its reason."""

    match: Match
    reason: Reason
    outcome: Outcome = attrs.field(init=False, eq=False, repr=False)
    equal: bool = attrs.field(init=False, eq=False, repr=False)

    @outcome.default
    def _outcome_of_match(self) -> Outcome:
        return _OUTCOMES[self.match]

    @equal.default
    def _is_equal(self) -> bool:
        return self.match is Match.EQUAL


_OUTCOMES = {
    Match.EQUAL: Outcome.EQUAL,
    Match.DIFFERENT: Outcome.DIFFERENT,
    Match.UNKNOWN: Outcome.UNDECIDED,
}


SAME = Finding(Match.EQUAL, Reason.SAME_VALUE)


OTHER = Finding(Match.DIFFERENT, Reason.DIFFERENT_VALUE)


OTHER_KIND = Finding(Match.DIFFERENT, Reason.DIFFERENT_KIND)


OTHER_COUNT = Finding(Match.DIFFERENT, Reason.DIFFERENT_COUNT)


UNKNOWN = Finding(Match.UNKNOWN, Reason.NO_COMMON_DOMAIN)


@attrs.define
class Task:
    """One comparison: the policy, the work left, what is said about logarithms, what the problem asks."""

    policy: Policy
    budget: Budget
    ambiguous_log: bool = True
    asked: Asked = NOTHING_ASKED
    _names: dict[int, tuple[Value, frozenset[str]]] = attrs.field(factory=dict)

    def names(self, value: Value) -> frozenset[str]:
        """The free variables of a value, worked out once: look after look asks for them."""
        known = self._names.get(id(value))
        if known is None:  # with the value itself, so that its id stays its own
            known = self._names[id(value)] = (value, free_names(value))
        return known[1]

    def same(self, first: Expression, second: Expression) -> Match:
        """Whether two expressions are the same."""
        if type(first) is Rational and type(second) is Rational:
            return Match.EQUAL if first.value == second.value else Match.DIFFERENT
        base = self.policy.log_base
        found = compare(first, second, self.budget, common_log=base == "10").match
        if found is Match.EQUAL:
            return Match.DIFFERENT if differ_in_plane(first, second, self.budget) else found
        if self.ambiguous_log and base == "either" and (has_log(first) or has_log(second)):
            other = compare(first, second, self.budget, common_log=True).match
            if other is Match.EQUAL:
                return other
        return self._on_domain(first, second) or found

    def _on_domain(self, first: Expression, second: Expression) -> Match | None:
        """Equal where the letters have the values that the problem allows, as positive ones."""
        names = symbols(first)
        if "epsilon" not in names and self.asked.context is None:
            return None
        if not names or symbols(second) != names:
            return None
        domain = {name: value for name, value in self.asked.domain.items() if name in names}
        if "epsilon" in names and (has_kink(first) or has_kink(second)):
            # a small parameter: such problems are posed for x and t from 0 on
            domain = {name: power(Variable(name), rational(2)) for name in ("epsilon", "x", "t")} | domain
        if not domain:
            return None
        sides = substitute(first, domain), substitute(second, domain)
        return Match.EQUAL if compare(*sides, self.budget).match is Match.EQUAL else None
