"""Tokens -> tree, by recursive descent: each rule is chosen by one token, none goes back.

From the loosest binding to the tightest: `;`, `or`, `,`, `and`, relations, moduli (`_moduli`), `+ -`,
products (here), powers and marks (`_factors`), and atoms: numbers and brackets (`_atoms`), functions
(`_calls`), commands with arguments (`_commands`), environments. A tight rule that needs a looser one finds it
in `reader.grammar`.
"""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)

from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.errors import LatexSyntaxError

from ._braces import close
from ._conditions import is_bracketed_condition, where
from ._divisors import divisor
from ._factors import at_ends, atom, index, postfix, script
from ._lexer import tokenize
from ._memberships import set_of_numbers
from ._moduli import MOD, is_modulus, residues, with_modulus
from ._reader import ENDS, LEAVES, MAX_DEPTH, VALUES, Grammar, Reader, enter, fail
from ._tokens import MAX_CHARACTERS
from ._tree import (
    Accent,
    Call,
    Fraction,
    Group,
    Lines,
    List,
    Number,
    Postfix,
    Power,
    Prefix,
    Product,
    Relation,
    Subscript,
    Sum,
    Symbol,
    Text,
    Word,
)
from ._trim import lone_bars, single_braces, trim

if TYPE_CHECKING:
    from ._tree import Node

__all__ = ["parse"]


def parse(text: str) -> Node:
    r"""Read LaTeX or plain mathematics into a tree that keeps what was written.

    Args:
        text: `\frac{1}{2}`, `sin^2 x`, `x=1 or x=2`, `$[0, 1)$` and the like.

    Raises:
        LatexSyntaxError: The text is not mathematics that we can read; the span is marked.

    >>> parse("1/2 x")
    Product(factors=(Number(text='1'), Number(text='2'), Symbol(name='x')), operators=('/', ''))
    >>> from mathtune.latex import to_latex
    >>> to_latex(parse("sqrt(3)/2"))
    '\\sqrt{3}/2'
    """
    if text.isdecimal() and text.isascii() and len(text) <= MAX_CHARACTERS:
        return Number(text)
    tokens = tokenize(text)
    trim(tokens)
    if "{{" in text or "{ {" in text:
        single_braces(tokens)
    leaf = LEAVES.get(tokens[0][0]) if len(tokens) == 2 else None
    if leaf is not None:
        return leaf(tokens[0][1])
    if tokens[0][0] == "end":
        raise LatexSyntaxError("expected mathematics, found nothing", text, 0, len(text))
    reader = Reader(text, tokens, _GRAMMAR)
    if "|" in text or "vert" in text:
        reader.lone_bars = lone_bars(tokens)
    node = _lines(reader)
    kind, value, start, end, _spaced = tokens[reader.at]
    if kind in _TOO_MANY and value in ")]}" and tokens[reader.at + 1][0] == "end" and tokens[-3][0] != "op":
        return node  # a bracket too many at the very end changes nothing
    if kind != "end":
        raise LatexSyntaxError("expected an operator or the end", text, start, end)
    empty = type(node) is Group and node.body is None and node.opening == ""
    return Symbol("emptyset") if empty and text.strip(" $")[0] == "{" else node


_TOO_MANY = frozenset(["close", "}"])


def _lines(reader: Reader) -> Node:
    r"""LINES = list { `\\` list }."""
    tokens = reader.tokens
    node = _list(reader, 0)
    if tokens[reader.at][0] in _BREAKS:
        items = [node]
        while tokens[reader.at][0] in _BREAKS:
            reader.at += 1
            if tokens[reader.at][0] not in ("line", "end", "stop", "}", "close"):
                items.append(_list(reader, 0))
        node = items[0] if len(items) == 1 else Lines(tuple(items))
    return _over(reader, node) if tokens[reader.at][0] == "infix" else node


_BREAKS = frozenset(["line", "stop"])


def _over(reader: Reader, above: Node) -> Node:
    r"""`a \over b` and `n \choose k` part what their braces hold."""
    sign = reader.tokens[reader.at][1]
    reader.at += 1
    enter(reader)
    below = _lines(reader)
    reader.depth -= 1
    return Fraction(above, below) if sign == "over" else Call(name="binom", arguments=(above, below))


_LEVELS = (";", "or", ",", "and")
_LEVEL_OF = {separator: level for level, separator in enumerate(_LEVELS)}


def _list(reader: Reader, level: int) -> Node:
    """LIST = relation { separator LIST of the next level } [condition].

    The levels are those of `;`, `or`, `,` and `and`, in this order; separators below `level` end the list.
    """
    tokens, at = reader.tokens, reader.at
    kind, value, _start, _end, _spaced = tokens[at]
    if kind in LEAVES and tokens[at + 1][0] in ENDS:  # as most items are
        node = LEAVES[kind](value)
        reader.at = at + 1
    else:
        node = _relation(reader)
    while tokens[reader.at][0] == "sep":
        here = _level_of(reader)
        if here < level:
            break
        node = _items(reader, here, node)
    return where(reader, node) if level == 0 and tokens[reader.at][0] == "cond" else node


