"""Atoms: numbers, letters, words, and whatever stands in brackets or bars."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._braces import argument
from ._reader import fail
from ._tree import (
    Accent,
    Cases,
    Group,
    Grouped,
    List,
    Matrix,
    Number,
    Prefix,
    Product,
    Repeating,
    Sum,
    Symbol,
    Text,
    Word,
)

if TYPE_CHECKING:
    from ._reader import Reader
    from ._tree import Node

__all__ = [
    "AFTER_DIGITS", "bar", "bracket", "grouped", "is_of_sum", "number", "repeating", "symbol", "text", "word",
]  # fmt: skip


# What may tell which digits of a decimal recur: a line above, dots, a word.
AFTER_DIGITS = frozenset(["accent", "sym", "word"])


def number(reader: Reader, value: str) -> Node:
    reader.at += 1
    tokens = reader.tokens
    following = tokens[reader.at]
    if (
        following[0] == "accent"
        and following[1] in ("overline", "bar", "dot", "overbrace")
        and "." in reader.text[tokens[reader.at - 1][2] : tokens[reader.at - 1][3] + 1]
    ):
        reader.at += 1
        period = argument(reader)
        if not isinstance(period, Number) or not period.text.isdecimal():
            raise fail(reader, "repeating digits")
        return Repeating(value, period.text + (_last_dotted(reader) if following[1] == "dot" else ""))
    if following[0] == "sym" and following[1] == "ldots" and "." in value and not following[4]:
        repeated = _period(value)
        if repeated:
            reader.at += 1
            return Repeating(*repeated)
    if following[0] == "word" and following[1] == "repeating" and "." in value:
        repeated = _period(value)
        if repeated:
            reader.at += 1
            return Repeating(*repeated)
    return Number(value)


def _last_dotted(reader: Reader) -> str:
    r"""`0.\dot{1}2\dot{3}`: the dots mark the first and the last digit of the period."""
    tokens, at = reader.tokens, reader.at
    between = tokens[at][1] if tokens[at][0] == "num" and tokens[at][1].isdecimal() else ""
    if tokens[at + bool(between)][:2] != ("accent", "dot"):
        return ""
    reader.at += 1 + bool(between)
    last = argument(reader)
    if not isinstance(last, Number) or not last.text.isdecimal():
        raise fail(reader, "a repeating digit")
    return str(between) + last.text


def repeating(reader: Reader, value: tuple[str, str]) -> Node:
    reader.at += 1
    return Repeating(*value)


_SHOWN = 3


def _period(digits: str) -> tuple[str, str] | None:
    """`0.1666` before dots: the shortest run that ends the digits at least twice.

    A single digit has to stand there thrice, unless three digits are all that is shown, as in `0.166...`.
    """
    whole, fraction = digits.split(".", 1)
    for size in range(1, len(fraction) // 2 + 1):
        period = fraction[-size:]
        times = 3 if size == 1 and len(fraction) > _SHOWN else 2
        if fraction.endswith(period * times):
            rest = fraction
            while rest.endswith(period):
                rest = rest[:-size]
            return f"{whole}.{rest}", period
    return None


def grouped(reader: Reader, value: tuple[str, ...]) -> Node:
    reader.at += 1
    return Grouped(value)


def symbol(reader: Reader, value: str) -> Node:
    reader.at += 1
    return Symbol(value)


def word(reader: Reader, value: str) -> Node:
    reader.at += 1
    return Word(value)


def text(reader: Reader, value: str) -> Node:
    reader.at += 1
    return Text(value)


def bracket(reader: Reader, value: str) -> Node:
    """GROUP = opening [list] closing; `[0, 1)` may close with another bracket."""
    reader.at += 1
    bars, reader.bars = reader.bars, int(value in "|‖")
    braces, reader.braces = reader.braces, int(value == "{")
    tokens = reader.tokens
    reader.at += value == "(" and tokens[reader.at][:2] == ("sep", ";")  # no parameters above in 0F1(;1;x)
    body = None if tokens[reader.at][0] == "close" else reader.grammar.lines(reader)
    kind, closing = tokens[reader.at][:2]
    if value in "|‖" and kind == "bar":
        kind = "close"
    if kind == "close" and "." in (closing, value):
        closing = ""
    elif (
        closing == "⟩" and value == "|" and body is not None and is_of_sum(reader, reader.at + 1)
    ):  # \\left|0\\right\\rangle
        reader.at += 1
        reader.bars, reader.braces = bars, braces
        return Accent("ket", body)
    elif kind != "close" or not (closing in _CLOSES[value] or (value in "([" and closing in ")]")):
        raise fail(reader, f"a bracket that closes {value!r}")
    reader.at += 1
    reader.bars, reader.braces = bars, braces
    if value == "{" and closing == "" and isinstance(body, Matrix):
        return Cases(body.rows)
    if value == "[" and isinstance(body, List) and body.separator == ";" and (rows := _matrix_rows(body)):
        return Matrix("bmatrix", rows)
    if value == "[" and isinstance(body, (Product, Sum, Prefix)) and (row := _row_of_numbers(body)):
        return row
    return Group("" if value == "." else value, body, closing)


def _matrix_rows(body: List) -> tuple[tuple[Node, ...], ...] | None:
    """`[1 2; 3 4]` is a matrix in MATLAB: rows of values with nothing between them."""
    rows = []
    for item in body.items:
        if (
            not isinstance(item, Product)
            or set(item.operators) != {""}
            or not isinstance(item.factors[0], Number)
        ):
            return None
        rows.append(item.factors)
    return tuple(rows) if len(set(map(len, rows))) == 1 else None


def _row_of_numbers(body: Product | Sum | Prefix) -> Matrix | None:
    """`[1 -2 3]`, as NumPy and MATLAB print it: a row; and `[[1 2] [3 4]]`: a matrix of such rows."""
    parts = body.terms if isinstance(body, Sum) else (body,)
    cells: list[Node] = []
    for part in parts:
        inner = part.argument if isinstance(part, Prefix) and part.operator == "-" else part
        factors = inner.factors if isinstance(inner, Product) and not any(inner.operators) else (inner,)
        cells += [factors[0] if inner is part else Prefix("-", factors[0]), *factors[1:]]
    if len(cells) == len(parts):
        return None  # [1 - 2]
    rows = [cell.rows[0] for cell in cells if isinstance(cell, Matrix) and len(cell.rows) == 1]
    if len(rows) == len(cells):
        return Matrix("bmatrix", tuple(rows)) if len(set(map(len, rows))) == 1 else None
    numbers = all(isinstance(c.argument if isinstance(c, Prefix) else c, Number) for c in cells)
    return Matrix("bmatrix", (tuple(cells),)) if numbers else None


_CLOSES = {"(": ")]", "[": "])", "{": "}", "⌊": "⌋", "⌈": "⌉", "⟨": "⟩", "|": "|", "‖": "‖", ".": "."}


def bar(reader: Reader, value: str) -> Node:
    r"""`|x|`, `||v||`: inside, the next bar where an operator could stand closes; `|0\rangle` is a ket."""
    reader.at += 1
    bars, reader.bars = reader.bars, 1
    braces, reader.braces = reader.braces, 0
    body = _sign_alone(reader) or reader.grammar.lines(reader)
    closes = reader.tokens[reader.at][:2]
    if closes != ("bar", value) and (closes != ("close", "⟩") or not is_of_sum(reader, reader.at + 1)):
        raise fail(reader, "a closing bar")
    reader.at += 1
    reader.bars, reader.braces = bars, braces
    if closes[1] == "⟩":
        return Accent("ket", body)
    return Group(value, body, value)


def _sign_alone(reader: Reader) -> Node | None:
    r"""`|+\rangle`, `|-\rangle`."""
    kind, value = reader.tokens[reader.at][:2]
    if kind != "op" or reader.tokens[reader.at + 1][:2] != ("close", "⟩"):
        return None
    reader.at += 1
    return Text(value)


def is_of_sum(reader: Reader, behind: int) -> bool:
    r"""Whether the ket `|0\rangle` stands in no product of states or with a bra, whose order counts."""
    kind, value = reader.tokens[behind][:2]
    return kind not in ("bar", "open") and value != "ket" and not _STATES.search(reader.text)


_STATES = re.compile(r"\) {0,3}(?:\\left)? {0,3}\(|\\langle|\\otimes|\\bra|⟨|⊗|<")
