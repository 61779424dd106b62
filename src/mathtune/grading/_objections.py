r"""Objections to two equal values: what stands beside them, or how they are written, tells them apart.

A value forgets its words: `1/x, x \to 0` and `1/x, x \to \infty` are one formula. Each objection looks at
both answers once more, knows one sentence, and asks for a cheap sign of its kind first.
"""

# ruff: noqa: RUF001, RUF002  (the sign of a product is no letter)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.algebra import Match, Multiply, Rational, Variable
from mathtune.latex import (
    Fraction,
    Group,
    Lines,
    List,
    Number,
    Prefix,
    Product,
    Relation,
    Subscript,
    Symbol,
    Where,
    Word,
)

from ._asked import Asked
from ._context import joins_numbers, repeats_problem
from ._domain_behind import run_apart, tend_apart
from ._families import free_names
from ._finding import OTHER, OTHER_KIND, Finding
from ._phrases import points_elsewhere
from ._said_cases import conditions_apart
from ._values import Items, Quantity, Table, formula_of, unnamed
from ._verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from mathtune.algebra import Expression
    from mathtune.latex import Node

    from ._side import Side

__all__ = ["OBJECTIONS", "objection"]


def objection(gold: Side, given: Side) -> Finding | None:
    """Why two answers of equal value are no one answer; None where nothing is against it."""
    for why in OBJECTIONS:
        found = why(gold, given)
        if found is not None:
            return found
    return None


def _repeats(gold: Side, given: Side) -> Finding | None:
    """An answer that repeats the problem, or only joins its numbers, has computed nothing."""
    if gold.context is None:
        return None
    sign = given.tree.argument if isinstance(given.tree, Prefix) else given.tree
    repeated = not isinstance(sign, Symbol) and repeats_problem(given.text, gold.text, gold.context)
    joined = _is_number(gold.tree) and given.tree is not None and joins_numbers(given.tree, gold.context)
    return Finding(Match.DIFFERENT, Reason.REPEATS_PROBLEM) if repeated or joined else None


def _is_number(tree: Node | None) -> bool:
    return isinstance(tree.argument if isinstance(tree, Prefix) else tree, Number)


def _spelt_otherwise(gold: Side, given: Side) -> Finding | None:
    """The same letters otherwise arranged are another word, or another order where one is asked for."""
    first, second = gold.tree, given.tree
    if type(first) is not Word or type(second) is not Word or first.text == second.text:
        return None
    if sorted(first.text) != sorted(second.text):
        return None
    ordered = gold.context is not None and Asked(gold.context).ordered
    return OTHER if ordered or not (_is_product(first.text) or _is_product(second.text)) else None


def _is_product(letters: str) -> bool:
    """Letters side by side that are no word: two, none of them a vowel, or names by habit in their order."""
    if len(letters) < _SHORTEST_WORD:
        return True
    if letters.isupper():
        return False  # ABC is no CAB, whether they are points or words
    return _VOWELS.isdisjoint(letters) or (list(letters) == sorted(letters) and _NAMES.issuperset(letters))


_SHORTEST_WORD = 3
_VOWELS = frozenset("aeiou")
_NAMES = frozenset("abcdikxyz")


def _opposed(gold: Side, given: Side) -> Finding | None:
    """Equal numbers beside words that exclude each other point elsewhere."""
    numbers = type(unnamed(gold.value)) is type(unnamed(given.value)) is Quantity
    apart = numbers and points_elsewhere(gold.text, given.text)
    return Finding(Match.DIFFERENT, Reason.DIFFERENT_WORDS) if apart else None


def _between(gold: Side, given: Side) -> Finding | None:
    """`between 3 and 5` is an interval, and no list of 3 and 5, unless between which numbers is asked."""
    first, second = gold.value, given.value
    if (
        type(first) is not Items
        or type(second) is not Items
        or {first.kind, second.kind} != {"tuple", "list"}
    ):
        return None
    said = (gold if first.kind == "tuple" else given).text
    return (
        OTHER_KIND
        if _BETWEEN.match(said) and (gold.context is None or "etween" not in gold.context)
        else None
    )


def _said_of_others(gold: Side, given: Side) -> Finding | None:
    """`f(1) = f(2) = 3` is not `f(1) = f(3) = 3`: what stands between the first name and the value."""
    if type(gold.tree) not in _WITH_SIDES or type(given.tree) not in _WITH_SIDES:
        return None
    first, second = _names_of_chains(gold.tree), _names_of_chains(given.tree)
    return OTHER if first and len(first) == len(second) and first != second else None


_WITH_SIDES = (Relation, List)


def _names_of_chains(tree: Node | None) -> list[frozenset[Node]]:
    """Of each chain `name = name = value` the names."""
    items = tree.items if type(tree) is List else (tree,)
    sides = [item.sides for item in items if type(item) is Relation and len(item.operators) > 1]
    return [frozenset(chain[:-1]) for chain in sides if all(map(_is_place, chain[:-1]))]


def _is_place(node: Node) -> bool:
    """`f(1)`, `P(X = 2)`, and the segment `AB`."""
    if type(node) is Word:
        return node.text.isupper() and len(node.text) == len("AB")
    if type(node) is not Product or len(node.factors) != len(("f", "(1)")):
        return False
    return type(node.factors[0]) in (Symbol, Subscript) and type(node.factors[1]) is Group


