r"""Environments: matrices, cases and aligned lines, read row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._atoms import bracket
from ._conditions import where
from ._names import LAYOUTS, MATRICES
from ._reader import enter, fail
from ._tree import Cases, Lines, Matrix, Product, Relation, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._reader import Reader
    from ._tree import Node

__all__ = ["braced_rows", "environment"]


def environment(reader: Reader) -> Node:
    r"""ENVIRONMENT = \begin{name} rows \end{name}."""
    name = _environment_name(reader)
    if name == "array" or name.startswith(("alignat", "tabular")):
        if reader.tokens[reader.at][:2] == ("open", "["):
            bracket(reader, "[")
        if reader.tokens[reader.at][0] == "{":
            _skip_columns(reader)
    elif (
        name.endswith("matrix")
        and reader.tokens[reader.at][:2] == ("open", "[")
        and reader.tokens[reader.at + 2][:2] == ("close", "]")
    ):
        reader.at += 3
    bars, reader.bars = reader.bars, 0
    braces, reader.braces = reader.braces, 0
    rows = _rows(reader)
    reader.bars, reader.braces = bars, braces
    end = reader.at
    if reader.tokens[end][0] != "endenv" or _environment_name(reader) != name:
        reader.at = end
        raise fail(reader, f"\\end{{{name}}}")
    name = name.rstrip("*")
    if name.removesuffix("*") in MATRICES or name == "tabular":
        return Matrix(name, rows)
    if name in ("cases", "dcases", "rcases"):
        return Cases(rows)
    if name in LAYOUTS:
        return _layout(rows)
    raise fail(reader, f"an environment other than {name!r}")


def braced_rows(name: str) -> Callable[[Reader], Node]:
    r"""Plain TeX's `\pmatrix{1&2\cr3&4}` and `\cases{...}`."""

    def rule(reader: Reader) -> Node:
        if reader.tokens[reader.at][0] != "{":
            raise fail(reader, "rows in braces")
        reader.at += 1
        enter(reader)
        rows = _rows(reader)
        if reader.tokens[reader.at][0] != "}":
            raise fail(reader, "a closing brace")
        reader.at += 1
        reader.depth -= 1
        return Cases(rows) if name == "cases" else Matrix(name, rows)

    return rule


def _layout(rows: tuple[tuple[Node, ...], ...]) -> Node:
    lines: list[Node] = []
    for row in rows:
        node = row[0]
        for cell in row[1:]:
            node = _joined(node, cell)
        lines.append(node)
    return lines[0] if len(lines) == 1 else Lines(tuple(lines))


def _joined(left: Node, right: Node) -> Node:
    """`a &= b` was cut at the mark: put the chain together again."""
    if isinstance(right, Relation) and right.sides[0] == Text(""):
        left_sides = left.sides if isinstance(left, Relation) else (left,)
        left_operators = left.operators if isinstance(left, Relation) else ()
        return Relation((*left_operators, *right.operators), (*left_sides, *right.sides[1:]))
    if left == Text(""):
        return right
    return Product((left, right), ("",))


def _environment_name(reader: Reader) -> str:
    tokens = reader.tokens
    if tokens[reader.at][0] == "endenv":
        reader.at += 1
    if tokens[reader.at][0] != "{":
        raise fail(reader, "an environment's name")
    start = tokens[reader.at][3]
    while tokens[reader.at][0] not in ("}", "end"):
        reader.at += 1
    if tokens[reader.at][0] == "end":
        raise fail(reader, "a closing brace")
    name = reader.text[start : tokens[reader.at][2]].strip()
    if not name:
        raise fail(reader, "an environment's name")
    reader.at += 1
    return name


def _skip_columns(reader: Reader) -> None:
    depth = 0
    while True:
        kind = reader.tokens[reader.at][0]
        if kind == "end":
            raise fail(reader, "a closing brace")
        depth += (kind == "{") - (kind == "}")
        reader.at += 1
        if depth == 0:
            return


def _rows(reader: Reader) -> tuple[tuple[Node, ...], ...]:
    rows: list[tuple[Node, ...]] = []
    row: list[Node] = []
    tokens = reader.tokens
    while tokens[reader.at][0] not in ("endenv", "end", "}"):
        kind = tokens[reader.at][0]
        if kind == "amp":
            reader.at += 1
            empty = tokens[reader.at][0] in ("amp", "line", "endenv")
            row = row or [Text("")]
            row.append(Text("") if empty else _cell(reader))
        elif kind == "line":
            reader.at += 1
            if row:
                rows.append(tuple(row))
            row = []
        elif kind in ("sep", "stop"):
            reader.at += 1
        elif row:
            raise fail(reader, "& or \\\\")
        else:
            row.append(_cell(reader))
    if row:
        rows.append(tuple(row))
    return tuple(rows) or ((Text(""),),)


def _cell(reader: Reader) -> Node:
    tokens = reader.tokens
    if tokens[reader.at][0] == "rel":
        operator = tokens[reader.at][1]
        reader.at += 1
        right = reader.grammar.items(reader, 0)
        if isinstance(right, Relation):
            return Relation((operator, *right.operators), (Text(""), *right.sides))
        return Relation((operator,), (Text(""), right))
    if tokens[reader.at][0] == "cond":
        return where(reader, Text(""))
    node = reader.grammar.items(reader, 0)
    while tokens[reader.at][0] == "sep":
        reader.at += 1
    return node
