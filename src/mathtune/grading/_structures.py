r"""Things of algebra with names of their own: permutations in cycles, and finite cyclic groups and rings.

Both are written with signs that mean a product elsewhere: `(1\ 2)(3\ 4)` is no 24.
"""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.algebra import Variable
from mathtune.latex import (
    Accent,
    Call,
    Group,
    List,
    Node,
    Number,
    Power,
    Product,
    Relation,
    Subscript,
    Symbol,
)

from ._continued import continued_fraction
from ._formulas import formula
from ._values import Items, Named, NotScalarError, Quantity, Region, Table, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["as_structure", "cyclic_group", "permutation"]

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


_INTEGERS = (Accent("mathbb", Symbol("Z")),)
# What the letters alone name beside such a group.
_LETTERS = (*_INTEGERS, Symbol("Z"), Symbol("C"))
_OF_GROUPS = frozenset("×⊕")
_MOST_FACTORS = 12
_LARGEST_ORDER = 10**6


def cyclic_group(node: Node, letters: tuple[Node, ...] = _INTEGERS) -> Named | None:
    r"""`\mathbb{Z}/6\mathbb{Z}`, `\mathbb{Z}_2 \times \mathbb{Z}_3`: its name by prime powers."""
    orders = _orders(node, letters)
    if not 0 < len(orders) <= _MOST_FACTORS or max(orders) > _LARGEST_ORDER or min(orders) < len(orders[:1]):
        return None
    parts = sorted(part for order in orders for part in _prime_powers(order))
    return Named(f"{_OF_ORDERS}{' '.join(map(str, parts))}")


_OF_ORDERS = "cyclic "


def _orders(node: Node, letters: tuple[Node, ...]) -> tuple[int, ...]:
    """The orders of the cyclic factors; none where this is no such group."""
    if isinstance(node, Group) and node.opening in {"(", ""} and node.body is not None:
        return _orders(node.body, letters)
    if isinstance(node, Subscript) and node.base in letters:
        return _order(node.index)
    if isinstance(node, Power):
        times = _order(node.exponent)
        return _orders(node.base, letters) * times[0] if times and times[0] <= _MOST_FACTORS else ()
    return _orders_of_product(node, letters) if isinstance(node, Product) else ()


def _orders_of_product(node: Product, letters: tuple[Node, ...]) -> tuple[int, ...]:
    """Of `Z/2Z`, and of such groups with a cross between them."""
    crosses = [at for at, operator in enumerate(node.operators) if operator in _OF_GROUPS]
    if crosses:
        starts, ends = [0, *(at + 1 for at in crosses)], [*(at + 1 for at in crosses), len(node.factors)]
        each = [_orders(_part(node, start, end), letters) for start, end in zip(starts, ends, strict=True)]
        return tuple(order for orders in each for order in orders) if all(each) else ()
    head, *tail = node.factors
    if head not in letters or node.operators not in {("/",), ("/", "")} or tail[1:] not in ([], [head]):
        return ()
    return _order(tail[0])


def _part(node: Product, start: int, end: int) -> Node:
    factors = node.factors[start:end]
    return factors[0] if len(factors) == 1 else Product(factors, node.operators[start : end - 1])


def _order(node: Node) -> tuple[int, ...]:
    """The number of `6`, `(6)` or `{6}`."""
    if isinstance(node, Group) and node.body is not None:
        return _order(node.body)
    known = (
        isinstance(node, Number) and node.text.isdecimal() and len(node.text) < len(str(10 * _LARGEST_ORDER))
    )
    return (int(node.text),) if known and isinstance(node, Number) else ()


def _prime_powers(order: int) -> list[int]:
    """12 is 4 times 3."""
    found, prime = [], 2
    while order > 1:
        power = 1
        while order % prime == 0:
            order, power = order // prime, power * prime
        found += [power] if power > 1 else []
        prime = prime + 1 if prime * prime <= order else max(order, prime + 1)
    return found


# The letter alone, beside an interval or a set.
_LETTER_R = Quantity(Variable("R"))


def as_structure(tree: Node | None, value: Value, other: Value) -> Value:
    r"""What a text means beside a structure: `(12)(34)` beside `(1\ 2)(3\ 4)`, `Z_6` beside \mathbb{Z}_6."""
    if isinstance(other, (Items, Region)) and value == _LETTER_R and tree == Symbol("R"):
        return Named("R")
    if isinstance(other, (Items, Table)):
        return _column(tree) or value
    if type(other) is Quantity and isinstance(tree, Group):
        return continued_fraction(tree) or value
    if type(other) is not Named or tree is None:
        return value
    if other.name.startswith("("):
        return _cycles_without_blanks(tree) or value
    plain = cyclic_group(tree, _LETTERS) if other.name.startswith(_OF_ORDERS) else None
    return plain or value


def _column(tree: Node | None) -> Items | None:
    r"""`\vec a = \binom{3}{4}` beside a vector is one, as schools in some countries write them."""
    node = tree.sides[-1] if isinstance(tree, Relation) else None
    if not isinstance(node, Call) or node.name != "binom" or len(node.arguments) != len(("top", "bottom")):
        return None
    try:
        parts = tuple(Quantity(formula(argument)) for argument in node.arguments)
    except NotScalarError:
        return None
    return Items(kind="tuple", items=parts, opening="(", closing=")")


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
