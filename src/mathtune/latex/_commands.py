r"""Commands that take arguments: `\frac`, `\sqrt`, `\binom`, accents ..., a function a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._atoms import bracket, is_of_sum
from ._braces import argument
from ._environments import braced_rows, environment
from ._reader import fail
from ._tree import (
    Accent,
    Call,
    Fraction,
    Group,
    Number,
    Postfix,
    Product,
    Root,
    Subscript,
    Symbol,
    Text,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._reader import Reader
    from ._tree import Node

__all__ = ["accented", "structured"]


def structured(reader: Reader, name: str) -> Node:
    rule = _COMMANDS.get(name)
    if rule is None:
        raise fail(reader, "a value")
    reader.at += 1
    return rule(reader)


def _fraction(reader: Reader) -> Node:
    numerator = argument(reader)
    if reader.tokens[reader.at][:2] == ("op", "/"):  # \sfrac 1/2 by mistake
        reader.at += 1
    return Fraction(numerator, argument(reader))


def _root(reader: Reader) -> Node:
    index: Node | None = None
    if reader.tokens[reader.at][:2] == ("open", "["):
        group = bracket(reader, "[")
        index = group.body if isinstance(group, Group) else group
    return Root(index, argument(reader, whole=True))


def _binomial(reader: Reader) -> Node:
    return Call(name="binom", arguments=(argument(reader), argument(reader)))


def _stacked(reader: Reader) -> Node:
    r"""`\overset{above}{body}`, `\underset{below}{body}`: the body counts."""
    argument(reader)
    return argument(reader)


def _substack(reader: Reader) -> Node:
    return argument(reader)


def accented(reader: Reader, name: str) -> Node:
    reader.at += 1
    if name == "overset":
        return _stacked(reader)
    body = argument(reader, whole=True)
    if name == "ket" and not is_of_sum(reader, reader.at):
        raise fail(reader, "a sum of kets")
    body = _WITH_DOT.get(body, body)
    name = _SAME_MARK.get(name, name)
    if name == "mathbb":
        letter = (
            body.name
            if isinstance(body, Symbol)
            else body.text
            if isinstance(body, (Word, Text, Number))
            else "?"
        )
        return Accent("mathbb", Symbol(letter))
    if name == "underbrace" and reader.tokens[reader.at][:2] == ("op", "_"):
        reader.at += 1
        note = reader.grammar.script(reader)
        return Subscript(Accent(name, body), note)
    return Accent(name, body)


# Under a mark i and j lose their dots.
_WITH_DOT: dict[Node, Node] = {Symbol("imath"): Symbol("i"), Symbol("jmath"): Symbol("j")}
# One mark in two sizes, or of two packages.
_SAME_MARK = {
    "Bbb": "mathbb", "mathds": "mathbb", "mathbbm": "mathbb", "bar": "overline", "widehat": "hat",
    "widetilde": "tilde", "overrightarrow": "vec", "wideparen": "overarc",
}  # fmt: skip


def _classical_root(reader: Reader) -> Node:
    r"""Plain TeX's `\root 3 \of 2`."""
    index = argument(reader)
    if reader.tokens[reader.at][:2] != ("sym", "of"):
        raise fail(reader, "\\of")
    reader.at += 1
    return Root(index, argument(reader, whole=True))


def _general_fraction(reader: Reader) -> Node:
    r"""`\genfrac{(}{)}{0pt}{}{n}{k}`: with parentheses a binomial, else a fraction."""
    opening, *_closing_and_looks = [_raw(reader) for _ in range(4)]
    above, below = argument(reader), argument(reader)
    return Call(name="binom", arguments=(above, below)) if opening == "(" else Fraction(above, below)


def _raw(reader: Reader) -> str:
    """The text of an argument that is no mathematics."""
    start, depth = reader.at, 0
    while True:
        kind = reader.tokens[reader.at][0]
        depth += (kind == "{") - (kind == "}")
        if kind == "end":
            raise fail(reader, "a closing brace")
        reader.at += 1
        if depth == 0:
            return reader.text[reader.tokens[start][3] : reader.tokens[reader.at - 1][2]].strip()


def _quantity(reader: Reader) -> Node:
    r"""Siunitx's `\qty{5}{\meter\per\second}`; the package physics has a `\qty(...)` of its own."""
    if reader.tokens[reader.at][0] != "{":
        return argument(reader)
    number = argument(reader)
    unit = _raw(reader) if reader.tokens[reader.at][0] == "{" else ""
    return Product((number, Text(unit.replace("\\per", "/").replace("\\", " "))), ("",)) if unit else number


def _angle(reader: Reader) -> Node:
    return Postfix("°", argument(reader))


def _between(mark: str) -> Callable[[Reader], Node]:
    return lambda reader: Group(mark, argument(reader), mark)


def _differential(reader: Reader, sign: str = "d") -> Node:
    return Product((Symbol(sign), argument(reader)), ("",))


def _derivative(sign: str) -> Callable[[Reader], Node]:
    r"""`\dv{y}{x}` and `\pdv{y}{x}` of the package physics."""
    return lambda reader: Fraction(_differential(reader, sign), _differential(reader, sign))


_COMMANDS: dict[str, Callable[[Reader], Node]] = {
    "frac": _fraction,
    "sqrt": _root,
    "root": _classical_root,
    "binom": _binomial,
    "genfrac": _general_fraction,
    "begin": environment,
    **{name: braced_rows(name) for name in ("matrix", "pmatrix", "bmatrix", "cases")},
    "overset": _stacked,
    "substack": _substack,
    "SI": _quantity,
    "qty": _quantity,
    "ang": _angle,
    "norm": _between("‖"),
    "abs": _between("|"),
    "dd": _differential,
    "dv": _derivative("d"),
    "pdv": _derivative("partial"),
}