def _items(reader: Reader, level: int, first: Node) -> Node:
    """The items behind separators of one level, after the first."""
    tokens = reader.tokens
    items = [first]
    glued = True
    while tokens[reader.at][0] == "sep" and _level_of(reader) == level:
        glued = glued and not tokens[reader.at + 1][4]
        reader.at += 1
        while tokens[reader.at][0] == "sep":  # `, and` is one separator
            reader.at += 1
        if tokens[reader.at][0] in _AFTER_LAST:
            break
        items.append(_list(reader, level + 1))
    if len(items) == 1:
        return first
    separator = _LEVELS[level]
    return List(", " if separator == "," and not glued else separator, tuple(items))


# What stands behind the last item's comma.
_AFTER_LAST = frozenset(["end", "close", "}", "line", "amp", "endenv", "cond"])


def _level_of(reader: Reader) -> int:
    """The level of the separator here; `, and` counts as a comma, `, or` as an or."""
    value = reader.tokens[reader.at][1]
    following = reader.tokens[reader.at + 1]
    if following[0] == "sep" and value in (",", ";") and following[1] in ("and", "or"):
        value = "," if following[1] == "and" else "or"
    return _LEVEL_OF[value]


def _relation(reader: Reader) -> Node:
    """RELATION = modulo { relation modulo } [condition]."""
    tokens = reader.tokens
    first = _product(reader)
    kind = tokens[reader.at][0]
    if kind in ENDS:
        return first  # as most texts and most items of lists are
    if kind != "rel":
        first = _modulo(reader, first)
    kind, value, _start, _end, _spaced = tokens[reader.at]
    if kind not in _AFTER_SUM and not (kind == "op" and value == ":"):
        return first
    return _restricted(reader, _chain(reader, first))


def _chain(reader: Reader, first: Node) -> Node:
    """The sides of a relation after the first, if there are any."""
    tokens = reader.tokens
    sides, operators = [first], []
    while True:
        kind, value, _start, _end, _spaced = tokens[reader.at]
        if kind == "bar" and (reader.at in reader.lone_bars or (reader.braces and not reader.bars)):
            value = "∣"
        elif kind != "rel" and not (kind == "op" and value == ":"):
            break
        reader.at += 1
        if value == "≠" and tokens[reader.at][0] == "rel":
            value = _DENIED.get(tokens[reader.at][1], "≠")
            reader.at += 1
        if tokens[reader.at][0] in ("end", "close", "}", "sep", "amp", "line", "endenv"):
            if value in ("=", "≈", "⇒", "→", ":") and tokens[reader.at][0] == "end":
                break  # an equation cut off after its sign
            raise fail(reader, "a right side")
        operators.append(value)
        listed = residues(reader) if value == "≡" else None
        side = listed or _modulo(reader)
        sides.append(set_of_numbers(sides[-1], side) if value == "∈" else side)
    return Relation(tuple(operators), tuple(sides)) if operators else first


# What `\not` makes of the sign behind it.
_DENIED = {"=": "≠", "∈": "∉", "⊂": "⊄", "⊆": "⊈", "<": "≥", ">": "≤", "≤": ">", "≥": "<"}


def _restricted(reader: Reader, node: Node) -> Node:
    """What stands before a condition, or before one in parentheses: `8p (for all odd primes p)`."""
    tokens = reader.tokens
    if tokens[reader.at][0] == "cond" and tokens[reader.at - 1][0] != "sep":
        node = where(reader, node)
    if tokens[reader.at][0] == "open" and tokens[reader.at + 1][0] == "cond":
        reader.at += 1
        node = where(reader, node)
        close(reader, "(")
    elif is_bracketed_condition(reader):
        reader.at += 1
        node = where(reader, node, word="where ")
        close(reader, "(")
    return node


_AFTER_SUM = frozenset(["rel", "bar", "cond", "open"])


def _modulo(reader: Reader, product: Node | None = None) -> Node:
    r"""MODULO = sum [ bar scripts ] [ modulus ]: these are those of the whole sum before them.

    `product` is the first term, here and below, where it is read already.
    """
    node = _sum(reader, product)
    kind = reader.tokens[reader.at][0]
    if kind in ENDS:
        return node
    if kind == "bar" and reader.tokens[reader.at + 1][:2] == ("op", "_") and not reader.bars:
        node = at_ends(reader, node)
    return with_modulus(reader, node) if is_modulus(reader.tokens, reader.at) else node


_TERMS = frozenset("+-±∓")


