"""Two values -> do they mean the same? One rule for each pair of shapes."""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.algebra import (
    Add,
    Apply,
    Expression,
    Match,
    Rational,
    Variable,
    add,
    are_far_apart,
    negate,
    numeric_value,
    rational,
    substitute,
    symbols,
)

from ._clashes import names_clash
from ._commas import decimal_comma
from ._complex import complex_curves
from ._equations import as_zero, has_abs, proportional, same_zeros, solved_for_each_other
from ._families import free_names, substituted
from ._finding import OTHER, OTHER_COUNT, OTHER_KIND, SAME, UNKNOWN, Finding, Task
from ._intervals import UnsolvableError
from ._pieces import same_pieces
from ._regions import same_region, solve, unknown_of
from ._rounding import nearness
from ._scalars import match_quantities
from ._spellings import match_phrase_and_value, match_phrases
from ._values import (
    Equation,
    Inequality,
    Items,
    Labelled,
    Named,
    Phrase,
    Quantity,
    Region,
    Restricted,
    Statement,
    Table,
    Value,
)
from ._vectors import as_rows, basis_vector
from ._verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["match", "match_numbers"]


# Unordered lists are matched item by item up to this size.
MAX_ITEMS = 200


def match(task: Task, gold: Value, given: Value) -> Finding:
    """Whether the given value is the gold value."""
    if type(gold) is Quantity and type(given) is Quantity:  # most pairs
        return match_numbers(task, gold, given) or match_quantities(task, gold, given)
    if _is_bare(gold) and _is_bare(given):
        return _by_shape(task, gold, given)
    if names_clash(gold, given):
        return _equations_of_names(task, gold, given)
    if _is_equation(gold) or _is_equation(given) or _names_a_product(gold, given):
        found = _as_equations(task, gold, given)
        if found is not None:
            return found
    if isinstance(gold, Restricted) or isinstance(given, Restricted):
        return _restricted(task, gold, given)
    if _is_approximation(gold) or _is_approximation(given):
        return _approximations(task, gold, given)
    if isinstance(gold, Statement) != isinstance(given, Statement):
        residue = _residue_and_value(task, gold, given)
        if residue is not None:
            return residue
    return _by_shape(task, *_peel(gold, given))


def _is_bare(value: Value) -> bool:
    """A number, formula, matrix, or several of them: no statement, no name, no condition."""
    if type(value) is Items:
        return value.kind in {"tuple", "set", "list"}
    return type(value) is Quantity or type(value) is Table


def _by_shape(task: Task, gold: Value, given: Value) -> Finding:
    rule = _RULES.get((type(gold), type(given)))
    return _mixed(task, gold, given) if rule is None else rule(task, gold, given)


def match_numbers(task: Task, gold: Quantity, given: Quantity) -> Finding | None:
    """Two numbers, or a number and a formula, in one unit or none: their values tell, as for most pairs.

    None where more may count: what the problem asks, letters that are units or Roman digits.
    """
    first, second = gold.expression, given.expression
    if gold.unit != given.unit or task.asked.context is not None:
        return None
    if are_far_apart(first, second):
        found = Match.DIFFERENT
    else:
        letters = symbols(first) or symbols(second)
        if letters:
            return OTHER if _is_no_number(task, first, second) else None
        found = task.same(first, second)
    if found is Match.EQUAL:
        return SAME
    reason = nearness(task, first, second)
    if reason is not None:
        return Finding(Match.EQUAL, reason)
    return OTHER if found is Match.DIFFERENT else UNKNOWN


def _is_no_number(task: Task, first: Expression, second: Expression) -> bool:
    """Whether one is a number, and the other a letter or a sum with letters that is not that number."""
    number, formula = (first, second) if type(first) is Rational else (second, first)
    letter = type(formula) is Variable and len(formula.name) == 1  # XIV is a number
    if type(number) is not Rational or not (letter or type(formula) is Add):
        return False
    return "E" not in symbols(formula) and task.same(first, second) is Match.DIFFERENT


