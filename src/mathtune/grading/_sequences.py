"""Lists of values: records by name, progressions with dots, one name for several values."""

from __future__ import annotations

import itertools
import math
import re
from fractions import Fraction as Ratio

from mathtune.algebra import (
    Rational,
    Variable,
    rational,
)
from mathtune.latex import List, Node, Relation, Symbol

from ._numerals import integer
from ._rebuilt import nodes_of
from ._values import (
    Items,
    Labelled,
    Quantity,
    Restricted,
    Value,
)

__all__ = [
    "DOTS",
    "DOTS_OR_BARS",
    "by_first_term",
    "has_labels",
    "is_longer_than_written",
    "progression",
    "records",
    "shared_label",
]


def records(items: list[Value]) -> list[Value]:
    """P = 5, q = 2, p = 7, q = 2: the names come round again, so these are two records."""
    if not items or not isinstance(items[0], Labelled):
        return items
    labels = [item.label if isinstance(item, Labelled) else None for item in items]
    size = len(set(labels))
    if None in labels or size < 2 or len(labels) <= size or labels != labels[:size] * (len(labels) // size):
        return items
    cuts = range(0, len(items), size)
    return [Items(kind="tuple", items=tuple(items[at : at + size]), opening="(", closing=")") for at in cuts]


_LONGEST_PROGRESSION = 2_000
_MOST_WRITTEN_SHORT = 8  # lists with dots and sets by description in one answer
_DOTS = Symbol("ldots")
_BARS = frozenset("\u2223:")
# How a text may say them, be it by a character's name.
DOTS = re.compile(r"\.\.|dots|[\u2026\u22ef]|&#?\w{2,31};")
DOTS_OR_BARS = re.compile(rf"{DOTS.pattern}|[|:\u2223\u2236]|mid")


def is_longer_than_written(tree: Node) -> bool:
    """Whether dots and descriptions stand for more numbers than one answer may have, one after another."""
    written_short = filter(_stands_for_many, nodes_of(tree))
    return next(itertools.islice(written_short, _MOST_WRITTEN_SHORT, None), None) is not None


def _stands_for_many(node: Node) -> bool:
    if isinstance(node, Relation):
        return not _BARS.isdisjoint(node.operators)
    return isinstance(node, List) and _DOTS in node.items


def _is_dots(value: Value) -> bool:
    letter = value.expression if type(value) is Quantity else None
    return type(letter) is Variable and letter.name == "ldots"


def progression(items: list[Value]) -> list[Value]:
    """1, 2, ..., 9: whole numbers in steps are written out."""
    at = len(items) - 2
    if at < 1 or not _is_dots(items[at]):
        return items
    numbers = [item.expression for item in items if isinstance(item, Quantity)]
    known = [n.value for n in numbers if isinstance(n, Rational)]
    if len(known) != len(items) - 1:
        return items
    step = known[1] - known[0] if at > 1 else Ratio(1)
    even = all(b - a == step for a, b in itertools.pairwise(known[:-1]))
    count = (known[-1] - known[0]) / step if step else Ratio(-1)
    if not even or count.denominator != 1 or not 0 < count <= _LONGEST_PROGRESSION:
        return items
    below = math.lcm(known[0].denominator, step.denominator)
    first, by = int(known[0] * below), int(step * below)
    return [Quantity(rational(first + by * place, below)) for place in range(int(count) + 1)]


def by_first_term(items: list[Value]) -> Value | None:
    """`a_1 = 2, a_n = 2n - 1 (n ≥ 2)`: a function of n by cases."""
    if len(items) != 2 or not isinstance(items[0], Labelled) or not isinstance(items[1], Restricted):
        return None
    first, general = items[0], items[1].value
    name, _, place = first.label.partition("_")
    if not isinstance(general, Labelled) or not place.isdecimal() or general.label != f"{name}_n":
        return None
    at_first = Labelled("n", Quantity(rational(integer(place))))
    pieces = ((first.value, at_first), (general.value, items[1].condition))
    rows = tuple(Items(kind="tuple", items=row, opening="(", closing=")") for row in pieces)
    return Labelled(general.label, Items(kind="set", items=rows, opening="{=", closing="}"))


def has_labels(items: Items) -> bool:
    """Whether this is a record, x = 1, y = 2: names, no two the same."""
    names = {item.label for item in items.items if isinstance(item, Labelled)}
    return len(names) == len(items.items) > 1


def shared_label(items: list[Value], mark: str = "") -> Value | None:
    """`n = 1, 2, 3` names all its values; `x = 1, x = 2` names x twice; the mark is kept."""
    first = items[0]
    if not isinstance(first, Labelled):
        return None
    rest = items[1:]
    if rest and all(isinstance(item, Quantity) for item in rest):
        values = [first.value, *rest]
    elif rest and all(isinstance(item, Labelled) and item.label == first.label for item in rest):
        if len({item.arguments for item in items if isinstance(item, Labelled)}) > 1:
            return None  # T(1) = 2, T(2) = 3
        values = [item.value for item in items if isinstance(item, Labelled)]
    else:
        return None
    flat: list[Value] = []
    for value in values:
        flat.extend(value.items if isinstance(value, Items) and value.kind in ("family", "list") else [value])
    return Labelled(first.label, Items(kind="family", items=tuple(flat), opening=mark), first.arguments)
