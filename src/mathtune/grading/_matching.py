"""Two values -> do they mean the same? One rule for each pair of shapes.

Numbers and formulas, equations and names stand here; `_several` compares lists, tuples, sets and matrices,
part by part, `_statements` sets of numbers and conditions, `_scalars` measures.
"""

# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from mathtune.algebra import (
    Add,
    Apply,
    Bound,
    Expression,
    Match,
    Rational,
    Variable,
    add,
    has_name,
    least_gap,
    negate,
    power,
    rational,
    substitute,
    symbols,
)

from ._clashes import names_clash, ratio_names
from ._complex import complex_curves
from ._equations import as_zero, same_zeros, solved_for_each_other
from ._finding import OTHER, OTHER_KIND, SAME, UNKNOWN, Finding, Task
from ._rounding import nearness
from ._scalars import match_quantities
from ._several import item_and_value, ordered, several, table_and_items, tables, vector_and_formula
from ._spellings import match_phrase_and_value, match_phrases
from ._statements import order_and_list, regions, relations
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

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._finding import Matcher

__all__ = ["match", "match_numbers"]


def match(task: Task, gold: Value, given: Value) -> Finding:
    """Whether the given value is the gold value."""
    if type(gold) is Quantity and type(given) is Quantity:  # most pairs
        return match_numbers(task, gold, given) or match_quantities(task, gold, given)
    if _is_bare(gold) and _is_bare(given):
        return _by_shape(task, gold, given)
    gold, given = _called_alike(gold, given), _called_alike(given, gold)
    if names_clash(gold, given):
        return _equations_of_names(task, gold, given)
    if _is_equation(gold) or _is_equation(given) or _names_a_product(gold, given):
        found = _as_equations(task, gold, given)
        if found is not None:
            return found
    if isinstance(gold, Restricted) or isinstance(given, Restricted):
        return _restricted(task, gold, given)
    if isinstance(gold, Statement) != isinstance(given, Statement):
        residue = _residue_and_value(task, gold, given)
        if residue is not None:
            return residue
    first, second = _peel(gold, given)
    if _is_approximation(first) or _is_approximation(second):
        return _approximations(task, first, second)
    return _by_shape(task, first, second)


def _called_alike(value: Value, other: Value) -> Value:
    r"""`X \sim N(0, 1)` beside `N(0, 1)`: without the name in front of the name that both have."""
    if not isinstance(value, Labelled) or not isinstance(other, Labelled):
        return value
    inner = value.value
    return inner if isinstance(inner, Labelled) and inner.label == other.label != value.label else value


def _is_bare(value: Value) -> bool:
    """A number, formula, matrix, or several of them: no statement, no name, no condition."""
    if type(value) is Items:
        return value.kind in {"tuple", "set", "list"}
    return type(value) is Quantity or type(value) is Table


def _by_shape(task: Task, gold: Value, given: Value) -> Finding:
    kinds = type(gold), type(given)
    if kinds in _RULES_IN_PARTS:
        return _RULES_IN_PARTS[kinds](task, gold, given, match)
    rule = _RULES.get(kinds)
    return _mixed(task, gold, given) if rule is None else rule(task, gold, given)


def match_numbers(task: Task, gold: Quantity, given: Quantity) -> Finding | None:
    """Two numbers, or a number and a formula, in one unit or none: their values tell, as for most pairs.

    None where more may count: what the problem asks, letters that are units or Roman digits.
    """
    first, second = gold.expression, given.expression
    if gold.unit != given.unit or task.asked.context is not None:
        return None
    gap = None
    if type(first) is Rational and type(second) is Rational:
        found = task.same(first, second)
    elif gap := least_gap(first, second):
        found = Match.DIFFERENT
    else:
        letters = symbols(first) or symbols(second)
        if letters:
            return OTHER if _is_no_number(task, first, second) else None
        found = task.same(first, second)
    if found is Match.EQUAL:
        return SAME
    reason = nearness(task, first, second, gap=gap or 0.0)
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
    kind = type(value)
    if kind is Quantity or kind is Equation:
        return kind is Equation
    parts: tuple[Value, ...] = ()
    if isinstance(value, Region) and value.operator == "or":
        parts = value.parts
    elif isinstance(value, Items) and value.kind == "family":
        parts = value.items
    return bool(parts) and all(isinstance(part, Equation) for part in parts)


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
    if has_name(first, "abs") or has_name(second, "abs"):  # |x| = 2 is x = 2 or x = -2
        return regions(task, gold, given, match)
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
    parts = ratio_names(gold.label)
    if parts and parts == ratio_names(given.label)[::-1]:
        return _turned_ratios(task, gold.value, given.value)
    letters, others = _all_letters(gold.value), _all_letters(given.value)
    if not (_is_in(gold.label, others) and _is_in(given.label, letters)):
        return OTHER
    first, second = as_zero(gold, others), as_zero(given, letters)
    if first is None or second is None:
        return OTHER
    found = same_zeros(task, first, second)
    return found if found.equal else solved_for_each_other(task, gold, given) or found