def _is_equation(value: Value) -> bool:
    """An equation, or several of which one holds: √3x + y = 0 or √3x - y = 0."""
    parts: tuple[Value, ...] = ()
    if isinstance(value, Region) and value.operator == "or":
        parts = value.parts
    elif isinstance(value, Items) and value.kind == "family":
        parts = value.items
    return isinstance(value, Equation) or (bool(parts) and all(isinstance(p, Equation) for p in parts))


def _as_equations(task: Task, gold: Value, given: Value) -> Finding | None:
    """Two equations, or an equation and a name with its value."""
    curves = complex_curves(gold, given)
    if curves is not None:
        return same_zeros(task, *curves)
    first, second = as_zero(gold, _all_letters(given)), as_zero(given, _all_letters(gold))
    if first is None or second is None:
        return None
    found = same_zeros(task, first, second)
    if found.equal:
        return found
    if has_abs(first, second):  # |x| = 2 is x = 2 or x = -2
        return _regions(task, gold, given)
    return solved_for_each_other(task, gold, given) or found


def _names_a_product(gold: Value, given: Value) -> bool:
    """`PV = nRT` beside an equation with P and V in it."""
    if not (isinstance(gold, Labelled) and isinstance(given, Labelled)) or gold.label == given.label:
        return False
    return any(
        1 < len(one.label) < 5 and one.label.isalpha() and set(one.label) <= _all_letters(other)
        for one, other in ((gold, given), (given, gold))
    )


def _equations_of_names(task: Task, gold: Value, given: Value) -> Finding:
    """X = y and y = x, y = e^x and x = ln y; but x = 3 is not y = 3."""
    if not (isinstance(gold, Labelled) and isinstance(given, Labelled)):
        return OTHER
    if gold.label not in _all_letters(given.value) or given.label not in _all_letters(gold.value):
        return OTHER
    first, second = as_zero(gold), as_zero(given)
    if first is None or second is None:
        return OTHER
    found = same_zeros(task, first, second)
    return found if found.equal else solved_for_each_other(task, gold, given) or found


def _all_letters(value: Value) -> frozenset[str]:
    if isinstance(value, Equation):
        return symbols(value.left) | symbols(value.right)
    if isinstance(value, Labelled):
        return _all_letters(value.value) | {value.label}
    return symbols(value.expression) if isinstance(value, Quantity) else frozenset()


def _restricted(task: Task, gold: Value, given: Value) -> Finding:
    """Conditions must agree where both sides have one; one side's condition alone is let pass."""
    first, second = gold, given
    if isinstance(gold, Restricted) and isinstance(given, Restricted):
        conditions = match(task, gold.condition, given.condition)
        if not conditions.equal:
            return conditions
    if isinstance(gold, Restricted):
        first = gold.value
    if isinstance(given, Restricted):
        second = given.value
    return match(task, first, second)


def _is_approximation(value: Value) -> bool:
    return isinstance(value, Items) and value.kind == "approximation"


def _approximations(task: Task, gold: Value, given: Value) -> Finding:
    """An exact value with its decimal: one of the two must agree; two of the kind agree exactly."""
    if _is_approximation(gold) and _is_approximation(given):
        return _ordered(task, _parts(gold), _parts(given))
    found = OTHER
    for first in _parts(gold):
        for second in _parts(given):
            found = match(task, first, second)
            if found.equal:
                return found
    return found


def _parts(value: Value) -> tuple[Value, ...]:
    return value.items if isinstance(value, Items) and value.kind == "approximation" else (value,)


def _residue_and_value(task: Task, gold: Value, given: Value) -> Finding | None:
    """`x ≡ 3 (mod 5)` answers what the remainder is."""
    statement, value = (gold, given) if isinstance(gold, Statement) else (given, gold)
    if not isinstance(statement, Statement) or statement.operator != "≡" or not isinstance(value, Quantity):
        return None
    pair = statement.right
    if not isinstance(pair, Items) or not isinstance(pair.items[0], Quantity):
        return None
    return SAME if task.same(pair.items[0].expression, value.expression) is Match.EQUAL else OTHER


