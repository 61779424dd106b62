r"""Things of algebra with names of their own: permutations in cycles, and the rings of residues.

Both are written with signs that mean a product elsewhere: `(1\ 2)(3\ 4)` is no 24.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.algebra import Variable
from mathtune.latex import Accent, Group, List, Node, Number, Product, Symbol

from ._values import Items, Named, Quantity, Region, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["as_structure", "permutation", "residue_ring"]

_Cycle = tuple[int, ...]
_TOO_LONG = 4  # digits of a number that a cycle moves


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
    numbers = [
        part.text for part in _factors(node.body) if isinstance(part, Number) and part.text.isdecimal()
    ]
    known = len(numbers) == len(_factors(node.body)) == len(set(numbers))
    return tuple(map(int, numbers)) if known and all(map(_is_short, numbers)) else None


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


# The letter alone, beside an interval or a set.
_LETTER_R = Quantity(Variable("R"))
_PLAIN_RING = re.compile(r"Z_\{?(\d{1,9})\}?\Z")


def as_structure(tree: Node | None, value: Value, other: Value) -> Value:
    r"""What a text means beside a structure: `(12)(34)` beside `(1\ 2)(3\ 4)`, `Z_6` beside \mathbb{Z}_6."""
    if isinstance(other, (Items, Region)) and value == _LETTER_R and tree == Symbol("R"):
        return Named("R")
    if type(other) is not Named or tree is None:
        return value
    if other.name.startswith("("):
        return _cycles_without_blanks(tree) or value
    if type(value) is not Quantity:
        return value
    ring = _PLAIN_RING.match(getattr(value.expression, "name", ""))
    return Named(f"\\mathbb{{Z}}_{ring[1]}") if ring else value


def _cycles_without_blanks(tree: Node) -> Named | None:
    """`(12)(34)`, and `(1,2)(3,4)`; one bracket with commas is rather a point."""
    factors = _factors(tree)
    cycles = [_numbers(factor, listed=len(factors) > 1) for factor in factors]
    if not all(cycles) or any(len(set(cycle)) < len(cycle) for cycle in cycles):
        return None
    return _named(cycle for cycle in cycles if len(cycle) > 1)


def _numbers(node: Node, *, listed: bool) -> _Cycle:
    """The digits of `(123)`, which stand for a number each, or the numbers of `(1, 2, 3)`."""
    body = node.body if isinstance(node, Group) and node.opening == "(" else None
    if isinstance(body, List) and listed:
        parts = [part.text for part in body.items if isinstance(part, Number) and _is_short(part.text)]
        return tuple(map(int, parts)) if len(parts) == len(body.items) else ()
    return tuple(map(int, body.text)) if isinstance(body, Number) and body.text.isdecimal() else ()


def _is_short(digits: str) -> bool:
    return digits.isdecimal() and len(digits) < _TOO_LONG
