r"""Things of algebra with names of their own: permutations in cycles, and the rings of residues.

Both are written with signs that mean a product elsewhere: `(1\ 2)(3\ 4)` is no 24.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.latex import Accent, Group, Node, Number, Product, Symbol

from ._values import Named, Quantity, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["as_structure", "permutation", "residue_ring"]

_Cycle = tuple[int, ...]


def permutation(node: Node) -> Named | None:
    r"""`(1\ 2\ 3)(4\ 5)`: cycles, each of two different numbers or more that blanks part."""
    cycles = [_cycle(factor) for factor in _factors(node)]
    found = [cycle for cycle in cycles if cycle is not None and len(cycle) > 1]
    return None if None in cycles or not found else _named(found)


def _factors(node: Node) -> tuple[Node, ...]:
    """The factors of a product that is written without signs, or the one that there is."""
    return node.factors if isinstance(node, Product) and not any(node.operators) else (node,)


def _cycle(node: Node) -> _Cycle | None:
    if not isinstance(node, Group) or node.opening != "(" or node.closing != ")" or node.body is None:
        return None
    numbers = [part.text for part in _factors(node.body) if isinstance(part, Number) and part.text.isdigit()]
    known = len(numbers) == len(_factors(node.body)) == len(set(numbers))
    return tuple(map(int, numbers)) if known and all(len(number) < 4 for number in numbers) else None


def _named(cycles: Iterable[_Cycle]) -> Named:
    """One name for all ways to write it: a cycle begins anywhere, and cycles that share nothing commute."""
    turned = [cycle[(at := cycle.index(min(cycle))) :] + cycle[:at] for cycle in cycles]
    moved = [number for cycle in turned for number in cycle]
    ordered = sorted(turned) if len(set(moved)) == len(moved) else turned
    return Named("".join(f"({' '.join(map(str, cycle))})" for cycle in ordered))


_INTEGERS = Accent("mathbb", Symbol("Z"))


def residue_ring(node: Product) -> Named | None:
    r"""`\mathbb{Z}/6\mathbb{Z}`, `\mathbb{Z}/(6)`, `\mathbb{Z}/6`: what \mathbb{Z}_6 names."""
    if node.factors[0] != _INTEGERS or node.operators not in (("/",), ("/", "")):
        return None
    number = node.factors[1]
    if isinstance(number, Group) and number.opening in ("(", "⟨") and len(node.factors) == 2:
        number = number.body or number
    if not isinstance(number, Number) or node.factors[2:] not in ((), (_INTEGERS,)):
        return None
    return Named(f"\\mathbb{{Z}}_{number.text}")


_PLAIN_RING = re.compile(r"Z_\{?(\d{1,9})\}?\Z")


def as_structure(tree: Node | None, value: Value, other: Value) -> Value:
    r"""What a text means beside a structure: `(12)(34)` beside `(1\ 2)(3\ 4)`, `Z_6` beside \mathbb{Z}_6."""
    if type(other) is not Named or type(value) is not Quantity or tree is None:
        return value
    if other.name.startswith("("):
        return _cycles_of_digits(tree) or value
    ring = _PLAIN_RING.match(getattr(value.expression, "name", ""))
    return Named(f"\\mathbb{{Z}}_{ring[1]}") if ring else value


def _cycles_of_digits(tree: Node) -> Named | None:
    cycles = []
    for factor in _factors(tree):
        digits = _digits(factor)
        if not digits or len(set(digits)) < len(digits):
            return None
        cycles.append(tuple(map(int, digits)))
    return _named(cycle for cycle in cycles if len(cycle) > 1)


def _digits(node: Node) -> str:
    """The digits of `(123)`, which stand for a number each."""
    number = node.body if isinstance(node, Group) and node.opening == "(" else None
    return number.text if isinstance(number, Number) and number.text.isdigit() else ""
