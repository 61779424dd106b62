"""Functions and their arguments; sums, integrals and limits with their bodies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ._atoms import bracket
from ._braces import argument, braced
from ._constructors import construct
from ._reader import VALUES, enter, fail
from ._tree import (
    Big,
    Call,
    Fraction,
    Group,
    Grouped,
    List,
    Number,
    Postfix,
    Prefix,
    Product,
    Root,
    Sum,
    Symbol,
    Text,
)

if TYPE_CHECKING:
    from ._reader import Reader
    from ._tokens import Token
    from ._tree import Node

__all__ = ["function", "large"]


def function(reader: Reader, name: str) -> Node:
    """FUNCTION = name [`_` base] [`^` power] ( `(` arguments `)` | factors without a sign )."""
    reader.at += 1
    tokens = reader.tokens
    power: Node | None = None
    base: Node | None = None
    while tokens[reader.at][0] == "op" and tokens[reader.at][1] in ("^", "_", "'"):
        mark = tokens[reader.at][1]
        reader.at += 1
        if mark == "^":
            power = _first_digit(reader, reader.grammar.script(reader))
        elif mark == "_":
            base = reader.grammar.script(reader)
        else:
            name += mark
    if name in ("log", "ln") and base is not None:
        base = _first_digit(reader, base)
    if base is None and name in _NUMBERED and _is_base(reader):
        base = reader.grammar.atom(reader)
        if name == "arctan":
            name, base = "atan2", None
    if name == "sqrt" and power is None and base is None and _has_index(reader):
        base = bracket(reader, tokens[reader.at][1])
        return Root(base.body if isinstance(base, Group) else base, argument(reader))
    arguments = _arguments(reader, name)
    if arguments is None:
        return Symbol(name)
    if name == "root" and len(arguments) == 1 and tokens[reader.at][:2] == ("open", "("):
        return Root(arguments[0], bracket(reader, "("))  # AsciiMath's root(3)(x)
    return construct(name, arguments) or Call(name=name, arguments=arguments, power=power, base=base)


def _first_digit(reader: Reader, base: Node) -> Node:
    r"""`\log_381` and `\ln^22`: as TeX has it, since there is nothing else to take the logarithm of."""
    if not isinstance(base, Number):
        return base
    kind, digits, start, end, _spaced = reader.tokens[reader.at - 1]
    following = reader.tokens[reader.at][0]
    if kind != "num" or len(digits) < 2 or following not in ("end", "close", "}", "sep", "rel"):
        return base
    reader.at -= 1
    reader.tokens[reader.at] = ("num", digits[1:], start + 1, end, False)
    return Number(digits[0])


def _is_base(reader: Reader) -> bool:
    """`log10(x)`, `log2(x)` and `atan2(y, x)` of programming languages."""
    name, number, following = (*reader.tokens[reader.at - 1 : reader.at + 2], _NOTHING)[:3]
    named = number[:2] in _BASES and not number[4] and following[:2] == ("open", "(") and not following[4]
    return named and reader.text[name[2]] != "\\"


_NOTHING: Token = ("end", "", 0, 0, False)
_NUMBERED = frozenset(["log", "ln", "arctan"])
_BASES = frozenset([("num", "2"), ("num", "10")])


def _has_index(reader: Reader) -> bool:
    r"""`\sqrt[3]{2}` has an index, Mathematica's `Sqrt[2]` an argument."""
    name, following = reader.tokens[reader.at - 1 : reader.at + 1]
    return following[:2] == ("open", "[") and not reader.text[name[2]].isupper()


def _arguments(reader: Reader, name: str) -> tuple[Node, ...] | None:
    tokens = reader.tokens
    kind, value = tokens[reader.at][:2]
    if kind == "open" and value in "([{":
        group = bracket(reader, value)
        if isinstance(group, Group) and group.closing in ")]}":
            return _items(group.body)
        return (group,)
    if kind == "{":
        node = braced(reader)
        inner = node.body if isinstance(node, Group) and node.opening == "(" else node
        return _items(inner)
    if kind in ("end", "close", "}", "sep", "rel", "amp", "line") or (kind == "op" and value not in "+-"):
        return None
    return (_bare_argument(reader, name),)


def _items(body: Node | None) -> tuple[Node, ...]:
    if body is None:
        return ()
    if isinstance(body, List) and body.separator in (",", ", ", ";"):
        return body.items
    if isinstance(body, Grouped):
        return tuple(Number(part) for part in body.parts)
    return (body,)


def _bare_argument(reader: Reader, name: str) -> Node:
    r"""`\sin 2x`: the factors written together, up to an operator or the next function."""
    tokens = reader.tokens
    if tokens[reader.at][0] == "op":
        sign = tokens[reader.at][1]
        reader.at += 1
        if tokens[reader.at][0] not in VALUES:
            raise fail(reader, "an argument")
        enter(reader)
        inner = _bare_argument(reader, name)
        reader.depth -= 1
        return Prefix(sign, inner)
    factors = [reader.grammar.postfix(reader)]
    operators: list[str] = []
    while (operator := _joint(reader, name, factors)) is not None:
        reader.at += len(operator)
        operators.append(operator)
        factors.append(reader.grammar.postfix(reader))
    node = Product(tuple(factors), tuple(operators)) if operators else factors[0]
    if tokens[reader.at][:2] == ("op", "°"):  # `sin 30 degrees`
        reader.at += 1
        return Postfix("°", node)
    return node