def _turned_ratios(task: Task, gold: Value, given: Value) -> Finding:
    """`a:b = 2:3` and `b:a = 3:2`."""
    if not isinstance(gold, Quantity) or not isinstance(given, Quantity):
        return OTHER
    return match(task, gold, Quantity(power(given.expression, rational(-1)), given.unit))


def _is_in(label: str, letters: frozenset[str]) -> bool:
    """Whether a formula holds a name, or the letters of a segment as a product."""
    return label in letters or (label.isalpha() and label.isupper() and set(label) <= letters)


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
        return ordered(task, _parts(gold), _parts(given), match)
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


def _equations(task: Task, gold: Equation, given: Equation) -> Finding:
    """Equal up to rearrangement and a factor other than zero."""
    first = add(gold.left, negate(gold.right))
    second = add(given.left, negate(given.right))
    if not symbols(first) and not symbols(second):  # a false statement, such as 2 + 2 = 5
        sides = (Quantity(gold.left), Quantity(gold.right))
        return ordered(task, sides, (Quantity(given.left), Quantity(given.right)), match)
    return same_zeros(task, first, second)


def _sought_value(task: Task, gold: Value, given: Value) -> Finding:
    r"""`m + n = 204` and `\cos\theta = 1/2` beside the bare value: the left side says what was sought."""
    equation = gold if isinstance(gold, Equation) else given
    if not isinstance(equation, Equation):
        return OTHER_KIND
    left, right = equation.left, Quantity(equation.right)
    if isinstance(left, Bound):  # an integral or a sum, and what it is
        return match(task, right, given) if equation is gold else match(task, gold, right)
    if symbols(equation.right) or not symbols(left):
        return OTHER_KIND
    number = equation.right
    whole = isinstance(number, Rational) and number.value > 0 and not number.digits
    letters = isinstance(left, Add) and all(isinstance(term, Variable) for term in left.terms)
    if all(name.startswith("vec ") for name in symbols(left)):  # a product or a length of vectors
        return match(task, right, given) if equation is gold else match(task, gold, right)
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
        return vector_and_formula(task, gold, given, match)
    if Table in kinds and Items in kinds:
        return table_and_items(task, gold, given, match)
    if Statement in kinds:
        return OTHER_KIND
    if set(kinds) == {Equation, Quantity}:
        return _sought_value(task, gold, given)
    if {Region, Inequality} & set(kinds):
        order = order_and_list(task, gold, given, match)
        return regions(task, gold, given, match) if order is None else order
    if Items in kinds and Named not in kinds:
        return item_and_value(task, gold, given, match)
    if Named in kinds and Items in kinds:
        return regions(task, gold, given, match)
    return OTHER_KIND


# Rules that compare the parts of values get `match` handed in.
_RULES_IN_PARTS: dict[tuple[type, type], Callable[[Task, Any, Any, Matcher], Finding]] = {
    (Items, Items): several,
    (Table, Table): tables,
    (Statement, Statement): relations,
}


_RULES: dict[tuple[type, type], Callable[[Task, Any, Any], Finding]] = {
    (Quantity, Quantity): match_quantities,
    (Equation, Equation): _equations,
    (Phrase, Phrase): match_phrases,
    (Named, Named): _named,
}
