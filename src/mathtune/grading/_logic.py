r"""Formulas of propositions and of sets by their truth tables: `p \to q` is `\neg p \lor q`, and no other.

A point lies in A ∪ B where it lies in A or in B: the algebra of sets is that of propositions.
"""

# ruff: noqa: PLR0911, RUF001, RUF002  (one return a case; the signs of mathematics look like letters)
from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from mathtune.algebra import Variable
from mathtune.latex import Accent, Group, List, Node, Postfix, Power, Prefix, Product, Relation, Symbol

from ._values import Named, Phrase, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# A table by its name, true or false in words, or a letter by itself.
Proposition = Named | Phrase | Quantity

__all__ = ["probability", "proposition", "truth"]

# The letters that stand for propositions and for sets by habit; others may be numbers.
_PROPOSITIONS = frozenset("pqrsPQR")
_IMPLYING = "⇒⇔→"
_OF_SETS = frozenset("∪∩∖⊕")
# The kinds of nodes that join or deny, and whether the sign of one is that of logic or of sets.
_JOINED: dict[type, Callable[[Any], bool]] = {
    List: lambda node: node.separator in ("and", "or"),
    Relation: lambda node: node.operators[0] in _IMPLYING,
    Prefix: lambda node: node.operator == "¬",
    Product: lambda node: not _OF_SETS.isdisjoint(node.operators),
    Accent: lambda node: node.name in ("overline", "bar"),
    Power: lambda node: type(node.exponent) is Symbol,
    Postfix: lambda node: node.operator == "'",
}
# Of these `P and Q` may be a list.
_POINTS = frozenset("PQR")
_SETS = frozenset("ABCDEFSTXY")
_MOST_LETTERS = 6


def truth(tree: Node) -> Proposition | None:
    """The truth table of a tree that is a proposition for certain, whatever its letters."""
    letters: set[str] = set()
    formula = _is_formula(tree, letters, any_letters=True)
    return _table(tree, letters) if formula and len(letters) <= _MOST_LETTERS else None


def probability(tree: Product) -> Named | None:
    r"""`P(A \text{ and } B)` and `P(A \cap B)`: events by truth tables; None for all else."""
    letter, group = tree.factors[0], tree.factors[-1]
    if letter != Symbol("P") or len(tree.factors) != 2 or not isinstance(group, Group) or tree.operators[0]:
        return None
    body = group.body
    given = isinstance(body, Relation) and body.operators == ("∣",)
    parts = body.sides if isinstance(body, Relation) and given else (body,)
    if isinstance(body, Symbol) or any(part is None for part in parts):
        return None
    events = [truth(part) for part in parts if part is not None]
    if any(event is None or isinstance(event, Phrase) for event in events):
        return None
    return Named(f"P({' | '.join(map(repr, events))})")


def proposition(tree: Node) -> Proposition | None:
    r"""The truth table of a formula in p, q, r, s or in sets A, B, ..., as a name; None for all else.

    >>> from mathtune.latex import parse
    >>> proposition(parse(r"p \to q")) == proposition(parse(r"\neg p \lor q"))
    True
    >>> proposition(parse(r"\overline{A \cup B}")) == proposition(parse(r"\bar{A} \cap \bar{B}"))
    True
    """
    joins = _JOINED.get(type(tree))
    if joins is None or not joins(tree):
        return None
    if _denies(tree):
        return truth(tree)
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


def _implies(tree: Relation) -> bool:
    r"""`A \Rightarrow B`: letters alone imply each other as propositions; `x \to y` is a rule or a limit."""
    if len(tree.operators) > 1 or tree.operators[0] not in _IMPLYING:
        return False
    letters = [side.name for side in tree.sides if isinstance(side, Symbol) and len(side.name) == 1]
    return len(letters) == len(tree.sides) and (tree.operators[0] != "→" or all(map(str.isupper, letters)))


def _denies(tree: Node) -> bool:
    """Whether a part is denied or implied: then the letters are propositions, whatever they are called."""
    if isinstance(tree, Relation):
        return _implies(tree) or any(map(_denies, tree.sides))
    if isinstance(tree, List):
        return any(map(_denies, tree.items))
    if isinstance(tree, Group):
        return tree.body is not None and _denies(tree.body)
    return isinstance(tree, Prefix) and tree.operator == "¬"


def _signs(tree: Node) -> set[str]:
    """The connectives of a formula; with `and` and `or` in it, any letters are propositions."""
    if isinstance(tree, Group) and tree.body is not None:
        return _signs(tree.body)
    return {tree.separator}.union(*map(_signs, tree.items)) if isinstance(tree, List) else set()


