"""MODULUS: `mod 5` and `(mod 5)` behind a sum, and behind the residues that share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._braces import argument, close
from ._reader import MAX_DEPTH, fail
from ._tree import List, Product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._reader import Reader
    from ._tokens import Token
    from ._tree import Node

__all__ = ["MOD", "is_modulus", "residues", "with_modulus"]

# The kind and value of the token of `mod`.
MOD = ("op", "mod")


def is_modulus(tokens: Sequence[Token], at: int) -> bool:
    """Whether a modulus stands here, bare or in a bracket."""
    return tokens[at][:2] == MOD or (tokens[at][0] == "open" and tokens[at + 1][:2] == MOD)


def with_modulus(reader: Reader, node: Node) -> Node:
    """MODULUS = `mod` product | `(mod` sum `)`, as often as it is written."""
    tokens = reader.tokens
    for _ in range(MAX_DEPTH):
        if not is_modulus(tokens, reader.at):
            return node
        kind, value = tokens[reader.at][:2]
        reader.at += 1
        if kind == "open":
            reader.at += 1
            modulus = reader.grammar.sum(reader)
            close(reader, value)
        else:
            braced = tokens[reader.at][0] == "{"
            modulus = argument(reader, whole=True) if braced else reader.grammar.product(reader)
        node = Product((node, modulus), ("mod",))
    raise fail(reader, "fewer moduli")


def residues(reader: Reader) -> Node | None:
    r"""`x \equiv 1, 4 \pmod 5`: the modulus belongs to all of them. None where no several numbers follow."""
    if not _is_residues(reader):
        return None
    items = [reader.grammar.product(reader)]
    while reader.tokens[reader.at][0] == "sep":
        reader.at += 1
        items.append(reader.grammar.product(reader))
    return with_modulus(reader, List(", ", tuple(items)))


def _is_residues(reader: Reader) -> bool:
    """Whether numbers parted by commas follow, two at least, and then a modulus."""
    tokens, at, count = reader.tokens, reader.at, 0
    while True:
        at += tokens[at][:2] == ("op", "-")
        if tokens[at][0] != "num":
            return False
        at, count = at + 1, count + 1
        if tokens[at][:2] != ("sep", ","):
            return count > 1 and is_modulus(tokens, at)
        at += 1
