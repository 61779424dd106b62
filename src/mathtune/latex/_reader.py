"""Where the parser stands, and what its rules share: the cursor, the failures, the limit of depth."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import attrs

from mathtune.errors import LatexSyntaxError

from ._tree import Number, Symbol, Word

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._tokens import Token
    from ._tree import Node

__all__ = ["ENDS", "LEAVES", "MAX_DEPTH", "VALUES", "Grammar", "Reader", "enter", "fail", "too_deep"]


# A group costs some seven frames of Python's stack (limit 1,000); continued fractions in answers reach 12.
MAX_DEPTH = 60


VALUES = frozenset(
    ["num", "grp", "rep", "let", "word", "sym", "fn", "open", "{", "cmd", "big", "accent", "text", "unit"]
)


# Tokens that are a node each. Most groups, items and terms of real answers are such, so the loose rules look
# here before they call the tight ones in turn.
_symbol = functools.lru_cache(maxsize=1_024)(Symbol)
LEAVES: dict[str, Callable[[str], Node]] = {
    "num": functools.lru_cache(maxsize=1_024)(Number),
    "let": _symbol,
    "sym": _symbol,
    "word": Word,
}
# What no leaf goes on before.
ENDS = frozenset(["end", "}", "close", "sep"])


@attrs.define
class Reader:
    """Where the parser stands.

    `bars` counts the open `|`: a bar then closes instead of opening; `lone_bars` are those that part, as in
    `P(A|B)`. `braces` says that a set is being read, `integrals` how many integrals.
    """

    text: str
    tokens: list[Token]
    grammar: Grammar
    at: int = 0
    depth: int = 0
    bars: int = 0
    braces: int = 0
    integrals: int = 0
    lone_bars: frozenset[int] = frozenset()


def fail(reader: Reader, expected: str) -> LatexSyntaxError:
    _kind, _value, start, end, _spaced = reader.tokens[reader.at]
    return LatexSyntaxError(f"expected {expected}", reader.text, start, max(end, start + 1))


def enter(reader: Reader) -> None:
    reader.depth += 1
    if reader.depth > MAX_DEPTH:
        raise too_deep(reader)


def too_deep(reader: Reader) -> LatexSyntaxError:
    return fail(reader, f"at most {MAX_DEPTH} levels of nesting")


@attrs.frozen(kw_only=True)
class Grammar:
    """The rules that tighter ones need: a group holds lines, a script an atom, an integral a sum."""

    lines: Callable[[Reader], Node]
    items: Callable[[Reader, int], Node]
    sum: Callable[[Reader], Node]
    product: Callable[[Reader], Node]
    postfix: Callable[[Reader], Node]
    script: Callable[[Reader], Node]
    index: Callable[[Reader], Node]
    atom: Callable[[Reader], Node]
