"""Tokens -> tree, by recursive descent: each rule is chosen by one token, none goes back.

From the loosest binding to the tightest: `;`, `or`, `,`, `and`, relations, `+ -`, products, signs, powers
and marks.
"""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from typing import Any

import attrs

from mathtune.errors import LatexSyntaxError

from ._lexer import Token, tokenize
from ._names import LAYOUTS, MATRICES
from ._tree import (
    Accent,
    Big,
    Call,
    Cases,
    Fraction,
    Group,
    Grouped,
    Lines,
    List,
    Matrix,
    Node,
    Number,
    Postfix,
    Power,
    Prefix,
    Product,
    Relation,
    Repeating,
    Root,
    Subscript,
    Sum,
    Symbol,
    Text,
    Where,
    Word,
)

__all__ = ["MAX_DEPTH", "parse"]

# A group costs some seven frames of Python's stack (limit 1,000); continued fractions in answers reach 12.
MAX_DEPTH = 60

_CLOSES = {"(": ")]", "[": "])", "{": "}", "⌊": "⌋", "⌈": "⌉", "⟨": "⟩", "|": "|", "‖": "‖", ".": "."}
_TERMS = frozenset("+-±∓")
_FACTORS = frozenset(["*", "×", "/", "÷", ":", "mod", "∪", "∩", "∖", "⊗", "⊕", "∘", "⋆", "bmod"])
_SIGNED = frozenset("+-±∓¬∀∃∠")
_ORDINALS = frozenset(["th", "st", "nd", "rd"])
_VALUES = frozenset(
    ["num", "grp", "let", "word", "sym", "fn", "open", "{", "cmd", "big", "accent", "text", "unit"]
)
_LEVELS = (";", "or", ",", "and")


@attrs.define
class _Reader:
    """Where the parser stands. `bars` counts the open `|`; a bar then closes instead of opening."""

    text: str
    tokens: list[Token]
    at: int = 0
    depth: int = 0
    bars: int = 0
    braces: int = 0


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
    reader = _Reader(text, tokenize(text))
    tokens = reader.tokens
    while len(tokens) > 1 and tokens[-2][0] in ("sep", "line", "stop"):  # a sentence's end is no mathematics
        del tokens[-2]
    while tokens[0][0] in ("line", "sep") or tokens[0][:2] in (("rel", "≈"), ("rel", "="), ("rel", "⇒")):
        del tokens[0]
    if tokens[0][0] == "end":
        raise LatexSyntaxError("expected mathematics, found nothing", text, 0, len(text))
    node = _lines(reader)
    kind, _value, start, end, _spaced = reader.tokens[reader.at]
    if kind != "end":
        raise LatexSyntaxError("expected an operator or the end", text, start, end)
    return node


def _fail(reader: _Reader, expected: str) -> LatexSyntaxError:
    _kind, _value, start, end, _spaced = reader.tokens[reader.at]
    return LatexSyntaxError(f"expected {expected}", reader.text, start, max(end, start + 1))


def _enter(reader: _Reader) -> None:
    reader.depth += 1
    if reader.depth > MAX_DEPTH:
        raise _fail(reader, f"at most {MAX_DEPTH} levels of nesting")


def _lines(reader: _Reader) -> Node:
    r"""LINES = list { `\\` list }."""
    items = [_list(reader, 0)]
    while reader.tokens[reader.at][0] in ("line", "stop"):
        reader.at += 1
        if reader.tokens[reader.at][0] not in ("line", "end", "stop", "}", "close"):
            items.append(_list(reader, 0))
    return items[0] if len(items) == 1 else Lines(tuple(items))


