r"""Braces, and the arguments of commands: `{a}` groups and is not printed, `\{a\}` is a set."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)

from __future__ import annotations

from typing import TYPE_CHECKING

from ._reader import LEAVES, enter, fail
from ._tree import Group, List, Number, Prefix, Relation, Symbol, Text, Word

if TYPE_CHECKING:
    from ._reader import Reader
    from ._tree import Node

__all__ = ["argument", "brace", "braced", "close", "first_letter"]


def brace(reader: Reader, value: str) -> Node:
    """`{a}` groups and is not printed, yet `{1, 2}` in plain text is a set: kept around a list."""
    del value
    tokens, at = reader.tokens, reader.at
    if tokens[at + 1][0] == "fn" and tokens[at + 2][0] == "}":  # `{\log}_{10} 2`
        tokens[at + 2] = tokens[at + 1]
        reader.at += 2
        return reader.grammar.atom(reader)
    braces = reader.braces
    node = _braced_set(reader)
    reader.braces = braces
    return node


def _braced_set(reader: Reader) -> Node:
    start = reader.at
    reader.at += 1
    enter(reader)
    bars, reader.bars = reader.bars, 0
    reader.braces = 1
    if reader.tokens[reader.at][0] == "}":
        node: Node = Group("{", None, "}") if _is_item(reader, start) else Group("", None, "")
    else:
        node = reader.grammar.lines(reader)
        if isinstance(node, List) or _is_set(reader, start, node):
            node = Group("{", node, "}")
        elif not _is_leaf(reader, start, node):
            node = Group("", node, "")
    _close_brace(reader)
    reader.bars = bars
    reader.depth -= 1
    return node


def _is_leaf(reader: Reader, start: int, node: Node) -> bool:
    """`{x}` is x, as SymPy's `f{(x)}` is f(x); but 2{3} is no 23, and {ab}^2 has its exponent on both."""
    following = reader.tokens[min(reader.at + 1, len(reader.tokens) - 1)]
    if isinstance(node, Number):
        before = reader.tokens[start - 1][0] if start else ""
        return following[0] not in _DIGITS and before not in _DIGITS
    bracketed = isinstance(node, Group) and node.opening == "("
    return (
        bracketed
        or isinstance(node, (Symbol, Text))
        or (isinstance(node, Word) and following[1] not in ("^", "_"))
    )


_DIGITS = frozenset(["num", "grp", "rep", "{", "}", "cmd"])


def _is_item(reader: Reader, start: int) -> bool:
    """Whether braces of plain text are an item of a list: `{1, {1}}` has a set in it."""
    tokens, at = reader.tokens, reader.at
    if "\\" in reader.text or tokens[at][0] != "}" or not start:
        return False
    before, following = tokens[start - 1][0], tokens[at + 1][0]
    return (before == "sep" and following in _ENDS_ITEM) or (before == "{" and following == "sep")


_ENDS_ITEM = frozenset(["sep", "}"])


def _is_set(reader: Reader, start: int, node: Node) -> bool:
    r"""`{x : x > 2}`, `{x | x > 2}`, and in plain text `P({2})`, `{1, {1}}`; LaTeX's braces only group."""
    if isinstance(node, Relation):
        return "∣" in node.operators or ":" in (node.operators[0], *node.operators[1:2])
    if _is_item(reader, start):
        return True
    if start < 2 or "\\" in reader.text or reader.tokens[start - 2][:2] != ("let", "P"):
        return False
    if reader.tokens[start - 1][:2] != ("open", "(") or reader.tokens[reader.at][0] != "}":
        return False
    return reader.tokens[reader.at + 1][0] == "close"


def braced(reader: Reader) -> Node:
    """`{` list `}`, braces that are not printed; an empty pair is an empty text."""
    inside = reader.tokens[reader.at + 1]
    leaf = LEAVES.get(inside[0])
    if leaf is not None and reader.tokens[reader.at + 2][0] == "}":
        reader.at += 3
        return leaf(inside[1])
    enter(reader)
    reader.at += 1
    bars, reader.bars = reader.bars, 0
    braces, reader.braces = reader.braces, 0
    if inside[0] not in _NO_VALUE:
        node = reader.grammar.lines(reader)
    elif inside[0] == "}":
        node = Text("")
    elif reader.tokens[reader.at][:2] == ("op", "∘") and reader.tokens[reader.at + 1][0] == "}":
        reader.at += 1
        node = Symbol("circ")
    elif reader.tokens[reader.at][:2] == ("op", "'"):
        start = reader.at
        while reader.tokens[reader.at][:2] == ("op", "'"):
            reader.at += 1
        node = Symbol("prime") if reader.at == start + 1 else Text("'" * (reader.at - start))
    elif reader.tokens[reader.at][0] in ("op", "rel") and reader.tokens[reader.at + 1][0] == "}":
        node = Text(str(reader.tokens[reader.at][1]))
        reader.at += 1
    elif reader.tokens[reader.at][0] == "rel":  # `\\mathbb{Z}_{>0}`
        sign = reader.tokens[reader.at][1]
        reader.at += 1
        node = Relation((sign,), (Text(""), reader.grammar.sum(reader)))
    else:
        node = reader.grammar.lines(reader)
    _close_brace(reader)
    reader.bars, reader.braces = bars, braces
    reader.depth -= 1
    return node


# What braces may hold instead of a formula: nothing, or a sign.
_NO_VALUE = frozenset(["}", "op", "rel"])


def close(reader: Reader, opening: str) -> None:
    """Go past the bracket that closes."""
    if reader.tokens[reader.at][0] != "close":
        raise fail(reader, f"a bracket that closes {opening!r}")
    reader.at += 1


def _close_brace(reader: Reader) -> None:
    """Data sets cut answers short: a brace left open at the very end counts as closed."""
    kind = reader.tokens[reader.at][0]
    if kind == "}":
        reader.at += 1
    elif kind != "end":
        raise fail(reader, "a closing brace")


def first_letter(reader: Reader, length: int = 1) -> Node:
    """Of a run of letters the first one, as TeX does, or the first few; the rest is left to be read."""
    _kind, value, start, end, _spaced = reader.tokens[reader.at]
    rest = "let" if len(value) == length + 1 else "word"
    reader.tokens[reader.at] = (rest, value[length:], start + length, end, False)
    return Symbol(value[0]) if length == 1 else Word(value[:length])


def argument(reader: Reader, *, whole: bool = False) -> Node:
    """ARGUMENT = `{` list `}` | one token; of a number without braces only the first digit, as TeX does."""
    tokens = reader.tokens
    kind, value, start, end, spaced = tokens[reader.at]
    if kind == "{":
        return braced(reader)
    if kind == "num" and not whole and len(value) > 1 and value.isdecimal():
        tokens[reader.at] = ("num", value[1:], start + 1, end, False)
        return Number(value[0])
    if kind == "word" and not whole:
        return first_letter(reader)
    if kind == "op" and value in "+-":
        reader.at += 1
        enter(reader)
        node = Prefix(value, argument(reader, whole=whole))
        reader.depth -= 1
        return node
    if kind == "grp":
        del spaced
        raise fail(reader, "an argument")
    return reader.grammar.atom(reader)