def _in_other_order(gold: Side, given: Side) -> Finding | None:
    """`12 km on foot, 60 km by bus` names its numbers, so that their order tells bare ones which is which."""
    first, second = gold.value, given.value
    if type(first) is not Items or type(second) is not Items or not first.kind == second.kind == "list":
        return None
    units = _units(first), _units(second)
    if {None} not in units:
        return None
    named = units[units[0] == {None}]
    if None in named or not 1 < len(named) == len(first.items):
        return None
    return OTHER if _numbers(first) != _numbers(second) else None


def _units(value: Items) -> set[str | None]:
    return {item.unit for item in value.items if type(item) is Quantity}


def _numbers(value: Items) -> list[Expression]:
    return [item.expression for item in value.items if type(item) is Quantity]


_BETWEEN = re.compile(r"[\W_]*(?:text\W)?[\w\s]{0,20}(?:between|from)\b", re.IGNORECASE)


def _elsewhere_true(gold: Side, given: Side) -> Finding | None:
    """Conditions in words that name other kinds or numbers: n + 1 if n is prime is not n + 1 if n is odd."""
    if type(gold.tree) is not Where or type(given.tree) is not Where:
        return None
    return OTHER if conditions_apart(gold.tree.condition, given.tree.condition) else None


def _in_thousands(gold: Side, given: Side) -> Finding | None:
    """`12K` is twelve thousand: a K right behind the very number of the other side is no unit left out."""
    if "K" not in gold.text and "K" not in given.text:
        return None
    short, long = sorted((gold.text.strip("$ "), given.text.strip("$ ")), key=len)
    return OTHER if long[-1:] == "K" and long[:-1] == short else None


def _turned(gold: Side, given: Side) -> Finding | None:
    """In Maxima's writing a row and a column are two things."""
    first, second = gold.value, given.value
    if type(first) is not Table or type(second) is not Table or len(first.rows) == len(second.rows):
        return None
    return OTHER if "matrix(" in gold.text and "matrix(" in given.text else None


def _elsewhere(gold: Side, given: Side) -> Finding | None:
    """A letter that runs through other numbers, or tends to another place, is said of something else."""
    if tend_apart(gold.text, given.text):
        return OTHER
    both = gold.text + given.text
    within = "\\in" in both or "∈" in both
    return OTHER if within and run_apart(gold.text, gold.value, given.text, given.value) else None


def _without_number(gold: Side, given: Side) -> Finding | None:
    r"""A letter is a unit behind a number: `\frac{3m}{2}` may be 3/2, but `\frac{V}{4}` is no 1/4."""
    number, product = formula_of(gold.value), formula_of(given.value)
    if type(number) is not Rational or type(product) is not Multiply:
        return None
    return OTHER if type(product.factors[-1]) is Variable and _is_letter_divided(given.tree) else None


def _is_letter_divided(tree: Node | None) -> bool:
    side = tree.sides[-1] if isinstance(tree, Relation) else tree  # x = m/2
    node = side.argument if isinstance(side, Prefix) else side
    if isinstance(node, Product):
        return node.operators[0] == "/" and isinstance(node.factors[0], Symbol)
    return isinstance(node, Fraction) and isinstance(node.numerator, Symbol)


def _bracketed_otherwise(gold: Side, given: Side) -> Finding | None:
    r"""A formula with letters in braces is a set or a fractional part; in square brackets an integer part."""
    first, second = gold.tree, given.tree
    if type(first) is not Group or type(second) is not Group or {first.opening, second.opening} != {"{", "["}:
        return None
    return OTHER if free_names(gold.value) and free_names(given.value) else None


def _multiplied_otherwise(gold: Side, given: Side) -> Finding | None:
    """Maxima's `a.b`, a product whose order counts, is read as two lines with a stop between them."""
    if type(gold.tree) is not Lines or type(given.tree) is not Lines or gold.tree.items == given.tree.items:
        return None
    return OTHER if all(_BY_POINTS.match(side.text) for side in (gold, given)) else None


def _crossed_otherwise(gold: Side, given: Side) -> Finding | None:
    """Capital letters before and behind × are sets or vectors, whose order counts; b × h is a product."""
    first, second = gold.tree, given.tree
    if type(first) is not Product or type(second) is not Product or "×" not in first.operators:
        return None
    letters = all(factor in _SETS for factor in (*first.factors, *second.factors))
    apart = letters and first.operators == second.operators and first.factors != second.factors
    return OTHER if apart else None


def _directed_otherwise(gold: Side, given: Side) -> Finding | None:
    r"""`10\text{ N at }30^\circ` points elsewhere than 10 N at 60°."""
    first, second = gold.value, given.value
    if type(first) is not Quantity or type(second) is not Quantity or not first.unit or not second.unit:
        return None
    one, other = (list(map(float, _ANGLE.findall(unit))) for unit in (first.unit, second.unit))
    return OTHER if one and other and one != other else None


_ANGLE = re.compile(r"\bat ?(-?\d{1,9}(?:\.\d{1,9})?)°")
_SETS = frozenset(map(Symbol, "ABCSTXY"))
_BY_POINTS = re.compile(r"\w(?:\.\w){1,20}\.?\Z")  # a sentence may end behind it


OBJECTIONS: tuple[Callable[[Side, Side], Finding | None], ...] = (
    _repeats,
    _spelt_otherwise,
    _opposed,
    _between,
    _in_other_order,
    _said_of_others,
    _elsewhere_true,
    _in_thousands,
    _without_number,
    _turned,
    _elsewhere,
    _bracketed_otherwise,
    _crossed_otherwise,
    _directed_otherwise,
    _multiplied_otherwise,
)