def _list(reader: _Reader, level: int) -> Node:
    """LIST = LIST of the next level { separator LIST }, for `;`, `or`, `,` and `and` in this order."""
    if level == len(_LEVELS):
        return _relation(reader)
    separator = _LEVELS[level]
    items = [_list(reader, level + 1)]
    glued = True
    tokens = reader.tokens
    while tokens[reader.at][0] == "sep" and _level_of(reader) == level:
        glued = glued and not tokens[reader.at + 1][4]
        reader.at += 1
        while tokens[reader.at][0] == "sep":  # `, and` is one separator
            reader.at += 1
        if tokens[reader.at][0] in ("end", "close", "}", "line", "amp", "endenv"):
            break  # a comma after the last item
        if tokens[reader.at][0] == "cond":
            break
        items.append(_list(reader, level + 1))
    if len(items) > 1:
        node: Node = List(", " if separator == "," and not glued else separator, tuple(items))
    else:
        node = items[0]
    if level == 0 and tokens[reader.at][0] == "cond":
        node = _where(reader, node)
    return node


def _level_of(reader: _Reader) -> int:
    """The level of the separator here; `, and` counts as a comma, `, or` as an or."""
    value = reader.tokens[reader.at][1]
    following = reader.tokens[reader.at + 1]
    if value in (",", ";") and following[0] == "sep" and following[1] in ("and", "or"):
        return _LEVELS.index("," if following[1] == "and" else "or")
    return _LEVELS.index(value)


def _where(reader: _Reader, body: Node) -> Node:
    """WHERE = body condition: the words up to the next separator are kept as they stand."""
    start = reader.tokens[reader.at][2]
    depth = 0
    while True:
        kind = reader.tokens[reader.at][0]
        if kind == "end" or (depth == 0 and kind in ("line", "close", "}", "amp", "endenv")):
            break
        if (
            depth == 0
            and kind == "sep"
            and reader.tokens[reader.at][1] in ("and", ";", ",")
            and _starts_anew(reader)
        ):
            break
        depth += (kind in ("open", "{")) - (kind in ("close", "}"))
        reader.at += 1
    end = reader.tokens[reader.at][2]
    return Where(body, reader.text[start:end].strip(" ,;$"))


def _starts_anew(reader: _Reader) -> bool:
    """Whether what follows the separator is a further equation, not a further condition."""
    at = reader.at + 1
    tokens = reader.tokens
    while tokens[at][0] == "sep":
        at += 1
    while tokens[at][0] not in ("sep", "end", "cond"):
        if tokens[at][0] == "rel" and tokens[at][1] == "=":
            return True
        at += 1
    return False


def _relation(reader: _Reader) -> Node:
    """RELATION = sum { relation sum } [condition]."""
    first = _sum(reader)
    tokens = reader.tokens
    kind, value = tokens[reader.at][:2]
    if kind != "rel" and not (kind == "op" and value == ":") and kind not in {"bar", "cond"}:
        return first
    sides, operators = [first], []
    while True:
        kind, value = tokens[reader.at][:2]
        if kind == "bar" and not reader.bars and reader.braces:
            value = "∣"
        elif kind != "rel" and not (kind == "op" and value == ":"):
            break
        reader.at += 1
        if value == "≠" and tokens[reader.at][0] == "rel":
            value = {"=": "≠", "∈": "∉", "⊂": "⊄"}.get(tokens[reader.at][1], "≠")
            reader.at += 1
        if tokens[reader.at][0] in ("end", "close", "}", "sep", "amp", "line", "endenv"):
            if value in ("=", "≈", "⇒", "→", ":") and tokens[reader.at][0] == "end":
                break  # an equation cut off after its sign
            raise _fail(reader, "a right side")
        operators.append(value)
        sides.append(_sum(reader))
    node: Node = Relation(tuple(operators), tuple(sides)) if operators else first
    if tokens[reader.at][0] == "cond" and tokens[reader.at - 1][0] != "sep":
        node = _where(reader, node)
    return node


