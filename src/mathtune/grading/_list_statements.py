"""Lists of statements that say one thing: `x ≤ y and y ≤ x`, `n ≡ 0, 1 (mod 4)`, `x ≠ 0, 1`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.latex import Accent, Group, List, Node, Prefix, Product, Relation, Symbol, Where

from ._values import Region, Value

if TYPE_CHECKING:
    from ._values import Read

__all__ = ["bounds_member", "either_way", "excluded", "is_conjunction", "is_statement", "residues_in_line"]


def either_way(node: List) -> Relation | None:
    """`x ≤ y and y ≤ x` is x = y, `x < y or y < x` is x ≠ y."""
    sign = _EITHER_WAY.get(node.separator)
    if sign is None or len(node.items) != 2 or not all(map(is_statement, node.items)):
        return None
    one, other = (item.body if isinstance(item, Group) else item for item in node.items)
    if not isinstance(one, Relation) or not isinstance(other, Relation) or len(one.operators) > 1:
        return None
    meets = (other.operators, other.sides) in {
        (one.operators, one.sides[::-1]),
        (_TURNED[one.operators[0]], one.sides),
    }
    return Relation((sign[1],), one.sides) if meets and one.operators[0] in sign[0] else None


# The signs of which both ways leave one statement.
_EITHER_WAY = {"and": ("≤≥", "="), "or": ("<>", "≠")}


_TURNED = {"≤": ("≥",), "≥": ("≤",), "<": (">",), ">": ("<",), "≠": ("≠",)}


def is_conjunction(node: List) -> bool:
    joined = all(isinstance(item, (Relation, Group, Prefix, Where, List, Accent)) for item in node.items)
    return joined and any(is_statement(item) for item in node.items)


def bounds_member(node: List) -> bool:
    r"""`x \in (1, 3), x \ne 2`: an interval, and what else must hold for its members."""
    first, *others = node.items
    if not isinstance(first, Relation) or first.operators != ("∈",) or not isinstance(first.sides[1], Group):
        return False
    letter = first.sides[0]
    return isinstance(letter, Symbol) and all(
        is_statement(item) and isinstance(item, Relation) and item.sides[0] == letter for item in others
    )


def residues_in_line(node: List) -> Relation | None:
    """`n ≡ 0 or 1 (mod 4)`: the modulus behind the last residue holds for all of them."""
    first, last = node.items[0], node.items[-1]
    if not isinstance(first, Relation) or first.operators != ("≡",) or not isinstance(last, Product):
        return None
    if last.operators != ("mod",) or any(isinstance(item, Relation) for item in node.items[1:]):
        return None
    residues = List(node.separator, (first.sides[1], *node.items[1:-1], last.factors[0]))
    return Relation(("≡",), (first.sides[0], Product((residues, last.factors[1]), ("mod",))))


def excluded(node: List, read: Read) -> Value | None:
    """`x ≠ 0, 1`: the sign holds for every value that follows."""
    first = node.items[0]
    if not isinstance(first, Relation) or first.operators != ("≠",) or not isinstance(first.sides[0], Symbol):
        return None
    if len(node.items) < 2 or any(isinstance(item, Relation) for item in node.items[1:]):
        return None
    others = tuple(Relation(("≠",), (first.sides[0], item)) for item in node.items[1:])
    return Region("and", tuple(read(item) for item in (first, *others)))


def is_statement(node: Node) -> bool:
    if isinstance(node, Group) and node.opening == "(" and isinstance(node.body, Relation):
        return is_statement(node.body)
    return isinstance(node, Relation) and not _ORDERS.isdisjoint(node.operators)


_ORDERS = frozenset("<≤>≥≠")