def _peel(gold: Value, given: Value) -> tuple[Value, Value]:
    """Names on one side say nothing about the value; names on both sides must agree where they matter."""
    if isinstance(gold, Labelled) and isinstance(given, Labelled):
        return _unify(gold, given)
    if isinstance(gold, Labelled) and not isinstance(given, (Equation, Phrase)):
        return _peel(gold.value, given)
    if isinstance(given, Labelled) and not isinstance(gold, (Equation, Phrase)):
        return _peel(gold, given.value)
    return gold, given


def _unify(gold: Labelled, given: Labelled) -> tuple[Value, Value]:
    """f(x) = 2x and f(z) = 2z: the arguments are bound, so they may be renamed."""
    if gold.arguments and len(gold.arguments) == len(given.arguments) and gold.arguments != given.arguments:
        names = {name: name + "#" for name in gold.arguments}  # f(q) = x + 1 is no function of its x
        names.update(zip(given.arguments, gold.arguments, strict=True))
        return gold.value, _renamed(given.value, names)
    return gold.value, given.value


def _renamed(value: Value, names: dict[str, str]) -> Value:
    if isinstance(value, Quantity):
        return Quantity(
            substitute(value.expression, {old: Variable(new) for old, new in names.items()}), value.unit
        )
    if isinstance(value, Items):
        return attrs.evolve(value, items=tuple(_renamed(item, names) for item in value.items))
    return value


def _items(task: Task, gold: Items, given: Items) -> Finding:
    """Tuples keep their order; sets, families and bare lists do not."""
    kinds = {gold.kind, given.kind}
    apart = _of_other_kinds(gold, given) if len(kinds) > 1 else None
    if apart is not None:
        return apart
    labelled = _by_label(task, gold, given) or _by_cases(task, gold, given)
    if labelled is not None:
        return labelled
    if _is_interval(gold) and _is_interval(given) and _brackets_matter(gold, given):
        return OTHER
    if kinds == {"tuple"}:
        return _ordered(task, gold.items, given.items)
    if kinds == {"tuple", "list"}:
        return _tuple_and_list(task, gold, given)
    single = _single_item(gold, given) if kinds == {"tuple", "set"} else None
    if single is not None:
        return match(task, *single)
    if kinds == {"tuple", "set"}:
        inner = gold if gold.kind == "tuple" else given
        return _unordered(task, gold.items, given.items) if len(inner.items) == 1 else OTHER_KIND
    return _unordered(task, gold.items, given.items)


def _of_other_kinds(gold: Items, given: Items) -> Finding | None:
    """Why two of different kinds, as a tuple and a list, cannot be the same."""
    kinds = {gold.kind, given.kind}
    if _is_half_open(gold) or _is_half_open(given):
        return OTHER_KIND  # (-8, 1] is an interval, and -8, 1 are two numbers
    if kinds == {"tuple", "family"} and (_differently_named(gold) or _differently_named(given)):
        return OTHER  # (x, y) = (2, 1) is not x = 2 or y = 1
    if kinds == {"tuple", "family"} and len(gold.items) != len(given.items):
        return OTHER_COUNT  # (2, 0, 0, 5) is not x = 2, 0, 5
    if kinds == {"list", "family"} and _labels(gold) and _labels(given) and len(set(_labels(gold) or [])) > 1:
        return OTHER  # x = 1 and y = 2 is not x = 1 or y = 2
    return None


def _is_half_open(items: Items) -> bool:
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


def _by_label(task: Task, gold: Items, given: Items) -> Finding | None:
    """X = 1, y = 2 in any order; with other names, the order counts."""
    first, second = _labels(gold), _labels(given)
    if first is None or second is None or len(first) != len(second):
        return None
    if set(first) == set(second) and len(set(first)) == len(first):
        ordered = tuple(given.items[second.index(label)] for label in first)
        return _ordered(task, gold.items, ordered)
    if set(first) & set(second):
        return OTHER
    return _ordered(task, _unnamed(gold.items), _unnamed(given.items))