def _sum(reader: _Reader) -> Node:
    """SUM = [sign] product { sign product }."""
    first = _product(reader)
    tokens = reader.tokens
    kind, value = tokens[reader.at][:2]
    if kind != "op" or value not in _TERMS:
        return first
    terms = [first]
    while kind == "op" and value in _TERMS:
        if tokens[reader.at + 1][0] in ("end", "close", "}", "sep", "amp", "line", "endenv", "rel"):
            if value in "+-":  # `x \to 0^+`, `2+`
                reader.at += 1
                terms[-1] = Postfix(value, terms[-1])
                break
            raise _fail(reader, "a term")
        reader.at += 1
        term = _product(reader)
        terms.append(term if value == "+" else Prefix(value, term))
        kind, value = tokens[reader.at][:2]
    return Sum(tuple(terms)) if len(terms) > 1 else terms[0]


def _product(reader: _Reader) -> Node:
    """PRODUCT = factor { [operator] factor }; a sign may open it or stand after an operator."""
    tokens = reader.tokens
    kind, value = tokens[reader.at][:2]
    if kind == "op" and value in _SIGNED:
        return _signed(reader)
    factors: list[Node] = [_postfix(reader)]
    operators: list[str] = []
    while True:
        kind, value = tokens[reader.at][:2]
        if kind == "cmd" and value == "pmod":
            reader.at += 1
            operators.append("mod")
            factors.append(_argument(reader, whole=True))
        elif kind in _VALUES:
            operators.append("")
            factors.append(_postfix(reader))
        elif kind == "op" and value in _FACTORS and not (value == ":" and _is_label(reader, factors[-1])):
            reader.at += 1
            operators.append(value)
            factors.append(_signed(reader) if tokens[reader.at][1] in _SIGNED else _postfix(reader))
        elif kind == "bar" and not reader.bars and not reader.braces and _opens(reader):
            operators.append("")
            factors.append(_postfix(reader))
        elif kind == "op" and value in "∠∀∃¬":
            operators.append("")
            factors.append(_signed(reader))
        else:
            break
    return Product(tuple(factors), tuple(operators)) if operators else factors[0]


def _signed(reader: _Reader) -> Node:
    signs = []
    while reader.tokens[reader.at][0] == "op" and reader.tokens[reader.at][1] in _SIGNED:
        signs.append(reader.tokens[reader.at][1])
        reader.at += 1
    _enter(reader)
    node = _product(reader)
    reader.depth -= 1
    for sign in _reduced(signs):
        node = Prefix(sign, node)
    return node


def _reduced(signs: list[str]) -> list[str]:
    """`--x` is x and `++x` is x, so that a run of signs never makes a deep tree."""
    kept: list[str] = []
    for sign in reversed(signs):
        if sign == "+" and len(signs) > 1:
            continue
        if sign == "-" and kept and kept[-1] == "-":
            kept.pop()
        elif len(kept) < MAX_DEPTH:
            kept.append(sign)
    return kept


def _is_label(reader: _Reader, left: Node) -> bool:
    """`Minimum: 1` names a value; `5:8` is a ratio; in braces `x : x > 0` says what the elements obey."""
    following = reader.tokens[reader.at + 1]
    if isinstance(left, (Word, Text)) or following[0] in ("end", "close", "sep"):
        return True
    return bool(reader.braces) and isinstance(left, (Symbol, Group, Subscript, Relation, Accent, Power))


def _opens(reader: _Reader) -> bool:
    return reader.tokens[reader.at + 1][0] not in ("end", "sep", "close", "}", "rel")


def _postfix(reader: _Reader) -> Node:
    """POSTFIX = atom { `^` script | `_` script | `!` | `%` | `'` | `°` }."""
    node = _atom(reader)
    tokens = reader.tokens
    marks = 0
    while True:
        kind, value, _start, _end, spaced = tokens[reader.at]
        if kind == "open" and value == "[" and not spaced and isinstance(node, Symbol) and _is_index(reader):
            node = Subscript(node, Number(tokens[reader.at + 1][1]))
            reader.at += 3
            continue
        if kind != "op":
            return node
        marks += 1
        if marks > MAX_DEPTH:
            raise _fail(reader, "fewer marks after one value")
        if value == "^" and tokens[reader.at + 1][0] == "end":
            reader.at += 1  # an answer cut off after the sign
        elif value == "^":
            reader.at += 1
            node = _with_exponent(node, _script(reader, chain=True))
        elif value == "_":
            reader.at += 1
            node = _with_last(node, Subscript, _script(reader))
        elif value in ("!", "!!", "%", "'", '"', "°", "th"):
            reader.at += 1
            node = Postfix(value, node)
        else:
            return node


