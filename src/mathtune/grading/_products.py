"""Products and sums that are more than formulas: measures, money, ratios, sets joined, percent."""

# ruff: noqa: RUF001  (the signs of mathematics look like letters)
# ruff: noqa: PLR0911  (one return a case: a function is a table of cases)

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from mathtune.algebra import Rational, add, multiply, negate, rational
from mathtune.latex import (
    Accent,
    Fraction,
    Group,
    List,
    Node,
    Number,
    Postfix,
    Power,
    Prefix,
    Product,
    Relation,
    Root,
    Subscript,
    Sum,
    Symbol,
    Text,
    Word,
)

from ._amounts import add_measures, measure_in_two_units, part_scale, sides
from ._domain_behind import parted
from ._letters import names_function
from ._logic import probability
from ._matrices import array, is_matrix, scalar
from ._measures import CURRENCIES, is_bare, part_unit
from ._number_words import NUMBER_WORDS
from ._permutations import permuted
from ._phrases import is_evasive, is_refused
from ._places import said_place
from ._ratios import parted_by_colons, ratio
from ._scalars import MODULO
from ._structures import cyclic_group, permutation
from ._units import read_unit
from ._values import Items, Labelled, Named, Quantity, Region, Value
from ._with_units import divided, in_unit
from ._words import ProseError, normalise_words

if TYPE_CHECKING:
    from ._values import Read

__all__ = ["marked", "multiplied", "signed", "summed"]


def multiplied(node: Product, read: Read) -> Value | None:
    if ":" in node.operators and len(set(node.operators)) > 1:
        return read(parted_by_colons(node))
    return None if _is_plain(node) else _of_parts(node, read)


def _of_parts(node: Product, read: Read) -> Value | None:
    """A product that is more than bare factors."""
    if all(map(_is_figure, node.factors)) and ":" not in node.operators:
        return _residue_class(node) if node.operators == ("mod",) else None
    if not _SET_SIGNS.isdisjoint(node.operators):
        return _set_operation(node, read)
    if any(map(is_matrix, node.factors)):
        return array(node)
    if all(map(_is_box, node.factors)):
        return Items(kind="list", items=tuple(read(factor) for factor in node.factors))  # boxes side by side
    if len(node.operators) > 1 and set(node.operators) == {":"}:
        return ratio([read(factor) for factor in node.factors])
    structure = _structure(node) or _box(node, read)
    if structure is not None:
        return structure
    scientific = _scientific(node)
    if scientific is not None:
        return scalar(scientific)
    bare, domain = parted(node)
    if domain is not None:
        return read(List(",", (bare, domain)))
    said = _membership(node)
    return read(said) if said is not None else permuted(node, read) or _measured(node, read)


def _membership(node: Product) -> Relation | None:
    """`x elementof (1, 3)`, as plain text has it."""
    sign = node.factors[1] if len(node.factors) > 2 else None
    if type(sign) is not Word or sign.text not in _MEMBERSHIPS or any(node.operators):
        return None
    rest = node.factors[2:]
    right = rest[0] if len(rest) == 1 else Product(rest, node.operators[2:])
    return Relation((_MEMBERSHIPS[sign.text],), (node.factors[0], right))


_MEMBERSHIPS = {"elementof": "∈", "notelementof": "∉"}


def _residue_class(node: Product) -> Quantity | None:
    """`3 mod 5`: beside a bare number the remainder, beside another class it has its modulus."""
    value, modulus = scalar(node), node.factors[-1]
    if not isinstance(value, Quantity) or not isinstance(modulus, Number):
        return None
    return Quantity(value.expression, f"{MODULO}{modulus.text}")


def _box(node: Product, read: Read) -> Items | None:
    r"""`[0,1] \times [0,2]`: the points with a coordinate in each interval."""
    if set(node.operators) != {"×"} or not all(map(_is_pair, node.factors)):
        return None
    square = any(isinstance(factor, Group) and factor.opening == "[" for factor in node.factors)
    sides = tuple(map(read, node.factors)) if square else ()
    return Items(kind="tuple", items=sides, opening="×", closing="×") if square else None


