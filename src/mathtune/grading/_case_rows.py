r"""Functions by cases: the rows of `\begin{cases}`, each a value with its condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.errors import LatexSyntaxError
from mathtune.latex import Cases, List, Node, Text, Where, parse

from ._said_cases import parity_in
from ._values import Items, Phrase, Value
from ._words import ProseError, normalise_words

if TYPE_CHECKING:
    from ._values import Read

__all__ = ["by_cases"]


def by_cases(node: Cases, read: Read) -> Value:
    if all(len(row) == 1 for row in node.rows):
        values = [read(row[0]) for row in node.rows]
        return Items(kind="list", items=tuple(values))
    pieces = tuple(_piece(row, read) for row in node.rows)
    return Items(kind="set", items=pieces, opening="{=", closing="}")


def _piece(row: tuple[Node, ...], read: Read) -> Value:
    """One line of a function by cases: its value and its condition, with or without an `if` set between."""
    if len(row) == 3 and isinstance(row[1], Where) and row[1].body == Text(""):
        row = row[0], row[2]
    if len(row) != 2:
        raise ProseError
    value = row[0].body if isinstance(row[0], Where) else row[0]
    while isinstance(value, List) and len(value.items) == 1:
        value = value.items[0]
    return Items(kind="tuple", items=(read(value), _condition(row[1], read)), opening="(", closing=")")


def _condition(node: Node, read: Read) -> Value:
    text = node.condition if isinstance(node, Where) else ""
    if not text:
        return read(node)
    parity = parity_in(text)
    if parity is not None:
        return parity
    words = text.replace("\\text{", " ").replace("}", " ").split(None, 1)
    if len(words) < 2:
        return Phrase(normalise_words(text))
    try:
        return read(parse(words[1]))
    except (LatexSyntaxError, ProseError):
        return Phrase(normalise_words(words[1]))
