"""Several values against several, or against one: tuples, lists, sets, families and matrices, part by part.

What compares two parts is handed in, for the parts may be anything.
"""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import Match, Rational, Variable, multiply, rational

from ._amounts import SIDES
from ._commas import decimal_comma
from ._finding import OTHER, OTHER_COUNT, OTHER_KIND, SAME, UNKNOWN, Finding, Task
from ._pieces import same_pieces
from ._slopes import named_slope, order_of
from ._values import OR, Items, Labelled, Quantity, Table, Value, unnamed
from ._vectors import as_rows, basis_vector
from ._verdict import Reason

if TYPE_CHECKING:
    from ._finding import Matcher

__all__ = [
    "is_half_open",
    "item_and_value",
    "ordered",
    "several",
    "table_and_items",
    "tables",
    "unordered",
    "vector_and_formula",
]

# Unordered lists are matched item by item up to this size.
MAX_ITEMS = 200


def several(task: Task, gold: Items, given: Items, match: Matcher) -> Finding:
    """Tuples keep their order; sets, families and bare lists do not."""
    kinds = {gold.kind, given.kind}
    apart = _of_other_kinds(gold, given) if len(kinds) > 1 else _over_other_numbers(gold, given)
    if apart is not None or _are_of_two_letters(gold, given) or _are_of_two_letters(given, gold):
        return apart or OTHER
    labelled = _by_label(task, gold, given, match) or _by_cases(task, gold, given)
    if labelled is not None:
        return labelled
    if _is_interval(gold) and _is_interval(given) and _brackets_matter(gold, given):
        return OTHER
    if kinds == {"tuple"}:
        return ordered(task, gold.items, given.items, match)
    if kinds == {"tuple", "list"}:
        return _tuple_and_list(task, gold, given, match)
    if kinds <= {"list", "set"} and _names_unknowns(gold, task) != _names_unknowns(given, task):
        return _unknowns(task, gold, given, match)
    if "set" in kinds and _count_of_sets(gold) != _count_of_sets(given):
        return OTHER  # {1, {2}} is not {1, 2}
    single = _single_item(gold, given) if kinds == {"tuple", "set"} else None
    if single is not None:
        return match(task, *single)
    if kinds == {"tuple", "set"}:
        inner = gold if gold.kind == "tuple" else given
        return unordered(task, gold.items, given.items, match) if len(inner.items) == 1 else OTHER_KIND
    return unordered(task, gold.items, given.items, match)


def _are_of_two_letters(named: Items, bare: Items) -> bool:
    """`x = 3 or y = 5` is no choice of 3 or 5; `x_1 = 3 or x_2 = 5` is."""
    several = named.kind == "family" and len({label[0] for label in _labels(named) or ()}) > 1
    return several and all(isinstance(item, Quantity) for item in bare.items)


def _count_of_sets(value: Items) -> int:
    return sum(isinstance(item, Items) and item.kind == "set" for item in value.items)


def _of_other_kinds(gold: Items, given: Items) -> Finding | None:
    """Why two of different kinds, as a tuple and a list, cannot be the same."""
    kinds = {gold.kind, given.kind}
    if is_half_open(gold) or is_half_open(given):
        return OTHER_KIND  # (-8, 1] is an interval, and -8, 1 are two numbers
    if "family" in kinds and "⟨" in gold.opening + given.opening:
        return OTHER_KIND  # a vector is no choice of numbers
    if kinds == {"tuple", "family"} and (_differently_named(gold) or _differently_named(given)):
        return OTHER  # (x, y) = (2, 1) is not x = 2 or y = 1
    if kinds == {"tuple", "family"} and len(gold.items) != len(given.items):
        return OTHER_COUNT  # (2, 0, 0, 5) is not x = 2, 0, 5
    if {gold.opening, given.opening} == {"(", OR} and _are_bare(gold, given):
        return OTHER_KIND  # (1, 2) is not x = 1 or x = 2
    if kinds == {"list", "family"} and all(map(_are_letters, (gold, given))):
        return OTHER  # A and B is not A or B
    if kinds == {"list", "family"} and _labels(gold) and _labels(given) and len(set(_labels(gold) or [])) > 1:
        return OTHER  # x = 1 and y = 2 is not x = 1 or y = 2
    return None


