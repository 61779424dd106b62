"""FACTOR: an atom with what is written behind it, its powers, indices and marks."""


# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._atoms import AFTER_DIGITS, bar, bracket, grouped, number, repeating, symbol, text, word
from ._braces import brace, braced, first_letter
from ._calls import function, large
from ._commands import accented, structured
from ._reader import LEAVES, MAX_DEPTH, VALUES, enter, fail, too_deep
from ._tree import (
    Accent,
    Group,
    Grouped,
    List,
    Number,
    Postfix,
    Power,
    Prefix,
    Product,
    Subscript,
    Symbol,
    Text,
    Word,
)

if TYPE_CHECKING:
    from ._reader import Reader
    from ._tree import Node

__all__ = ["atom", "index", "postfix", "script"]


def postfix(reader: Reader) -> Node:
    """POSTFIX = atom { `^` script | `_` script | `[`index`]` | `!` | `%` | `'` | `°` }."""
    tokens, at = reader.tokens, reader.at
    kind = tokens[at][0]
    leaf = LEAVES.get(kind)
    if leaf is None or (kind == "num" and tokens[at + 1][0] in AFTER_DIGITS):
        node = atom(reader)
    else:
        node = leaf(tokens[at][1])
        reader.at = at + 1
    kind, value, _start, _end, _spaced = tokens[reader.at]
    return _with_marks(reader, node) if kind in _BEFORE_MARKS and value in _MARKING else node


def at_ends(reader: Reader, node: Node) -> Node:
    r"""`F \Big|_0^1`: a bar with a script belongs to all that stands before it."""
    reader.at += 1
    return _with_marks(reader, Group("", node, ""))


_BEFORE_MARKS = frozenset(["op", "open"])


def _with_marks(reader: Reader, node: Node) -> Node:
    """The value with the marks, powers and indices that stand behind it."""
    tokens = reader.tokens
    marks = 0
    while True:
        kind, value, _start, _end, _spaced = tokens[reader.at]
        if kind == "op" and value in _BEHIND:
            marked = _marked(reader, node, value)
        elif kind == "open" and value == "[" and isinstance(node, Symbol) and _is_bracketed(reader):
            reader.at += 1
            marked = Subscript(node, atom(reader))
            reader.at += 1
        else:
            return node
        if marked is None:
            return node
        node = marked
        marks += 1
        if marks > MAX_DEPTH:
            raise fail(reader, "fewer marks after one value")


def _marked(reader: Reader, node: Node, mark: str) -> Node | None:
    tokens, at = reader.tokens, reader.at
    if mark in {"^", "_"}:
        reader.at += 1
        if mark == "^" and tokens[reader.at][:2] == ("op", "^"):  # Maxima's power of a matrix
            reader.at += 1
        if tokens[reader.at][0] == "end" and mark == "^":
            return node  # an answer cut off after the sign
        if mark == "^":
            return _with_exponent(node, script(reader, chain=True))
        return _with_index(node, index(reader))
    if mark == "∘" and isinstance(node, Number) and tokens[at + 1][0] not in VALUES:
        reader.at += 1  # 45\circ without its ^
        return Postfix("°", node)
    if mark not in _MARKS or (mark in "°%" and reader.text[tokens[at][2]].isalpha()):
        return None  # `degrees` and `percent` stand behind a whole product
    reader.at += 1
    return Postfix(mark, node)


_MARKS = frozenset(["!", "!!", "%", "'", '"', "°", "th"])
_BEHIND = _MARKS | {"^", "_", "∘"}
_MARKING = _BEHIND | {"["}


def _is_bracketed(reader: Reader) -> bool:
    """`a[1]`, `a[n]`: one number, or one letter that counts."""
    if reader.tokens[reader.at][4]:
        return False
    kind, value = reader.tokens[reader.at + 1][:2]
    counts = kind == "num" or (kind == "let" and value in "ijkmn")
    return counts and reader.tokens[reader.at + 2][:2] == ("close", "]")


def _with_exponent(base: Node, exponent: Node) -> Node:
    if isinstance(exponent, Symbol) and exponent.name in ("circ", "prime"):
        mark = "°" if exponent.name == "circ" else "'"
        return _with_last(base, lambda last, _: Postfix(mark, last), exponent)
    if isinstance(exponent, Text) and set(exponent.text) == {"'"}:
        for _ in exponent.text:
            base = Postfix("'", base)
        return base
    if isinstance(base, Number) and exponent == Symbol("o"):  # a typist's degree sign
        return Postfix("°", base)
    counted = isinstance(base, (Number, Grouped)) or (isinstance(base, Group) and base.opening == "")
    if counted and isinstance(exponent, (Text, Word)) and exponent.text.strip(" .").lower() in _ORDINALS:
        return Postfix("th", base)
    if counted and isinstance(exponent, Product) and _spells(exponent) in _ORDINALS:
        return Postfix("th", base)
    return _with_last(base, Power, exponent)


def _with_index(base: Node, script: Node) -> Node:
    """An index belongs to the letter, whatever stands before it: `v^2_0` is v_0^2, `x'_1` is x_1'."""
    if isinstance(base, Power) and isinstance(base.base, (Symbol, Accent)):
        return Power(Subscript(base.base, script), base.exponent)
    if isinstance(base, Postfix) and base.operator == "'":
        return Postfix("'", _with_index(base.argument, script))
    return _with_last(base, Subscript, script)


_ORDINALS = frozenset(["th", "st", "nd", "rd"])


def _spells(node: Product) -> str:
    return "".join(f.name for f in node.factors if isinstance(f, Symbol))


