"""Points with words before them: `vertex (2, -3)`, `the points are A(0, 2) and B(4, 0)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.latex import Group, List, Node, Product, Symbol, Text, Word

from ._values import Labelled

if TYPE_CHECKING:
    from ._values import Read, Value

__all__ = ["said_place"]

# What names one point, and what names several.
_NOUNS = frozenset(
    ["point", "vertex", "center", "centre", "focus", "midpoint", "centroid", "minimum", "maximum", "min",
     "max", "extremum", "solution"]
)  # fmt: skip
_PLURALS = frozenset(
    ["points", "vertices", "foci", "minima", "maxima", "extrema", "solutions", "coordinates", "intersections",
     "pairs"]
)  # fmt: skip
_BESIDE_NOUNS = frozenset(
    ["the", "a", "an", "its", "is", "are", "at", "of", "with", "has", "local", "global", "absolute",
     "critical", "turning", "stationary", "saddle", "inflection", "intersection", "ordered", "pair"]
)  # fmt: skip


def said_place(node: Product, read: Read) -> Value | None:
    """The point, under the noun that stands before it; None where other words stand there."""
    if type(node.factors[-1]) is not Group:
        return None
    at = next((at for at, factor in enumerate(node.factors) if not isinstance(factor, (Word, Text))), 0)
    rest = node.factors[at:]
    if not at or any(node.operators) or not _is_point(rest):
        return None
    words = " ".join(_said(factor) for factor in node.factors[:at]).lower().split()
    nouns = [word for word in words if word in _NOUNS or word in _PLURALS]
    if not nouns or not _BESIDE_NOUNS.issuperset(set(words) - set(nouns)):
        return None
    point = read(rest[0] if len(rest) == 1 else Product(rest, node.operators[at:]))
    return Labelled(nouns[0], point) if nouns[0] in _NOUNS else point


def _said(factor: Node) -> str:
    return factor.text.strip(" :") if isinstance(factor, (Word, Text)) else ""


def _is_point(factors: tuple[Node, ...]) -> bool:
    """`(2, -3)`, perhaps with a letter before it."""
    last = factors[-1] if factors else None
    listed = isinstance(last, Group) and last.opening == "(" and isinstance(last.body, List)
    return listed and (len(factors) == 1 or (len(factors) == len("A(") and isinstance(factors[0], Symbol)))
