r"""The tree: what was written, not what it means.

Every node is a frozen, hashable value. Where mathematics has two readings the tree keeps the form and chooses
nothing: `(1,2)` is a `Group` around a `List`, `1,234` a `Grouped` number, `2\frac12` and `f(x)` are
products by
juxtaposition, `10\%` is a `Postfix`. Reading them is the business of `mathtune.grading`.
"""

# ruff: noqa: RUF002  (the signs of mathematics look like letters)
from __future__ import annotations

import attrs

__all__ = [
    "Accent",
    "Big",
    "Call",
    "Cases",
    "Fraction",
    "Group",
    "Grouped",
    "Lines",
    "List",
    "Matrix",
    "Node",
    "Number",
    "Postfix",
    "Power",
    "Prefix",
    "Product",
    "Relation",
    "Repeating",
    "Root",
    "Subscript",
    "Sum",
    "Symbol",
    "Text",
    "Where",
    "Word",
]


@attrs.frozen
class Number:
    """A decimal literal: digits, at most one point, perhaps an exponent: `12`, `.5`, `5.1e-2`."""

    text: str


@attrs.frozen
class Grouped:
    """Digits parted by commas without a space: `1,234` may be one number, a list, or a decimal comma."""

    parts: tuple[str, ...]


@attrs.frozen
class Repeating:
    r"""A decimal and the digits that repeat for ever: `0.1\overline{6}` is `Repeating("0.1", "6")`."""

    text: str
    period: str


@attrs.frozen
class Symbol:
    r"""One letter, or one command that stands for itself (`\pi`, `\triangle`), without its backslash."""

    name: str


@attrs.frozen
class Word:
    """A run of letters written together: `xy` may be a product, `cm` a unit, `miles` a word."""

    text: str


@attrs.frozen
class Text:
    """Words in a text command, or words that no rule reads as mathematics."""

    text: str


@attrs.frozen
class Prefix:
    """A sign or quantifier before its argument: `+`, `-`, `±`, `∓`, `¬`, `∀`, `∃`, `∠`."""

    operator: str
    argument: Node


@attrs.frozen
class Postfix:
    """A mark after its argument: `!`, `!!`, `%`, `°`, `'`, `"`."""

    operator: str
    argument: Node


@attrs.frozen
class Sum:
    """Terms in writing order; a term after `-`, `±` or `∓` is a `Prefix`."""

    terms: tuple[Node, ...]


@attrs.frozen
class Product:
    r"""Factors in writing order, and what stands between them: "" if juxtaposed, `*`, `×`, `/`, `mod`."""

    factors: tuple[Node, ...]
    operators: tuple[str, ...]


@attrs.frozen
class Fraction:
    r"""A stacked fraction, `\frac{a}{b}`."""

    numerator: Node
    denominator: Node


@attrs.frozen
class Power:
    """A superscript."""

    base: Node
    exponent: Node


@attrs.frozen
class Subscript:
    """A subscript: an index, a base of numeration, or part of a name."""

    base: Node
    index: Node


@attrs.frozen
class Root:
    """A square root (`index` None) or a higher one."""

    index: Node | None
    radicand: Node


@attrs.frozen(kw_only=True)
class Call:
    r"""A function known by name: `\sin^2 x` keeps its `power`, `\log_2 x` its `base`."""

    name: str
    arguments: tuple[Node, ...]
    power: Node | None = None
    base: Node | None = None


@attrs.frozen
class Big:
    """A sum, product, integral or limit: its sign, what stands below and above, and the body."""

    sign: str
    lower: Node | None
    upper: Node | None
    body: Node
    variable: Node | None = None


@attrs.frozen
class Group:
    """A body between delimiters as they were written; "{" is a visible brace, "" an invisible pair."""

    opening: str
    body: Node | None
    closing: str


@attrs.frozen
class List:
    """Items parted by `,`, `;`, `and` or `or`."""

    separator: str
    items: tuple[Node, ...]


@attrs.frozen
class Relation:
    r"""A chain: `a < b \le c` has the operators `<`, `≤` and three sides."""

    operators: tuple[str, ...]
    sides: tuple[Node, ...]


@attrs.frozen
class Where:
    r"""A body and the words that restrict it: `2n` for `2n \text{ for all } n \in \mathbb{N}`."""

    body: Node
    condition: str


@attrs.frozen
class Matrix:
    """Rows of cells, and the environment's name, which tells a determinant (`vmatrix`) from a matrix."""

    environment: str
    rows: tuple[tuple[Node, ...], ...]


@attrs.frozen
class Cases:
    """Rows of a `cases` environment: values with conditions, or the equations of a system."""

    rows: tuple[tuple[Node, ...], ...]


@attrs.frozen
class Lines:
    r"""Lines parted by `\\` outside a matrix, or by a line break that cannot be a blank."""

    items: tuple[Node, ...]


@attrs.frozen
class Accent:
    """A mark over or around its body: `vec`, `bar`, `hat`, `overline`, `mathbb` ..."""

    name: str
    body: Node


Node = (
    Number
    | Grouped
    | Repeating
    | Symbol
    | Word
    | Text
    | Prefix
    | Postfix
    | Sum
    | Product
    | Fraction
    | Power
    | Subscript
    | Root
    | Call
    | Big
    | Group
    | List
    | Relation
    | Where
    | Matrix
    | Cases
    | Lines
    | Accent
)