def _is_pair(node: Node) -> bool:
    ends = node.body.items if isinstance(node, Group) and isinstance(node.body, List) else ()
    return len(ends) == len(("low", "high"))


def _structure(node: Product) -> Named | None:
    first = node.factors[0]
    if isinstance(first, Group):
        return permutation(node) or cyclic_group(node)
    if type(first) is Symbol:
        return probability(node)
    return cyclic_group(node) if isinstance(first, (Accent, Subscript, Power)) else None


_SET_SIGNS = frozenset("∪∩∖")
# What says of bare factors only that they are multiplied or divided.
_OPERATORS = frozenset(["", "*", "/", "×"])


def _is_plain(term: Node) -> bool:
    """Bare factors, multiplied or divided, and perhaps a sign: no set, unit, money or condition is there."""
    bare = _bare(term)
    if type(bare) is not Product:
        return is_bare(bare)
    return _OPERATORS.issuperset(bare.operators) and all(map(is_bare, bare.factors))


def _is_figure(node: Node) -> bool:
    """What is part of a number and of nothing else: digits, a root, π, a fraction of those."""
    kind = type(node)
    if kind is Fraction:
        return _is_figure(node.numerator) and _is_figure(node.denominator)  # type: ignore[union-attr]
    return kind is Number or kind is Root or (kind is Symbol and node.name == "pi")  # type: ignore[union-attr]


def _is_box(node: Node) -> bool:
    return isinstance(node, Group) and node.opening == ""


def _measured(node: Product, read: Read) -> Value | None:
    """A value with words in front or behind: a unit, a currency, a thing counted."""
    compound = measure_in_two_units(node, read) or sides(node, read) or said_place(node, read)
    if compound is not None:
        return compound
    first = node.factors[0]
    if any(map(names_function, node.factors)):
        return None
    if isinstance(first, Text) and first.text.strip() in CURRENCIES:
        return _leading_text(node, read)
    if _names_a_dollar(node):  # R\$ 1250
        return read(Product(node.factors[1:], node.operators[1:]))
    body, unit = part_unit(node)
    if unit is None:
        return _leading_text(node, read) if isinstance(first, (Text, Word)) else None
    if read_unit(unit).is_noun and _is_prose(body, unit):
        raise ProseError
    body = (_scientific(body) if isinstance(body, Product) else None) or body
    value = scalar(body) if not isinstance(body, (Group, Relation, List)) else read(body)
    return in_unit(value, unit)


def _names_a_dollar(node: Product) -> bool:
    r"""The letters of a country before the sign of its money: `R\$ 12`, `US\$ 12`."""
    first = node.factors[0]
    name = first.name if isinstance(first, Symbol) else first.text if isinstance(first, Word) else ""
    return name in _DOLLARS_OF and len(node.factors) > 2 and node.factors[1] == Text("dollar")


_DOLLARS_OF = frozenset(["R", "A", "C", "S", "US", "AU", "CA", "NZ", "HK"])


def _scientific(node: Product) -> Number | None:
    """`1.2 times 10^-3`, with the letter x too: the decimal, which keeps its digits."""
    first, last = node.factors[0], node.factors[-1]
    if type(first) is not Number or type(last) is not Power or last.base != Number("10"):
        return None
    by_letter = node.factors[1:-1] == (Symbol("x"),) and not any(node.operators)
    exponent = last.exponent.body if isinstance(last.exponent, Group) else last.exponent
    sign = "-" if isinstance(exponent, Prefix) and exponent.operator == "-" else ""
    digits = exponent.argument if isinstance(exponent, Prefix) and sign else exponent
    if not isinstance(digits, Number) or not (by_letter or node.operators in (("*",), ("×",))):
        return None
    plain = digits.text.isdecimal() and first.text.replace(".", "", 1).isdecimal()
    return Number(f"{first.text}e{sign}{digits.text}") if plain else None


def _is_prose(body: Node, unit: str) -> bool:
    """`A stopped clock ...`, `42 or any other number`, `any integer above 9`: no counted things."""
    article = isinstance(body, Symbol) and (body.name in "aA" or len(unit.split()) > 1)
    if isinstance(body, Word) or article or is_evasive(normalise_words(unit).split()) or is_refused(unit):
        return True
    measured = bool(read_unit(unit).dimension) and "for" not in unit.split()  # units^2
    return not measured and any(sign in unit for sign in "0123456789=<>^")