def _sum(reader: Reader, product: Node | None = None) -> Node:
    """SUM = [sign] product { sign product }."""
    first = product or _product(reader)
    tokens = reader.tokens
    kind, value, _start, _end, _spaced = tokens[reader.at]
    if kind != "op" or value not in _TERMS:
        return first
    terms = [first]
    while kind == "op" and value in _TERMS:
        if tokens[reader.at + 1][0] in ("end", "close", "}", "sep", "amp", "line", "endenv", "rel"):
            if value in "+-":  # `x \to 0^+`, `2+`
                reader.at += 1
                terms[-1] = Postfix(value, terms[-1])
                break
            raise fail(reader, "a term")
        reader.at += 1
        term = _product(reader)
        terms.append(term if value == "+" else Prefix(value, term))
        kind, value, _start, _end, _spaced = tokens[reader.at]
    return Sum(tuple(terms)) if len(terms) > 1 else terms[0]


_FACTORS = frozenset(["*", "×", "/", "÷", ":", "∪", "∩", "∖", "⊗", "⊕", "∘", "⋆"])


_SIGNED = frozenset("+-±∓¬∀∃∠")


def _product(reader: Reader) -> Node:
    """PRODUCT = factor { [operator] factor }; a sign may open it or stand after an operator."""
    tokens = reader.tokens
    kind, value, _start, _end, _spaced = tokens[reader.at]
    if kind == "op" and value in _SIGNED:
        return _signed(reader)
    first = postfix(reader)
    kind, value, _start, _end, _spaced = tokens[reader.at]
    if kind in ENDS or (kind == "op" and value in _TERMS):
        return first
    factors, operators = [first], list[str]()
    marked = 0  # the factors before belong to a mark already
    while True:
        kind, value, _start, _end, _spaced = tokens[reader.at]
        if kind in VALUES:
            if kind == "open" and _restricts(reader, factors):
                break
            operators.append("")
            factors.append(postfix(reader))
        elif kind == "op" and value in _FACTORS and not (value == ":" and _is_label(reader, factors[-1])):
            reader.at += 1
            operators.append(value)
            operand = _signed if tokens[reader.at][1] in _SIGNED else postfix
            factors.append(divisor(reader, factors, operand) if value == "/" else operand(reader))
        elif kind == "bar" and not reader.bars and not reader.braces and _opens(reader):
            operators.append("")
            factors.append(postfix(reader))
        elif (
            kind == "op" and value in "°%" and marked < len(factors)
        ):  # a word, behind all of `270/7 degrees`
            reader.at += 1
            whole = _product_of(factors[marked:], operators[marked:])
            factors[marked:], operators[marked:] = [Postfix(value, whole)], []
            marked = len(factors)
        elif kind == "op" and value in "∠∀∃¬":
            operators.append("")
            factors.append(_signed(reader))
        else:
            break
    return _product_of(factors, operators)


def _restricts(reader: Reader, factors: list[Node]) -> bool:
    """Whether a bracket is no factor but a modulus or a condition; `P (X > 2)` belongs to its P."""
    following = reader.tokens[reader.at + 1]
    if following[:2] == MOD or following[0] == "cond":
        return True
    last = factors[-1]
    called = isinstance(last, (Word, Text)) or (
        isinstance(last, Symbol) and (len(factors) == 1 or last.name.isupper())
    )
    return not called and is_bracketed_condition(reader)


def _product_of(factors: list[Node], operators: list[str]) -> Node:
    return Product(tuple(factors), tuple(operators)) if operators else factors[0]


def _signed(reader: Reader) -> Node:
    signs = []
    while reader.tokens[reader.at][0] == "op" and reader.tokens[reader.at][1] in _SIGNED:
        signs.append(reader.tokens[reader.at][1])
        reader.at += 1
    enter(reader)
    node = _product(reader)
    reader.depth -= 1
    for sign in _reduced(signs) if len(signs) > 1 else signs:
        node = Prefix(sign, node)
    return node


def _reduced(signs: list[str]) -> list[str]:
    """`--x` is x and `++x` is x, so that a run of signs never makes a deep tree."""
    kept: list[str] = []
    for sign in reversed(signs):
        if sign == "+":
            continue
        if sign == "-" and kept and kept[-1] == "-":
            kept.pop()
        elif len(kept) < MAX_DEPTH:
            kept.append(sign)
    return kept


def _is_label(reader: Reader, left: Node) -> bool:
    """`Minimum: 1` names a value; `5:8` is a ratio; in braces `x : x > 0` says what the elements obey."""
    following = reader.tokens[reader.at + 1]
    if isinstance(left, (Word, Text)) or following[0] in ("end", "close", "sep"):
        return True
    if not reader.braces:
        return False
    if isinstance(left, (Symbol, Group, Subscript, Relation, Accent, Power)):
        return True
    return reader.tokens[reader.at + 2][0] == "rel"  # {2k + 1 : k ∈ Z}


def _opens(reader: Reader) -> bool:
    following = reader.tokens[reader.at + 1]
    if following[:2] == ("op", "_"):
        return False  # F|_0^1
    return reader.at not in reader.lone_bars and following[0] not in ("end", "sep", "close", "}", "rel")


_GRAMMAR = Grammar(
    lines=_lines,
    items=_list,
    sum=_sum,
    product=_product,
    postfix=postfix,
    script=script,
    index=index,
    atom=atom,
)