def _joint(reader: Reader, name: str, factors: list[Node]) -> str | None:
    """What joins the next factor to the argument: a slash between numbers, or nothing; None at its end."""
    tokens = reader.tokens
    kind, value, _start, _end, spaced = tokens[reader.at]
    if kind == "op":
        number = isinstance(factors[-1], Number) or factors[-1] == Symbol("pi")
        return "/" if value == "/" and number and tokens[reader.at + 1][0] == "num" else None
    if kind == "open":
        called = _is_number_like(factors) or (factors[-1] in _CALLED and not spaced)
        return "" if value == "(" and name != "sqrt" and called and not _is_parted(reader) else None
    joins = kind in _JOINED or (kind == "cmd" and value in ("frac", "sqrt"))
    if not joins or name in ("sqrt", "max", "min") or (spaced and kind == "num"):
        return None
    if (kind == "word" and len(value) > 2) or _ends_argument(reader, factors):
        return None
    return None if kind == "let" and value == "d" and _is_differential(reader) else ""


# `\\ln\\Gamma(5)`: letters that the bracket behind them belongs to.
_CALLED = frozenset(map(Symbol, ("Gamma", "zeta", "f", "g", "h")))
_JOINED = frozenset(["num", "let", "word", "sym", "{", "grp"])
_PARTING = re.compile(r"\\(?:[,;: ]|quad|qquad)")


def _ends_argument(reader: Reader, factors: list[Node]) -> bool:
    r"""`\sin x\, e^{x}`, `\sin x e^x` are products: behind a letter, space or a power of e ends it."""
    if not any(isinstance(factor, Symbol) for factor in factors[-3:]):
        return False
    here, following = reader.tokens[reader.at : reader.at + 2]
    return (here[:2] == ("let", "e") and following[:2] == ("op", "^")) or _is_parted(reader)


def _is_parted(reader: Reader) -> bool:
    r"""Whether a space such as `\,` stands before this token."""
    before, here = reader.tokens[reader.at - 1 : reader.at + 1]
    return bool(here[4]) and _PARTING.search(reader.text, before[3], here[2]) is not None


def _is_differential(reader: Reader) -> bool:
    """Inside an integral `d` before one more letter ends the argument; `bars` is no help, so look ahead."""
    return reader.integrals > 0 and reader.tokens[reader.at + 1][0] in ("let", "sym")


def _is_number_like(factors: list[Node]) -> bool:
    return all(isinstance(f, (Number, Fraction)) or f == Symbol("pi") for f in factors)


_ENDS = frozenset(["end", "close", "}", "sep", "amp", "line", "endenv", "rel"])


def large(reader: Reader, sign: str) -> Node:
    """BIG = sign [`_` lower] [`^` upper] body; the body of an integral ends at its differential."""
    reader.at += 1
    tokens = reader.tokens
    lower: Node | None = None
    upper: Node | None = None
    while tokens[reader.at][0] == "op" and tokens[reader.at][1] in ("^", "_"):
        mark = tokens[reader.at][1]
        reader.at += 1
        if mark == "_":
            lower = reader.grammar.index(reader)
        else:
            upper = reader.grammar.script(reader)
    if tokens[reader.at][0] in _ENDS:
        return Big(sign, lower, upper, Text(""))
    if not sign.endswith("int"):
        return Big(sign, lower, upper, reader.grammar.product(reader))
    reader.integrals += 1
    body = _integrand(reader)
    reader.integrals -= 1
    return Big(sign, lower, upper, body)


def _integrand(reader: Reader) -> Node:
    r"""INTEGRAND = product { sign product }, up to the term with the differential: `\int x dx + 2` has x."""
    tokens, at = reader.tokens, reader.at
    terms = [reader.grammar.product(reader)]
    missing = 1
    while tokens[reader.at][0] == "op" and tokens[reader.at][1] in "+-":
        missing += sum(_counted(tokens[place], tokens[place + 1]) for place in range(at, reader.at))
        if missing <= 0 or tokens[reader.at + 1][0] in _ENDS:
            break
        at, sign = reader.at, tokens[reader.at][1]
        reader.at += 1
        term = reader.grammar.product(reader)
        terms.append(term if sign == "+" else Prefix(str(sign), term))
    return Sum(tuple(terms)) if len(terms) > 1 else terms[0]


def _counted(token: Token, following: Token) -> int:
    r"""1 for the sign of an inner integral, -1 for each differential: `dx`, `xdx`, `dydx`, `d\theta`."""
    kind, value = token[:2]
    if kind == "big":
        return int(value == "int")
    if kind == "word":
        found = _DIFFERENTIALS.search(value)
        return -len(found[0]) // 2 if found else 0
    return -int(kind == "let" and value == "d" and following[0] in ("let", "sym"))


_DIFFERENTIALS = re.compile(r"(?:d[A-Za-z]){1,3}\Z")