def _table(tree: Node, letters: set[str]) -> Proposition:
    """The table as a name, of the letters that count; a proposition that depends on none is true or false."""
    names = [name for name in sorted(letters) if _matters(tree, name, letters)]
    if not names and letters <= _PROPOSITIONS:
        return Phrase("true" if _holds(tree, dict.fromkeys(letters, False)) else "false")
    if len(names) == 1 and _holds(tree, {**dict.fromkeys(letters, False), names[0]: True}):
        return Quantity(Variable(names[0]))  # not not A
    table = "".join(str(int(_holds(tree, row))) for row in _rows(names, letters))
    return Named(f"truth of {' '.join(names)}: {table}")


def _matters(tree: Node, name: str, letters: set[str]) -> bool:
    others = [letter for letter in letters if letter != name]
    rows = _rows(others, letters)
    return any(_holds(tree, {**row, name: True}) != _holds(tree, {**row, name: False}) for row in rows)


def _rows(names: list[str], letters: set[str]) -> list[dict[str, bool]]:
    """Every choice of truth for the names; the other letters are false."""
    nothing = dict.fromkeys(letters, False)
    choices = itertools.product((False, True), repeat=len(names))
    return [{**nothing, **dict(zip(names, row, strict=True))} for row in choices]


def _is_formula(node: Node, letters: set[str], *, any_letters: bool = False) -> bool:
    if isinstance(node, Symbol):
        if node.name in _CONSTANTS:
            return True
        letters.add(node.name)
        return len(node.name) == 1
    if isinstance(node, Group) and node.opening in ("(", "[", "") and node.body is not None:
        return _is_formula(node.body, letters, any_letters=any_letters)
    if isinstance(node, Prefix):
        return node.operator == "¬" and _is_formula(node.argument, letters, any_letters=any_letters)
    if isinstance(node, List):
        joins = node.separator in ("and", "or")
        return joins and all(_is_formula(item, letters, any_letters=any_letters) for item in node.items)
    if isinstance(node, Relation):
        known = node.operators in (("→",), ("⇒",), ("⇔",))
        return known and _are_formulas(node.sides, letters, None if any_letters else _PROPOSITIONS)
    if isinstance(node, Product):
        propositions = set(node.operators) == {"⊕"}
        of_sets = set(node.operators) <= set("∪∩∖")
        known_letters = _PROPOSITIONS if propositions else _SETS
        return (propositions or of_sets) and _are_formulas(node.factors, letters, known_letters)
    inner = _complemented(node)
    return inner is not None and _are_formulas((inner,), letters, _SETS)


_CONSTANTS = {"true": True, "false": False, "top": True, "bot": False}


def _are_formulas(parts: tuple[Node, ...], letters: set[str], known: frozenset[str] | None) -> bool:
    """Connectives join propositions, the signs of sets join sets; with no letters known, any will do."""
    formulas = all(_is_formula(part, letters, any_letters=known is None) for part in parts)
    return formulas and (known is None or letters <= known)


def _complemented(node: Node) -> Node | None:
    r"""The set whose complement this is: `A^c`, `\overline{A}`, `A'`."""
    if isinstance(node, Power) and node.exponent in (Symbol("c"), Symbol("C"), Symbol("complement")):
        return node.base
    if isinstance(node, Accent) and node.name in ("overline", "bar"):
        return node.body
    return node.argument if isinstance(node, Postfix) and node.operator == "'" else None


def _holds(node: Node, row: Mapping[str, bool]) -> bool:
    if isinstance(node, Symbol):
        return _CONSTANTS[node.name] if node.name in _CONSTANTS else row[node.name]
    if isinstance(node, Prefix):
        return not _holds(node.argument, row)
    if isinstance(node, List):
        parts = (_holds(item, row) for item in node.items)
        return all(parts) if node.separator == "and" else any(parts)
    if isinstance(node, Relation):
        first, second = (_holds(side, row) for side in node.sides)
        return first == second if node.operators == ("⇔",) else (second or not first)
    if isinstance(node, Product):
        return _joined(node, row)
    inner = _complemented(node)
    if inner is not None:
        return not _holds(inner, row)
    return isinstance(node, Group) and node.body is not None and _holds(node.body, row)


def _joined(node: Product, row: Mapping[str, bool]) -> bool:
    """Unions, intersections, differences and sums, from left to right; an intersection before a union."""
    if "∪" in node.operators and "∩" in node.operators:
        at = node.operators.index("∪")
        first = _part_of(node, 0, at + 1)
        return _holds(first, row) or _holds(_part_of(node, at + 1, len(node.factors)), row)
    value = _holds(node.factors[0], row)
    for operator, factor in zip(node.operators, node.factors[1:], strict=True):
        other = _holds(factor, row)
        value = {
            "∪": value or other,
            "∩": value and other,
            "∖": value and not other,
            "⊕": value != other,
        }[operator]
    return value


def _part_of(node: Product, start: int, end: int) -> Node:
    """The factors from one place to another, with the operators between them."""
    return (
        node.factors[start]
        if end == start + 1
        else Product(node.factors[start:end], node.operators[start : end - 1])
    )