def _over_other_numbers(gold: Items, given: Items) -> Finding | None:
    """`{2t : t ∈ R}` is not `{2k : k ∈ Z}`."""
    described = gold.opening in _DESCRIBED and given.opening in _DESCRIBED
    return OTHER if described and gold.opening != given.opening else None


_DESCRIBED = frozenset(["{Z", "{N", "{R"])


def _are_bare(gold: Items, given: Items) -> bool:
    """Whether no side holds points or lists."""
    return not any(isinstance(unnamed(item), Items) for item in (*gold.items, *given.items))


def _are_letters(items: Items) -> bool:
    return all(isinstance(i, Quantity) and isinstance(i.expression, Variable) for i in items.items)


def is_half_open(items: Items) -> bool:
    """Whether the brackets are those of an interval, and of nothing else."""
    return (items.opening, items.closing) in {("[", ")"), ("(", "]")}


def _by_cases(task: Task, gold: Items, given: Items) -> Finding | None:
    """Two functions by cases."""
    both = gold.opening == given.opening == "{="
    return same_pieces(task, gold, given, False) if both else None


def _differently_named(items: Items) -> bool:
    return items.kind == "family" and len(set(_labels(items) or [])) > 1


def _single_item(gold: Items, given: Items) -> tuple[Value, Value] | None:
    """A set of one point is that point."""
    if gold.kind == "set" and len(gold.items) == 1 and isinstance(gold.items[0], Items):
        return gold.items[0], given
    if given.kind == "set" and len(given.items) == 1 and isinstance(given.items[0], Items):
        return gold, given.items[0]
    return None


def _by_label(task: Task, gold: Items, given: Items, match: Matcher) -> Finding | None:
    """X = 1, y = 2 in any order; with other names, the order counts."""
    first, second = _labels(gold), _labels(given)
    if first is None or second is None or len(first) != len(second):
        return None
    if len({*first, *second}) == 1 and gold.kind == given.kind != "tuple":
        return None  # {x = 1, x = 2}
    if set(first) == set(second) and len(set(first)) == len(first):
        named = tuple(given.items[second.index(label)] for label in first)
        return ordered(task, gold.items, named, match)
    if set(first) & set(second) or any(map(_of_other_order, first, second)):
        return OTHER
    return ordered(task, _without_names(gold.items), _without_names(given.items), match)


def _of_other_order(one: str, other: str) -> bool:
    """`x'` beside `x''` or x: a derivative is none of another order."""
    return order_of(one) != order_of(other)


def _names_unknowns(items: Items, task: Task) -> bool:
    """Whether the values stand under letters of the problem's; x_1 and x_2 only count them."""
    names = _labels(items) or []
    if len(set(names)) < len(names) or not names or any(len(name) > 1 for name in names):
        return False
    return task.asked.context is None or set(names) <= task.asked.letters


def _unknowns(task: Task, gold: Items, given: Items, match: Matcher) -> Finding:
    """`x = 3, y = 5` is not 5, 3: bare values stand in the order of the letters, or as these are written."""
    named, bare = (gold, given) if _names_unknowns(gold, task) else (given, gold)
    by_letter = sorted(named.items, key=lambda item: item.label if isinstance(item, Labelled) else "")
    found = OTHER
    for items in (tuple(by_letter), named.items):
        values = _without_names(items)
        found = ordered(task, *((values, bare.items) if named is gold else (bare.items, values)), match)
        if found.equal:
            break
    return found


def _labels(items: Items) -> list[str] | None:
    if not items.items or not isinstance(items.items[0], Labelled):
        return None
    names = [_usual_name(item.label) for item in items.items if isinstance(item, Labelled)]
    return names if len(names) == len(items.items) > 1 else None


def _usual_name(label: str) -> str:
    r"""`min` of `Minimum value`, `dx/dt` of `\dot{x}`; a letter is its own."""
    return label if len(label) == 1 else _EXTREMES.get(label) or named_slope(label)


