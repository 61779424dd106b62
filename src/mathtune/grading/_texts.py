"""Words inside mathematics, and names: text commands, number sets, numbers in a base, conditions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mathtune.algebra import Variable, rational
from mathtune.errors import LatexSyntaxError
from mathtune.latex import (
    Accent,
    Group,
    Node,
    Number,
    Power,
    Product,
    Relation,
    Subscript,
    Symbol,
    Text,
    Where,
    Word,
    parse,
    to_text,
)

from ._formulas import NotScalarError, in_base
from ._matrices import is_matrix
from ._measures import starts_unit
from ._number_words import NUMBER_WORDS
from ._points import roman_number
from ._said_cases import cases_in_line, has_branches, parity_in
from ._scalars import MODULO
from ._structures import cyclic_group
from ._values import (
    Equation,
    Inequality,
    Items,
    Labelled,
    Named,
    Phrase,
    Quantity,
    Region,
    Restricted,
    Table,
    Value,
)
from ._words import EMPTY, NAMED_SETS, ProseError, known_phrase, normalise_words, read_words

if TYPE_CHECKING:
    from ._values import Read

__all__ = ["accented", "conditioned", "indexed", "plain_word", "raised", "symbol", "worded"]


def worded(node: Text, read: Read) -> Value:
    words = read_words(node.text)
    return _number_in(node.text, read) or words if isinstance(words, (Phrase, Items)) else words


_DIGITS = frozenset("0123456789")


def _number_in(text: str, read: Read) -> Value | None:
    r"""`\text{6 cm}` holds a number with its unit, `\text{2 and 3}` two numbers."""
    if text[:1] not in _DIGITS or "\\" in text:
        return None
    try:
        value = read(parse(text))
    except (LatexSyntaxError, ProseError):
        return None
    several = value.items if isinstance(value, Items) and value.kind in ("list", "family") else (value,)
    return value if all(isinstance(item, Quantity) for item in several) else None


def plain_word(node: Word) -> Value | None:
    if len(node.text) > 3 and not node.text.isupper():
        return read_words(node.text)
    lower = node.text.lower()
    if lower == "all":
        return Named("R")
    if len(lower) > 1 and set(node.text) <= set("IVX") and roman_number(node.text):
        return Quantity(Variable(node.text))
    if (
        lower in NUMBER_WORDS
        or known_phrase(lower) is not None
        or lower in ("yes", "no", "odd", "red", "tie")
    ):
        return read_words(node.text)
    return None


def symbol(node: Symbol) -> Value | None:
    return EMPTY if node.name == "emptyset" else None


def accented(node: Accent) -> Value | None:
    if node.name == "mathbb" and isinstance(node.body, Symbol):
        return Named(node.body.name)
    return None


def raised(node: Power, read: Read) -> Value | None:
    if is_matrix(node.base) and node.exponent in (Symbol("T"), Symbol("top"), Symbol("intercal")):
        value = read(node.base)
        return _transposed(value) if isinstance(value, Table) else None
    if isinstance(node.base, Accent) and node.base.name == "mathbb":
        return _named_set(node)
    if isinstance(node.base, (Group, Subscript)) and (group := cyclic_group(node)) is not None:
        return group
    if isinstance(node.base, (Text, Word)) and starts_unit(node.base):
        raise ProseError
    return None


def _transposed(table: Table) -> Table | None:
    """The columns as rows; None where the rows are unlike in length."""
    even = len({len(row) for row in table.rows}) == 1
    return Table(tuple(zip(*table.rows, strict=True))) if even else None


def _named_set(node: Power | Subscript) -> Value:
    name = to_text(node)
    return NAMED_SETS.get(name) or Named(name)


def indexed(node: Subscript) -> Value | None:
    try:
        return _named_subscript(node)
    except NotScalarError:
        raise ProseError from None


def _named_subscript(node: Subscript) -> Value | None:
    if isinstance(_ungrouped(node.index), Relation):  # Z_{>0}, or the indicator of a condition
        return NAMED_SETS.get(to_text(node))
    if isinstance(node.base, Accent) and node.base.name == "mathbb":
        return cyclic_group(node) or _named_set(node)
    if isinstance(node.base, Group) and isinstance(node.base.body, Number):
        bare = Subscript(node.base.body, node.index)
        return _remainder(bare) if node.base.opening == "[" else _named_subscript(bare)  # (1010)_2
    if isinstance(node.base, (Number, Text, Word, Product)):
        index = _ungrouped(node.index)
        if isinstance(index, (Word, Text)) and normalise_words(index.text) in NUMBER_WORDS:
            return indexed(Subscript(node.base, Number(str(NUMBER_WORDS[normalise_words(index.text)]))))
        value = in_base(to_text(node.base), to_text(index))
        if value is not None:
            return Quantity(value, f"base {to_text(index)}")
    return None


def _remainder(node: Subscript) -> Value | None:
    """`[10]_7`, the class of the remainder 3."""
    number, modulus = to_text(node.base), to_text(node.index)
    if not (number.isdecimal() and modulus.isdecimal()) or len(number) + len(modulus) > _LONG:
        return None
    return Quantity(rational(int(number) % int(modulus)), f"{MODULO}{modulus}") if int(modulus) else None


_LONG = 30


def _ungrouped(node: Node) -> Node:
    return node.body if isinstance(node, Group) and node.body is not None else node


def conditioned(node: Where, read: Read) -> Value:
    if node.body == Text("") or _PRICE.match(node.condition):
        raise ProseError
    if has_branches(node.condition):
        cases = cases_in_line(node)
        if cases is None:
            raise ProseError
        return read(cases)
    value = read(node.body)
    if isinstance(value, Phrase):
        raise ProseError  # `circle with radius 2`: words go on as words
    condition = parity_in(node.condition) or _formula_in(node.condition, read)
    return value if condition is None else Restricted(value, condition)


_LONGEST_CONDITION = 2_000
_PRICE = re.compile(r"for\s*\\?\$?\s*\d")  # 700 units for $20
_SCRIPT = re.compile(r"[_^]\{[^{}]*\}")
_EVERY = re.compile(r"(?:all|any|every)\b")
_RELATION_SIGNS = ("=", "<", ">", "≠", "≤", "≥", "\\ne", "\\le", "\\ge", "\\lt", "\\gt")


def _formula_in(condition: str, read: Read) -> Value | None:
    """What a condition says as a formula; a mere domain (`for all x ∈ R`) or words say nothing."""
    words = condition.replace("\\text{", " ").replace("\\text {", " ").replace("}", "} ", 1).split(None, 1)
    said = _SCRIPT.sub("", words[1]) if len(words) > 1 else ""  # of Q_{>0} the sign is no relation
    if not any(sign in said for sign in _RELATION_SIGNS):
        return None
    if len(condition) > _LONGEST_CONDITION:  # each condition in it would be read anew, and again in that
        return Phrase(normalise_words(condition))
    try:
        value = read(parse(_EVERY.sub("", words[1]).lstrip("} ").replace("$", "")))
    except (LatexSyntaxError, ProseError):
        return Phrase(normalise_words(condition))
    known = isinstance(value, (Inequality, Region, Labelled, Equation, Items, Restricted))
    return value if known else None