def _labels(items: Items) -> list[str] | None:
    names = [item.label for item in items.items if isinstance(item, Labelled)]
    return names if len(names) == len(items.items) > 1 else None


def _unnamed(items: tuple[Value, ...]) -> tuple[Value, ...]:
    return tuple(item.value if isinstance(item, Labelled) else item for item in items)


def _tuple_and_list(task: Task, gold: Items, given: Items) -> Finding:
    pair, bare = (gold, given) if gold.kind == "tuple" else (given, gold)
    if len(bare.items) == 1 or any(isinstance(item, Items) for item in bare.items):
        if len(pair.items) == len(bare.items):
            return _ordered(task, gold.items, given.items)
        return OTHER_COUNT
    return _ordered(task, gold.items, given.items)


def _is_interval(items: Items) -> bool:
    return items.kind == "tuple" and len(items.items) == 2


def _brackets_matter(gold: Items, given: Items) -> bool:
    """`[0, 9)` is not `(0, 9)`; a closed pair in square brackets may be a vector."""
    first, second = (gold.opening, gold.closing), (given.opening, given.closing)
    return first != second and "⟨" not in (first[0], second[0])


def _ordered(task: Task, gold: tuple[Value, ...], given: tuple[Value, ...]) -> Finding:
    if len(gold) != len(given):
        return OTHER_COUNT
    reason = Reason.SAME_VALUE
    unknown = False
    for first, second in zip(gold, given, strict=True):
        found = match(task, first, second)
        if found.match is Match.DIFFERENT:
            return found
        unknown = unknown or found.match is Match.UNKNOWN
        reason = found.reason if found.reason in _NEAR else reason
    return UNKNOWN if unknown else Finding(Match.EQUAL, reason)


# Reasons of single values that hold for the whole.
_NEAR = (Reason.ROUNDED, Reason.WITHIN_TOLERANCE)


def _unordered(task: Task, gold: tuple[Value, ...], given: tuple[Value, ...]) -> Finding:
    if len(gold) > MAX_ITEMS or len(given) > MAX_ITEMS:
        return Finding(Match.UNKNOWN, Reason.TOO_COMPLEX)
    if len(gold) != len(given):
        gold, given = _distinct(task, gold), _distinct(task, given)
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


def _distinct(task: Task, items: tuple[Value, ...]) -> tuple[Value, ...]:
    kept: list[Value] = []
    for item in items:
        if not any(match(task, other, item).equal for other in kept):
            kept.append(item)
    return tuple(kept)


def _item_and_value(task: Task, gold: Value, given: Value) -> Finding:
    """A set or list of one is its member; a decimal comma is a number."""
    items, single = (gold, given) if isinstance(gold, Items) else (given, gold)
    if not isinstance(items, Items):
        return OTHER_KIND
    if len(items.items) == 1:
        only = items.items[0]
        return match(task, only, single) if items is gold else match(task, single, only)
    vector = basis_vector(single, len(items.items)) if items.kind == "tuple" else None
    if vector is not None:
        return _ordered(task, items.items, vector) if items is gold else _ordered(task, vector, items.items)
    decimal = decimal_comma(items)
    if decimal is not None and isinstance(single, Quantity):
        return match(task, decimal, single) if items is gold else match(task, single, decimal)
    if items.kind != "tuple" and 1 < len(items.items) <= _MOST_REPEATS:
        parts = _unnamed(items.items)  # x = y = z = 2 is 2
        if match(task, parts[0], parts[1]).equal and len(_distinct(task, parts)) == 1:
            return match(task, parts[0], single) if items is gold else match(task, single, parts[0])
    return OTHER_COUNT if isinstance(single, Quantity) else OTHER_KIND


# A list is looked over for repeated values up to this size.
_MOST_REPEATS = 6


def _vector_and_formula(task: Task, gold: Value, given: Value) -> Finding:
    """A column and `3i - j + 2k`."""
    table, formula = (gold, given) if isinstance(gold, Table) else (given, gold)
    rows = as_rows(table) or ()
    vector = basis_vector(formula, len(rows))
    if vector is None:
        return OTHER_KIND
    return _ordered(task, rows, vector) if table is gold else _ordered(task, vector, rows)