# Names that say which is which, in the spellings that they have.
_EXTREMES = {
    f"{name}{value}": short
    for short, names in (
        ("max", ("max", "maximum", "Max", "Maximum", "largest", "greatest", "f_max", "y_max")),
        ("min", ("min", "minimum", "Min", "Minimum", "smallest", "least", "f_min", "y_min")),
    )
    for name in names
    for value in ("", " value")
}


def _without_names(items: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(unnamed(item) for item in items)


def _tuple_and_list(task: Task, gold: Items, given: Items, match: Matcher) -> Finding:
    pair, bare = (gold, given) if gold.kind == "tuple" else (given, gold)
    if len(bare.items) == 1 or any(isinstance(item, Items) for item in bare.items):
        if len(pair.items) == len(bare.items):
            return ordered(task, gold.items, given.items, match)
        return OTHER_COUNT
    if _labels(bare) is not None and set(_labels(bare) or ()) in _COORDINATES:  # y = -2, x = 3
        in_order = sorted(bare.items, key=lambda item: item.label if isinstance(item, Labelled) else "")
        bare = attrs.evolve(bare, items=tuple(in_order))
        gold, given = (gold, bare) if pair is gold else (bare, given)
    return ordered(task, gold.items, given.items, match)


_COORDINATES = ({"x", "y"}, {"x", "y", "z"})


def _is_interval(items: Items) -> bool:
    return items.kind == "tuple" and len(items.items) == 2


def _brackets_matter(gold: Items, given: Items) -> bool:
    """`[0, 9)` is not `(0, 9)`; a closed pair in square brackets may be a vector."""
    first, second = (gold.opening, gold.closing), (given.opening, given.closing)
    half_open = is_half_open(gold) or is_half_open(given)
    return first != second and (half_open or ("⟨" not in (first[0], second[0]) and not _falls(gold)))


def _falls(items: Items) -> bool:
    """`[5, 2]` is no interval."""
    low, high = (item.expression if isinstance(item, Quantity) else None for item in items.items)
    return isinstance(low, Rational) and isinstance(high, Rational) and low.value > high.value


def ordered(task: Task, gold: tuple[Value, ...], given: tuple[Value, ...], match: Matcher) -> Finding:
    if len(gold) != len(given):
        return OTHER_COUNT
    whole = SAME
    for first, second in zip(gold, given, strict=True):
        found = match(task, first, second)
        if found.match is Match.DIFFERENT:
            return found
        if not found.equal:
            whole = UNKNOWN
        elif whole.equal and found.reason in _NEAR:
            whole = found
    return whole


# Reasons of single values that hold for the whole.
_NEAR = (Reason.ROUNDED, Reason.WITHIN_TOLERANCE)


def unordered(task: Task, gold: tuple[Value, ...], given: tuple[Value, ...], match: Matcher) -> Finding:
    if len(gold) > MAX_ITEMS or len(given) > MAX_ITEMS:
        return Finding(Match.UNKNOWN, Reason.TOO_COMPLEX)
    if len(gold) != len(given):
        gold, given = _distinct(task, gold, match), _distinct(task, given, match)
        if len(gold) != len(given):
            return OTHER_COUNT
    left = list(given)
    unknown = False
    for first in gold:
        for at, second in enumerate(left):
            found = match(task, first, second)
            unknown = unknown or found.match is Match.UNKNOWN
            if found.equal:
                del left[at]
                break
        else:
            return UNKNOWN if unknown else OTHER
    return SAME


def _distinct(task: Task, items: tuple[Value, ...], match: Matcher) -> tuple[Value, ...]:
    kept: list[Value] = []
    for item in items:
        if not any(match(task, other, item).equal for other in kept):
            kept.append(item)
    return tuple(kept)


def item_and_value(task: Task, gold: Value, given: Value, match: Matcher) -> Finding:
    """A set or list of one is its member; a decimal comma is a number."""
    items, single = (gold, given) if isinstance(gold, Items) else (given, gold)
    if not isinstance(items, Items):
        return OTHER_KIND
    if len(items.items) == 1:
        only = items.items[0]
        return match(task, only, single) if items is gold else match(task, single, only)
    pointed = items.kind == "tuple" and not is_half_open(items)
    vector = basis_vector(single, len(items.items)) if pointed else None
    if vector is not None:
        return (
            ordered(task, items.items, vector, match)
            if items is gold
            else ordered(task, vector, items.items, match)
        )
    if items.kind == "list" and items.opening == SIDES and isinstance(single, Quantity):
        area = _area(items)
        return match(task, area, single) if items is gold else match(task, single, area)
    decimal = decimal_comma(items)
    if decimal is not None and isinstance(single, Quantity):
        return match(task, decimal, single) if items is gold else match(task, single, decimal)
    if items.kind != "tuple" and 1 < len(items.items) <= _MOST_REPEATS and not _count_of_sets(items):
        parts = _without_names(items.items)  # x = y = z = 2 is 2
        if all(match(task, parts[0], part).equal for part in parts[1:]):
            said = parts if items.kind == "family" else parts[:1]  # 330 minutes or 5.5 hours is either
            found = [match(task, *((part, single) if items is gold else (single, part))) for part in said]
            return next((one for one in found if one.equal), found[0])
    return OTHER_COUNT if isinstance(single, Quantity) else OTHER_KIND


def _area(sides: Items) -> Quantity:
    """The product of two lengths."""
    lengths = [side for side in sides.items if isinstance(side, Quantity)]
    return Quantity(
        multiply(*(side.expression for side in lengths)), " ".join(side.unit or "" for side in lengths)
    )


# A list is looked over for repeated values up to this size.
_MOST_REPEATS = 6


def vector_and_formula(task: Task, gold: Value, given: Value, match: Matcher) -> Finding:
    """A column and `3i - j + 2k`, a matrix and the name of the unit matrix."""
    table, formula = (gold, given) if isinstance(gold, Table) else (given, gold)
    rows = as_rows(table) or ()
    if isinstance(table, Table) and _is_unit(formula, len(table.rows)):
        return tables(task, table, _unit(len(table.rows)), match)
    vector = basis_vector(formula, len(rows))
    if vector is None:
        return OTHER_KIND
    return ordered(task, rows, vector, match) if table is gold else ordered(task, vector, rows, match)


def _is_unit(value: Value, size: int) -> bool:
    """I and I_2, the latter beside two rows only."""
    return value in {Quantity(Variable("I")), Quantity(Variable(f"I_{size}"))} and size > 1


def _unit(size: int) -> Table:
    entries = (Quantity(rational(0)), Quantity(rational(1)))
    return Table(tuple(tuple(entries[row == column] for column in range(size)) for row in range(size)))


def tables(task: Task, gold: Table, given: Table, match: Matcher) -> Finding:
    if [len(row) for row in gold.rows] != [len(row) for row in given.rows]:
        flat = len(gold.rows) == 1 or all(len(row) == 1 for row in gold.rows)
        other = len(given.rows) == 1 or all(len(row) == 1 for row in given.rows)
        if not (flat and other):
            return OTHER_COUNT
    return ordered(
        task, tuple(c for r in gold.rows for c in r), tuple(c for r in given.rows for c in r), match
    )


def _rows_of(value: Value) -> list[int]:
    """The lengths of a matrix's rows; of a vector, whichever way it stands, its own."""
    rows = [len(row) for row in value.rows] if isinstance(value, Table) else []
    if isinstance(value, Items):
        rows = [len(item.items) if isinstance(item, Items) else 1 for item in value.items]
    return [sum(rows)] if len(rows) == 1 or set(rows) == {1} else rows


def table_and_items(task: Task, gold: Value, given: Value, match: Matcher) -> Finding:
    """A vector is a tuple; a list of rows is a matrix."""
    first, second = as_rows(gold), as_rows(given)
    if (
        first is None
        or second is None
        or any(isinstance(v, Items) and is_half_open(v) for v in (gold, given))
    ):
        return OTHER_KIND
    if _rows_of(gold) != _rows_of(given):
        return OTHER_COUNT
    return ordered(task, first, second, match)