def _leading_text(node: Product, read: Read) -> Value | None:
    r"""`\$ 5`, `\text{(A)} 5`, `\text{Base } 7`."""
    first = node.factors[0]
    name = first.text.strip() if isinstance(first, (Text, Word)) else ""
    rest: Node = node.factors[1] if len(node.factors) == 2 else Product(node.factors[1:], node.operators[1:])
    if name in CURRENCIES:
        if len(node.factors) > 2 and node.factors[1] == node.factors[2] == first:
            raise ProseError  # a row of dollar signs
        return _money(name, rest, read)
    if name.lower().endswith((" is", " are", " equals")):
        return read(rest)
    if name.endswith((":", "=")):
        return Labelled(name.rstrip(":= "), read(rest))
    if name.lower().rstrip(".: ") in _ABOUT:
        return read(rest)
    if isinstance(first, Word) and len(name) <= 3:
        return None
    raise ProseError


def _money(currency: str, rest: Node, read: Read) -> Value:
    r"""`\$12`, `\$1.5 \text{ million}`, `\$12/\text{hour}`."""
    amount, behind = part_unit(rest)
    value = read(amount)
    if not isinstance(value, Quantity):
        return read(rest)
    scale, per = part_scale(behind or "")
    amount_said = value.expression if scale == 1 else multiply(Rational(scale), value.expression)
    return Quantity(amount_said, f"{currency} {per or ''}".strip())


_ABOUT = frozenset(
    ["approximately", "about", "approx", "exactly", "around", "roughly", "either", "only", "base"]
)


def _set_operation(node: Product, read: Read) -> Value:
    first = node.factors[0]
    removed = isinstance(first, Symbol) and first.name in "RZNQC" and set(node.operators) == {"∖"}
    value = read(Accent("mathbb", first) if removed else first)  # R \ {2}
    if any(map(_is_number_in_brackets, node.factors)):
        raise ProseError
    for operator, factor in zip(node.operators, node.factors[1:], strict=True):
        other = read(factor)
        name = {"∪": "or", "∩": "and", "∖": "minus"}.get(operator)
        if name is None:
            raise ProseError
        same = isinstance(value, Region) and value.operator == name and name != "minus"
        value = Region(name, (*value.parts, other) if same and isinstance(value, Region) else (value, other))
    return value


def _is_number_in_brackets(node: Node) -> bool:
    """`(5)` is neither an interval nor the set of 5."""
    return isinstance(node, Group) and node.opening == "(" and isinstance(node.body, Number)


def summed(node: Sum, read: Read) -> Value | None:
    """`A - B` of sets is their difference."""
    if all(map(_is_plain, node.terms)):
        return None
    bare, domain = parted(node)
    if domain is not None:
        return read(List(",", (bare, domain)))
    if any(map(is_matrix, node.terms)):
        return array(node)
    if not any(map(_is_set, node.terms)):
        return _sum_with_unit(node, read)
    value = _try_set(node.terms[0], read)
    if value is None:
        return None
    for term in node.terms[1:]:
        if not isinstance(term, Prefix) or term.operator != "-":
            return None
        value = Region("minus", (value, read(term.argument)))
    return value


def _is_set(term: Node) -> bool:
    bare = _bare(term)
    return isinstance(bare, Accent) or (isinstance(bare, Group) and bare.opening == "{")


def _try_set(node: Node, read: Read) -> Value | None:
    value = read(node)
    return None if isinstance(value, Quantity) else value


def _bare(node: Node) -> Node:
    return node.argument if type(node) is Prefix else node


