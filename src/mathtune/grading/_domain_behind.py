r"""What the letters of a value run through, said behind it: `k\pi, k \in \mathbb{Z}` and in brackets."""

from __future__ import annotations

import re

import attrs

from mathtune.algebra import Variable, rational
from mathtune.latex import (
    Accent,
    Group,
    List,
    Node,
    Number,
    Postfix,
    Power,
    Prefix,
    Product,
    Relation,
    Subscript,
    Sum,
    Symbol,
)

from ._families import free_names, substituted
from ._list_statements import is_statement
from ._regions import integer_members
from ._values import Inequality, Items, Named, Quantity, Region, Restricted, Statement, Table, Value

__all__ = ["domains_of", "over_domain", "parted", "run_apart", "set_apart"]


def parted(node: Node) -> tuple[Node, Relation | None]:
    r"""A formula or statement without such brackets at its end, and what stands in them.

    >>> from mathtune.latex import parse
    >>> parted(parse(r"k\pi (k \in \mathbb{Z})")) == (parse(r"k\pi"), parse(r"k \in \mathbb{Z}"))
    True
    """
    if isinstance(node, Relation):
        last, domain = parted(node.sides[-1])
        return (node if domain is None else attrs.evolve(node, sides=(*node.sides[:-1], last))), domain
    if isinstance(node, Sum):
        last, domain = parted(node.terms[-1])
        return (node if domain is None else attrs.evolve(node, terms=(*node.terms[:-1], last))), domain
    if isinstance(node, Prefix):
        last, domain = parted(node.argument)
        return (node if domain is None else attrs.evolve(node, argument=last)), domain
    if not isinstance(node, Product):
        return node, None
    behind = node.factors[-1]
    body = behind.body if isinstance(behind, Group) and behind.opening == "(" else None
    if not isinstance(body, Relation) or node.operators[-1] or not (body.operators == ("∈",) or _tends(body)):
        return node, None
    kept = node.factors[:-1]
    return (kept[0] if len(kept) == 1 else Product(kept, node.operators[:-1])), body


def set_apart(node: List) -> List:
    r"""The list with the domain in brackets behind it as an item: `x = 2k, y = k (k \in \mathbb{Z})`."""
    last, domain = parted(node.items[-1])
    return node if domain is None else attrs.evolve(node, items=(*node.items[:-1], last, domain))


def domains_of(node: List) -> list[Node]:
    """The items that say only what the letters of the others run through."""
    found = [item for item in node.items if _is_domain(item)]
    first = node.items.index(found[0]) if found else 0
    while first > 1 and isinstance(node.items[first - 1], Symbol):  # a, b ∈ R
        first -= 1
        found.insert(0, node.items[first])
    if not found and _is_index_of(node.items[-1], node.items[:-1]):
        found = [node.items[-1]]
    return found if len(found) < len(node.items) else []


def _is_index_of(last: Node, items: tuple[Node, ...]) -> bool:
    """`n ≥ 1` behind `u_0 = 1, u_n = 2u_{n-1}`: where the index starts is known from the first terms."""
    if not is_statement(last) or not isinstance(last, Relation) or not isinstance(last.sides[0], Symbol):
        return False
    said = [item for item in items if isinstance(item, Relation) and set(item.operators) == {"="}]
    terms = len(said) == len(items) and all(isinstance(item.sides[0], Subscript) for item in said)
    return terms and sum(len(item.operators) for item in said) > 1


def over_domain(value: Value, domains: list[Node]) -> Value:
    """`(t, t, t), t ∈ R` may be named by any letter; one over Z is called as whole numbers are by habit."""
    domain = domains[0]
    if len(domains) != 1 or not isinstance(domain, Relation) or domain.sides[1] not in _USUAL_LETTERS:
        return value
    letter, usual = domain.sides[0], _USUAL_LETTERS[domain.sides[1]]
    names = free_names(value)
    if not isinstance(letter, Symbol) or letter.name not in names:
        return value
    if isinstance(value, (Inequality, Region)):
        return _with_members(value) if usual == "k" else value
    if usual == "t" and not isinstance(value, (Items, Table)):
        return Restricted(value, Statement("∈", Quantity(Variable(letter.name)), Named("R")))
    name = letter.name if usual in names or letter.name in _WHOLE else usual
    value = substituted(value, {letter.name: Variable(name)})
    return value if usual == "k" else Restricted(value, Statement("∈", Quantity(Variable(name)), Named("R")))


def _with_members(value: Value) -> Value:
    """`1 ≤ n ≤ 3, n ∈ Z`: the condition or the numbers, whichever the other side has."""
    members = integer_members(value, natural=False)
    if members is None:
        return value
    numbers = tuple(Quantity(rational(member)) for member in members)
    return Items(
        kind="approximation", items=(value, Items(kind="set", items=numbers, opening="{", closing="}"))
    )


_USUAL_LETTERS: dict[Node, str] = {
    Accent("mathbb", Symbol("R")): "t",
    Accent("mathbb", Symbol("Z")): "k",
}


_WHOLE = frozenset("nkml")


def _is_domain(node: Node) -> bool:
    """`k ∈ Z`, beside the values in which k occurs, and `ε → 0`, beside an approximation."""
    if _tends(node):
        return True
    if (
        not isinstance(node, Relation)
        or node.operators != ("∈",)
        or not isinstance(node.sides[0], (Symbol, Subscript, List))
    ):
        return False
    right = node.sides[1]
    base = right.base if isinstance(right, (Power, Subscript)) else right
    return isinstance(base, Accent) and base.name == "mathbb"


def _tends(node: Node) -> bool:
    r"""`\epsilon \to 0^+`, `x \to \infty`: a letter that becomes small or large."""
    if not isinstance(node, Relation) or node.operators != ("→",) or not isinstance(node.sides[0], Symbol):
        return False
    place = node.sides[1]
    while isinstance(place, (Power, Postfix, Prefix)):
        place = place.base if isinstance(place, Power) else place.argument
    return place in (Number("0"), Symbol("infty"))


def run_apart(gold: str, given: str) -> bool:
    r"""Whether one letter runs through all reals on one side, and through whole numbers only on the other.

    >>> run_apart(r"(t, 2t), t \in \mathbb{R}", r"(k, 2k), k \in \mathbb{Z}")
    True
    >>> run_apart(r"k\pi, k \in \mathbb{Z}", r"n\pi, n \in \mathbb{N}")
    False
    """
    first, second = ({name in "RC" for name in _RUN_THROUGH.findall(text)} for text in (gold, given))
    return len(first) == len(second) == 1 and first != second


_RUN_THROUGH = re.compile(r"\\in ?\\(?:mathbb|Bbb|mathds) ?\{?([RCZN])\b(?!\}? ?[\^_])")