def _tables(task: Task, gold: Table, given: Table) -> Finding:
    if [len(row) for row in gold.rows] != [len(row) for row in given.rows]:
        flat = len(gold.rows) == 1 or all(len(row) == 1 for row in gold.rows)
        other = len(given.rows) == 1 or all(len(row) == 1 for row in given.rows)
        if not (flat and other):
            return OTHER_COUNT
    return _ordered(task, tuple(c for r in gold.rows for c in r), tuple(c for r in given.rows for c in r))


def _table_and_items(task: Task, gold: Value, given: Value) -> Finding:
    """A vector is a tuple; a list of rows is a matrix."""
    first, second = as_rows(gold), as_rows(given)
    if first is None or second is None:
        return OTHER_KIND
    return _ordered(task, first, second)


def _equations(task: Task, gold: Equation, given: Equation) -> Finding:
    """Equal up to rearrangement and a factor other than zero."""
    first = add(gold.left, negate(gold.right))
    second = add(given.left, negate(given.right))
    if not symbols(first) and not symbols(second):  # a false statement, such as 2 + 2 = 5
        sides = (Quantity(gold.left), Quantity(gold.right))
        return _ordered(task, sides, (Quantity(given.left), Quantity(given.right)))
    return same_zeros(task, first, second)


def _regions(task: Task, gold: Value, given: Value) -> Finding:
    """Sets of real numbers, however described: the intervals that they make are compared."""
    unknown, other = unknown_of(gold), unknown_of(given)
    if unknown is not None and other is not None and unknown != other:
        letters = free_names(gold), free_names(given)
        if unknown not in letters[1]:
            return _statements(task, gold, given) if other in letters[0] else OTHER  # x > 2 is not t > 2
    try:
        first = solve(gold, task.budget)
        second = solve(given, task.budget, unknown if other is not None else None)
    except UnsolvableError:
        return _statements(task, gold, given)
    return SAME if same_region(first, second, task.same) else OTHER


def _order_and_list(task: Task, gold: Value, given: Value) -> Finding | None:
    """`b < a < c` orders three names as the list b, a, c does."""
    chain, items = (gold, given) if isinstance(gold, Region) else (given, gold)
    if not isinstance(chain, Region) or not isinstance(items, Items) or chain.operator != "and":
        return None
    if items.kind == "set" or not all(isinstance(part, Inequality) for part in chain.parts):
        return None
    sides = [part.left for part in chain.parts if isinstance(part, Inequality)]
    last = chain.parts[-1]
    sides.append(last.right if isinstance(last, Inequality) else sides[-1])
    if not all(isinstance(side, Variable) for side in sides) or len(items.items) != len(sides):
        return None
    return _ordered(task, tuple(map(Quantity, sides)), items.items)


def _relations(task: Task, gold: Statement, given: Statement) -> Finding:
    """Any other relation: the same sign between the same sides."""
    if gold.operator != given.operator:
        return OTHER
    return _ordered(task, (gold.left, gold.right), (given.left, given.right))


def _statements(task: Task, gold: Value, given: Value) -> Finding:
    """Relations that cannot be solved are compared as they stand."""
    if isinstance(gold, Inequality) and isinstance(given, Inequality):
        return _inequalities(task, gold, given)
    first, second = _conditions(gold), _conditions(given)
    if first is not None and second is not None:
        return _unordered(task, first, second)
    if isinstance(gold, Region) and isinstance(given, Region) and gold.operator == given.operator:
        if gold.operator == "minus":
            return _ordered(task, gold.parts, given.parts)
        return _unordered(task, gold.parts, given.parts)
    return OTHER_KIND


