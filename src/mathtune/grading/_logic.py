r"""Formulas of propositions and of sets by their truth tables: `p \to q` is `\neg p \lor q`, and no other.

A point lies in A ∪ B where it lies in A or in B: the algebra of sets is that of propositions.
"""

# ruff: noqa: PLR0911, RUF001, RUF002  (one return a case; the signs of mathematics look like letters)
from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from mathtune.latex import Accent, Group, List, Node, Postfix, Power, Prefix, Product, Relation, Symbol

from ._values import Named

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["proposition"]

# The letters that stand for propositions and for sets by habit; others may be numbers.
_PROPOSITIONS = frozenset("pqrsPQR")
# Of these `P and Q` may be a list.
_POINTS = frozenset("PQR")
_SETS = frozenset("ABCDEFSTXY")
_MOST_LETTERS = 6


def proposition(tree: Node) -> Named | None:
    r"""The truth table of a formula in p, q, r, s or in sets A, B, ..., as a name; None for all else.

    >>> from mathtune.latex import parse
    >>> proposition(parse(r"p \to q")) == proposition(parse(r"\neg p \lor q"))
    True
    >>> proposition(parse(r"\overline{A \cup B}")) == proposition(parse(r"\bar{A} \cap \bar{B}"))
    True
    """
    if not isinstance(tree, (List, Relation, Prefix, Product, Accent, Power, Postfix)):
        return None
    letters: set[str] = set()
    if not _is_formula(tree, letters) or len(letters) > _MOST_LETTERS:
        return None
    if _signs(tree) == {"and", "or"}:
        return _table(tree, letters)
    of_sets = len(letters) > 1 and letters <= _SETS and not isinstance(tree, List)
    if not of_sets and not letters <= _PROPOSITIONS:
        return None
    if isinstance(tree, List) and not letters.isdisjoint(_POINTS) and set(map(type, tree.items)) == {Symbol}:
        return None
    return _table(tree, letters)


def _signs(tree: Node) -> set[str]:
    """The connectives of a formula; with `and` and `or` in it, any letters are propositions."""
    if isinstance(tree, Group) and tree.body is not None:
        return _signs(tree.body)
    return {tree.separator}.union(*map(_signs, tree.items)) if isinstance(tree, List) else set()


def _table(tree: Node, letters: set[str]) -> Named:
    names = sorted(letters)
    rows = itertools.product((False, True), repeat=len(names))
    table = "".join(str(int(_holds(tree, dict(zip(names, row, strict=True))))) for row in rows)
    return Named(f"truth of {' '.join(names)}: {table}")


def _is_formula(node: Node, letters: set[str]) -> bool:
    if isinstance(node, Symbol):
        letters.add(node.name)
        return len(node.name) == 1
    if isinstance(node, Group) and node.opening in ("(", "[", "") and node.body is not None:
        return _is_formula(node.body, letters)
    if isinstance(node, Prefix):
        return node.operator == "¬" and _is_formula(node.argument, letters)
    if isinstance(node, List):
        return node.separator in ("and", "or") and all(_is_formula(item, letters) for item in node.items)
    if isinstance(node, Relation):
        known = node.operators in (("→",), ("⇒",), ("⇔",))
        return known and _are_formulas(node.sides, letters, _PROPOSITIONS)
    if isinstance(node, Product):
        return set(node.operators) <= set("∪∩∖") and _are_formulas(node.factors, letters, _SETS)
    inner = _complemented(node)
    return inner is not None and _are_formulas((inner,), letters, _SETS)


def _are_formulas(parts: tuple[Node, ...], letters: set[str], known: frozenset[str]) -> bool:
    """Connectives join propositions, the signs of sets join sets."""
    return all(_is_formula(part, letters) for part in parts) and letters <= known


def _complemented(node: Node) -> Node | None:
    r"""The set whose complement this is: `A^c`, `\overline{A}`, `A'`."""
    if isinstance(node, Power) and node.exponent in (Symbol("c"), Symbol("C"), Symbol("complement")):
        return node.base
    if isinstance(node, Accent) and node.name in ("overline", "bar"):
        return node.body
    return node.argument if isinstance(node, Postfix) and node.operator == "'" else None


def _holds(node: Node, truth: Mapping[str, bool]) -> bool:
    if isinstance(node, Symbol):
        return truth[node.name]
    if isinstance(node, Prefix):
        return not _holds(node.argument, truth)
    if isinstance(node, List):
        parts = (_holds(item, truth) for item in node.items)
        return all(parts) if node.separator == "and" else any(parts)
    if isinstance(node, Relation):
        first, second = (_holds(side, truth) for side in node.sides)
        return first == second if node.operators == ("⇔",) else (second or not first)
    if isinstance(node, Product):
        return _joined(node, truth)
    inner = _complemented(node)
    if inner is not None:
        return not _holds(inner, truth)
    return isinstance(node, Group) and node.body is not None and _holds(node.body, truth)


def _joined(node: Product, truth: Mapping[str, bool]) -> bool:
    """Unions, intersections and differences, from left to right."""
    value = _holds(node.factors[0], truth)
    for operator, factor in zip(node.operators, node.factors[1:], strict=True):
        other = _holds(factor, truth)
        value = {"∪": value or other, "∩": value and other, "∖": value and not other}[operator]
    return value
