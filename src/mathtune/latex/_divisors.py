r"""What a slash divides by, where letters follow a number: `e^{-x^2/2\epsilon}`, `h/2\pi`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._factors import postfix
from ._tree import Fraction, Group, Number, Product, Root, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._reader import Reader
    from ._tree import Node

__all__ = ["divisor"]


def divisor(reader: Reader, dividend: list[Node], operand: Callable[[Reader], Node]) -> Node:
    r"""In TeX the number and the letters close behind it: `x/2\epsilon` is x/(2ε), as physicists print it.

    A number over a number is a fraction that multiplies, `1/2mv^2`, and so is a quotient in plain text, where
    systems of algebra read from left to right.
    """
    apart = reader.tokens[reader.at][4]  # where all is set apart, a space tells nothing
    first = operand(reader)
    plain = "\\" not in reader.text and "{" not in reader.text
    if type(first) is not Number or plain or all(map(_is_figure, dividend)):
        return first
    factors: list[Node] = [first]
    while _is_letter(reader, apart=apart) and Symbol(reader.tokens[reader.at][1]) not in dividend:
        factors.append(postfix(reader))
    return Group("", Product(tuple(factors), ("",) * (len(factors) - 1)), "") if len(factors) > 1 else first


def _is_figure(node: Node) -> bool:
    return isinstance(node, (Number, Root, Fraction)) or node == Symbol("pi")


def _is_letter(reader: Reader, *, apart: bool) -> bool:
    """Whether a letter follows at once, or a run of consonants: no function, differential or unit."""
    kind, value, _start, _end, spaced = reader.tokens[reader.at]
    if kind not in _LETTERS or value in _OTHERWISE or reader.tokens[reader.at + 1][0] == "open":
        return False
    if kind == "word" and (value[0] == "d" or not _VOWELS.isdisjoint(value.lower())):
        return False
    return kind == "sym" or apart or not spaced


_LETTERS = frozenset(["let", "sym", "word"])
_OTHERWISE = frozenset(["d", "e", "i", "ldots", "infty", "cm", "mm", "km", "kg", "ft", "hr", "nm", "ml"])
_VOWELS = frozenset("aeiouy")
