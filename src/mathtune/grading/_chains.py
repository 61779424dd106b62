"""Chains of orders and of inequalities: `1 < x ≤ 2`, `x ≠ ±1`, `a < x < b ∪ c < x < d`."""

# ruff: noqa: RUF001, RUF002  (the signs of mathematics look like letters)
from __future__ import annotations

from mathtune.algebra import Apply, Expression, Variable
from mathtune.latex import List, Node, Prefix, Product, Relation, Symbol, Text, Word, to_text

from ._formulas import NotScalarError, formula
from ._measures import part_unit
from ._values import Equation, Inequality, Region, Value
from ._words import ProseError

__all__ = ["chain", "each_of", "side"]


def chain(node: Relation) -> Value:
    """The conditions of a chain, each between two neighbours."""
    split = _split_at_union(node)
    if split is not None:
        return Region("or", (chain(split[0]), chain(split[1])))
    if node.operators == ("≠",) and isinstance(node.sides[1], Prefix) and node.sides[1].operator == "±":
        values = each_of(node.sides[1])
        return Region("and", tuple(chain(Relation(("≠",), (node.sides[0], value))) for value in values))
    parts: list[Value] = []
    sides = (_without_quantifier(node.sides[0]), *node.sides[1:])
    for at, operator in enumerate(node.operators):
        of = side if operator in "=≠" else _of_index
        left, right = of(sides[at]), of(sides[at + 1])
        if operator == "=":
            parts.append(Equation(left, right))
        elif operator in ">≥":
            parts.append(Inequality("<" if operator == ">" else "≤", right, left))
        else:
            parts.append(Inequality(operator, left, right))
    return parts[0] if len(parts) == 1 else Region("and", tuple(parts))


def _of_index(node: Node) -> Expression:
    """A side of an order, in which a lone i is an index, for the imaginary unit has no place."""
    return Variable("i") if node == _I else side(node)


_I = Symbol("i")


def _without_quantifier(node: Node) -> Node:
    """The n of `all integers n ≥ 3`: as a letter of whole numbers it says no more."""
    if not isinstance(node, Product) or node.factors[-1] not in _INTEGER_LETTERS:
        return node
    said = [part.text for part in node.factors[:-1] if isinstance(part, (Text, Word))]
    quantified = len(said) == len(node.factors) - 1 and " ".join(said).strip().lower() in _QUANTIFIERS
    return node.factors[-1] if quantified else node


_INTEGER_LETTERS = frozenset(map(Symbol, "nmk"))
_QUANTIFIERS = frozenset(
    f"{every} {numbers}".strip()
    for every in ("all", "any", "every", "for all")
    for numbers in ("integers", "integer", "positive integers", "natural numbers", "")
)


def _split_at_union(node: Relation) -> tuple[Relation, Relation] | None:
    """`a < x < b ∪ c < x < d`: the sign ∪ stands between two chains."""
    for at, middle in enumerate(node.sides[1:-1], 1):
        if isinstance(middle, Product) and middle.operators == ("∪",):
            left = Relation(node.operators[:at], (*node.sides[:at], middle.factors[0]))
            return left, Relation(node.operators[at:], (middle.factors[1], *node.sides[at + 1 :]))
    return None


def side(node: Node) -> Expression:
    """The formula on one side; an unknown function of something is a letter.

    Raises:
        ProseError: There is no formula.
    """
    try:
        value = formula(part_unit(node)[0])
        return Variable(to_text(node)) if isinstance(value, Apply) and value.name.endswith("(") else value
    except NotScalarError:
        raise ProseError from None


def each_of(node: Node) -> tuple[Node, ...]:
    """The parts of a list, and both readings of ±."""
    if isinstance(node, List):
        return tuple(part for item in node.items for part in each_of(item))
    if isinstance(node, Prefix) and node.operator == "±":
        return node.argument, Prefix("-", node.argument)
    return (node,)