def _with_last(base: Node, kind: Any, script: Node) -> Node:  # noqa: ANN401  (Power or Subscript)
    """A script after `ab` belongs to the b, unless the run is one name, as `cm` in `cm^2`."""
    if (
        isinstance(base, Word)
        and (kind is Subscript or base.text not in _MEASURES or _is_moment(base.text, script))
        and _is_run_of_letters(base.text)
    ):
        letters = [Symbol(letter) for letter in base.text]
        return Product((*letters[:-1], kind(letters[-1], script)), ("",) * (len(letters) - 1))
    node: Node = kind(base, script)
    return node


def _is_moment(measure: str, exponent: Node) -> bool:
    """Nobody squares a volume or a milligram, but mL^2 is in most moments of inertia."""
    return measure in _NEVER_RAISED and isinstance(exponent, Number)


_NEVER_RAISED = frozenset(["ml", "mL", "mg"])


def _is_run_of_letters(word: str) -> bool:
    """Whether these are letters multiplied: few, or without the look of a word: `GMmr^{-2}`, `mghr^2`."""
    few = len(word) <= 3 or _VOWELS.isdisjoint(word.lower()) or word in _ALPHABET
    return few or (len(word) <= 5 and word[1:] != word[1:].lower() and word != word.upper())


_VOWELS = frozenset("aeiouy")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


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


def script(reader: Reader, *, chain: bool = False) -> Node:
    """SCRIPT = `{` list `}` | `(`list`)` | [sign] one value."""
    tokens = reader.tokens
    kind, value = tokens[reader.at][:2]
    if kind == "{":
        return braced(reader)
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
        enter(reader)
        inner = script(reader, chain=chain)
        reader.depth -= 1
        return Prefix(value, inner)
    if kind == "op" and value == "*":
        reader.at += 1
        return Text("*")
    enter(reader)
    node = first_letter(reader) if kind == "word" and _is_one_token(reader, value) else atom(reader)
    if chain and tokens[reader.at][:2] == ("op", "^") and kind in ("num", "let", "sym", "open"):
        reader.at += 1
        node = _with_exponent(node, script(reader, chain=True))
    while tokens[reader.at][:2] == ("op", "!") and kind in ("num", "let", "open"):
        reader.at += 1
        node = Postfix("!", node)
    reader.depth -= 1
    return node


def _is_one_token(reader: Reader, letters: str) -> bool:
    r"""In LaTeX `^nx` is a power n and an x; in plain text it means x^(nx), and `n^th` is an ordinal."""
    if reader.tokens[reader.at + 1][:2] in (("op", "_"), ("op", "^")):  # e^xE_1(x), a^mb^n
        return True
    if letters[0] == "T" and len(letters) <= _FEW_LETTERS:  # B^TA^T
        return True
    return ("\\" in reader.text or "{" in reader.text) and letters not in _ORDINALS


_FEW_LETTERS = 3


def index(reader: Reader) -> Node:
    """An index in parentheses, as AsciiMath and keyboards have it, is the same without them."""
    tokens = reader.tokens
    kind, value = tokens[reader.at][:2]
    if kind == "word":
        length = _length_of_index(reader, value)
        return first_letter(reader, length) if length < len(value) else atom(reader)
    node = script(reader)
    if kind != "open" or not isinstance(node, Group) or isinstance(node.body, List) or node.body is None:
        return node
    return node.body


def _length_of_index(reader: Reader, letters: str) -> int:
    """How many letters are the index: all in `x_max`, one in `m_ec^2` and `a_nb_n`, as TeX prints them."""
    following = reader.tokens[reader.at + 1]
    before = letters[:-1]
    if following[:2] == ("op", "_"):  # the last letter has an index of its own
        return len(before) if before in _SHORT_INDICES or _COUNTERS.issuperset(before) else 1
    if len(letters) != 2 or letters in _SHORT_INDICES:
        return len(letters)
    raised = following[:2] == ("op", "^") and not _COUNTERS.issuperset(letters)
    return 1 if raised or (letters[1] in "xyzt" and _is_one_token(reader, letters)) else 2


_COUNTERS = frozenset("ijklmn")
_SHORT_INDICES = frozenset(
    ["in", "cm", "eq", "th", "av"]
)  # in, centre of mass, equilibrium, thermal, average


def atom(reader: Reader) -> Node:
    kind, value, _start, _end, _spaced = reader.tokens[reader.at]
    rule = _ATOMS.get(kind)
    if rule is None:
        if kind == "op" and value in "^_" and _is_prescript(reader):
            return Group("", None, "")
        raise fail(reader, "a value")
    reader.depth += 1
    if reader.depth > MAX_DEPTH:
        raise too_deep(reader)
    node: Node = rule(reader, value)
    reader.depth -= 1
    return node


def _is_prescript(reader: Reader) -> bool:
    """`^5C_2`, `_2F_1`: a script before a letter that has an index itself."""
    tokens, at = reader.tokens, reader.at + 1
    braced = tokens[at][0] == "{"
    at += braced
    if tokens[at][0] not in ("num", "let") or (braced and tokens[at + 1][0] != "}"):
        return False
    return tokens[at + 1 + braced][:2] in _BINOMIAL_LETTERS and tokens[at + 2 + braced][:2] == ("op", "_")


_BINOMIAL_LETTERS = frozenset([("let", "C"), ("let", "P"), ("let", "F")])
_ATOMS: dict[str, Any] = {
    "num": number,
    "grp": grouped,
    "rep": repeating,
    "let": symbol,
    "sym": symbol,
    "word": word,
    "text": text,
    "unit": text,
    "fn": function,
    "open": bracket,
    "{": brace,
    "bar": bar,
    "cmd": structured,
    "big": large,
    "accent": accented,
}