def _is_index(reader: _Reader) -> bool:
    return reader.tokens[reader.at + 1][0] == "num" and reader.tokens[reader.at + 2][:2] == ("close", "]")


def _with_exponent(base: Node, exponent: Node) -> Node:
    if isinstance(exponent, Symbol) and exponent.name in ("circ", "prime"):
        return Postfix("°" if exponent.name == "circ" else "'", base)
    counted = isinstance(base, (Number, Grouped)) or (isinstance(base, Group) and base.opening == "")
    if counted and isinstance(exponent, (Text, Word)) and exponent.text.strip(" .").lower() in _ORDINALS:
        return Postfix("th", base)
    if counted and isinstance(exponent, Product) and _spells(exponent) in _ORDINALS:
        return Postfix("th", base)
    return _with_last(base, Power, exponent)


def _spells(node: Product) -> str:
    return "".join(f.name for f in node.factors if isinstance(f, Symbol))


def _with_last(base: Node, kind: Any, script: Node) -> Node:  # noqa: ANN401  (Power or Subscript)
    """A script after `ab` belongs to the b, unless the run is one name, as `cm` in `cm^2`."""
    if isinstance(base, Word) and len(base.text) <= 3 and base.text not in _MEASURES:
        letters = [Symbol(letter) for letter in base.text]
        return Product((*letters[:-1], kind(letters[-1], script)), ("",) * (len(letters) - 1))
    node: Node = kind(base, script)
    return node


_MEASURES = frozenset(
    [
        "mm",
        "cm",
        "dm",
        "km",
        "ft",
        "in",
        "yd",
        "mi",
        "kg",
        "mg",
        "ml",
        "mL",
        "min",
        "hr",
        "sec",
        "rad",
        "Pa",
        "Hz",
        "kPa",
        "nm",
        "um",
        "mol",
        "eV",
        "keV",
        "MeV",
        "kJ",
        "kN",
        "kW",
        "MW",
    ]
)


def _script(reader: _Reader, *, chain: bool = False) -> Node:
    """SCRIPT = `{` list `}` | `(`list`)` | [sign] one value."""
    tokens = reader.tokens
    kind, value = tokens[reader.at][:2]
    if kind == "{":
        return _braced(reader)
    if kind == "op" and value in ("∘", "°"):
        reader.at += 1
        return Symbol("circ")
    if kind == "op" and value == "'":
        reader.at += 1
        return Symbol("prime")
    if kind == "op" and value in "+-±∓":
        following = tokens[reader.at + 1][0]
        if following in ("end", "close", "}", "op", "sep"):  # `0^+`
            reader.at += 1
            return Text(value)
        reader.at += 1
        _enter(reader)
        inner = _script(reader, chain=chain)
        reader.depth -= 1
        return Prefix(value, inner)
    if kind == "op" and value == "*":
        reader.at += 1
        return Text("*")
    _enter(reader)
    node = _atom(reader)
    if chain and tokens[reader.at][:2] == ("op", "^") and kind in ("num", "let", "sym", "open"):
        reader.at += 1
        node = _with_exponent(node, _script(reader, chain=True))
    while tokens[reader.at][:2] == ("op", "!") and kind in ("num", "let", "open"):
        reader.at += 1
        node = Postfix("!", node)
    reader.depth -= 1
    return node