def _sum_with_unit(node: Sum, read: Read) -> Value | None:
    r"""`3 + 2\pi \text{ cm}`: a unit behind the last term holds for the sum, unless each term has its own."""
    if part_unit(_bare(node.terms[-1]))[1] in {None, "degree"}:
        return None
    units = [part_unit(_bare(term))[1] for term in node.terms]
    if all(units):
        return _sum_of_measures([read(term) for term in node.terms])
    if units[-1] == "percent" or any(units[:-1]):
        return None
    last = node.terms[-1]
    body, unit = part_unit(_bare(last))
    kept = Prefix(last.operator, body) if isinstance(last, Prefix) else body
    value = scalar(Sum((*node.terms[:-1], kept)))
    if isinstance(value, Quantity):
        return Quantity(value.expression, unit)
    return value if unit is None else in_unit(value, unit)


def _sum_of_measures(terms: list[Value]) -> Value | None:
    """`3 cm + 2 cm`: the sum, where all have one unit."""
    quantities = [term for term in terms if isinstance(term, Quantity)]
    if len(quantities) < len(terms) or len({quantity.unit for quantity in quantities}) > 1:
        return add_measures(terms, in_order=False)
    return Quantity(add(*(quantity.expression for quantity in quantities)), quantities[0].unit)


def marked(node: Postfix, read: Read) -> Value | None:
    if node.operator in ("%", "°"):
        value = read(node.argument)
        if isinstance(value, Quantity):
            return Quantity(value.expression, "percent" if node.operator == "%" else "degree")
        if isinstance(value, Items):
            return value
    if node.operator in {"'", '"'}:
        return _in_feet(node)
    return None


def _in_feet(node: Postfix) -> Quantity | None:
    """`6'` are feet, `9''` and `9"` inches."""
    within = node.argument
    marks = node.operator + (within.operator if isinstance(within, Postfix) else "")
    inner = within.argument if isinstance(within, Postfix) else within
    number = scalar(inner) if isinstance(inner, (Number, Fraction)) and _is_figure(inner) else None
    unit = {"'": "feet", "''": "inches", '"': "inches"}.get(marks)
    return Quantity(number.expression, unit) if isinstance(number, Quantity) and unit else None


def signed(node: Prefix, read: Read) -> Value | None:
    if node.operator in {"±", "∓"}:
        return None
    inner = node.argument
    if node.operator == "-" and (_is_plain(inner) or is_matrix(inner)):
        return None
    if node.operator == "-" and isinstance(inner, (Product, Postfix, Fraction)):
        return _negative_measure(inner, read)
    if node.operator == "-" and isinstance(inner, (Text, Word)) and inner.text.lower() in NUMBER_WORDS:
        return Quantity(rational(-NUMBER_WORDS[inner.text.lower()]))
    if node.operator == "¬":
        return _denied(inner, read)
    if node.operator in "∀∃":
        raise ProseError
    return None


def _denied(node: Node, read: Read) -> Value:
    """`not (x = 1)` is x ≠ 1; of `not (x > 2 and y > 1)` one of the two does not hold."""
    body = node.body if isinstance(node, Group) and node.body is not None else node
    if isinstance(body, Relation) and body.operators[0] in _OPPOSITE and len(body.operators) == 1:
        return read(Relation((_OPPOSITE[body.operators[0]],), body.sides))
    if isinstance(body, List) and body.separator in {"and", "or"}:
        parts = tuple(_denied(item, read) for item in body.items)
        return Region("or" if body.separator == "and" else "and", parts)
    raise ProseError


_OPPOSITE = {"<": "≥", "≤": ">", ">": "≤", "≥": "<", "=": "≠", "≠": "=", "∈": "∉", "∉": "∈"}


def _negative_measure(node: Product | Postfix | Fraction, read: Read) -> Value | None:
    r"""`-5 \text{ cm}`, `-\$5`."""
    if isinstance(node, Fraction):
        quotient = divided(node, read)
        return None if quotient is None else Quantity(negate(quotient.expression), quotient.unit)
    if isinstance(node, Product) and all(map(_is_figure, node.factors)):
        return None
    first = node.factors[0] if isinstance(node, Product) else node
    plain = not (isinstance(first, Text) and first.text in CURRENCIES)
    if plain and part_unit(node)[1] is None and not (isinstance(node, Product) and _scientific(node)):
        return None
    value = read(node)
    return attrs.evolve(value, expression=negate(value.expression)) if isinstance(value, Quantity) else value
