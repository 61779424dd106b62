"""WHERE: the words that restrict what stands before them are kept as they are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._tree import Where

if TYPE_CHECKING:
    from ._reader import Reader
    from ._tree import Node

__all__ = ["is_bracketed_condition", "where"]


def is_bracketed_condition(reader: Reader) -> bool:
    """Whether an inequality in parentheses stands at the end and apart, as in `3x + 1 (x > 0)`."""
    tokens, at = reader.tokens, reader.at
    kind, value, _start, _end, spaced = tokens[at]
    if kind != "open" or value != "(" or not spaced:
        return False
    found = False
    while tokens[at + 1][0] in _SIMPLE:
        at += 1
        found = found or (tokens[at][0] == "rel" and tokens[at][1] in _INEQUALITIES)
    return found and tokens[at + 1][0] == "close" and tokens[at + 2][0] in ("end", "sep", "}", "stop")


_SIMPLE = frozenset(["num", "grp", "let", "sym", "op", "rel", "cmd", "{", "}"])
_INEQUALITIES = frozenset("<>≤≥≠")


def where(reader: Reader, body: Node, word: str = "") -> Node:
    """WHERE = body condition: the words up to the next separator are kept as they stand.

    `word` stands for the condition's first word, where it has none.
    """
    start = reader.tokens[reader.at][2]
    ends = _ENDS_ALL if _FOR_ALL.match(reader.text, start) else _ENDS
    depth, in_row = 0, False
    while True:
        kind, value = reader.tokens[reader.at][:2]
        if kind == "end" or (depth == 0 and kind in ("line", "close", "}", "amp", "endenv")):
            break
        separates = depth == 0 and kind == "sep" and value in ends
        if separates and not in_row and _starts_anew(reader):
            break
        in_row = separates  # what follows a row of separators was asked at its first
        depth += (kind in ("open", "{")) - (kind in ("close", "}"))
        reader.at += 1
    end = reader.tokens[reader.at][2]
    return Where(body, word + reader.text[start:end].strip(" ,;$"))


# `4 if x = 1 or x = 2` has one condition, `f(x) = 0 for all x or f(x) = x` none for its second equation.
_ENDS = frozenset(["and", ";", ","])
_ENDS_ALL = _ENDS | {"or"}
_FOR_ALL = re.compile(r"(?:\\text\s*\{\s*)?for all\b|\\forall|\u2200")


def _starts_anew(reader: Reader) -> bool:
    """Whether what follows the separator is a further equation, not a further condition."""
    at = reader.at + 1
    tokens = reader.tokens
    while tokens[at][0] == "sep":
        at += 1
    while tokens[at][0] not in ("sep", "end", "cond"):
        if tokens[at][0] == "rel" and tokens[at][1] == "=":
            return True
        at += 1
    return False