def _braced(reader: _Reader) -> Node:
    """`{` list `}`, braces that are not printed; an empty pair is an empty text."""
    _enter(reader)
    reader.at += 1
    bars, reader.bars = reader.bars, 0
    braces, reader.braces = reader.braces, 0
    if reader.tokens[reader.at][0] == "}":
        node: Node = Text("")
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
    else:
        node = _lines(reader)
    _close_brace(reader)
    reader.bars, reader.braces = bars, braces
    reader.depth -= 1
    return node


def _atom(reader: _Reader) -> Node:
    kind, value = reader.tokens[reader.at][:2]
    rule = _ATOMS.get(kind)
    if rule is None:
        raise _fail(reader, "a value")
    _enter(reader)
    node: Node = rule(reader, value)
    reader.depth -= 1
    return node


def _number(reader: _Reader, value: str) -> Node:
    reader.at += 1
    tokens = reader.tokens
    following = tokens[reader.at]
    if (
        following[0] == "accent"
        and following[1] in ("overline", "bar", "dot", "overbrace")
        and "." in reader.text[tokens[reader.at - 1][2] : tokens[reader.at - 1][3] + 1]
    ):
        reader.at += 1
        period = _argument(reader)
        if isinstance(period, Number) and period.text.isdigit():
            return Repeating(value, period.text)
        raise _fail(reader, "repeating digits")
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


