"""Sequences by their general term and by recurrences: the index may be shifted, or have another letter.

`a_{n+1} = 2a_n + 1` is `a_n = 2a_{n-1} + 1`, and `a_n = 2^n` is `a_k = 2^k`.
"""

# ruff: noqa: FBT001  (every look has the same four arguments)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import Expression, Match, Rational, Variable, add, negate, rational, substitute, symbols

from ._equations import same_zeros
from ._families import free_names, rename
from ._finding import SAME
from ._matching import match
from ._values import Equation, Items, Labelled, Quantity, Value, formula_of

if TYPE_CHECKING:
    from ._finding import Finding, Task

__all__ = ["same_sequence"]

# A letter with an index letter, which may be shifted: a_n, a_n+1, a_(n - 1).
_TERM = re.compile(r"([A-Za-z])_\(?([ijkmn]) ?(?:([+-]) ?(\d{1,3}))?\)?\Z")

_START = re.compile(r"([A-Za-z])_(\d{1,3})\Z")


def same_sequence(task: Task, gold: Value, given: Value, says_integer: bool) -> Finding | None:
    """Whether two recurrences, or two general terms, say the same of a sequence."""
    del says_integer
    first, second = _recurrence(gold), _recurrence(given)
    if first is not None and second is not None:
        return same_zeros(task, first, second)
    if isinstance(gold, Labelled) and isinstance(given, Labelled):
        return _general_terms(task, gold, given)
    if isinstance(gold, Items) and isinstance(given, Items) and gold.kind == given.kind == "list":
        return _with_first_terms(task, gold, given)
    for listed, closed in ((gold, given), (given, gold)):
        if isinstance(listed, Items) and listed.kind == "list" and isinstance(closed, Labelled):
            return _solves(task, listed, closed)
    return None


def _solves(task: Task, listed: Items, closed: Labelled) -> Finding | None:
    """`a_1 = 1, a_{n+1} = 2a_n` beside `a_n = 2^{n-1}`, which obeys the rule and begins as it says."""
    rule, starts = _rule_and_starts(listed)
    term, formula = _TERM.match(closed.label), formula_of(closed)
    if rule is None or formula is None or not term or term[3] or symbols(formula) - {term[2]}:
        return None
    letter, index = term[1], term[2]
    shifts = {
        name: int(name.partition("+")[2]) for name in symbols(rule) if name.startswith(f"{letter}_{index}+")
    }
    if not shifts or len(starts.items) != max(shifts.values()):
        return None

    def at(place: Expression) -> Expression:
        return substitute(formula, {index: place})

    members = {name: at(add(Variable(index), rational(shift))) for name, shift in shifts.items()}
    obeys = task.same(substitute(rule, members), rational(0)) is Match.EQUAL
    for start in starts.items:
        found = _START.match(start.label) if isinstance(start, Labelled) else None
        value = formula_of(start)
        if not obeys or not found or found[1] != letter or value is None:
            return None
        obeys = task.same(at(rational(int(found[2]))), value) is Match.EQUAL
    return SAME if obeys else None


def _with_first_terms(task: Task, gold: Items, given: Items) -> Finding | None:
    """`a_1 = 1, a_{n+1} = 2a_n`: one recurrence each, and the same first terms."""
    (rule, starts), (other, others) = _rule_and_starts(gold), _rule_and_starts(given)
    if rule is None or other is None or not starts.items or not others.items:
        return None
    found = match(task, starts, others)
    return same_zeros(task, rule, other) if found.equal else found


def _rule_and_starts(items: Items) -> tuple[Expression | None, Items]:
    found = [_recurrence(item) for item in items.items]
    rules = [rule for rule in found if rule is not None]
    starts = tuple(item for item, rule in zip(items.items, found, strict=True) if rule is None)
    return rules[0] if len(rules) == 1 else None, attrs.evolve(items, items=starts)


def _general_terms(task: Task, gold: Labelled, given: Labelled) -> Finding | None:
    """The same letter with another index letter, which is renamed in the formula, or with another shift."""
    one, other = _TERM.match(gold.label), _TERM.match(given.label)
    if not one or not other or one[1] != other[1]:
        return None
    if one[2] == other[2]:
        return _shifted_terms(task, gold, given, one, other)
    if one[3] or other[3]:
        return None
    if one[2] not in free_names(gold.value) or one[2] in free_names(given.value):
        return None
    return match(task, gold.value, rename(given.value, other[2], one[2]))


def _shifted_terms(
    task: Task, gold: Labelled, given: Labelled, one: re.Match[str], other: re.Match[str]
) -> Finding | None:
    """`a_{n+1} = 2n + 1` and `a_n = 2n - 1`: each formula as that of the term n."""
    formulas = formula_of(gold), formula_of(given)
    if one[0] == other[0] or formulas[0] is None or formulas[1] is None:
        return None
    if not all(one[2] in symbols(formula) for formula in formulas if formula is not None):
        return None
    first, second = (
        substitute(formula, {term[2]: add(Variable(term[2]), rational(-_shift(term)))})
        for formula, term in zip(formulas, (one, other), strict=True)
        if formula is not None
    )
    return match(task, Quantity(first), Quantity(second))


def _shift(term: re.Match[str]) -> int:
    return int((term[3] or "+") + (term[4] or "0"))


def _recurrence(value: Value) -> Expression | None:
    """What a recurrence sets to zero, with the lowest index for n; None if it is none."""
    sides = _sides(value)
    names = () if sides is None else symbols(sides[0]) | symbols(sides[1])
    terms = {name: term for name in names if "_" in name and (term := _TERM.match(name))}
    if sides is None or len(terms) < 2 or len({term.group(1, 2) for term in terms.values()}) > 1:
        return None
    shifts = {name: _shift(term) for name, term in terms.items()}
    if len(set(shifts.values())) < 2:
        return None
    lowest = min(shifts.values())
    letter, index = next(iter(terms.values())).group(1, 2)
    moved: dict[str, Expression] = {
        name: Variable(f"{letter}_{index}+{shift - lowest}") for name, shift in shifts.items()
    }
    moved[index] = add(Variable(index), rational(-lowest))
    return substitute(add(sides[0], negate(sides[1])), moved)


def _sides(value: Value) -> tuple[Expression, Expression] | None:
    if isinstance(value, Equation):
        return value.left, value.right
    if isinstance(value, Labelled) and isinstance(value.value, Quantity) and not value.arguments:
        formula = value.value.expression
        return None if isinstance(formula, Rational) else (Variable(value.label), formula)
    return None
