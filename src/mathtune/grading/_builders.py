"""Sets by description: `{x | x > 1}`, `{n^2 : n ∈ Z, 1 ≤ n ≤ 4}`, `{(x, y) : x + y = 1}`."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import Expression, Variable, rational
from mathtune.latex import Accent, Group, List, Node, Power, Relation, Subscript, Symbol, to_text

from ._families import free_names, substituted
from ._regions import integer_members
from ._values import Equation, Items, Labelled, Named, Phrase, Quantity, Region, Value
from ._words import normalise_words

if TYPE_CHECKING:
    from ._values import Read

__all__ = ["set_builder"]

# A set with a name, and whether it has positive whole numbers only; no entry: not of whole numbers.
_WHOLE = {"Z": False, "N": True, "\\mathbb{Z}^+": True, "\\mathbb{N}^*": True, "\\mathbb{Z}_{+}": True}


@attrs.frozen
class _Description:
    """What stands before the bar, the domain of a plain letter there, and the conditions behind it."""

    head: Node
    domain: Node | None
    conditions: tuple[Node, ...]
    joined: str


def set_builder(body: Node, read: Read) -> Value | None:
    """The set that a description within braces means, or None if there is no bar.

    A description of a letter is its condition; of an expression, the values where they can be listed.
    """
    description = _description(body)
    if description is None:
        return None
    if isinstance(description.head, Symbol):
        return _of_letter(description, description.head.name, read)
    if isinstance(description.head, Group) and _is_letters(description.head.body):
        free = all(_membership_of(part) is not None for part in description.conditions)
        return read(description.head) if free else _of_points(description, description.head.body, read)
    return _of_expression(description, read)


def _of_points(description: _Description, letters: Node | None, read: Read) -> Value:
    """`{(x, y) : x + y = 1}` is its condition, with the first letter for the first coordinate."""
    names = [to_text(item) for item in letters.items] if isinstance(letters, List) else []
    value = _joined(description, read)
    called: dict[str, Expression] = {
        name: Variable(usual) for name, usual in zip(names, sorted(names), strict=True) if name != usual
    }
    if isinstance(value, Labelled) and isinstance(other := called.get(value.label), Variable):
        value = attrs.evolve(value, label=other.name)
    return substituted(value, called) if called else value


def _description(body: Node) -> _Description | None:
    parts = body.items if isinstance(body, List) else (body,)
    bars = [_bar_of(part) if isinstance(part, Relation) else None for part in parts]
    first_bar = next((place for place, bar in enumerate(bars) if bar is not None), 0)
    first, at = parts[first_bar], bars[first_bar]
    if at is None or not isinstance(first, Relation) or _has_relations(parts[:first_bar]):
        return None
    after = Relation(first.operators[at + 1 :], first.sides[at + 1 :])
    rest: Node = after if after.operators else first.sides[at + 1]
    domain = first.sides[1] if at == 1 and first.operators[0] == "∈" else None
    if domain in _PLAIN_SETS:  # {x in R : x > 2}
        domain = Accent("mathbb", domain)
    head = List(",", (*parts[:first_bar], first.sides[0])) if first_bar else first.sides[0]
    joined = body.separator if isinstance(body, List) else ","
    return _Description(head, domain, (rest, *parts[first_bar + 1 :]), joined)


def _has_relations(parts: tuple[Node, ...]) -> bool:
    return any(isinstance(part, Relation) for part in parts)


_PLAIN_SETS = tuple(map(Symbol, "RZNQC"))


def _bar_of(body: Relation) -> int | None:
    """Where the bar or colon stands: first, or behind the domain of `x ∈ R`; {x: 2} is a record."""
    for at, operator in enumerate(body.operators[:2]):
        if operator == "∣" or (operator == ":" and len(body.operators) > 1):
            return at
    return None


def _is_letters(body: Node | None) -> bool:
    return isinstance(body, List) and all(isinstance(item, (Symbol, Subscript)) for item in body.items)


def _of_letter(description: _Description, name: str, read: Read) -> Value:
    if len(description.conditions) == 1 and _membership_of(description.conditions[0]) is not None:
        return read(description.conditions[0])  # {n : n ∈ Z}
    value = _joined(description, read)
    value = value.value if isinstance(value, Labelled) and value.label == name else value
    if isinstance(value, Equation):
        value = Region("and", (value,))  # the solutions, not the equation
    domain = description.domain
    for found in map(_membership_of, description.conditions):
        if found is not None and found[0] == name:  # {x | x ∈ Z, 0 < x < 6}
            domain = found[1]
    return value if domain is None else _within(value, read(domain))


def _joined(description: _Description, read: Read) -> Value:
    """The conditions together; a mere domain of another letter, `k ∈ Z`, says nothing more."""
    parts = [read(part) for part in description.conditions if _membership_of(part) is None]
    if not parts:
        return read(description.conditions[0])
    if description.joined == "or":
        return Region("or", tuple(parts))
    return parts[0] if len(parts) == 1 else Region("and", tuple(parts))


def _membership_of(node: Node) -> tuple[str, Node] | None:
    """The letter and the set of `k ∈ Z`."""
    named = isinstance(node, Relation) and node.operators == ("∈",) and isinstance(node.sides[0], Symbol)
    if not named or not isinstance(node, Relation) or not isinstance(node.sides[0], Symbol):
        return None
    base = node.sides[1].base if isinstance(node.sides[1], (Power, Subscript)) else node.sides[1]
    return (node.sides[0].name, node.sides[1]) if isinstance(base, Accent) else None


def _within(value: Value, domain: Value) -> Value:
    """The part of a set that lies in its domain; of whole numbers, the members one by one."""
    if domain == Named("R"):
        return value
    members = _members(value, domain)
    return Region("and", (value, domain)) if members is None else _set(members)


def _members(value: Value, domain: Value) -> list[int] | None:
    name = domain.name if isinstance(domain, Named) else ""
    return integer_members(value, natural=_WHOLE[name]) if name in _WHOLE else None


def _set(numbers: list[int]) -> Value:
    return Items(kind="set", items=tuple(Quantity(rational(m)) for m in numbers), opening="{", closing="}")


# What the letter of a described set is called, by the set that it runs through.
_PARAMETER = {"Z": "k", "N": "k", "R": "t"}


def _over(head: Value, letter: str, name: str) -> Value:
    """`{2k : k ∈ Z}`; the letter is bound, so it is called as usual."""
    usual = _PARAMETER[name]
    if usual not in free_names(head):
        head = substituted(head, {letter: Variable(usual)})
    items = head.items if isinstance(head, Items) and head.kind in ("list", "family") else (head,)
    return Items(kind="set", items=items, opening="{" + name, closing="}")


def _of_expression(description: _Description, read: Read) -> Value:
    """`{n^2 : 1 ≤ n ≤ 4}` is listed; `{2k : k ∈ Z}` is the family 2k; other conditions stay words."""
    domains = [found for found in map(_membership_of, description.conditions) if found is not None]
    rest = [part for part in description.conditions if _membership_of(part) is None]
    head = read(description.head)
    if not rest:
        domain = read(domains[0][1]) if len(domains) == 1 else None
        name = domain.name if isinstance(domain, Named) and domain.name in _PARAMETER else ""
        return _over(head, domains[0][0], name) if name else head
    condition = [read(part) for part in rest]
    values = condition[0] if len(condition) == 1 else Region("and", tuple(condition))
    letter = domains[0][0] if domains else "n"
    members = _members(values, read(domains[0][1]) if domains else Named("Z"))
    if members is None:
        words = normalise_words(" , ".join(map(to_text, rest)))
        return Items(kind="set", items=(head, Phrase(words)), opening="{|", closing="}")
    listed = tuple(substituted(head, {letter: rational(member)}) for member in members)
    return Items(kind="set", items=listed, opening="{", closing="}")