def _conditions(value: Value) -> tuple[Value, ...] | None:
    """Inequalities in two letters or more that all hold: `x > 0, y > 0`, `x, y > 0`, `0 < a < b`."""
    parts: tuple[Value, ...] = (value,)
    if isinstance(value, Region) and value.operator in ("and", "list"):
        parts = tuple(part for inner in value.parts for part in _conditions(inner) or (inner,))
    elif isinstance(value, Items) and value.kind == "list" and isinstance(value.items[-1], Inequality):
        parts = _shared_condition(value)
    known = [part for part in parts if isinstance(part, Inequality)]
    letters = {name for part in known for name in free_names(part)}
    return parts if len(known) == len(parts) and (len(letters) > 1 or len(parts) == 1) else None


def _shared_condition(items: Items) -> tuple[Value, ...]:
    """`x, y > 0`: the letters before the last one share its condition."""
    last = items.items[-1]
    named = [item.expression for item in items.items[:-1] if isinstance(item, Quantity)]
    letters = [letter for letter in named if isinstance(letter, Variable)]
    sides = (last.left, last.right) if isinstance(last, Inequality) else ()
    name = next((side.name for side in sides if isinstance(side, Variable)), None)
    if name is None or len(letters) < len(items.items) - 1:
        return items.items
    return (*(substituted(last, {name: letter}) for letter in letters), last)


def _inequalities(task: Task, gold: Inequality, given: Inequality) -> Finding:
    if gold.operator != given.operator:
        return OTHER
    first = add(gold.right, negate(gold.left))
    second = add(given.right, negate(given.left))
    found = proportional(task, first, second)
    if not found.equal or gold.operator == "≠":
        return found
    names = symbols(first)
    for place in (2, 5, 9):
        point: dict[str, Expression] = {
            n: rational(place * 7 + at, 9 + 2 * at) for at, n in enumerate(sorted(names))
        }
        one = numeric_value(substitute(first, point), task.budget)
        other = numeric_value(substitute(second, point), task.budget)
        if one is None or other is None:
            continue
        product = (one * other).real
        if product > 0:
            return SAME
        if product < 0:
            return OTHER
    return UNKNOWN


def _sought_value(task: Task, gold: Value, given: Value) -> Finding:
    r"""`m + n = 204` and `\cos\theta = 1/2` beside the bare value: the left side says what was sought."""
    equation = gold if isinstance(gold, Equation) else given
    if not isinstance(equation, Equation) or symbols(equation.right) or not symbols(equation.left):
        return OTHER_KIND
    left, right = equation.left, Quantity(equation.right)
    number = equation.right
    whole = isinstance(number, Rational) and number.value > 0 and not number.digits
    letters = isinstance(left, Add) and all(isinstance(term, Variable) for term in left.terms)
    called = isinstance(left, Apply) and (left.name != "abs" or left.arguments[0] == Variable("z"))
    if not called and not (letters and whole):
        return OTHER_KIND
    return match(task, right, given) if equation is gold else match(task, gold, right)


def _named(task: Task, gold: Named, given: Named) -> Finding:
    del task
    return SAME if gold.name == given.name else OTHER


def _mixed(task: Task, gold: Value, given: Value) -> Finding:
    kinds = (type(gold), type(given))
    if Phrase in kinds:
        return match_phrase_and_value(task, gold, given)
    if Table in kinds and Quantity in kinds:
        return _vector_and_formula(task, gold, given)
    if Table in kinds and Items in kinds:
        return _table_and_items(task, gold, given)
    if Statement in kinds:
        return OTHER_KIND
    if set(kinds) == {Equation, Quantity}:
        return _sought_value(task, gold, given)
    if {Region, Inequality} & set(kinds):
        order = _order_and_list(task, gold, given)
        return _regions(task, gold, given) if order is None else order
    if Items in kinds and Named not in kinds:
        return _item_and_value(task, gold, given)
    if Named in kinds and Items in kinds:
        return _regions(task, gold, given)
    return OTHER_KIND


_RULES: dict[tuple[type, type], Callable[[Task, Any, Any], Finding]] = {
    (Quantity, Quantity): match_quantities,
    (Items, Items): _items,
    (Table, Table): _tables,
    (Equation, Equation): _equations,
    (Phrase, Phrase): match_phrases,
    (Named, Named): _named,
    (Statement, Statement): _relations,
}
