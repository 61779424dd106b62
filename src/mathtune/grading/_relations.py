"""Statements: names and their values, equations, chains, membership, congruences."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)
from __future__ import annotations

from typing import TYPE_CHECKING

from mathtune.algebra import Rational, Variable, symbols
from mathtune.latex import (
    Accent,
    Big,
    Call,
    Cases,
    Group,
    List,
    Matrix,
    Node,
    Number,
    Power,
    Product,
    Relation,
    Subscript,
    Sum,
    Symbol,
    Text,
    Word,
    to_text,
)

from ._chains import chain, each_of, side
from ._clashes import OF
from ._domain_behind import parted
from ._equal_sides import approximation, consistent, differ, is_identity
from ._factors import remainder
from ._families import free_names
from ._formulas import NotScalarError, formula
from ._labels import is_multiple, label_of
from ._residues import incongruent
from ._values import Equation, Items, Labelled, Named, Quantity, Region, Statement, Table, Value
from ._words import ProseError

if TYPE_CHECKING:
    from ._values import Read

__all__ = ["related"]


def related(node: Relation, read: Read) -> Value:
    bare, domain = parted(node)
    if domain is not None:
        return read(List(",", (bare, domain)))
    operators = set(node.operators)
    if _is_solution_set(node):
        return read(node.sides[1])
    if operators <= _ALIKE and all(map(_is_figure, node.sides)):
        return _statement(node, read)
    if operators <= _EQUAL_SIGNS:
        return _equality(node, read)
    if operators <= _ORDERS:
        return _incongruence(node, read) or _order(node, read)
    if node.operators[-1] == "∈" and operators <= _MEMBER_SIGNS:
        return _membership(node, read)
    if node.operators[-1] == "⇒":
        return read(node.sides[-1])
    if node.operators == ("∋",):
        return _membership(Relation(("∈",), node.sides[::-1]), read)
    if len(node.operators) == 1:
        return _statement(node, read)
    raise ProseError


_ALIKE = frozenset("≅∼")
_EQUAL_SIGNS = frozenset("=≈:⇒→∼≅⇔")
_ORDERS = frozenset("<≤>≥≠=")
_MEMBER_SIGNS = frozenset("∈=:")


def _is_figure(node: Node) -> bool:
    r"""`\triangle ABC`, or the letters of three corners or more: it is similar or congruent, not equal."""
    if isinstance(node, Word):
        return len(node.text) >= _FEWEST_CORNERS and node.text.isupper()
    return isinstance(node, Product) and node.factors[0] in {Symbol("triangle"), Symbol("Delta")}


_FEWEST_CORNERS = 3


def _is_solution_set(node: Relation) -> bool:
    r"""`S = \{1, 2\}`, `L = \{\}`: the letter says only that these are the solutions."""
    left, right = node.sides[0], node.sides[1]
    named = type(left) is Symbol and left.name in {"S", "L"} and node.operators == ("=",)
    return named and isinstance(right, Group) and right.opening == "{"


_TURNED = {"∋": "∈", "∌": "∉", "notni": "∉", "⊃": "⊂", "⊇": "⊆", "⊅": "⊄", "nsupset": "⊄", "≫": "≪", "≻": "≺"}


def _statement(node: Relation, read: Read) -> Value:
    operator = node.operators[0]
    last = node.sides[1]
    if operator == "≡" and isinstance(last, Product) and last.operators[-1] == "mod":
        return _congruence(node.sides[0], last, read)
    if operator == "≡" and (label_of(node.sides[0])[1] or node.sides[0] in _FUNCTIONS):
        return _equality(Relation(("=",), node.sides), read)  # f(x) ≡ 0
    left, right = read(node.sides[0]), read(last)
    if operator == "∉" and isinstance(node.sides[0], Symbol) and isinstance(right, Items):
        return Labelled(to_text(node.sides[0]), Region("not", (right,)))
    turned = _TURNED.get(operator)
    return Statement(operator, left, right) if turned is None else Statement(turned, right, left)


_FUNCTIONS = tuple(map(Symbol, "fghPQ"))


def _congruence(left: Node, right: Product, read: Read) -> Value:
    """`x ≡ 3 (mod 5)`: the residue, reduced, and the modulus; of `x ≡ ±1 (mod 6)` both residues."""
    inner = right.factors[0] if len(right.factors) == 2 else Product(right.factors[:-1], right.operators[:-1])
    modulus = side(right.factors[-1])
    found = tuple(Quantity(remainder(side(one), modulus)) for one in each_of(inner))
    residue = found[0] if len(found) == 1 else Items(kind="list", items=found)
    pair = Items(kind="tuple", items=(residue, Quantity(modulus)), opening="(", closing=")")
    return Statement("≡", read(left), pair)


def _order(node: Relation, read: Read) -> Value:
    """A chain of formulas; of a matrix, a vector or a function by cases all that can be said is the sign."""
    try:
        return chain(node)
    except ProseError:
        if len(node.operators) > 1 or not isinstance(node.sides[1], (Matrix, Cases, Group, Call)):
            raise
    left, right = map(read, node.sides)
    if not isinstance(right, (Table, Items)):
        raise ProseError
    return Statement(node.operators[0], left, right)


def _incongruence(node: Relation, read: Read) -> Value | None:
    r"""`n \not\equiv 0 \pmod 3`."""
    last = node.sides[-1]
    if node.operators != ("≠",) or not isinstance(last, Product) or last.operators[-1] != "mod":
        return None
    return incongruent(_congruence(node.sides[0], last, read))


def _membership(node: Relation, read: Read) -> Value:
    r"""`x \in S` is S, if x only names the element."""
    left = node.sides[-2]
    named = label_of(left)[0] is not None or isinstance(left, (Group, List)) or len(node.sides) > 2
    if not named:
        return Statement("∈", read(left), read(node.sides[-1]))
    value = read(node.sides[-1])
    pair = isinstance(value, Items) and value.kind == "tuple" and len(value.items) == 2
    if isinstance(left, (Group, List)):
        return value
    if isinstance(left, Symbol) and isinstance(value, Quantity):
        return Statement("∈", read(left), value)  # x ∈ A, which is no A
    if pair:
        value = Region("or", (value,))  # x ∈ [1, 2] is an interval, never the pair or the list 1, 2
    # x ∈ {1, 2} is neither y ∈ {1, 2} nor x = 1, y = 2
    letter = isinstance(left, Symbol) and len(node.sides) == len(("x", "S")) and isinstance(value, _SETS)
    return Labelled(to_text(left), value) if letter else value


_SETS = (Items, Region, Named)


def _equality(node: Relation, read: Read) -> Value:
    """Names before the last sign are labels; a chain of equal values is its first exact one."""
    sides, operators = list(node.sides), list(node.operators)
    if operators == ["→"] and isinstance(sides[0], Sum) and _has_names(sides[0]):  # a reaction
        return _statement(node, read)
    if operators[-1] == ":" and not isinstance(sides[-2], (Word, Text, Product)):
        raise ProseError
    for at in reversed(range(len(operators))):
        if operators == ["→"] and isinstance(sides[0], Symbol):  # a rule, x -> 2
            return _rule(to_text(sides[0]), read(sides[1]))
        if operators[at] in ("⇒", "⇔", "→"):  # what is implied last counts
            implied = Relation(tuple(operators[at + 1 :]), tuple(sides[at + 1 :]))
            return read(implied) if implied.operators else read(sides[at + 1])
    label, arguments = label_of(sides[0])
    if label is None and operators == ["="] and sides[0] == _E:
        label = "e"  # an eccentricity
    if label is not None:
        terms = _two_terms(sides, operators) if len(sides) == 3 else None
        if terms is not None:
            return Items(kind="list", items=tuple(map(read, terms)))
        return _labelled(label, arguments, sides[1:], operators[1:], read)
    if len(sides) > 2:
        return _system(sides, operators) or _chain_end(sides, operators, read)
    return _two_sides(sides[0], sides[1], operators[0], read)


_E = Symbol("e")


def _rule(name: str, value: Value) -> Labelled:
    """`x -> 2` is a value of x; `x -> x^2` a function, whose letter may be any."""
    return Labelled("f", value, (name,)) if name in free_names(value) else Labelled(name, value)


def _two_terms(sides: list[Node], operators: list[str]) -> tuple[Relation, Relation] | None:
    """`u_0 = 1 u_n = 2u_{n-1}`, set apart by a blank: two terms of one sequence."""
    first, middle, last = sides
    if not isinstance(middle, Product) or len(middle.factors) != 2 or set(operators) != {"="}:
        return None
    number, second = middle.factors
    one_sequence = (
        isinstance(first, Subscript) and isinstance(second, Subscript) and first.base == second.base
    )
    if not one_sequence or not isinstance(number, Number) or first == second:
        return None
    return Relation(("=",), (first, number)), Relation(("=",), (second, last))


def _labelled(
    label: str, arguments: tuple[str, ...], sides: list[Node], operators: list[str], read: Read
) -> Value:
    labels = [label]
    while len(sides) > 1 and label_of(sides[0])[0] is not None:
        labels.append(label_of(sides[0])[0] or "")
        sides, operators = sides[1:], operators[1:]
    value = read(sides[0]) if len(sides) == 1 else _labelled_chain(sides, operators, read)
    if len(labels) > 1 and len(set(labels)) == len(labels) and all(map(_is_letter, labels)):
        return Items(
            kind="list", items=tuple(Labelled(name, value, arguments) for name in labels)
        )  # x = y = 0
    return Labelled(label, value, arguments)


def _is_letter(label: str) -> bool:
    r"""One letter, or one with a bar or hat: `x`, `\overline{x}`."""
    return len(label) == 1 or (label[-1:] == "}" and label[-3:-2] == "{" and label.startswith(_MARKS))


_MARKS = ("\\overline{", "\\bar{", "\\hat{", "\\tilde{")


def _labelled_chain(sides: list[Node], operators: list[str], read: Read) -> Value:
    """X = 3 + 4 = 7: the first side, if the chain agrees or only approximates; else the last."""
    try:
        first = read(sides[0])
    except ProseError:
        return _chain_end(sides, operators, read)
    if operators[0] == "≈":
        return approximation(first, read(sides[1]))
    if not isinstance(first, Quantity):
        return _chain_end(sides, operators, read)
    last = _chain_end(sides[1:], operators[1:], read) if len(sides) > 2 else read(sides[1])
    if isinstance(last, Quantity) and not differ(first, last):
        return first
    return last


def _two_sides(left: Node, right: Node, operator: str, read: Read) -> Value:
    if operator == "∼" and not is_multiple(left):  # the function on the left was to be approximated
        return Labelled(to_text(left), read(right))
    if operator == "≈":
        value = read(left)
        function = isinstance(value, Quantity) and symbols(value.expression)
        rounded = _has_names(right) and "." in to_text(right)  # 2πr is about 6.28r
        named = function and not rounded
        return Labelled(to_text(left), read(right)) if named else approximation(value, read(right))
    flipped, arguments = label_of(right)
    if flipped is not None and not _has_names(left):
        return Labelled(flipped, read(left), arguments)
    if isinstance(left, Big) and left.sign.startswith("lim"):
        return read(right) if left.lower is None else Labelled(_limit_name(left, left.lower), read(right))
    if isinstance(left, Call) and not _has_names(left) and left.name not in ("sqrt", "binom"):
        return _evaluated(left, right, read)
    if _is_commutator(left):
        return Labelled(to_text(left), read(right))
    sides = read(left), read(right)
    if operator == "∼" or (is_multiple(left) and not isinstance(sides[0], Quantity)):
        return Statement(operator, *sides)
    if operator == "=" and isinstance(sides[0], Quantity) and _has_components(sides[1]):
        if isinstance(sides[0].expression, Rational):
            return Statement(operator, *sides)
        return Labelled(to_text(left), sides[1])  # A^{-1} = ..., u + v = (1, 2): what was worked out
    return _equation(*sides, operator)


def _is_commutator(node: Node) -> bool:
    r"""`[\hat x, \hat p]`: two names, whose order counts; of small letters it may be a common multiple."""
    pair = node.body.items if isinstance(node, Group) and isinstance(node.body, List) else ()
    named = all(isinstance(part, (Accent, Power, Subscript)) or _is_capital(part) for part in pair)
    return isinstance(node, Group) and node.opening == "[" and named and len(pair) == len("xp")


def _is_capital(node: Node) -> bool:
    return isinstance(node, Symbol) and node.name.isupper()


def _limit_name(limit: Big, lower: Node) -> str:
    """The place, and what tends there, if that is a sequence or a function that nobody knows."""
    body = limit.body
    called = isinstance(body, Product) and len(body.factors) == len(("f", "(x)")) and _is_called(body)
    unknown = called or isinstance(body, Subscript)
    return f"lim {to_text(lower)}{OF}{to_text(body)}" if unknown else f"lim {to_text(lower)}"


def _is_called(node: Product) -> bool:
    letter, group = node.factors
    return isinstance(letter, Symbol) and isinstance(group, Group) and isinstance(group.body, Symbol)


def _has_components(value: Value) -> bool:
    """Whether this is a matrix or a vector, which no formula of numbers equals."""
    return isinstance(value, Table) or (isinstance(value, Items) and value.kind == "tuple")


def _system(sides: list[Node], operators: list[str]) -> Value | None:
    """`(x-1)/2 = (y-2)/3 = z`: sides with letters that are not identically equal."""
    if set(operators) != {"="} or len(sides) > _MOST_SIDES:
        return None
    try:
        values = [formula(side) for side in sides]
    except NotScalarError:
        return None
    if not all(map(symbols, values[:-1])) or any(map(is_identity, values, values[1:])):
        return None
    return Items(kind="list", items=tuple(map(Equation, values, values[1:])))


_MOST_SIDES = 5


def _chain_end(sides: list[Node], operators: list[str], read: Read) -> Value:
    """`a ⋆ b = ... = 47`: the last side, if it is a value without names; else the first."""
    if operators[-1] == "≈" and len(sides) > 2:
        return _chain_end(sides[:-1], operators[:-1], read)
    try:
        last = read(sides[-1])
    except ProseError:
        return read(sides[0])
    if isinstance(last, Quantity) and symbols(last.expression):
        first = read(sides[0])
        return first if isinstance(first, Quantity) else last
    return last


def _has_names(node: Node) -> bool:
    try:
        return bool(symbols(formula(node)))
    except NotScalarError:
        return True


def _evaluated(left: Call, right: Node, read: Read) -> Value:
    """`cos(π) = -1` names its value; `cos(π) = 1` is a false statement and no value."""
    one, other = read(left), read(right)
    if isinstance(one, Quantity) and isinstance(other, Quantity) and differ(one, other):
        return consistent(one, other)
    return Labelled(to_text(left), other)


def _equation(left: Value, right: Value, operator: str) -> Value:
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        constant = not symbols(left.expression) and not symbols(right.expression)
        if constant and operator in "=≈":
            return left if operator == "≈" else consistent(left, right)
        if is_identity(left.expression, right.expression):
            return left
        return Equation(left.expression, right.expression)
    if isinstance(left, Items) and left.kind == "tuple" and isinstance(right, Items):
        return _by_coordinates(left, right)
    if isinstance(left, Items) and left.kind == "tuple":
        return right
    if isinstance(left, Table):
        if isinstance(right, Table):
            return right
        raise ProseError
    return _either_sign(left, right)


def _either_sign(left: Value, right: Value) -> Region:
    """`3x ± 4y = 0`: one equation for each sign."""
    readings = [
        side.items if isinstance(side, Items) and side.kind == "family" else (side, side)
        for side in (left, right)
    ]
    if any(len(side) != len(("+", "-")) for side in readings):
        raise ProseError
    pairs = [pair for pair in zip(*readings, strict=True) if all(isinstance(s, Quantity) for s in pair)]
    if len(pairs) != len(readings[0]):
        raise ProseError
    return Region("or", tuple(Equation(one.expression, other.expression) for one, other in pairs))


def _by_coordinates(left: Items, right: Items) -> Value:
    """`(x, y) = (1, 0)` names each number; of several points only the order is kept."""
    letters = [item.expression for item in left.items if isinstance(item, Quantity)]
    names = [letter.name for letter in letters if isinstance(letter, Variable)]
    if len(names) < len(left.items) or right.kind != "tuple" or len(right.items) != len(names):
        return right
    named = tuple(Labelled(name, item) for name, item in zip(names, right.items, strict=True))
    return Items(kind="tuple", items=named, opening="(", closing=")")