def _period(digits: str) -> tuple[str, str] | None:
    """`0.1666` before dots: the shortest run that ends the digits at least twice (thrice if of one digit)."""
    whole, fraction = digits.split(".", 1)
    for size in range(1, len(fraction) // 2 + 1):
        period = fraction[-size:]
        times = 3 if size == 1 else 2
        if fraction.endswith(period * times):
            rest = fraction
            while rest.endswith(period):
                rest = rest[:-size]
            return f"{whole}.{rest}", period
    return None


def _grouped(reader: _Reader, value: tuple[str, ...]) -> Node:
    reader.at += 1
    return Grouped(value)


def _symbol(reader: _Reader, value: str) -> Node:
    reader.at += 1
    return Symbol(value)


def _word(reader: _Reader, value: str) -> Node:
    reader.at += 1
    return Word(value)


def _text(reader: _Reader, value: str) -> Node:
    reader.at += 1
    return Text(value)


def _unit(reader: _Reader, value: str) -> Node:
    reader.at += 1
    return Text(value)


def _bracket(reader: _Reader, value: str) -> Node:
    """GROUP = opening [list] closing; `[0, 1)` may close with another bracket."""
    reader.at += 1
    bars, reader.bars = reader.bars, int(value in "|‖")
    braces, reader.braces = reader.braces, int(value == "{")
    tokens = reader.tokens
    body = None if tokens[reader.at][0] == "close" else _lines(reader)
    kind, closing = tokens[reader.at][:2]
    if value in "|‖" and kind == "bar":
        kind = "close"
    if kind == "close" and "." in (closing, value):
        closing = ""
    elif kind != "close" or not (closing in _CLOSES[value] or (value in "([" and closing in ")]")):
        raise _fail(reader, f"a bracket that closes {value!r}")
    reader.at += 1
    reader.bars, reader.braces = bars, braces
    if value == "{" and closing == "" and isinstance(body, Matrix):
        return Cases(body.rows)
    return Group("" if value == "." else value, body, closing)


def _brace(reader: _Reader, value: str) -> Node:
    """`{a}` groups and is not printed, yet `{1, 2}` in plain text is a set: kept around a list."""
    del value
    braces = reader.braces
    node = _braced_set(reader)
    reader.braces = braces
    return node


def _braced_set(reader: _Reader) -> Node:
    reader.at += 1
    _enter(reader)
    bars, reader.bars = reader.bars, 0
    reader.braces = 1
    if reader.tokens[reader.at][0] == "}":
        node: Node = Group("", None, "")
    else:
        node = _lines(reader)
        if reader.tokens[reader.at][0] == "infix":
            over = reader.tokens[reader.at][1]
            reader.at += 1
            below = _lines(reader)
            node = Fraction(node, below) if over == "over" else Call(name="binom", arguments=(node, below))
        elif isinstance(node, List) or (isinstance(node, Relation) and "∣" in node.operators):
            node = Group("{", node, "}")
        else:
            node = Group("", node, "")
    _close_brace(reader)
    reader.bars = bars
    reader.depth -= 1
    return node


def _close_brace(reader: _Reader) -> None:
    """Data sets cut answers short: a brace left open at the very end counts as closed."""
    kind = reader.tokens[reader.at][0]
    if kind == "}":
        reader.at += 1
    elif kind != "end":
        raise _fail(reader, "a closing brace")


def _bar(reader: _Reader, value: str) -> Node:
    """`|x|`, `||v||`: inside, the next bar that stands where an operator could closes."""
    reader.at += 1
    bars, reader.bars = reader.bars, 1
    braces, reader.braces = reader.braces, 0
    body = _lines(reader)
    if reader.tokens[reader.at][:2] != ("bar", value):
        raise _fail(reader, "a closing bar")
    reader.at += 1
    reader.bars, reader.braces = bars, braces
    return Group(value, body, value)


def _function(reader: _Reader, name: str) -> Node:
    """FUNCTION = name [`_` base] [`^` power] ( `(` arguments `)` | factors without a sign )."""
    reader.at += 1
    tokens = reader.tokens
    power: Node | None = None
    base: Node | None = None
    while tokens[reader.at][0] == "op" and tokens[reader.at][1] in ("^", "_", "'"):
        mark = tokens[reader.at][1]
        reader.at += 1
        if mark == "^":
            power = _script(reader)
        elif mark == "_":
            base = _script(reader)
    if name == "sqrt" and power is None and base is None and tokens[reader.at][:2] == ("open", "["):
        base = _bracket(reader, tokens[reader.at][1])
        return Root(base.body if isinstance(base, Group) else base, _argument(reader))
    arguments = _arguments(reader, name)
    if arguments is None:
        return Symbol(name)
    return Call(name=name, arguments=arguments, power=power, base=base)


def _arguments(reader: _Reader, name: str) -> tuple[Node, ...] | None:
    tokens = reader.tokens
    kind, value = tokens[reader.at][:2]
    if kind == "open" and value in "([{":
        group = _bracket(reader, value)
        if isinstance(group, Group) and group.closing in ")]}":
            return _items(group.body)
        return (group,)
    if kind == "{":
        node = _braced(reader)
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


def _bare_argument(reader: _Reader, name: str) -> Node:
    r"""`\sin 2x`: the factors written together, up to an operator or the next function."""
    tokens = reader.tokens
    if tokens[reader.at][0] == "op":
        sign = tokens[reader.at][1]
        reader.at += 1
        if tokens[reader.at][0] not in _VALUES:
            raise _fail(reader, "an argument")
        _enter(reader)
        inner = _bare_argument(reader, name)
        reader.depth -= 1
        return Prefix(sign, inner)
    factors = [_postfix(reader)]
    operators: list[str] = []
    while True:
        kind, value, _start, _end, spaced = tokens[reader.at]
        number = isinstance(factors[-1], Number) or factors[-1] == Symbol("pi")
        if kind == "op" and value == "/" and number and tokens[reader.at + 1][0] == "num":
            reader.at += 1
            operators.append("/")
        elif kind in ("num", "let", "word", "sym", "{", "grp") or (
            kind == "cmd" and value in ("frac", "sqrt", "dfrac", "tfrac")
        ):
            if name in ("sqrt", "max", "min") or (spaced and kind == "num"):
                break
            if kind == "word" and len(value) > 2:
                break
            if kind == "let" and value == "d" and _is_differential(reader):
                break
            operators.append("")
        elif kind == "open" and value == "(" and name != "sqrt" and _is_number_like(factors):
            operators.append("")
        else:
            break
        factors.append(_postfix(reader))
    return Product(tuple(factors), tuple(operators)) if operators else factors[0]


def _is_differential(reader: _Reader) -> bool:
    """Inside an integral `d` before one more letter ends the argument; `bars` is no help, so look ahead."""
    return (
        reader.tokens[reader.at + 1][0] in ("let", "sym")
        and reader.depth > 1
        and _INTEGRAL in {t[1] for t in reader.tokens[: reader.at] if t[0] == "big"}
    )


_INTEGRAL = "int"


def _is_number_like(factors: list[Node]) -> bool:
    return all(isinstance(f, (Number, Fraction)) or f == Symbol("pi") for f in factors)


def _structured(reader: _Reader, name: str) -> Node:
    rule = _COMMANDS.get(name)
    if rule is None:
        raise _fail(reader, "a value")
    reader.at += 1
    node: Node = rule(reader)
    return node


def _argument(reader: _Reader, *, whole: bool = False) -> Node:
    """ARGUMENT = `{` list `}` | one token; of a number without braces only the first digit, as TeX does."""
    tokens = reader.tokens
    kind, value, start, end, spaced = tokens[reader.at]
    if kind == "{":
        return _braced(reader)
    if kind == "num" and not whole and len(value) > 1 and value.isdigit():
        tokens[reader.at] = ("num", value[1:], start + 1, end, False)
        return Number(value[0])
    if kind == "op" and value in "+-":
        reader.at += 1
        _enter(reader)
        node = Prefix(value, _argument(reader, whole=whole))
        reader.depth -= 1
        return node
    if kind == "grp":
        del spaced
        raise _fail(reader, "an argument")
    return _atom(reader)


def _fraction(reader: _Reader) -> Node:
    numerator = _argument(reader)
    if reader.tokens[reader.at][:2] == ("op", "/"):  # \sfrac 1/2 by mistake
        reader.at += 1
    return Fraction(numerator, _argument(reader))


def _root(reader: _Reader) -> Node:
    index: Node | None = None
    if reader.tokens[reader.at][:2] == ("open", "["):
        group = _bracket(reader, "[")
        index = group.body if isinstance(group, Group) else group
    return Root(index, _argument(reader, whole=True))


def _binomial(reader: _Reader) -> Node:
    return Call(name="binom", arguments=(_argument(reader), _argument(reader)))


def _not(reader: _Reader) -> Node:
    raise _fail(reader, "a value before \\not")


def _stacked(reader: _Reader) -> Node:
    r"""`\overset{above}{body}`, `\underset{below}{body}`: the body counts."""
    _argument(reader)
    return _argument(reader)


def _substack(reader: _Reader) -> Node:
    return _argument(reader)


def _environment(reader: _Reader) -> Node:
    r"""ENVIRONMENT = \begin{name} rows \end{name}."""
    name = _environment_name(reader)
    if name == "array" or name.startswith(("alignat", "tabular")):
        if reader.tokens[reader.at][:2] == ("open", "["):
            _bracket(reader, "[")
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
    closing = _environment_name(reader)
    if closing != name:
        raise _fail(reader, f"\\end{{{name}}}")
    name = name.rstrip("*")
    if name.removesuffix("*") in MATRICES or name == "tabular":
        return Matrix(name, rows)
    if name in ("cases", "dcases", "rcases"):
        return Cases(rows)
    if name in LAYOUTS:
        return _layout(rows)
    raise _fail(reader, f"an environment other than {name!r}")


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


def _environment_name(reader: _Reader) -> str:
    tokens = reader.tokens
    if tokens[reader.at][0] == "endenv":
        reader.at += 1
    if tokens[reader.at][0] != "{":
        raise _fail(reader, "an environment's name")
    start = tokens[reader.at][3]
    while tokens[reader.at][0] not in ("}", "end"):
        reader.at += 1
    if tokens[reader.at][0] == "end":
        raise _fail(reader, "a closing brace")
    name = reader.text[start : tokens[reader.at][2]].strip()
    reader.at += 1
    return name


def _skip_columns(reader: _Reader) -> None:
    depth = 0
    while True:
        kind = reader.tokens[reader.at][0]
        if kind == "end":
            raise _fail(reader, "a closing brace")
        depth += (kind == "{") - (kind == "}")
        reader.at += 1
        if depth == 0:
            return


def _rows(reader: _Reader) -> tuple[tuple[Node, ...], ...]:
    rows: list[tuple[Node, ...]] = []
    row: list[Node] = []
    tokens = reader.tokens
    while tokens[reader.at][0] not in ("endenv", "end"):
        kind = tokens[reader.at][0]
        if kind == "amp":
            reader.at += 1
            empty = tokens[reader.at][0] in ("amp", "line", "endenv")
            row = [*(row or [Text("")]), Text("") if empty else _cell(reader)]
        elif kind == "line":
            reader.at += 1
            rows, row = ([*rows, tuple(row)] if row else rows), []
        elif kind in ("sep", "stop"):
            reader.at += 1
        elif row:
            raise _fail(reader, "& or \\\\")
        else:
            row.append(_cell(reader))
    if row:
        rows.append(tuple(row))
    return tuple(rows) or ((Text(""),),)


def _cell(reader: _Reader) -> Node:
    tokens = reader.tokens
    if tokens[reader.at][0] == "rel":
        operator = tokens[reader.at][1]
        reader.at += 1
        right = _list(reader, 0)
        if isinstance(right, Relation):
            return Relation((operator, *right.operators), (Text(""), *right.sides))
        return Relation((operator,), (Text(""), right))
    if tokens[reader.at][0] == "cond":
        return _where(reader, Text(""))
    node = _list(reader, 0)
    while tokens[reader.at][0] == "sep":
        reader.at += 1
    return node


def _large(reader: _Reader, sign: str) -> Node:
    """BIG = sign [`_` lower] [`^` upper] body; the body of an integral ends at its differential."""
    reader.at += 1
    tokens = reader.tokens
    lower: Node | None = None
    upper: Node | None = None
    while tokens[reader.at][0] == "op" and tokens[reader.at][1] in ("^", "_"):
        mark = tokens[reader.at][1]
        reader.at += 1
        if mark == "_":
            lower = _script(reader)
        else:
            upper = _script(reader)
    if tokens[reader.at][0] in ("end", "close", "}", "sep", "amp", "line", "endenv", "rel"):
        return Big(sign, lower, upper, Text(""))
    body = _sum(reader) if sign.endswith("int") else _product(reader)
    return Big(sign, lower, upper, body)


def _accented(reader: _Reader, name: str) -> Node:
    reader.at += 1
    if name == "overset":
        return _stacked(reader)
    body = _argument(reader, whole=True)
    if name in ("mathbb", "Bbb"):
        letter = (
            body.name if isinstance(body, Symbol) else body.text if isinstance(body, (Word, Text)) else "?"
        )
        return Accent("mathbb", Symbol(letter))
    if name == "underbrace" and reader.tokens[reader.at][:2] == ("op", "_"):
        reader.at += 1
        note = _script(reader)
        return Subscript(Accent(name, body), note)
    return Accent(name, body)


_ATOMS: dict[str, Any] = {
    "num": _number,
    "grp": _grouped,
    "let": _symbol,
    "sym": _symbol,
    "word": _word,
    "text": _text,
    "unit": _unit,
    "fn": _function,
    "open": _bracket,
    "{": _brace,
    "bar": _bar,
    "cmd": _structured,
    "big": _large,
    "accent": _accented,
}
_COMMANDS: dict[str, Any] = {
    "frac": _fraction,
    "dfrac": _fraction,
    "tfrac": _fraction,
    "cfrac": _fraction,
    "sfrac": _fraction,
    "nicefrac": _fraction,
    "sqrt": _root,
    "binom": _binomial,
    "dbinom": _binomial,
    "tbinom": _binomial,
    "begin": _environment,
    "overset": _stacked,
    "underset": _stacked,
    "stackrel": _stacked,
    "substack": _substack,
    "not": _not,
}
